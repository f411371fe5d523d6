import copy
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import Problem, SettingsError
from apigateway.rules import RULES
from settings import HttpApi, WebSocketApi, load_settings
from tests.programs import dev_settings
from tests.settings.broken_infrastructure import DOMAIN, EXISTING, TOPIC
from tests.settings.examples import CHAT, ORDERS, PROXY, REMOVED, Location, Raw, changed, problems, problems_with

NAME = "must be a name of up to 64 letters, digits, _ and - that begins with a letter"


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        ("netwrk", {}, "netwrk: unknown key; did you mean network?"),
        (
            "region",
            "us-east-1",
            "region: unknown key; known keys: accountLogging, apis, backends, network, permissionsBoundary, tags",
        ),
        ("tags", [], "tags: must be a block of keys, got []"),
        ("tags", {"team": 1}, 'tags.team: must be text, got 1; write "1" in quotes'),
        (
            "tags",
            {"aws:team": "edge"},
            (
                'tags["aws:team"]: must be up to 128 letters, digits, spaces and _.:/=+-@ without the prefix aws:, '
                'got "aws:team"'
            ),
        ),
        (
            "tags",
            {"team": "x&y"},
            'tags.team: must be up to 256 letters, digits, spaces and _.:/=+-@, got "x&y"',
        ),
        ("tags", {"stack": "x"}, "tags.stack: Stack is added by Gatelink, and IAM takes both for one key"),
        (
            "tags",
            {f"tag{number}": "x" for number in range(48)},
            "tags: must be at most 47, for Gatelink adds three of 50, got 48",
        ),
        (
            "tags",
            {"te|am": "edge"},
            (
                'tags["te|am"]: must be up to 128 letters, digits, spaces and _.:/=+-@ without the prefix aws:, '
                'got "te|am"'
            ),
        ),
        ("accountLogging", "make", 'accountLogging: must be create or existing, got "make"'),
        ("accountLogging", "Create", 'accountLogging: must be create or existing, got "Create"; did you mean create?'),
        *(
            (
                "permissionsBoundary",
                given,
                (
                    "permissionsBoundary: must be the ARN of a managed policy in IAM, "
                    f'arn:aws:iam::ACCOUNT:policy/NAME, got "{given}"'
                ),
            )
            for given in (
                "gatelink-boundary",
                "arn:aws:iam::123456789012:role/gatelink-boundary",
                "arn:aws:iam::1234:policy/gatelink-boundary",
                "arn:aws:iam:us-east-1:123456789012:policy/gatelink-boundary",
                "arn:aws:iam::123456789012:policy/teams//gatelink-boundary",
                "arn:aws:iam::123456789012:policy/*",
            )
        ),
        ("permissionsBoundary", ["x"], 'permissionsBoundary: must be text, got ["x"]'),
        ("backends", [], "backends: must be a block of keys, got []"),
        ("apis", [], "apis: must be a block of keys, got []"),
        (
            "apis.9",
            {"protocol": "HTTP", "routes": {"$default": {"integration": {**PROXY, "backend": "orders"}}}},
            f'apis.9: {NAME}, got "9"',
        ),
        ("backends.a b", {"loadBalancer": "network", "listener": {"port": 80}}, f'backends["a b"]: {NAME}, got "a b"'),
    ],
)
def test_bad_top_level(keys: str, value: object, problem: str) -> None:
    assert problems_with((), keys, value) == [problem]


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::123456789012:policy/gatelink-boundary",
        "arn:aws-cn:iam::123456789012:policy/teams/edge/boundary",
        "arn:aws:iam::aws:policy/PowerUserAccess",
    ],
)
def test_a_permissions_boundary(arn: str) -> None:
    assert load_settings(changed({("permissionsBoundary",): arn})).permissions_boundary == arn


@pytest.mark.parametrize(
    ("location", "key"),
    [
        (("backends", "chat", "load_balancer"), "load_balancer: unknown key; did you mean loadBalancer?"),
        (("network", "nat_gateways"), "nat_gateways: unknown key; did you mean natGateways?"),
        ((*CHAT, "stage", "access_logs"), "access_logs: unknown key; did you mean accessLogs?"),
    ],
)
def test_keys_are_not_spelled_as_in_python(location: Location, key: str) -> None:
    assert problems(changed({location: "network"})) == [f"{'.'.join(location[:-1])}.{key}"]


