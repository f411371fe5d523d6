"""The generated JSON Schema and pages: complete, and of one mind with the settings."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from apigateway.limits import QUOTAS
from apigateway.rules import RULES
from apigateway.selection import SelectionExpression
from settings import apis, integrations, load_settings
from settings.reference import rules_page, stack_file_page, stack_file_schema
from tests.apigateway import expressions
from tests.apigateway.test_expression_table import GOOD
from tests.programs import ROOT, STACKS
from tests.settings.broken_apis import FUNCTION, JWT, LAMBDA, QUEUE, REQUEST
from tests.settings.examples import CHAT, FORWARD, ITEM, ORDERS, PROXY, REMOVED, Location, changed, problems

SCHEMA = stack_file_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
STACK_FILES = sorted([*STACKS.glob("Pulumi.*.yaml"), *(ROOT / "examples").glob("*.yaml")])


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


def http_route(**keys: object) -> dict[str, object]:
    return {"integration": {"integrationType": "HTTP_PROXY", "integrationMethod": "ANY", "backend": "orders", **keys}}


GET_ITEM = "apis.orders.routes.GET /items/{id}"
FORWARD_TO = "apis.chat.integrations.forward"
JWT_BY = "apis.orders.authorizers.shop"


@pytest.mark.parametrize(
    ("location", "value", "expected"),
    [
        ((*FORWARD, "requestParameters"), {"overwrite:header.x": "context.stage"}, f"{FORWARD_TO}.requestParameters"),
        (
            (*FORWARD, "requestParameters"),
            {"integration.request.header.x": "$context.stage"},
            f"{FORWARD_TO}.requestParameters.integration.request.header.x",
        ),
        (
            (*FORWARD, "requestParameters"),
            {"integration.request.header.x": "connectionId"},
            f"{FORWARD_TO}.requestParameters.integration.request.header.x",
        ),
        ((*FORWARD, "path"), "message", f"{FORWARD_TO}.path"),
        (
            (*ITEM, "requestParameters"),
            {"integration.request.header.x": "a"},
            f"{GET_ITEM}.integration.requestParameters",
        ),
        ((*ITEM, "requestParameters"), {"set:header.x": "a"}, f"{GET_ITEM}.integration.requestParameters"),
        *(
            (
                (*ITEM, "requestParameters"),
                {"append:header.x": value},
                f"{GET_ITEM}.integration.requestParameters.append:header.x",
            )
            for value in (
                "context.requestId",
                "stageVariables.tenant",
                "route.request.header.x",
                "integration.response.header.x",
                "$response.header.x",
                "a ${response.body}",
            )
        ),
        (
            (*ITEM, "responseParameters"),
            {"404": {"overwrite:status": "403"}},
            f"{GET_ITEM}.integration.responseParameters.404",
        ),
        (
            (*ITEM, "responseParameters"),
            {"404": {"append:header.x": "$request.header.x"}},
            f"{GET_ITEM}.integration.responseParameters.404.append:header.x",
        ),
        ((*ITEM, "responseParameters"), {"4xx": {}}, f"{GET_ITEM}.integration.responseParameters"),
        (
            ITEM,
            {**QUEUE, "requestParameters": {"QueueURL": "x", "MessageBody": "y"}},
            f"{GET_ITEM}.integration.requestParameters",
        ),
        (ITEM, {**LAMBDA, "integrationUri": "f"}, f"{GET_ITEM}.integration.integrationUri"),
        (ITEM, {**LAMBDA, "credentialsArn": "r"}, f"{GET_ITEM}.integration.credentialsArn"),
        (ITEM, {**PROXY, "integrationUri": "ftp://x.example"}, f"{GET_ITEM}.integration.integrationUri"),
        ((*CHAT, "routes", "$conect"), {"integration": "forward"}, "apis.chat.routes"),
        ((*ORDERS, "routes", "/x"), http_route(), "apis.orders.routes"),
        ((*ORDERS, "routes", "get /x"), http_route(), "apis.orders.routes"),
        ((*ORDERS, "routes"), {}, "apis.orders.routes"),
        ((*CHAT, "routes"), {}, "apis.chat.routes"),
        ((*CHAT, "routes", "send"), {}, "apis.chat.routes.send"),
        ((*CHAT, "routes", "send"), {"retired": False}, "apis.chat.routes.send"),
        ((*CHAT, "routeSelectionExpression"), "$request.header.x", "apis.chat.routeSelectionExpression"),
        ((*CHAT, "routeSelectionExpression"), "${request.body.action", "apis.chat.routeSelectionExpression"),
        (
            (*ORDERS, "authorizers"),
            {"shop": {**JWT, "identitySource": ["route.request.header.Auth"]}},
            f"{JWT_BY}.identitySource.0",
        ),
        (
            (*ORDERS, "authorizers"),
            {"shop": {**JWT, "identitySource": ["$context.routeKey"]}},
            f"{JWT_BY}.identitySource.0",
        ),
        (
            (*ORDERS, "authorizers"),
            {"shop": {**REQUEST, "identitySource": ["$request.body.a"]}},
            f"{JWT_BY}.identitySource.0",
        ),
        (
            (*CHAT, "authorizers"),
            {"token": {**REQUEST, "identitySource": ["$request.header.Auth"]}},
            "apis.chat.authorizers.token.identitySource.0",
        ),
        ((*ORDERS, "authorizers"), {"shop": {**REQUEST, "authorizerUri": "f"}}, f"{JWT_BY}.authorizerUri"),
        ((*ORDERS, "cors"), {"allowOrigins": ["shop.example"]}, "apis.orders.cors.allowOrigins.0"),
        ((*ORDERS, "invokePrincipals"), ["arn:x"], "apis.orders.invokePrincipals.0"),
    ],
)
def test_an_editor_flags_the_other_dialect(location: Location, value: object, expected: str) -> None:
    raw = changed({location: value})
    assert problems(raw)
    assert [place.removeprefix("config.gatelink:") for place in flagged(raw)] == [expected]


@pytest.mark.parametrize("api", ["chat", "orders"])
def test_an_editor_flags_a_stage_beside_stages(api: str) -> None:
    raw = changed({("apis", api, "stage"): {}, ("apis", api, "stages"): [{"name": "a"}]})
    assert problems(raw) == [f"apis.{api}.stages: is given beside stage; keep one of the two"]
    assert flagged(raw) == [f"config.gatelink:apis.{api}"]


def test_a_wide_stack_is_legal_and_not_flagged() -> None:
    raw = YAML(typ="safe", pure=True).load(Path(__file__).with_name("wide.yaml"))
    load_settings(raw, "us-east-1")
    assert flagged(raw) == []


@pytest.mark.parametrize(
    "changes",
    [
        {
            (*ITEM, "requestParameters"): {
                "append:header.x": value,
                "remove:header.y": "",
                "remove:querystring.[a]": "''",
            }
        }
        for value in ("context.html", "routes", "stageVariables", "a\nb", "${request.path}/${context.requestId}", "$5")
    ]
    + [
        {(*CHAT, "routeSelectionExpression"): value}
        for value in ("chat", "a\\$b${request.body.c}", "${request.body.a}/${request.body.b}", "$request.body.a['b c']")
    ]
    + [{(*CHAT, "routes", key): {"integration": "forward"}} for key in ("a\nb", "a$b", "{}", "$disconnect")]
    + [
        {(*CHAT, "routes", "old"): {"retired": True}},
        {(*ORDERS, "stages"): [{"name": "a"}, {"name": "b"}]},
        {(*ORDERS, "cors"): {"allowOrigins": ["*", "https://*", "HTTPS://Shop.example:8443", "app+x://a"]}},
        {(*ORDERS, "invokePrincipals"): ["111122223333", "arn:aws-us-gov:iam::111122223333:role/a/b"]},
        {ITEM: {**LAMBDA, "integrationUri": FUNCTION + ":${stageVariables.v}"}},
        {ITEM: {**LAMBDA, "credentialsArn": "arn:aws:iam::*:user/*"}},
        {ITEM: {**PROXY, "integrationUri": "http://${stageVariables.host}:8080/{id}?a=b"}},
    ],
)
def test_what_check_accepts_is_not_flagged(changes: Mapping[Location, object]) -> None:
    raw = changed(changes)
    load_settings(raw)
    assert flagged(raw) == []


PATTERNS: dict[str, tuple[Any, st.SearchStrategy[object]]] = {
    "WebSocket destination": (integrations.WebSocketDestination, expressions.websocket_destinations),
    "WebSocket source": (integrations.WebSocketSource, expressions.websocket_sources),
    "HTTP request destination": (integrations.HttpDestination, expressions.request_destinations),
    "HTTP response destination": (integrations.HttpResponseDestination, expressions.response_destinations),
    "HTTP request value": (integrations.HttpRequestTemplate, expressions.templates(expressions.request_variables)),
    "HTTP response value": (integrations.HttpResponseTemplate, expressions.templates(expressions.response_variables)),
    "HTTP route key": (apis.HttpKey, expressions.http_route_keys),
}


@pytest.mark.parametrize("kind", PATTERNS)
@given(st.data())
def test_a_pattern_takes_every_legal_text(kind: str, data: st.DataObject) -> None:
    annotation, legal = PATTERNS[kind]
    assert re.search(TypeAdapter(annotation).json_schema()["pattern"], str(data.draw(legal)))


@pytest.mark.parametrize("kind", GOOD)
def test_a_pattern_takes_every_text_of_the_table(kind: str) -> None:
    annotation = {
        "HTTP request key": integrations.HttpDestination,
        "HTTP response key": integrations.HttpResponseDestination,
        **{name: annotation for name, (annotation, _) in PATTERNS.items()},
    }[kind]
    pattern = re.compile(TypeAdapter(annotation).json_schema()["pattern"])
    assert [text for text in GOOD[kind] if not pattern.search(text)] == []


@given(expressions.selections)
def test_the_pattern_of_route_selection_takes_every_legal_text(expression: SelectionExpression) -> None:
    pattern = SCHEMA["$defs"]["WebSocketApi"]["properties"]["routeSelectionExpression"]["pattern"]
    assert re.search(pattern, str(expression))


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


def test_the_rules_page_has_every_rule_and_every_quota() -> None:
    page = rules_page()
    for rule in RULES.values():
        assert f"| `{rule.id}` | {rule.text.replace('|', chr(92) + '|')} | {rule.severity} | {rule.source} |" in page
    for quota in QUOTAS:
        assert f"| {quota.name} | {quota.value} |" in page
