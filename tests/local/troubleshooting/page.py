"""docs/troubleshooting.md as data: its sections, each with the blocks of code that it shows, in their order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML

from tests.programs import ROOT, Settings

PAGE = ROOT / "docs" / "troubleshooting.md"
BASE = "The stack file of the examples"
PREFIX = "gatelink:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of code: ``yaml``, ``python`` or ``console``."""

    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section with the chapter that it stands in."""

    chapter: str
    title: str
    text: str

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of code."""
        found = re.findall(r"^```(\w+)\n(.*?)^```$", self.text, re.DOTALL | re.MULTILINE)
        return tuple(Block(language=language, text=text) for language, text in found)

    @property
    def anchor(self) -> str:
        """What a link to the section ends in, as GitHub makes it."""
        return anchor_of(self.title)


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def sections() -> list[Section]:
    """Return the sections of the page, in their order; a chapter without any is one itself."""
    found: list[Section] = []
    for chapter in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, _, rest = chapter.partition("\n")
        parts = re.split(r"^### ", rest, flags=re.MULTILINE)
        if len(parts) == 1:
            found.append(Section(chapter=name, title=name, text=rest))
        for part in parts[1:]:
            title, _, text = part.partition("\n")
            found.append(Section(chapter=name, title=title, text=text))
    return found


def read_snippet(text: str) -> Settings:
    """Return what a snippet says, without the prefix of the project."""
    snippet: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return {key.removeprefix(PREFIX): value for key, value in snippet.items()}


def base_settings() -> Settings:
    """Return the stack file that every snippet is set into."""
    (section,) = [section for section in sections() if section.title == BASE]
    (block,) = section.blocks
    return read_snippet(block.text)


def merged(settings: Mapping[str, Any], snippet: Mapping[str, Any]) -> Settings:
    """Set a snippet into settings: maps are merged, ``null`` takes a key away, anything else takes its place."""
    result = dict(settings)
    for key, value in snippet.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            before = result.get(key)
            result[key] = merged(before if isinstance(before, Mapping) else {}, value)
        else:
            result[key] = value
    return result
