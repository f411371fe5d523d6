"""The stack as a picture: what a request passes, from the client to what answers it.

    recording + topology ─► building ─► collapsing ─► layout ─► svg
                                             └──────────────► mermaid

The graph knows nothing of sizes, and the layout nothing of AWS.
"""

from typing import Final, Literal, TypeAlias, assert_never

from local.picture.building import graph_of
from local.picture.collapsing import DEFAULT_LIMIT, collapse
from local.picture.mermaid import draw_mermaid
from local.picture.style import STYLE
from local.picture.svg import draw_svg
from local.recording import Recording
from local.topology import Topology

__all__ = ["DEFAULT_LIMIT", "FORMATS", "STYLE", "Format", "collapse", "draw", "draw_mermaid", "draw_svg", "graph_of"]

Format: TypeAlias = Literal["svg", "mermaid"]
FORMATS: Final[tuple[Format, ...]] = ("svg", "mermaid")


def draw(recording: Recording, topology: Topology, format_: Format, *, limit: int | None = DEFAULT_LIMIT) -> str:
    """Return the picture of a recording and of the topology that was read from it.

    An API with more than ``limit`` routes is drawn with some of them and a row for the others; None draws all.
    """
    graph = collapse(graph_of(recording, topology), limit)
    match format_:
        case "svg":
            return draw_svg(graph)
        case "mermaid":
            return draw_mermaid(graph)
        case _:
            assert_never(format_)
