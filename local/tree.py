"""The program's resources as a tree for people: components, their children, counts by type, and the outputs."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from local.recording import Recording, Resource

_LONGEST_LINE = 10_000


def render(recording: Recording) -> RenderableType:
    """Return what ``preview`` prints."""
    return Group(_tree(recording), Text(), _counts(recording), Text(), _outputs(recording))


@dataclass(frozen=True, slots=True)
class Uncut:
    """Lays a page out with room for every line: rich would cut a tree where the terminal, or 80 columns, end."""

    page: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(self.page, options.update(width=_LONGEST_LINE))


def print_recording(recording: Recording, console: Console) -> None:
    """Print the tree, the counts and the outputs."""
    console.print(Uncut(render(recording)), soft_wrap=True)


def print_tree(recording: Recording, console: Console) -> None:
    """Print the tree and how many resources it has, without the outputs, which a laptop makes up."""
    console.print(Uncut(_tree(recording)), soft_wrap=True)
    count = sum(resource.custom for resource in recording.resources)
    console.print(
        f"{count} resources; `python -m local preview` adds their counts and outputs", style="dim", soft_wrap=True
    )


def short_type(token: str) -> str:
    """Shorten a type token as Pulumi does in its own tree: ``aws:ec2:Vpc``, ``gatelink:components:Network``."""
    package, module, name = token.split(":")
    return f"{package}:{module.split('/')[0]}:{name}"


def _tree(recording: Recording) -> Tree:
    tree = Tree(Text(f"{recording.project} ({recording.stack})", style="bold"), guide_style="dim")
    for resource in _children(recording, None):
        _grow(tree, resource, recording)
    return tree


def _grow(tree: Tree, resource: Resource, recording: Recording) -> None:
    style = "" if resource.custom else "bold cyan"
    branch = tree.add(
        Text.assemble((short_type(resource.type), "dim" if resource.custom else style), " ", resource.name)
    )
    for line in _methods(resource):
        branch.add(line)
    for child in _children(recording, resource.urn):
        _grow(branch, child, recording)


def _methods(resource: Resource) -> Iterator[Text]:
    """Yield the methods of a REST API, which are no resources of their own: a route key and what it leads to."""
    body = resource.outputs.get("body")
    if resource.type != "aws:apigateway/restApi:RestApi" or not isinstance(body, str):
        return
    for path, operations in sorted(json.loads(body)["paths"].items()):
        for name, operation in sorted(operations.items()):
            leads_to = operation["x-amazon-apigateway-integration"]
            method = "ANY" if name == "x-amazon-apigateway-any-method" else name.upper()
            kind, uri = leads_to["type"].upper(), leads_to.get("uri", "")
            yield Text.assemble(f"{method} {path}", (f" → {' '.join(filter(None, (kind, uri)))}", "dim"))


def _children(recording: Recording, parent: str | None) -> Iterator[Resource]:
    """Yield the resources under one, components first, then by type and name."""
    found = [resource for resource in recording.resources if resource.parent == parent]
    yield from sorted(found, key=lambda resource: (resource.custom, resource.type, resource.name))


def _counts(recording: Recording) -> Table:
    counts = Counter(short_type(resource.type) for resource in recording.resources if resource.custom)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right", style="bold")
    table.add_column()
    for name, count in sorted(counts.items()):
        table.add_row(str(count), name)
    table.add_row(str(counts.total()), "resources")
    return table


def _outputs(recording: Recording) -> Group:
    lines = [Text("outputs", style="bold")]
    for name, value in sorted(recording.outputs.items()):
        text = value if isinstance(value, str) else json.dumps(value, indent=2, sort_keys=True)
        lines.append(Text(f"  {name}: " + text.replace("\n", "\n  ")))
    return Group(*lines)
