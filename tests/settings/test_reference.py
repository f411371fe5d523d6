"""The generated JSON Schema and page: complete, current, and of one mind with the settings."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from apigateway.limits import QUOTAS
from apigateway.rules import RULES
from settings.reference import DOCS, rules_page, stack_file_page, stack_file_schema
from tests.programs import ROOT
from tests.settings.examples import CHAT, FORWARD, ITEM, ORDERS, REMOVED, Location, changed, problems

SCHEMA = stack_file_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
STACK_FILES = sorted([*ROOT.glob("Pulumi.*.yaml"), *(ROOT / "examples").glob("*.yaml")])


def flagged(settings: dict[str, Any]) -> list[str]:
    """Return the places that an editor would underline: in a union, those of the branch that fits best."""
    document = json.loads(json.dumps({"config": {f"gatelink:{key}": value for key, value in settings.items()}}))
    return sorted({place for error in VALIDATOR.iter_errors(document) for place in places(error)})


def places(error: jsonschema.ValidationError) -> set[str]:
    """Return where an error is, in the branch of a union with the fewest of them that are not about a type."""
    branches: dict[object, list[jsonschema.ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    fitting = [found for found in branches.values() if not any(is_of_another_kind(inner) for inner in found)]
    if error.context and fitting:
        return {place for inner in min(fitting, key=len) for place in places(inner)}
    return {".".join(map(str, error.absolute_path))}


def is_of_another_kind(error: jsonschema.ValidationError) -> bool:
    """Tell whether an error says that a branch is not meant: by its type, or by a word that names it."""
    return (error.validator == "type" and not error.relative_path) or error.validator == "const"


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("file", STACK_FILES, ids=lambda file: file.name)
def test_no_stack_file_of_the_project_is_flagged(file: Path) -> None:
    document = json.loads(json.dumps(YAML(typ="safe", pure=True).load(file)))
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


def test_the_sound_stack_is_not_flagged() -> None:
    assert flagged(changed({})) == []


@pytest.mark.parametrize(
    ("location", "value", "expected"),
    [
        (("netwrok",), {}, "config"),
        (("tags",), {"a&b": "x"}, "tags"),
        (("accountLogging",), "sometimes", "accountLogging"),
        (("network", "availabilityZones"), 7, "network.availabilityZones"),
        (("network", "cidr"), "10.0.0.0", "network.cidr"),
        (("network", "flowLogs"), {"retentionDays": 2}, "network.flowLogs.retentionDays"),
        (("backends", "9"), {}, "backends"),
        (("backends", "chat", "loadBalancer"), "classic", "backends.chat.loadBalancer"),
        (("backends", "chat", "listener", "port"), 0, "backends.chat.listener.port"),
        (("backends", "chat", "listener"), REMOVED, "backends.chat"),
        (("backends", "chat", "target", "type"), "lambda", "backends.chat.target.type"),
        (("backends", "chat", "target", "instanceIds"), ["web"], "backends.chat.target.instanceIds.0"),
        ((*ORDERS, "stage", "name"), "a b", "apis.orders.stage.name"),
        ((*ORDERS, "stage", "throttling"), {"rateLimit": 0, "burstLimit": 1}, "apis.orders.stage.throttling.rateLimit"),
        ((*ORDERS, "stage", "throttling"), {"rateLimit": 1}, "apis.orders.stage.throttling"),
        ((*ORDERS, "stage", "variables"), {"a-b": "x"}, "apis.orders.stage.variables"),
        ((*ORDERS, "stages"), [{"nmae": "dev"}], "apis.orders.stages.0"),
        ((*ORDERS, "domain"), {"domainName": "api.example.com"}, "apis.orders.domain"),
        ((*ORDERS, "domain"), {"domainName": "a.b", "certificateArn": "x"}, "apis.orders.domain.certificateArn"),
        ((*CHAT, "usagePlans"), {"a": {"quota": {"limit": 0, "period": "DAY"}}}, "apis.chat.usagePlans.a.quota.limit"),
        ((*ITEM, "integrationMethod"), "GETT", "apis.orders.routes.GET /items/{id}.integration.integrationMethod"),
        ((*ITEM, "timeoutInMillis"), 1, "apis.orders.routes.GET /items/{id}.integration.timeoutInMillis"),
        ((*ITEM, "integrationMethod"), REMOVED, "apis.orders.routes.GET /items/{id}.integration"),
        ((*FORWARD, "requestTemplates"), {}, "apis.chat.integrations.forward"),
    ],
)
def test_an_editor_flags_what_check_refuses(location: Location, value: object, expected: str) -> None:
    raw = changed({location: value})
    assert problems(raw)
    assert [place.removeprefix("config.gatelink:") for place in flagged(raw)] == [expected]


def test_integrations_can_be_completed() -> None:
    """Each branch of a union says by its type, or by keys that it requires, which one it is."""
    definitions = SCHEMA["$defs"]
    for protocol in ("Http", "WebSocket"):
        choice = definitions[f"{protocol}Route"]["properties"]["integration"]
        branches = [
            branch["$ref"].rpartition("/")[2] for branch in choice.get("oneOf", choice.get("anyOf")) if "$ref" in branch
        ]
        assert len(branches) == {"Http": 4, "WebSocket": 7}[protocol]
        signs = [
            (definitions[name]["properties"]["integrationType"]["const"], frozenset(definitions[name]["required"]))
            for name in branches
        ]
        assert len(set(signs)) == len(signs)
        assert all(definitions[name]["additionalProperties"] is False for name in branches)


def test_no_union_stands_in_a_union() -> None:
    def check(schema: object) -> None:
        if isinstance(schema, list):
            for part in schema:
                check(part)
        elif isinstance(schema, dict):
            for union in ("oneOf", "anyOf"):
                assert not any({"oneOf", "anyOf"} & set(branch) for branch in schema.get(union, ()))
            for part in schema.values():
                check(part)

    check(SCHEMA)


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
    assert (DOCS / "rules.md").read_text(encoding="utf-8") == rules_page()


def test_the_rules_page_has_every_rule_and_every_quota() -> None:
    page = rules_page()
    for rule in RULES.values():
        assert f"| `{rule.id}` | {rule.text.replace('|', chr(92) + '|')} | {rule.severity} | {rule.source} |" in page
    for quota in QUOTAS:
        assert f"| {quota.name} | {quota.value} |" in page
