"""The generated JSON Schema and page: complete, current, and of one mind with the settings."""

import json
from typing import Any

import jsonschema
import pytest

from settings.reference import DOCS, stack_file_page, stack_file_schema
from tests.programs import dev_settings

SCHEMA = stack_file_schema()


def flagged(settings: dict[str, Any]) -> list[str]:
    """Return the places that an editor would underline."""
    document = json.loads(json.dumps({"config": {f"gatelink:{key}": value for key, value in settings.items()}}))
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return sorted(".".join(map(str, error.absolute_path)) for error in validator.iter_errors(document))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_dev_stack_is_not_flagged() -> None:
    assert flagged(dev_settings()) == []


@pytest.mark.parametrize(
    ("section", "value", "expected"),
    [
        ("netwrok", {}, "config"),
        ("network", {"availabilityZones": 7}, "config.gatelink:network"),
        ("accountLogging", "sometimes", "config.gatelink:accountLogging"),
        (
            "backends",
            {"x": {"loadBalancer": "classic", "listener": {"port": 80}}},
            "config.gatelink:backends.x.loadBalancer",
        ),
        (
            "backends",
            {"x": {"loadBalancer": "network", "listener": {"port": 0}}},
            "config.gatelink:backends.x.listener.port",
        ),
        ("backends", {"x": {"loadBalancer": "network"}}, "config.gatelink:backends.x"),
    ],
)
def test_an_editor_flags_what_check_refuses(section: str, value: object, expected: str) -> None:
    assert flagged({section: value}) == [expected]


def test_every_key_has_a_description() -> None:
    blocks = {name: block for name, block in SCHEMA["$defs"].items() if block.get("type") == "object"}
    config = SCHEMA["properties"]["config"]["properties"]
    described = {f"#/$defs/{name}" for name, block in blocks.items() if block.get("description")}
    keys = {**config} | {
        f"{name}.{key}": schema for name, block in blocks.items() for key, schema in block["properties"].items()
    }
    missing = [
        key for key, schema in keys.items() if not schema.get("description") and schema.get("$ref") not in described
    ]
    assert missing == []
    assert len(described) == len(blocks)


def test_the_page_has_every_block_and_every_key() -> None:
    page = stack_file_page()
    for name, block in SCHEMA["$defs"].items():
        if block.get("type") == "object":
            assert f"\n## {name}\n" in page
            assert all(f"| `{key}` |" in page for key in block["properties"])


def test_the_written_files_are_current() -> None:
    written = json.loads((DOCS / "stack-file.schema.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(SCHEMA))
    assert (DOCS / "stack-file.md").read_text(encoding="utf-8") == stack_file_page()
