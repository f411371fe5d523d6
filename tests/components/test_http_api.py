"""HTTP APIs: what each kind of integration, each route and each stage is registered with."""

from typing import Any

import pytest

from local.recording import Recording
from tests.programs import Settings, dev_settings, names, only, run_program

API = "aws:apigatewayv2/api:Api"
INTEGRATION = "aws:apigatewayv2/integration:Integration"
ROUTE = "aws:apigatewayv2/route:Route"
STAGE = "aws:apigatewayv2/stage:Stage"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:orders"
ROLE = "arn:aws:iam::123456789012:role/call"
QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
PROXY: Settings = {"integrationType": "HTTP_PROXY", "integrationMethod": "ANY", "backend": "orders"}
PUBLIC: Settings = {
    "integrationType": "HTTP_PROXY",
    "integrationMethod": "GET",
    "integrationUri": "https://shop.example/v1/{proxy}",
}
LAMBDA: Settings = {"integrationType": "AWS_PROXY", "integrationUri": FUNCTION}
SERVICE: Settings = {
    "integrationType": "AWS_PROXY",
    "integrationSubtype": "SQS-SendMessage",
    "requestParameters": {"QueueUrl": QUEUE_URL, "MessageBody": "$request.body"},
    "credentialsArn": ROLE,
}


def orders(integration: Settings, *, known: bool = True, **changes: object) -> Recording:
    """Run the dev stack with one HTTP API, that has one route to its backend and other settings."""
    settings = dev_settings()
    del settings["apis"]["chat"]
    routes = {"ANY /{proxy+}": {"integration": {**PROXY, **integration}}}
    settings["apis"]["orders"] = {"protocol": "HTTP", "routes": routes, **changes}
    return run_program(settings, known=known)


def without_backends(integration: Settings, *, known: bool = True, **changes: object) -> Recording:
    """Run a stack that has nothing but an HTTP API with one route."""
    routes = {"ANY /{proxy+}": {"integration": integration}}
    return run_program({"apis": {"orders": {"protocol": "HTTP", "routes": routes, **changes}}}, known=known)


def made_integration(recording: Recording) -> Any:  # noqa: ANN401 - JSON
    return only(recording, INTEGRATION).inputs


@pytest.mark.parametrize("known", [True, False])
def test_a_private_integration_goes_by_the_v2_link_to_the_listener(known: bool) -> None:
    mapped = {
        "requestParameters": {"overwrite:header.x-request-id": "$context.requestId"},
        "responseParameters": {"404": {"overwrite:statuscode": "403"}, "200": {"append:header.x": "1"}},
        "description": "all of it",
        "timeoutInMillis": 5000,
    }
    recording = orders(mapped, known=known)
    expected: Settings = {
        "apiId": only(recording, API).id if known else "<unknown>",
        "integrationType": "HTTP_PROXY",
        "integrationMethod": "ANY",
        "integrationUri": only(recording, "aws:lb/listener:Listener", "orders").outputs["arn"]
        if known
        else "<unknown>",
        "connectionType": "VPC_LINK",
        "connectionId": only(recording, "aws:apigatewayv2/vpcLink:VpcLink").id if known else "<unknown>",
        "payloadFormatVersion": "1.0",
        "requestParameters": {"overwrite:header.x-request-id": "$context.requestId"},
        "responseParameters": [
            {"statusCode": "200", "mappings": {"append:header.x": "1"}},
            {"statusCode": "404", "mappings": {"overwrite:statuscode": "403"}},
        ],
        "timeoutMilliseconds": 5000,
        "description": "all of it",
    }
    assert made_integration(recording) == expected


def test_a_cloud_map_service_is_named_with_its_attributes() -> None:
    arn = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-0a1b2c3d4e5f6g7h"
    settings = dev_settings()
    del settings["apis"]["chat"]
    settings["backends"]["orders"] = {"cloudMap": {"serviceArn": arn, "port": 8080, "attributes": {"colour": "blue"}}}
    recording = run_program(settings)
    made = made_integration(recording)
    assert made["integrationUri"] == f"{arn}?colour=blue"
    assert made["connectionId"] == only(recording, "aws:apigatewayv2/vpcLink:VpcLink").id
    assert "tlsConfig" not in made


