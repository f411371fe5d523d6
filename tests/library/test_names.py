"""The names that other programs rely on.

A rename brings an alias (``pulumi.Alias``) where it would replace a resource, and a line in the changelog. A new field
of an args object has a default: without one, every program that uses the component would have to change.
"""

import dataclasses
import re

import pulumi

import components
import settings
from tests.programs import ROOT

GOLDEN = ROOT / "tests" / "golden" / "library-names.txt"


def _names() -> list[str]:
    """Return every public name, every field of args objects (with = where it may be left out), and every type token."""
    found = [f"settings.{name}" for name in settings.__all__]
    for name in components.__all__:
        found.append(f"components.{name}")
        public = getattr(components, name)
        if dataclasses.is_dataclass(public):
            found += [f"components.{name}.{field.name}{_mark(field)}" for field in dataclasses.fields(public)]
    return [*found, *(f"gatelink:components:{token}" for token in _tokens())]


def _mark(field: "dataclasses.Field[object]") -> str:
    is_required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    return "" if is_required else "="


def _tokens() -> list[str]:
    texts = (file.read_text(encoding="utf-8") for file in sorted((ROOT / "components").glob("*.py")))
    return sorted(token for text in texts for token in re.findall(r'"gatelink:components:(\w+)"', text))


def test_names_stay() -> None:
    assert _names() == GOLDEN.read_text(encoding="utf-8").splitlines()


def test_every_component_can_be_used() -> None:
    public = [getattr(components, name) for name in components.__all__]
    made = [item for item in public if isinstance(item, type) and issubclass(item, pulumi.ComponentResource)]
    assert sorted(item.__name__ for item in made) == _tokens()
    assert {f"{item.__name__}Args" for item in made} <= set(components.__all__)


def test_every_public_name_is_there() -> None:
    for package in (components, settings):
        assert list(package.__all__) == sorted(package.__all__, key=lambda name: (name[0].islower(), name))
        assert all(hasattr(package, name) for name in package.__all__)
