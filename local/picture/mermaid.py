"""Writes a graph as a Mermaid flowchart, which GitHub and many editors draw in place."""

from typing import Final

from local.picture.graph import Edge, Graph, Kind, Node
from local.picture.text import clean

_SHAPES: Final[dict[Kind, tuple[str, str]]] = {
    "client": ("([", "])"),
    "link": ("{{", "}}"),
    "entry": ("[", "]"),
    "obstacle": ("[", "]"),
    "backend": ("[(", ")]"),
    "function": ("[[", "]]"),
    "service": ("[(", ")]"),
    "url": ("([", "])"),
    "mock": ("([", "])"),
}
_ESCAPED: Final = str.maketrans({"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;"})
_BROKEN: Final = "classDef broken stroke:#d32f2f,stroke-width:2px,stroke-dasharray:5 4"


def draw_mermaid(graph: Graph) -> str:
    """Return the flowchart, without the fence that Markdown wants around it."""
    return _Chart(graph).text()


class _Chart:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._nodes = {node.id: node for node in graph.nodes}
        self._names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}

    def text(self) -> str:
        lines = ["flowchart LR"]
        for node in self._graph.nodes:
            if node.kind == "api":
                lines += self._api(node)
            elif node.kind != "route":
                lines.append(f"  {self._node(node)}")
        lines += [f"  {self._edge(edge)}" for edge in self._graph.edges]
        if self._graph.of_kind("obstacle"):
            lines.append(f"  {_BROKEN}")
        return "\n".join(lines) + "\n"

    def _api(self, api: Node) -> list[str]:
        """Draw an API as a frame around its routes; Mermaid takes no frame around nothing."""
        rows = self._graph.rows(api.title)
        title = f'{self._names[api.id]}["{_escape(" · ".join((api.title, *api.tags)))}"]'
        if not rows:
            return [f"  {title}"]
        return [f"  subgraph {title}", *(f"    {self._node(row)}" for row in rows), "  end"]

    def _node(self, node: Node) -> str:
        opening, closing = _SHAPES.get(node.kind, ("[", "]"))
        words = " · ".join((node.title, *node.tags, *node.locks))
        text = "<br>".join(map(_escape, (words, *node.lines)))
        suffix = ":::broken" if node.kind == "obstacle" else ""
        return f'{self._names[node.id]}{opening}"{text}"{closing}{suffix}'

    def _edge(self, edge: Edge) -> str:
        """Draw an edge; on that to an API is where it is called, for which a frame has no room."""
        source, target = self._names[edge.source], self._names[edge.target]
        to = self._nodes[edge.target]
        if to.kind == "api":
            return f'{source} -->|"{"<br>".join(map(_escape, to.lines))}"| {target}'
        if edge.is_broken:
            return f"{source} {'-.-x' if to.kind == 'obstacle' else '-.->'} {target}"
        return f"{source} --> {target}"


def _escape(text: str) -> str:
    """Write what Mermaid would read as markup by its code, and every line break as a space."""
    return clean(" ".join(text.translate(_ESCAPED).split()))