@pytest.mark.parametrize("known", [True, False])
def test_a_public_url_needs_no_link(known: bool) -> None:
    recording = without_backends(
        {**PUBLIC, "path": "/v2", "responseParameters": {"500": {"overwrite:statuscode": "502"}}},
        known=known,
        stage={"name": "live"},
    )
    assert made_integration(recording) == {
        "apiId": only(recording, API).id if known else "<unknown>",
        "integrationType": "HTTP_PROXY",
        "integrationMethod": "GET",
        "integrationUri": "https://shop.example/v1/{proxy}",
        "payloadFormatVersion": "1.0",
        "requestParameters": {"overwrite:path": "/v2"},
        "responseParameters": [{"statusCode": "500", "mappings": {"overwrite:statuscode": "502"}}],
        "timeoutMilliseconds": 30000,
    }
    assert not recording.of_type("aws:apigatewayv2/vpcLink:VpcLink")


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"payloadFormatVersion": "1.0"}),
        (
            {
                "payloadFormatVersion": "2.0",
                "credentialsArn": ROLE,
                "timeoutInMillis": 1000,
                "requestParameters": {"overwrite:header.x": "$context.requestId"},
                "responseParameters": {"500": {"overwrite:statuscode": "502"}},
            },
            {
                "payloadFormatVersion": "2.0",
                "credentialsArn": ROLE,
                "timeoutMilliseconds": 1000,
                "requestParameters": {"overwrite:header.x": "$context.requestId"},
                "responseParameters": [{"statusCode": "500", "mappings": {"overwrite:statuscode": "502"}}],
            },
        ),
    ],
)
def test_a_function_is_called_by_its_invocation_arn(given: Settings, expected: Settings, known: bool) -> None:
    recording = without_backends({**LAMBDA, **given}, known=known, stage={"name": "live"})
    assert made_integration(recording) == {
        "apiId": only(recording, API).id if known else "<unknown>",
        "integrationType": "AWS_PROXY",
        "integrationMethod": "POST",
        "integrationUri": f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations",
        "timeoutMilliseconds": 30000,
        **expected,
    }


@pytest.mark.parametrize("known", [True, False])
def test_an_action_of_a_service_gets_its_parameters_and_a_role(known: bool) -> None:
    more = {"responseParameters": {"200": {"overwrite:statuscode": "202"}}, "description": "queued"}
    recording = without_backends({**SERVICE, **more}, known=known, stage={"name": "live"})
    assert made_integration(recording) == {
        "apiId": only(recording, API).id if known else "<unknown>",
        "integrationType": "AWS_PROXY",
        "integrationSubtype": "SQS-SendMessage",
        "credentialsArn": ROLE,
        "payloadFormatVersion": "1.0",
        "requestParameters": {"QueueUrl": QUEUE_URL, "MessageBody": "$request.body"},
        "responseParameters": [{"statusCode": "200", "mappings": {"overwrite:statuscode": "202"}}],
        "timeoutMilliseconds": 30000,
        "description": "queued",
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
    ("stages", "expected"),
    [
        (["$default", "live"], {"overwrite:path": "$request.path"}),
        (["live", "test"], {"overwrite:path": "$request.path"}),
        (["$default"], None),
    ],
)
def test_one_named_stage_is_enough_for_the_prefix_to_be_taken_off(
    stages: list[str], expected: dict[str, str] | None
) -> None:
    recording = orders({}, stages=[{"name": name} for name in stages])
    assert made_integration(recording).get("requestParameters") == expected


@pytest.mark.parametrize("integration", [PUBLIC, LAMBDA])
def test_only_private_backends_get_the_prefix_taken_off(integration: Settings) -> None:
    assert "requestParameters" not in made_integration(without_backends(integration, stage={"name": "live"}))


@pytest.mark.parametrize(
    ("own", "expected"),
    [({}, "orders.internal.example"), ({"tlsConfig": {"serverNameToVerify": "other.example"}}, "other.example")],
)
def test_a_tls_backend_is_verified_by_its_host_name(own: Settings, expected: str) -> None:
    settings = dev_settings()
    del settings["apis"]["chat"]
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    settings["backends"]["orders"] |= {
        "listener": {"port": 443, "protocol": "HTTPS", "certificateArn": certificate},
        "hostName": "orders.internal.example",
    }
    settings["apis"]["orders"]["routes"]["ANY /{proxy+}"]["integration"] |= own
    assert made_integration(run_program(settings))["tlsConfig"] == {"serverNameToVerify": expected}


def test_a_plain_backend_has_no_tls() -> None:
    assert "tlsConfig" not in made_integration(orders({}))


UPDATED_BADLY = ("connectionType", "credentialsArn", "responseParameters", "tlsConfig")


@pytest.mark.parametrize("integration", [PUBLIC, LAMBDA])
def test_an_integration_is_replaced_where_the_provider_cannot_update_it(integration: Settings) -> None:
    for recording in (orders({}), without_backends(integration)):
        made = only(recording, INTEGRATION)
        assert made.replace_on_changes == UPDATED_BADLY
        assert made.delete_before_replace is False


def test_a_service_integration_is_never_updated() -> None:
    """The provider forgets parameters that do not change, and API Gateway wants them all."""
    made = only(without_backends(SERVICE), INTEGRATION)
    assert made.replace_on_changes == (*UPDATED_BADLY, "description", "requestParameters", "timeoutMilliseconds")
    assert made.delete_before_replace is False


@pytest.mark.parametrize("known", [True, False])
def test_a_route_leads_to_its_integration(known: bool) -> None:
    settings = dev_settings()
    del settings["apis"]["chat"]
    settings["apis"]["orders"]["routes"]["ANY /{proxy+}"] |= {"authorization": "AWS_IAM", "operationName": "AnyOrder"}
    recording = run_program(settings, known=known)
    route = only(recording, ROUTE, "orders-ANY/{+}")
    assert route.inputs == {
        "apiId": only(recording, API).id if known else "<unknown>",
        "routeKey": "ANY /{proxy+}",
        "target": f"integrations/{only(recording, INTEGRATION).id}" if known else "<unknown>",
        "authorizationType": "AWS_IAM",
        "operationName": "AnyOrder",
    }