def test_every_problem_in_one_run_in_the_order_of_the_sections() -> None:
    raw = changed(
        {
            ("regoin",): "us-east-1",
            ("accountLogging",): "make",
            ("network", "cidr"): "10.0.0.0/8",
            ("backends", "chat", "listener", "port"): 0,
            ("backends", "orders", "listener", "sslPolicy"): "x",
            (*CHAT, "cors"): {},
            (*CHAT, "stage", "name"): "a b",
            (*CHAT, "routes", "send"): {"integration": {**PROXY, "backend": "chat", "timeoutInMillis": 1}},
            (*CHAT, "routes", "other"): {"integration": "forwrd"},
            (*ORDERS, "stage", "routeSettings"): {"GET /item": {}},
            ("apis", "third"): {"protocol": "GRPC"},
        }
    )
    assert problems(raw) == [
        'accountLogging: must be create or existing, got "make"',
        "backends.chat.listener.port: must be 1 to 65535, got 0",
        'apis.chat.stage.name: not the name of a stage, got "a b"; expected 1 to 128 letters, digits, "-" and "_"',
        "apis.chat.routes.send.integration.timeoutInMillis: must be 50 to 29000, got 1",
        "apis.chat.cors: unknown key; CORS belongs to HTTP APIs",
        'apis.third.protocol: must be WEBSOCKET, HTTP or REST, got "GRPC"',
        "regoin: unknown key; known keys: accountLogging, apis, backends, network, permissionsBoundary, tags",
        'network.cidr: is too large: a VPC must be /16 to /22 with public subnets for NAT gateways, got "10.0.0.0/8"',
        "backends.orders.listener.sslPolicy: needs a listener that speaks HTTPS, got HTTP",
        (
            'apis.chat.routes.other.integration: no integration "forwrd" under apis.chat.integrations; '
            "did you mean forward?"
        ),
        (
            'apis.orders.stage.routeSettings["GET /item"]: no route "GET /item" under apis.orders.routes; '
            "did you mean GET /items/{id}?"
        ),
    ]


@pytest.mark.parametrize(
    ("location", "value", "problem"),
    [
        (
            ("network", "natGateways"),
            "one",
            'network.natGateways: must be none, single or perZone, got "one"; did you mean none?',
        ),
        (("backends", "chat", "listener"), {}, "backends.chat.listener.port: is required"),
        (("backends",), None, "backends: must be a block of keys, got null"),
        ((*CHAT, "integrations", "forward"), 5, "apis.chat.integrations.forward: must be a block of keys, got 5"),
        ((*CHAT, "integrations"), None, "apis.chat.integrations: must be a block of keys, got null"),
    ],
)
def test_what_refers_to_a_broken_part_is_not_reported(location: Location, value: object, problem: str) -> None:
    assert problems(changed({location: value})) == [problem]


def test_settings_of_a_broken_route_are_not_reported() -> None:
    raw = changed({(*CHAT, "stage", "routeSettings"): {"send": {}}, (*CHAT, "routes", "send"): {}})
    assert problems(raw) == ["apis.chat.routes.send.integration: is required"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {(*CHAT, "authorizers", "token"): {"authorizerType": "REQUEST"}},
            "apis.chat.authorizers.token.authorizerUri: is required",
        ),
        ({(*CHAT, "models", "order"): {}}, "apis.chat.models.order.schema: is required"),
        (
            {(*CHAT, "usagePlans", "partner"): {"quota": {"limit": 5}}},
            "apis.chat.usagePlans.partner.quota.period: is required",
        ),
        (
            {(*CHAT, "stage", "throttling"): {"rateLimit": 1}},
            "apis.chat.stage.throttling.burstLimit: is required",
        ),
        (
            {(*CHAT, "stages"): [{"name": "dev"}, {"throttling": {"rateLimit": 1}}]},
            "apis.chat.stages[1].throttling.burstLimit: is required",
        ),
        ({(*CHAT, "stages"): [{"name": "dev"}, 5]}, "apis.chat.stages[1]: must be a block of keys, got 5"),
        ({(*CHAT, "domain"): {}}, "apis.chat.domain.domainName: is required"),
        ({(*CHAT, "alarms"): {}}, "apis.chat.alarms.snsTopicArn: is required"),
        ({("tags",): {"a&b": "x"}}, "tags"),
        ({("network", "flowLogs"): {"retentionDays": 2}}, "network.flowLogs.retentionDays"),
    ],
)
def test_the_rest_is_judged_around_a_broken_part(changes: dict[Location, object], problem: str) -> None:
    more: dict[Location, object] = {
        (*CHAT, "routes", "send", "integration"): "forwrd",
        (*ORDERS, "stage", "routeSettings"): {"GET /item": {}},
        ("network", "cidr"): "10.0.0.0/8",
    }
    found = problems(changed({**more, **changes}))
    paths = {line.partition(":")[0] for line in found}
    assert any(line.startswith(problem) for line in found)
    assert paths >= {
        "network.cidr",
        "apis.chat.routes.send.integration",
        'apis.orders.stage.routeSettings["GET /item"]',
    }


