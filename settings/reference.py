"""Writes the stack file's reference from the models: a JSON Schema for editors and a page for people.

``python -m settings.reference`` writes both; with ``--check`` it only says whether they are current.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from .stack import Settings

DOCS = Path(__file__).resolve().parent.parent / "docs"
Schema = Mapping[str, Any]


def stack_file_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``Pulumi.<stack>.yaml``: Gatelink's keys are checked, all others are let through."""
    generated = Settings.model_json_schema(by_alias=True, ref_template="#/$defs/{model}", schema_generator=_Generator)
    definitions = generated.pop("$defs")
    config = {f"gatelink:{key}": value for key, value in generated["properties"].items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Gatelink stack file",
        "description": "Pulumi.<stack>.yaml of a Gatelink project",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": {"aws:region": {"type": "string", "description": "The AWS Region"}, **config},
                "patternProperties": {"^(?!gatelink:)": True},
                "additionalProperties": False,
            }
        },
        "$defs": definitions,
    }


class _Generator(GenerateJsonSchema):
    """Leaves out the titles that pydantic makes of names: an editor shows the description."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002  (pydantic's interface)
        return False


def stack_file_page() -> str:
    """Return the reference page: one table for each block, in the order in which a file has them."""
    schema = stack_file_schema()
    definitions: Schema = schema["$defs"]
    config: Schema = schema["properties"]["config"]["properties"]
    lines = [
        "# The stack file",
        "",
        "Generated from the settings models by `make docs`; do not edit. `Pulumi.<stack>.yaml` holds one environment.",
        "Every key below stands under `config:`. An unknown key is an error. `python -m local check --stack <stack>`",
        "names every problem of the file.",
        "",
        "## Top level",
        "",
        *_table({key: value for key, value in config.items() if key.startswith("gatelink:")}, frozenset(), definitions),
    ]
    for name in _blocks_in_order():
        block = definitions[name]
        if block.get("type") != "object":
            continue
        lines += ["", f"## {name}", "", _one_line(block.get("description", "")), ""]
        lines += _table(block.get("properties", {}), frozenset(block.get("required", ())), definitions)
    return "\n".join(lines) + "\n"


def _blocks_in_order() -> list[str]:
    """Return the definitions' names in the order in which a reader of the file meets them."""
    definitions: Schema = stack_file_schema()["$defs"]
    config: Schema = stack_file_schema()["properties"]["config"]["properties"]
    found: list[str] = []

    def visit(schema: Any) -> None:  # noqa: ANN401  (a JSON document)
        for name in _references(schema):
            if name not in found:
                found.append(name)
                visit(definitions[name])

    visit(config)
    return found


def _references(schema: Any) -> Iterator[str]:  # noqa: ANN401  (a JSON document)
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _table(properties: Schema, required: frozenset[str], definitions: Schema) -> list[str]:
    rows = ["| key | value | default | meaning |", "|---|---|---|---|"]
    for key, schema in properties.items():
        default = "**required**" if key in required else _default(schema)
        cells = (f"`{key}`", _kind(schema), default, _one_line(_meaning(schema, definitions)))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return rows


def _meaning(schema: Schema, definitions: Schema) -> str:
    """Return a key's description; pydantic leaves it out where it is that of the block that the key holds."""
    block = definitions.get(schema.get("$ref", "").rpartition("/")[2], {})
    return str(schema.get("description") or block.get("description", ""))


def _kind(schema: Schema) -> str:
    """Name the values that a schema allows, with links to the blocks of the page."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            return " or ".join(_kind(option) for option in schema[choice] if option.get("type") != "null")
    if "enum" in schema:
        return ", ".join(f"`{_yaml(value)}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{_yaml(schema['const'])}`"
    match schema.get("type"):
        case "array":
            return f"list of {_kind(schema['items'])}"
        case "object":
            inner: Schema = schema.get("additionalProperties") or next(
                iter(schema.get("patternProperties", {}).values()), {}
            )
            return f"name → {_kind(inner)}" if inner else "block"
        case "integer" | "number" as kind:
            bounds = f" {schema['minimum']} to {schema['maximum']}" if "minimum" in schema else ""
            return f"{kind}{bounds}"
        case "string":
            examples = schema.get("examples")
            return f"text such as `{examples[0]}`" if examples else "text"
        case kind:
            return str(kind or "any")


def _default(schema: Schema) -> str:
    value = schema.get("default")
    if isinstance(value, dict) and value:
        return "the block's defaults"
    return "" if value in (None, {}, []) else f"`{_yaml(value)}`"


def _yaml(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _one_line(text: str) -> str:
    return " ".join(text.replace("``", "`").split())


def main() -> int:
    """Write the generated files, or with ``--check`` compare them; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m settings.reference", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether the files are current")
    only_check = parser.parse_args().check
    stale = []
    for file, text in (
        (DOCS / "stack-file.schema.json", json.dumps(stack_file_schema(), indent=2, ensure_ascii=False) + "\n"),
        (DOCS / "stack-file.md", stack_file_page()),
    ):
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        stale.append(file.name)
        if not only_check:
            file.write_text(text, encoding="utf-8")
    for name in stale:
        sys.stdout.write(f"docs/{name} {'is not current: run make docs' if only_check else 'written'}\n")
    return 1 if stale and only_check else 0


if __name__ == "__main__":
    sys.exit(main())
