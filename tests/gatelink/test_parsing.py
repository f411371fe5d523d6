"""Outputs read from plain data: every problem at once, with its place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.paths import format_path
from gatelink.outputs import OutputsError, parse
from gatelink.outputs.parsing import path_of
from tests.gatelink.consumers import produced

API = {"apiId": "a1", "protocol": "HTTP", "endpoint": "https://a1", "executionArn": "arn:a1", "stage": "$default"}
LEAST: dict[str, Any] = {"backends": {}, "vpcLinks": {"rest": {}}, "apis": {}}


def problems_of(outputs: Any) -> list[str]:  # noqa: ANN401  (what the signature does not allow, too)
    with pytest.raises(OutputsError) as error:
        parse(outputs)
    return str(error.value).splitlines()


def test_the_least_that_a_stack_has() -> None:
    read = parse(LEAST)
    assert (read.gatelink_version, read.vpc_id, read.private_subnet_ids, read.domains) == (None, None, None, None)
    assert (read.backends, read.apis, read.vpc_links.rest, read.vpc_links.http) == ({}, {}, {}, None)


def test_outputs_of_a_newer_version_are_passed_over() -> None:
    assert parse(LEAST | {"mesh": {"id": 1}, "apis": {"a": API | {"region": 7}}}).apis["a"].api_id == "a1"


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"gatelinkVersion": 2}, "gatelinkVersion: must be a text, got 2"),
        ({"vpcId": ""}, 'vpcId: must be a text, got ""'),
        ({"vpcId": ["vpc-1"]}, 'vpcId: must be a text, got ["vpc-1"]'),
        ({"vpcId": {"a": "\n"}}, 'vpcId: must be a text, got {"a": "\\n"}'),
        ({"vpcCidr": True}, "vpcCidr: must be a text, got true"),
        ({"privateSubnetIds": "subnet-1"}, 'privateSubnetIds: must be a list of texts, got "subnet-1"'),
        ({"privateSubnetIds": ["subnet-1", 5]}, "privateSubnetIds[1]: must be a text, got 5"),
        ({"backends": []}, "backends: must be a block by the names of backends, got []"),
        ({"backends": {"chat": "arn"}}, 'backends.chat: must be a block of outputs, got "arn"'),
        ({"backends": {"chat": {"dnsName": 1}}}, "backends.chat.dnsName: must be a text, got 1"),
        ({"vpcLinks": "vl-1"}, 'vpcLinks: must be a block of outputs, got "vl-1"'),
        ({"vpcLinks": {"rest": "vl-1"}}, 'vpcLinks.rest: must be a block by the names of backends, got "vl-1"'),
        ({"vpcLinks": {"rest": {"chat": None}}}, "vpcLinks.rest.chat: must be a text, got null"),
        (
            {"vpcLinks": {}},
            (
                "vpcLinks.rest: must be a block by the names of backends, and is missing; "
                "version 0.1.0 of Gatelink brings it"
            ),
        ),
        (
            {"apis": {"a": API | {"protocol": "GRPC"}}},
            'apis.a.protocol: must be HTTP, REST or WEBSOCKET, got "GRPC"',
        ),
        (
            {"apis": {"a": API | {"endpoint": None}}},
            "apis.a.endpoint: must be a text, and is missing; version 0.1.0 of Gatelink brings it",
        ),
        (
            {"apis": {"a": API | {"stages": {"$default": {"endpoint": 1}}}}},
            'apis.a.stages["$default"].endpoint: must be a text, got 1',
        ),
        (
            {"apis": {"a": API | {"vpcEndpointIds": [""]}}},
            'apis.a.vpcEndpointIds[0]: must be a text, got ""',
        ),
        (
            {"domains": {"*.example.com": {"hostedZoneId": "Z1"}}},
            (
                'domains["*.example.com"].targetDomainName: must be a text, and is missing; '
                "version 0.1.0 of Gatelink brings it"
            ),
        ),
    ],
)
def test_outputs_of_another_shape(more: dict[str, Any], problem: str) -> None:
    assert problems_of(LEAST | more) == [problem]


def test_outputs_that_are_none() -> None:
    assert problems_of(["vpc-1"]) == ['must be a block of outputs, got ["vpc-1"]']


def test_every_problem_at_once_in_the_order_of_the_contract() -> None:
    outputs: Any = produced()
    del outputs["apis"]["chat"]["connectionsUrl"]
    outputs["apis"]["chat"]["stage"] = 1
    outputs["vpcId"] = 7
    del outputs["backends"]
    assert problems_of(outputs) == [
        "vpcId: must be a text, got 7",
        "backends: must be a block by the names of backends, and is missing; version 0.1.0 of Gatelink brings it",
        "apis.chat.stage: must be a text, got 1",
        "apis.chat.connectionsUrl: must be a text, and is missing; version 0.1.0 of Gatelink brings it",
    ]


def test_a_long_value_is_cut() -> None:
    (problem,) = problems_of(LEAST | {"vpcId": ["x" * 500]})
    assert problem == 'vpcId: must be a text, got ["' + "x" * 155 + "..."


@given(st.lists(st.text() | st.integers(min_value=0), min_size=1).map(tuple))
def test_a_place_is_written_as_in_the_stack_file(place: tuple[int | str, ...]) -> None:
    assert path_of(place) == format_path(place)
