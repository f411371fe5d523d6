"""One bad value hides nothing else, and makes nothing else look bad."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from apigateway.errors import Problem, SettingsError
from apigateway.paths import Location, format_path
from local.stack_file import read_stack
from settings import load_settings
from settings.sound_part import is_within
from tests.programs import ROOT, STACKS
from tests.settings.examples import CHAT, FORWARD, ITEM, ORDERS, PROXY, Raw, changed, problems

EXAMPLES: Final = sorted((ROOT / "examples").glob("*.yaml"))
ACM: Final = "arn:aws:acm:us-east-1:123456789012:certificate/1"
FUNCTION: Final = "arn:aws:lambda:us-east-1:123456789012:function:authorize"
BAD: Final = (7.5, "zz zz!", None)


def places(value: object, at: Location = ()) -> Iterator[Location]:
    if at:
        yield at
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*at, key))


def spoiled(raw: Raw, place: Location, value: object) -> Raw:
    raw = copy.deepcopy(raw)
    block: Any = raw
    for key in place[:-1]:
        block = block[key]
    block[place[-1]] = value
    return raw


def found_in(raw: Raw, region: str | None) -> tuple[Problem, ...]:
    try:
        load_settings(raw, region)
    except SettingsError as error:
        return error.problems
    return ()


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_bad_value_makes_nothing_else_look_bad(file: Path) -> None:
    config = read_stack(STACKS, file.stem, {"gatelink:unused": ""}, config_file=file)
    raw = {key: value for key, value in config.settings().items() if key != "unused"}
    region = config.values.get("aws:region")
    load_settings(raw, region)
    for index, place in enumerate(places(raw)):
        value = BAD[index % len(BAD)]
        found = found_in(spoiled(raw, place, value), region)
        others = [str(problem) for problem in found if not is_within(problem.path, format_path(place))]
        assert len(others) in (0, len(found)), f"{format_path(place)}: {value!r}: {others}"


def test_a_bad_value_does_not_hide_the_rest_of_its_integration() -> None:
    mappings = {"bad": "a", "append:header.x": "$request.path.nope"}
    raw = changed(
        {
            ITEM: {**PROXY, "backend": "nope", "timeoutInMillis": 1, "requestParameters": mappings},
            (*ITEM[:-1], "authorization"): "nobody",
        }
    )
    place = 'apis.orders.routes["GET /items/{id}"]'
    assert sorted(problems(raw)) == [
        (
            f"{place}.authorization: must be NONE, AWS_IAM or the name of an authorizer under "
            'apis.orders.authorizers, got "nobody"; known: none'
        ),
        f'{place}.integration.backend: no backend "nope" under backends; known: chat, orders',
        (
            f"{place}.integration.requestParameters.bad: not a destination of an HTTP API's request mapping, got "
            '"bad"; expected append|overwrite|remove:header.NAME, append|overwrite|remove:querystring.NAME or '
            "overwrite:path"
        ),
        (
            f'{place}.integration.requestParameters["append:header.x"]: the route GET /items/{{id}} has no path '
            'variable {nope}, got "$request.path.nope"'
        ),
        f"{place}.integration.timeoutInMillis: must be 50 to 30000, got 1",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {(*FORWARD, "path"): "/{room}", (*FORWARD, "requestParameters"): {"integration.request.paht.room": "'a'"}},
            ["requestParameters"],
        ),
        ({("backends", "chat", "hostNam"): "a.example"}, ["hostNam"]),
        (
            {
                ("backends", "chat", "hostName"): "A",
                ("backends", "chat", "listener"): {"port": 443, "protocol": "TLS", "certificateArn": ACM},
            },
            ["hostName"],
        ),
        (
            {
                ("backends", "chat", "hostName"): "a.example",
                ("backends", "chat", "listener"): {"port": 443, "protocol": "SSL", "certificateArn": ACM},
            },
            ["protocol"],
        ),
        (
            {("backends", "chat", "target"): {"type": "instances", "instanceIds": ["i-0a1b2c3d"]}},
            ["type"],
        ),
        ({("network", "cidr"): "10.0.0.0/24", ("network", "natGateways"): "no"}, ["natGateways"]),
        (
            {
                (*ORDERS, "domain"): {
                    "domainName": "api.example.com",
                    "certificateArn": ACM,
                    "ownershipVerificationCertificateArn": ACM,
                    "mutualTlsAuthentication": {"truststoreUri": "nowhere"},
                }
            },
            ["truststoreUri"],
        ),
        (
            {
                (*ORDERS, "authorizers"): {
                    "a": {
                        "authorizerType": "REQUEST",
                        "authorizerUri": FUNCTION,
                        "identitySource": ["header.x"],
                        "authorizerResultTtlInSeconds": 300,
                    }
                }
            },
            ["identitySource"],
        ),
        (
            {(*CHAT, "routes", "send"): {"retired": "yes"}},
            ["retired"],
        ),
    ],
)
def test_what_is_judged_by_a_bad_value_is_left_alone(changes: dict[Location, object], expected: list[str]) -> None:
    found = problems(changed(changes))  # type: ignore[arg-type]
    assert len(found) == len(expected)
    assert all(key in problem.partition(": ")[0] for key, problem in zip(expected, found, strict=True))


def test_a_bad_stage_key_does_not_hide_the_others() -> None:
    raw = changed(
        {
            (*ORDERS, "stage"): {
                "accessLogs": {"retentionDays": 2, "kmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/1"}
            }
        }
    )
    assert [problem.partition(": ")[0] for problem in problems(raw, "us-east-1")] == [
        "apis.orders.stage.accessLogs.retentionDays",
        "apis.orders.stage.accessLogs.kmsKeyArn",
    ]


def test_a_key_that_is_no_text_is_one_problem_among_others() -> None:
    raw: Any = changed({(*ITEM, "responseParameters"): {404: {"overwrite:statuscode": 403}, None: {}}})
    raw["tags"] = {True: "x", "a\ud800": "b"}
    raw["accountLogging"] = "\udc00"
    assert problems(raw) == [
        ('apis.orders.routes["GET /items/{id}"].integration.responseParameters: the key 404 must be text; write "404"'),
        (
            'apis.orders.routes["GET /items/{id}"].integration.responseParameters: the key null must be text; '
            'write "null"'
        ),
        'tags: the key true must be text; write "true"',
        'tags: the key "a\ufffd" must be text that UTF-8 can write',
        'accountLogging: must be text that UTF-8 can write, got "\ufffd"',
        (
            'tags["a\ufffd"]: must be up to 128 letters, digits, spaces and _.:/=+-@ without the prefix aws:, '
            'got "a\ufffd"'
        ),
        (
            'apis.orders.routes["GET /items/{id}"].integration.responseParameters.404["overwrite:statuscode"]: '
            'must be text, got 403; write "403" in quotes'
        ),
        (
            'apis.orders.routes["GET /items/{id}"].integration.responseParameters.null: '
            'must be a status code from 200 to 599 in quotes, got "null"'
        ),
    ]


def test_a_message_is_one_line() -> None:
    raw = changed(
        {
            (*FORWARD, "requestParameters"): {"integration.request.header.x": f"a\n{'b' * 200}"},
            (*ORDERS, "stage"): {"accessLogs": {"format": "a\nb"}},
        }
    )
    found = problems(raw)
    assert all("\n" not in problem and len(problem) < 500 for problem in found)
    assert 'got "a\\nb"' in found[-1]
