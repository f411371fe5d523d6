from typing import Any

import pytest

from local.recording import Recording
from tests.programs import Settings, dev_settings, only, run_program

INTEGRATION = "aws:apigatewayv2/integration:Integration"
STAGE = "aws:apigatewayv2/stage:Stage"
PROXY = {"integrationType": "HTTP_PROXY", "integrationMethod": "ANY", "backend": "orders"}


def orders(integration: Settings, **changes: object) -> Recording:
    """Run the dev stack with one route of its HTTP API, and other settings of that API."""
    settings = dev_settings()
    routes = {"ANY /{proxy+}": {"integration": {**PROXY, **integration}}}
    settings["apis"]["orders"] = {"protocol": "HTTP", "routes": routes, **changes}
    return run_program(settings)


def made_integration(recording: Recording) -> Any:  # noqa: ANN401 - JSON
    (made,) = [found for found in recording.of_type(INTEGRATION) if found.name.startswith("orders-")]
    return made.inputs


def test_a_private_integration_goes_by_the_v2_link_to_the_listener() -> None:
    recording = run_program(dev_settings())
    assert made_integration(recording) == {
        "apiId": only(recording, "aws:apigatewayv2/api:Api", "orders").id,
        "integrationType": "HTTP_PROXY",
        "integrationMethod": "ANY",
        "integrationUri": only(recording, "aws:lb/listener:Listener", "orders").outputs["arn"],
        "connectionType": "VPC_LINK",
        "connectionId": only(recording, "aws:apigatewayv2/vpcLink:VpcLink").id,
        "payloadFormatVersion": "1.0",
        "requestParameters": {"overwrite:header.x-request-id": "$context.requestId"},
        "responseParameters": [{"statusCode": "404", "mappings": {"overwrite:statuscode": "403"}}],
        "timeoutMilliseconds": 30000,
    }


@pytest.mark.parametrize(
    ("stage", "integration", "expected"),
    [
        ("$default", {}, None),
        ("live", {}, {"overwrite:path": "$request.path"}),
        ("live", {"path": "/v2"}, {"overwrite:path": "/v2"}),
        ("$default", {"path": "/v2"}, {"overwrite:path": "/v2"}),
        (
            "live",
            {"requestParameters": {"overwrite:path": "/v2${request.path}"}},
            {"overwrite:path": "/v2${request.path}"},
        ),
        (
            "live",
            {"requestParameters": {"append:header.x": "1"}},
            {"append:header.x": "1", "overwrite:path": "$request.path"},
        ),
    ],
)
def test_the_backend_never_sees_a_named_stages_prefix(
    stage: str, integration: Settings, expected: dict[str, str] | None
) -> None:
    assert made_integration(orders(integration, stage={"name": stage})).get("requestParameters") == expected


@pytest.mark.parametrize(
    ("own", "expected"),
    [({}, "orders.internal.example"), ({"tlsConfig": {"serverNameToVerify": "other.example"}}, "other.example")],
)
def test_a_tls_backend_is_verified_by_its_host_name(own: Settings, expected: str) -> None:
    settings = dev_settings()
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    settings["backends"]["orders"] |= {
        "listener": {"port": 443, "protocol": "HTTPS", "certificateArn": certificate},
        "hostName": "orders.internal.example",
    }
    settings["apis"]["orders"]["routes"]["ANY /{proxy+}"]["integration"] |= own
    assert made_integration(run_program(settings))["tlsConfig"] == {"serverNameToVerify": expected}


def test_an_integration_is_replaced_where_the_provider_cannot_update_it() -> None:
    recording = run_program(dev_settings())
    (made,) = [found for found in recording.of_type(INTEGRATION) if found.name.startswith("orders-")]
    assert made.replace_on_changes == ("responseParameters", "tlsConfig")
    assert made.delete_before_replace is False


def test_notes_for_readers_of_the_api() -> None:
    settings = dev_settings()
    route = settings["apis"]["orders"]["routes"]["ANY /{proxy+}"]
    route["operationName"] = "AnyOrder"
    route["integration"]["description"] = "all of it"
    recording = run_program(settings)
    assert only(recording, "aws:apigatewayv2/route:Route", "orders-ANY/{proxy+}").inputs["operationName"] == "AnyOrder"
    assert made_integration(recording)["description"] == "all of it"


def test_a_plain_backend_has_no_tls() -> None:
    assert "tlsConfig" not in made_integration(run_program(dev_settings()))


def test_a_stage_deploys_by_itself_and_comes_after_its_routes() -> None:
    recording = run_program(dev_settings())
    stage = only(recording, STAGE, "orders")
    route = only(recording, "aws:apigatewayv2/route:Route", "orders-ANY/{proxy+}")
    assert (stage.inputs["name"], stage.inputs["autoDeploy"]) == ("$default", True)
    assert "deploymentId" not in stage.inputs
    assert route.urn in stage.dependencies
    assert stage.inputs["defaultRouteSettings"] == {
        "throttlingRateLimit": 200,
        "throttlingBurstLimit": 400,
        "detailedMetricsEnabled": False,
    }


def test_an_http_api_needs_no_account_role() -> None:
    settings = dev_settings()
    del settings["apis"]["chat"]
    recording = run_program(settings)
    assert not recording.of_type("aws:apigateway/account:Account")
    assert only(recording, "aws:cloudwatch/logGroup:LogGroup", "orders-access-logs").inputs["name"] == (
        "/aws/vendedlogs/gatelink/dev/orders/default"
    )


def test_access_logs_can_have_a_key_a_retention_and_a_format_or_be_left_out() -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/1"
    logs = {"retentionDays": 365, "kmsKeyArn": key, "format": "$context.requestId $context.status"}
    recording = orders({}, stage={"accessLogs": logs})
    group = only(recording, "aws:cloudwatch/logGroup:LogGroup", "orders-access-logs")
    assert (group.inputs["retentionInDays"], group.inputs["kmsKeyId"]) == (365, key)
    settings: Any = only(recording, STAGE, "orders").inputs["accessLogSettings"]
    assert settings["format"] == "$context.requestId $context.status"
    without = orders({}, stage={"accessLogs": False})
    assert "accessLogSettings" not in only(without, STAGE, "orders").inputs


@pytest.mark.parametrize(("stage", "path"), [("$default", ""), ("live", "/live")])
def test_the_outputs(stage: str, path: str) -> None:
    recording = orders({}, stage={"name": stage})
    api = only(recording, "aws:apigatewayv2/api:Api", "orders").id
    apis: Any = recording.outputs["apis"]
    assert apis["orders"] == {
        "apiId": api,
        "protocol": "HTTP",
        "endpoint": f"https://{api}.execute-api.us-east-1.amazonaws.com{path}",
        "executionArn": f"arn:aws:execute-api:us-east-1:123456789012:{api}",
        "stage": stage,
    }