def test_equal_integrations_are_one() -> None:
    routes = {key: {"integration": LAMBDA} for key in ("GET /a", "GET /b", "$default")}
    recording = run_program({"apis": {"orders": {"protocol": "HTTP", "routes": routes}}})
    assert len(recording.of_type(INTEGRATION)) == 1
    assert names(recording, ROUTE) == ["orders-$default", "orders-GET/a", "orders-GET/b"]


def test_a_plain_api() -> None:
    assert only(without_backends(PUBLIC), API).inputs == {
        "protocolType": "HTTP",
        "disableExecuteApiEndpoint": False,
        "ipAddressType": "ipv4",
        "tags": {"Project": "gatelink", "Stack": "dev"},
    }


def test_everything_that_an_api_itself_is_told() -> None:
    recording = without_backends(
        PUBLIC,
        cors={
            "allowOrigins": ["https://shop.example"],
            "allowMethods": ["GET", "POST"],
            "allowHeaders": ["x-request-id"],
            "exposeHeaders": ["etag"],
            "maxAge": 0,
            "allowCredentials": True,
        },
        ipAddressType="dualstack",
        description="the shop's orders",
        version="2026-05",
    )
    assert only(recording, API).inputs == {
        "protocolType": "HTTP",
        "corsConfiguration": {
            "allowOrigins": ["https://shop.example"],
            "allowMethods": ["GET", "POST"],
            "allowHeaders": ["x-request-id"],
            "exposeHeaders": ["etag"],
            "maxAge": 0,
            "allowCredentials": True,
        },
        "disableExecuteApiEndpoint": False,
        "ipAddressType": "dualstack",
        "description": "the shop's orders",
        "version": "2026-05",
        "tags": {"Project": "gatelink", "Stack": "dev"},
    }


def test_cors_says_no_more_than_the_stack() -> None:
    made = only(without_backends(PUBLIC, cors={"allowOrigins": ["*"]}), API)
    assert made.inputs["corsConfiguration"] == {"allowOrigins": ["*"], "allowCredentials": False}


def test_a_stage_deploys_by_itself_and_comes_after_its_routes() -> None:
    recording = run_program(dev_settings())
    stage = only(recording, STAGE, "orders-default")
    route = only(recording, ROUTE, "orders-ANY/{+}")
    assert (stage.inputs["name"], stage.inputs["autoDeploy"]) == ("$default", True)
    assert "deploymentId" not in stage.inputs
    assert route.urn in stage.dependencies
    assert stage.inputs["defaultRouteSettings"] == {
        "throttlingRateLimit": 200,
        "throttlingBurstLimit": 400,
        "detailedMetricsEnabled": False,
    }


def test_an_http_api_needs_no_account_role() -> None:
    recording = orders({})
    assert not recording.of_type("aws:apigateway/account:Account")
    assert only(recording, LOG_GROUP, "orders-default-access-logs").inputs["name"] == (
        "/aws/vendedlogs/gatelink/gatelink/dev/orders/default"
    )


def test_access_logs_can_have_a_key_a_retention_and_a_format_or_be_left_out() -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/1"
    logs = {"retentionDays": 365, "kmsKeyArn": key, "format": "$context.requestId $context.status"}
    recording = orders({}, stage={"accessLogs": logs})
    group = only(recording, LOG_GROUP, "orders-default-access-logs")
    assert (group.inputs["retentionInDays"], group.inputs["kmsKeyId"]) == (365, key)
    settings: Any = only(recording, STAGE).inputs["accessLogSettings"]
    assert settings["format"] == "$context.requestId $context.status"
    without = orders({}, stage={"accessLogs": False})
    assert "accessLogSettings" not in only(without, STAGE).inputs


@pytest.mark.parametrize(("stage", "path"), [("$default", ""), ("live", "/live")])
def test_the_outputs(stage: str, path: str) -> None:
    recording = without_backends(PUBLIC, stage={"name": stage})
    api = only(recording, API).id
    apis: Any = recording.outputs["apis"]
    assert apis["orders"] == {
        "apiId": api,
        "protocol": "HTTP",
        "endpoint": f"https://{api}.execute-api.us-east-1.amazonaws.com{path}",
        "executionArn": f"arn:aws:execute-api:us-east-1:123456789012:{api}",
        "stage": stage,
    }


def test_the_outputs_of_several_stages_begin_with_the_first() -> None:
    recording = without_backends(PUBLIC, stages=[{"name": "live"}, {"name": "$default"}])
    assert names(recording, STAGE) == ["orders-default", "orders-live"]
    address = f"https://{only(recording, API).id}.execute-api.us-east-1.amazonaws.com"
    apis: Any = recording.outputs["apis"]
    assert (apis["orders"]["stage"], apis["orders"]["endpoint"]) == ("live", f"{address}/live")
    assert apis["orders"]["stages"] == {"live": {"endpoint": f"{address}/live"}, "$default": {"endpoint": address}}