@pytest.mark.parametrize(
    ("place", "key", "wrong", "problem"),
    [
        ((), "network", "netwrk", "netwrk: unknown key; did you mean network?"),
        ((), "backends", "backend", "backend: unknown key; did you mean backends?"),
        (CHAT, "integrations", "integration", "apis.chat.integration: unknown key; did you mean integrations?"),
    ],
)
def test_misspelt_section_is_one_problem(place: Location, key: str, wrong: str, problem: str) -> None:
    block: Any = changed({})
    for part in place:
        block = block[part]
    raw = changed({(*place, wrong): block[key], (*place, key): REMOVED})
    assert problems(raw) == [problem]


def test_backends_left_out() -> None:
    assert problems_with((), "backends", REMOVED) == [
        'apis.chat.integrations.forward.backend: no backend "chat" under backends; known: none',
        'apis.chat.routes["$connect"].integration.backend: no backend "chat" under backends; known: none',
        'apis.orders.routes["GET /items/{id}"].integration.backend: no backend "orders" under backends; known: none',
    ]


def test_nothing_is_a_sound_stack() -> None:
    assert load_settings({}).model_dump(mode="json", by_alias=True, exclude_none=True) == {
        "tags": {},
        "accountLogging": "create",
        "backends": {},
        "apis": {},
    }


def test_stack_file_of_the_project_is_sound_and_prints_as_it_was_written() -> None:
    raw = dev_settings()
    apis = load_settings(raw).apis
    chat, orders = apis["chat"], apis["orders"]
    assert isinstance(chat, WebSocketApi)
    assert isinstance(orders, HttpApi)
    assert (
        chat.integrations["forward"].model_dump(by_alias=True, mode="json", exclude_unset=True)
        == (raw["apis"]["chat"]["integrations"]["forward"])
    )
    for api, key, integration in [
        ("chat", "$connect", chat.integration_of(chat.routes["$connect"])),
        ("chat", "$disconnect", chat.integration_of(chat.routes["$disconnect"])),
        ("orders", "ANY /{proxy+}", orders.integration_of(orders.routes["ANY /{proxy+}"])),
    ]:
        written = raw["apis"][api]["routes"][key]["integration"]
        assert integration is not None
        assert integration.model_dump(by_alias=True, mode="json", exclude_unset=True) == written
    assert str(chat.route_selection_expression) == "$request.body.action"


def test_order_of_keys_does_not_matter() -> None:
    raw = dev_settings()
    assert load_settings(json.loads(json.dumps(raw, sort_keys=True))) == load_settings(raw)


def places(block: object, location: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the location of every value of a block."""
    parts = block.items() if isinstance(block, dict) else enumerate(block) if isinstance(block, list) else ()
    return [*([location] if location else []), *(at for key, value in parts for at in places(value, (*location, key)))]


WIDE = changed(
    {
        ("tags",): {"team": "edge"},
        ("network", "vpcEndpoints"): ["sqs", {"service": "s3"}],
        ("network", "flowLogs"): {"retentionDays": 30},
        ("backends", "old"): EXISTING,
        ("backends", "stock", "cloudMap"): {
            "serviceArn": "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1",
            "port": 80,
        },
        ("backends", "chat", "target"): {"type": "alb", "backend": "orders", "healthCheck": {"path": "/"}},
        (*CHAT, "stages"): [{"name": "dev", "routeSettings": {"send": {"throttling": "blocked"}}}, {"name": "blue"}],
        (*CHAT, "usagePlans"): {"partner": {"quota": {"limit": 5, "period": "DAY"}, "apiKeys": ["acme"]}},
        (*CHAT, "models"): {"order": {"schema": {"type": "object"}}},
        (*ORDERS, "domain"): DOMAIN | {"stage": "$default", "mutualTlsAuthentication": {"truststoreUri": "s3://a/b"}},
        (*ORDERS, "alarms"): TOPIC,
        (*ORDERS, "stage"): {"variables": {"tenant": "acme"}, "accessLogs": {"retentionDays": 30}},
    }
)
"""A stack with something of everything that this part of the tests is about."""


def found_problems(raw: Raw) -> list[Problem]:
    try:
        load_settings(raw)
    except SettingsError as error:
        return list(error.problems)
    return []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@pytest.mark.parametrize("base", [dev_settings(), WIDE], ids=["dev", "wide"])
@given(data=st.data())
def test_any_value_anywhere_is_read_or_is_a_problem(base: Raw, data: st.DataObject) -> None:
    changes = data.draw(st.dictionaries(st.sampled_from(places(base)), JSON, min_size=1, max_size=3))
    raw = copy.deepcopy(base)
    for (*parents, key), value in changes.items():
        block: Any = raw
        for parent in parents:
            holds = (
                parent in block if isinstance(block, dict) else isinstance(block, list) and parent in range(len(block))
            )
            block = block[parent] if holds else None
        if isinstance(block, dict) or (isinstance(block, list) and key in range(len(block))):
            block[key] = value
    broken = found_problems(raw)
    assert {problem.rule for problem in broken} <= RULES.keys()
    found = [str(problem) for problem in broken]
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"[^:]*: .+|.*\"\].*: .+", problem, re.DOTALL) for problem in found)
