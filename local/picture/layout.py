"""Where each part of the picture stands: in columns from left to right, with as few crossings as a few rounds find.

An API is one frame with its routes as rows, so that a route's edge begins at its row. An edge across several columns
runs in a lane of its own between the nodes of those columns; edges to the same node share it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from statistics import fmean
from typing import Final

from local.picture.boxes import ROW, Row, Shape, shape_of
from local.picture.graph import COLUMNS, Edge, Graph

MARGIN: Final = 28.0
CAPTION: Final = 34.0
"""The height above the first node, for what the column is called."""

_GAP: Final = 18.0
_NARROW_GAP: Final = 8.0
_CROWD: Final = 8
"""With more nodes than that in a column, they move together."""
_CARD_GAP: Final = 26.0
_LANE: Final = 8.0
_ROUNDS: Final = 6

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A shape and its upper left corner."""

    shape: Shape
    x: float
    y: float

    @property
    def middle(self) -> float:
        """Where edges meet a node: the middle of its height, and of an API's head."""
        return self.y + self.shape.head / 2

    def row_middle(self, index: int) -> float:
        """Where the edge of a row begins."""
        return self.y + self.shape.head + ROW * (index + 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """An edge and where it passes: pairs of points, from one to the next of which it runs level or bends."""

    edge: Edge
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The picture, measured."""

    width: float
    height: float
    columns: tuple[tuple[int, float, float], ...]
    """Number, left side and width of each column that has nodes."""
    placed: tuple[Placed, ...]
    curves: tuple[Curve, ...]


@dataclass(slots=True, kw_only=True)
class _Slot:
    """What takes up room in a column: a shape, or else a lane for the edges to one node farther on."""

    id: str
    height: float
    gap: float
    shape: Shape | None = None
    y: float = 0

    @property
    def middle(self) -> float:
        return self.y + (self.shape.head if self.shape else self.height) / 2


def lay_out(graph: Graph) -> Layout:
    """Place every node and bend every edge; the same graph is laid out in the same way each time."""
    return _Grid(graph).layout()


class _Grid:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        shapes = {node.id: shape_of(node, graph) for node in graph.nodes if node.kind != "route"}
        used = sorted({COLUMNS[shape.node.kind] for shape in shapes.values()})
        self._numbers = used
        self._at = {node.id: used.index(COLUMNS[node.kind]) for node in graph.nodes}
        self._order = {row.node.id: place for shape in shapes.values() for place, row in enumerate(shape.rows)}
        self._card_of = {row.node.id: shape.node.id for shape in shapes.values() for row in shape.rows}
        self._columns: list[list[_Slot]] = [[] for _ in used]
        for shape in shapes.values():
            kin = sum(self._at[other] == self._at[shape.node.id] for other in shapes)
            gap = _CARD_GAP if shape.node.kind == "api" else _GAP if kin <= _CROWD else _NARROW_GAP
            slot = _Slot(id=shape.node.id, height=shape.height, gap=gap, shape=shape)
            self._columns[self._at[shape.node.id]].append(slot)
        self._ways = {(edge.source, edge.target): self._lanes(edge) for edge in graph.edges}
        self._steps = sorted({step for way in self._ways.values() for step in pairwise(way)})

    def layout(self) -> Layout:
        found: list[tuple[int, list[list[_Slot]]]] = []
        for _ in range(_ROUNDS):
            self._place()
            found.append((self._crossings(), [[replace(slot) for slot in column] for column in self._columns]))
            self._sort_apis()
        _, self._columns = min(found, key=lambda attempt: attempt[0])
        self._straighten()
        return self._measured()

    def _lanes(self, edge: Edge) -> list[str]:
        """Make the lanes that an edge needs, and return what it passes from its source to its target."""
        between = range(self._at[edge.source] + 1, self._at[edge.target])
        lanes = [f"lane:{column}:{edge.target}" for column in between]
        for column, lane in zip(between, lanes, strict=True):
            if all(slot.id != lane for slot in self._columns[column]):
                self._columns[column].append(_Slot(id=lane, height=_LANE, gap=_GAP))
        return [edge.source, *lanes, edge.target]

    def _place(self) -> None:
        """Order each column by where its edges come from, and set it as near to there as there is room."""
        for index, column in enumerate(self._columns):
            if index == 0:
                continue
            if index == self._at_apis():
                _stack(column)
                continue
            middles = self._middles()
            wanted: dict[str, float] = {}
            for slot in column:
                sources = [middles[source] for source, target in self._steps if target == slot.id]
                wanted[slot.id] = fmean(sources) if sources else float("inf")
            column.sort(key=lambda slot: (wanted[slot.id], slot.id))
            _settle(column, wanted)
        clients = self._columns[0]
        heads = [slot.middle for slot in self._columns[1]] if len(self._columns) > 1 else []
        for slot in clients:
            slot.y = (fmean(heads) if heads else 0) - slot.height / 2

    def _at_apis(self) -> int:
        return self._numbers.index(1) if 1 in self._numbers else -1

    def _middles(self) -> dict[str, float]:
        """Return where the edges of every node, row and lane begin."""
        found: dict[str, float] = {}
        for column in self._columns:
            for slot in column:
                found[slot.id] = slot.middle
                if slot.shape:
                    placed = Placed(shape=slot.shape, x=0, y=slot.y)
                    found |= {row.node.id: placed.row_middle(index) for index, row in enumerate(slot.shape.rows)}
        return found

    def _sort_apis(self) -> None:
        """Order APIs, and in each the groups of routes that lead the same way, as what they lead to is ordered."""
        if self._at_apis() < 0:
            return
        middles = self._middles()
        apis = self._columns[self._at_apis()]
        for slot in apis:
            if slot.shape:
                slot.shape = replace(slot.shape, rows=self._sorted_rows(slot.shape.rows, middles))
        wanted: dict[str, list[float]] = defaultdict(list)
        for source, target in self._steps:
            if source in self._card_of:
                wanted[self._card_of[source]].append(middles[target])
        apis.sort(key=lambda slot: fmean(wanted[slot.id]) if wanted[slot.id] else slot.middle)

    def _sorted_rows(self, rows: Sequence[Row], middles: Mapping[str, float]) -> tuple[Row, ...]:
        next_of: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for source, target in self._steps:
            next_of[source] += (target,)

        def key(row: Row) -> tuple[bool, float, int]:
            targets = next_of[row.node.id]
            return (
                row.node.is_more,
                fmean(middles[target] for target in targets) if targets else 0,
                self._order[row.node.id],
            )

        return tuple(sorted(rows, key=key))

    def _straighten(self) -> None:
        """Move what stands between the routes and the last column to the height of what it leads to."""
        for index in range(len(self._columns) - 2, self._at_apis(), -1):
            middles = self._middles()
            column = self._columns[index]
            wanted: dict[str, float] = {}
            for slot in column:
                targets = [middles[target] for source, target in self._steps if source == slot.id]
                wanted[slot.id] = fmean(targets) if targets else slot.middle
            _settle(column, wanted)

    def _crossings(self) -> int:
        middles = self._middles()
        of_column: dict[int, list[tuple[float, float]]] = defaultdict(list)
        columns = {slot.id: index for index, column in enumerate(self._columns) for slot in column}
        for source, target in self._steps:
            of_column[columns[target]].append((middles[source], middles[target]))
        return sum(
            (one[0] - other[0]) * (one[1] - other[1]) < 0
            for steps in of_column.values()
            for one, other in combinations(steps, 2)
        )

    def _measured(self) -> Layout:
        top = min((slot.y for column in self._columns for slot in column), default=0)
        for column in self._columns:
            for slot in column:
                slot.y += MARGIN + CAPTION - top
        lefts, widths = self._lefts()
        for index, column in enumerate(self._columns):
            for slot in column:
                if slot.shape:
                    slot.shape = replace(slot.shape, width=widths[index])
        placed = {
            slot.id: Placed(shape=slot.shape, x=lefts[index], y=slot.y)
            for index, column in enumerate(self._columns)
            for slot in column
            if slot.shape
        }
        bottom = max((slot.y + slot.height for column in self._columns for slot in column), default=0)
        return Layout(
            width=lefts[-1] + widths[-1] + MARGIN,
            height=bottom + MARGIN,
            columns=tuple(zip(self._numbers, lefts, widths, strict=True)),
            placed=tuple(placed.values()),
            curves=tuple(
                Curve(edge=edge, points=tuple(self._points(edge, lefts, widths))) for edge in self._graph.edges
            ),
        )

    def _lefts(self) -> tuple[list[float], list[float]]:
        widths = [max((slot.shape.width for slot in column if slot.shape), default=0) for column in self._columns]
        lefts = [MARGIN]
        for index, width in enumerate(widths[:-1]):
            steps = sum(1 for _, target in self._steps if target in {slot.id for slot in self._columns[index + 1]})
            lefts.append(lefts[-1] + width + min(64 + 3 * steps, 150))
        return lefts, widths

    def _points(self, edge: Edge, lefts: Sequence[float], widths: Sequence[float]) -> Iterable[Point]:
        middles = self._middles()
        shapes = {slot.id: slot.shape for column in self._columns for slot in column if slot.shape}
        source = shapes[self._card_of.get(edge.source, edge.source)]
        at = self._at[edge.source]
        yield lefts[at] + source.width, middles[edge.source]
        for column, lane in enumerate(self._ways[edge.source, edge.target][1:-1], start=at + 1):
            yield lefts[column], middles[lane]
            yield lefts[column] + widths[column], middles[lane]
        yield lefts[self._at[edge.target]], middles[edge.target]


def _stack(column: Iterable[_Slot]) -> None:
    """Set slots below each other."""
    y = 0.0
    for slot in column:
        slot.y = y
        y += slot.height + slot.gap


def _settle(column: Sequence[_Slot], wanted: Mapping[str, float]) -> None:
    """Set the slots, in their order, as near to where they are wanted as they fit; those wanted nowhere come last.

    The nearest by the sum of squares: slots that would overlap form a block, which is set at the mean of what its
    members want.
    """
    offsets: dict[str, float] = {}
    offset = 0.0
    for slot in column:
        offsets[slot.id] = offset
        offset += slot.height + slot.gap
    blocks: list[tuple[float, int]] = []
    for slot in column:
        if wanted[slot.id] == float("inf"):
            break
        blocks.append((wanted[slot.id] - slot.height / 2 - offsets[slot.id], 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (above, many), (below, few) = blocks[-2:]
            blocks[-2:] = [((above * many + below * few) / (many + few), many + few)]
    places = [place for place, count in blocks for _ in range(count)]
    places += [places[-1] if places else 0.0] * (len(column) - len(places))
    for slot, place in zip(column, places, strict=True):
        slot.y = place + offsets[slot.id]
