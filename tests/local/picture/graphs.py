"""Graphs of small programs, for tests."""

from local.picture import graph_of
from local.picture.graph import Graph
from local.recording import Json
from local.topology.reading import build_topology
from tests.local.recordings import Program

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function"


def graph(made: Program) -> Graph:
    """Return the picture of a program."""
    recording = made.recording()
    return graph_of(recording, build_topology(recording))


def function(name: str) -> dict[str, Json]:
    """Return the inputs of an integration with a function."""
    return {"integrationType": "AWS_PROXY", "connectionType": "INTERNET", "integrationUri": f"{FUNCTION}:{name}"}


def url(text: str) -> dict[str, Json]:
    """Return the inputs of an integration with a public URL."""
    return {"connectionType": "INTERNET", "integrationUri": text}


def ways(drawn: Graph) -> dict[str, list[tuple[str, ...]]]:
    """Return what follows each route on its ways, by the route's id."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for trace in drawn.traces:
        found.setdefault(trace.nodes[2], []).append(trace.nodes[3:])
    return found
