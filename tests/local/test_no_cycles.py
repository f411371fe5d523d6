"""No module of the laptop's side imports one that imports it back, not even for its types alone."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def name_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(source: str, modules: Iterable[str]) -> Iterator[str]:
    """Yield the modules that a source imports, wherever in it: inside functions and ``if TYPE_CHECKING``, too."""
    known = frozenset(modules)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from known.intersection(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                # What is no module of that name is something in the package's front.
                inner = f"{node.module}.{alias.name}"
                yield from known & {inner if inner in known else node.module}


def graph_of(sources: Mapping[str, str]) -> dict[str, set[str]]:
    return {name: set(imported(source, sources)) for name, source in sources.items()}


def cycle_in(sources: Mapping[str, str]) -> list[str] | None:
    """Return the modules of a cycle, each imported by the next one; None where there is none."""
    try:
        TopologicalSorter(graph_of(sources)).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        return cycle
    return None


def test_local_has_no_import_cycles() -> None:
    sources = {name_of(file): file.read_text(encoding="utf-8") for file in (ROOT / "local").rglob("*.py")}
    assert "local.gateway.server" in sources
    assert sum(map(len, graph_of(sources).values())) > len(sources)
    assert cycle_in(sources) is None


@pytest.mark.parametrize("kind", ["http", "rest", "websocket"])
def test_one_kind_of_api_knows_nothing_of_the_others(kind: str) -> None:
    sources = {name_of(file): file.read_text(encoding="utf-8") for file in (ROOT / "local").rglob("*.py")}
    own = f"local.gateway.{kind}."
    others = tuple(f"local.gateway.{other}." for other in ("http", "rest", "websocket") if other != kind)
    reached = {f"{name} -> {to}" for name, found in graph_of(sources).items() if name.startswith(own) for to in found}
    assert reached
    assert {way for way in reached if way.partition(" -> ")[2].startswith(others)} == set()


@pytest.mark.parametrize(
    ("sources", "cycle"),
    [
        ({"p": "", "p.a": "from p import b", "p.b": "import os"}, False),
        ({"p": "from p.a import x", "p.a": "import ast", "p.b": "from p import x"}, False),
        ({"p": "", "p.a": "from p import b", "p.b": "import p.a"}, True),
        ({"p": "", "p.a": "from p.b import x", "p.b": "def f():\n    from p import a"}, True),
        ({"p": "", "p.a": "import p.b", "p.b": "if TYPE_CHECKING:\n    from p.a import A"}, True),
        ({"p": "from p.a import x", "p.a": "from p import y"}, True),
    ],
)
def test_what_a_cycle_is(sources: dict[str, str], cycle: bool) -> None:
    assert (cycle_in(sources) is not None) is cycle
