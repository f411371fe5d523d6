"""The stack's outputs: what other projects read."""

from typing import Any

import pytest

from local.recording import Recording
from tests.programs import Settings, dev_settings, only, private_api, rest_api, run_program

DOMAIN: Settings = {
    "domainName": "chat.example.com",
    "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/chat",
    "apiMappingKey": "v1",
}


def output(recording: Recording, *keys: str) -> Any:  # noqa: ANN401 - JSON
    found: Any = recording.outputs
    for key in keys:
        found = found[key]
    return found


def test_the_outputs_of_the_dev_stack() -> None:
    recording = run_program(dev_settings())
    assert sorted(recording.outputs) == [
        "apis",
        "backends",
        "gatelinkVersion",
        "privateSubnetIds",
        "vpcCidr",
        "vpcId",
        "vpcLinks",
    ]
    assert set(output(recording, "apis", "chat")) == {
        "apiId",
        "protocol",
        "endpoint",
        "executionArn",
        "stage",
        "connectionsUrl",
        "manageConnectionsArn",
    }
    assert set(output(recording, "apis", "orders")) == {"apiId", "protocol", "endpoint", "executionArn", "stage"}


def test_the_v2_link_and_its_security_group() -> None:
    recording = run_program(dev_settings())
    assert output(recording, "vpcLinks") == {
        "rest": {"chat": only(recording, "aws:apigateway/vpcLink:VpcLink").id},
        "http": only(recording, "aws:apigatewayv2/vpcLink:VpcLink").id,
        "httpSecurityGroupId": only(recording, "aws:ec2/securityGroup:SecurityGroup", "http").id,
    }


def test_a_domain_stands_beside_awss_own_name() -> None:
    settings = dev_settings()
    before = output(run_program(settings), "apis", "chat")
    settings["apis"]["chat"]["domain"] = DOMAIN
    assert output(run_program(settings), "apis", "chat") == {
        **before,
        "domainEndpoint": "wss://chat.example.com/v1",
        "domainConnectionsUrl": "https://chat.example.com/v1",
    }


def test_a_domain_stands_for_an_endpoint_that_answers_nobody() -> None:
    settings = dev_settings()
    before = output(run_program(settings), "apis", "chat")
    settings["apis"]["chat"] |= {"domain": DOMAIN, "disableExecuteApiEndpoint": True}
    assert output(run_program(settings), "apis", "chat") == {
        **before,
        "endpoint": "wss://chat.example.com/v1",
        "connectionsUrl": "https://chat.example.com/v1",
        "domainEndpoint": "wss://chat.example.com/v1",
        "domainConnectionsUrl": "https://chat.example.com/v1",
    }


def test_the_outputs_are_of_the_stage_that_alone_can_be_reached() -> None:
    settings = dev_settings()
    del settings["apis"]["chat"]["stage"]
    settings["apis"]["chat"] |= {
        "stages": [{"name": "blue"}, {"name": "green"}],
        "domain": {**DOMAIN, "stage": "green"},
        "disableExecuteApiEndpoint": True,
    }
    chat = output(run_program(settings), "apis", "chat")
    assert chat["stage"] == "green"
    assert chat["manageConnectionsArn"] == f"{chat['executionArn']}/green/*/@connections/*"
    assert chat["endpoint"] == "wss://chat.example.com/v1"


@pytest.mark.parametrize(("disabled", "endpoint"), [(False, None), (True, "https://chat.example.com")])
def test_the_domain_of_an_http_api(disabled: bool, endpoint: str | None) -> None:
    settings = dev_settings()
    own = output(run_program(settings), "apis", "orders", "endpoint")
    domain = {key: value for key, value in DOMAIN.items() if key != "apiMappingKey"}
    settings["apis"]["orders"] |= {"domain": domain, "disableExecuteApiEndpoint": disabled}
    orders = output(run_program(settings), "apis", "orders")
    assert orders["endpoint"] == (endpoint or own)
    assert orders["domainEndpoint"] == "https://chat.example.com"
    assert "domainConnectionsUrl" not in orders


def test_a_first_preview_knows_the_urls_of_a_domain() -> None:
    settings = dev_settings()
    settings["apis"]["chat"] |= {"domain": DOMAIN, "disableExecuteApiEndpoint": True}
    recording = run_program(settings, known=False)
    assert output(recording, "apis", "chat", "endpoint") == "wss://chat.example.com/v1"
    assert output(recording, "apis", "chat", "connectionsUrl") == "https://chat.example.com/v1"
    assert output(recording, "domains") == {
        "chat.example.com": {"targetDomainName": "<unknown>", "hostedZoneId": "<unknown>"}
    }


def test_the_outputs_of_a_rest_api_stand_beside_the_others() -> None:
    settings = dev_settings()
    before = output(run_program(settings), "apis")
    settings["apis"]["catalog"] = rest_api("orders")
    recording = run_program(settings)
    after = output(recording, "apis")
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"catalog"}
    assert (after["catalog"]["protocol"], after["catalog"]["stage"]) == ("REST", "dev")
    assert after["catalog"]["apiId"] == only(recording, "aws:apigateway/restApi:RestApi").id


@pytest.mark.parametrize("known", [True, False])
def test_the_domain_of_a_rest_api_stands_for_an_endpoint_that_answers_nobody(known: bool) -> None:
    settings = dev_settings()
    settings["apis"]["catalog"] = rest_api(
        "orders",
        stages=[{"name": "blue"}, {"name": "green"}],
        domain={**DOMAIN, "stage": "green"},
        disableExecuteApiEndpoint=True,
    )
    catalog = output(run_program(settings, known=known), "apis", "catalog")
    assert catalog["stage"] == "green"
    assert catalog["endpoint"] == catalog["domainEndpoint"] == "https://chat.example.com/v1"
    assert "domainConnectionsUrl" not in catalog


def test_whoever_calls_a_rest_api_gets_a_policy_and_no_role() -> None:
    settings = dev_settings()
    settings["apis"]["ledger"] = private_api("chat")
    recording = run_program(settings)
    ledger = output(recording, "apis", "ledger")
    assert "invokeRoleArn" not in ledger
    assert not recording.of_type("gatelink:components:InvokeRole")
    assert ledger["vpcEndpointIds"] == [only(recording, "aws:ec2/vpcEndpoint:VpcEndpoint", "execute-api").id]
    assert ledger["callerPolicy"].startswith("{")
