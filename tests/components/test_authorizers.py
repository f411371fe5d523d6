"""Authorizers of HTTP APIs, and what routes say of them."""

from typing import Any

import pytest

from components.authorizers import result_ttl
from local.recording import Recording
from settings.authorizers import HttpRequestAuthorizer
from tests.programs import Settings, names, only, run_program

AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer"
PERMISSION = "aws:lambda/permission:Permission"
ROUTE = "aws:apigatewayv2/route:Route"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:check"
INVOCATION = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
ROLE = "arn:aws:iam::123456789012:role/ask"
JWT: Settings = {
    "authorizerType": "JWT",
    "jwtConfiguration": {"issuer": "https://login.example/pool", "audience": ["shop", "desk"]},
}
REQUEST: Settings = {"authorizerType": "REQUEST", "authorizerUri": FUNCTION}
PUBLIC: Settings = {
    "integrationType": "HTTP_PROXY",
    "integrationMethod": "GET",
    "integrationUri": "https://shop.example/",
}


def guarded(authorizer: Settings, *, known: bool = True, **route: object) -> Recording:
    """Run a stack with one HTTP API, whose route is guarded by an authorizer."""
    api = {
        "protocol": "HTTP",
        "authorizers": {"guard": authorizer},
        "routes": {"GET /": {"authorization": "guard", "integration": PUBLIC, **route}},
    }
    return run_program({"apis": {"shop": api}}, known=known)


def connecting(authorizer: Settings, *, known: bool = True) -> Recording:
    """Run a stack with one WebSocket API, whose handshake is guarded by an authorizer."""
    api = {
        "protocol": "WEBSOCKET",
        "authorizers": {"guard": authorizer},
        "routes": {"$connect": {"authorization": "guard", "integration": {"integrationType": "MOCK"}}},
    }
    return run_program({"apis": {"chat": api}}, known=known)


def made(recording: Recording) -> Any:  # noqa: ANN401 - JSON
    return only(recording, AUTHORIZER).inputs


@pytest.mark.parametrize("known", [True, False])
def test_a_jwt_authorizer(known: bool) -> None:
    recording = guarded(JWT, known=known, authorizationScopes=["orders/read", "orders/write"])
    api = only(recording, "aws:apigatewayv2/api:Api")
    assert names(recording, AUTHORIZER) == ["shop-guard"]
    assert made(recording) == {
        "apiId": api.id if known else "<unknown>",
        "authorizerType": "JWT",
        "identitySources": ["$request.header.Authorization"],
        "jwtConfiguration": {"issuer": "https://login.example/pool", "audiences": ["shop", "desk"]},
    }
    route = only(recording, ROUTE).inputs
    assert route["authorizationType"] == "JWT"
    assert route["authorizerId"] == (only(recording, AUTHORIZER).id if known else "<unknown>")
    assert route["authorizationScopes"] == ["orders/read", "orders/write"]
    assert not recording.of_type(PERMISSION)


@pytest.mark.parametrize("known", [True, False])
def test_a_function_decides(known: bool) -> None:
    recording = guarded(REQUEST, known=known)
    api = only(recording, "aws:apigatewayv2/api:Api")
    assert made(recording) == {
        "apiId": api.id if known else "<unknown>",
        "authorizerType": "REQUEST",
        "authorizerUri": INVOCATION,
        "authorizerPayloadFormatVersion": "2.0",
        "authorizerResultTtlInSeconds": 0,
        "enableSimpleResponses": False,
    }
    authorizer, permission = only(recording, AUTHORIZER), only(recording, PERMISSION, "shop-guard-authorizer")
    source = f"{api.outputs['executionArn']}/authorizers/{authorizer.id}"
    assert permission.inputs == {
        "action": "lambda:InvokeFunction",
        "function": FUNCTION,
        "principal": "apigateway.amazonaws.com",
        "sourceArn": source if known else "<unknown>",
    }
    route = only(recording, ROUTE)
    assert route.inputs["authorizationType"] == "CUSTOM"
    assert {authorizer.urn, permission.urn} <= set(route.dependencies)


def test_all_that_a_function_is_told() -> None:
    sources = ["$request.header.Authorization", "$context.routeKey"]
    more = {
        "identitySource": sources,
        "authorizerPayloadFormatVersion": "1.0",
        "authorizerResultTtlInSeconds": 60,
        "authorizerCredentialsArn": ROLE,
        "authorizerUri": f"{FUNCTION}:live",
    }
    recording = guarded({**REQUEST, **more})
    assert made(recording) == {
        "apiId": only(recording, "aws:apigatewayv2/api:Api").id,
        "authorizerType": "REQUEST",
        "authorizerUri": INVOCATION.replace(":check/", ":check:live/"),
        "authorizerCredentialsArn": ROLE,
        "authorizerPayloadFormatVersion": "1.0",
        "authorizerResultTtlInSeconds": 60,
        "enableSimpleResponses": False,
        "identitySources": sources,
    }
    assert not recording.of_type(PERMISSION)


def test_simple_answers() -> None:
    assert made(guarded({**REQUEST, "enableSimpleResponses": True}))["enableSimpleResponses"] is True


@pytest.mark.parametrize(
    ("sources", "given", "expected"),
    [
        ((), None, 0),
        (("$request.header.a",), None, 300),
        (("$request.header.a",), 0, 0),
        (("$request.header.a",), 3600, 3600),
    ],
)
def test_an_answer_is_cached_where_there_is_something_to_know_it_by(
    sources: tuple[str, ...], given: int | None, expected: int
) -> None:
    ttl = {} if given is None else {"authorizerResultTtlInSeconds": given}
    spec = HttpRequestAuthorizer.model_validate({**REQUEST, "identitySource": sources, **ttl})
    assert result_ttl(spec) == expected


@pytest.mark.parametrize("known", [True, False])
def test_a_websocket_authorizer_has_neither_payload_format_nor_cache(known: bool) -> None:
    recording = connecting({**REQUEST, "identitySource": ["route.request.querystring.token"]}, known=known)
    assert made(recording) == {
        "apiId": only(recording, "aws:apigatewayv2/api:Api").id if known else "<unknown>",
        "authorizerType": "REQUEST",
        "authorizerUri": INVOCATION,
        "identitySources": ["route.request.querystring.token"],
    }
    assert names(recording, PERMISSION) == ["chat-guard-authorizer"]


def test_a_function_that_only_a_stage_names_gets_no_permission() -> None:
    api = {
        "protocol": "HTTP",
        "stage": {"variables": {"colour": "blue"}},
        "authorizers": {"guard": {**REQUEST, "authorizerUri": f"{FUNCTION}-${{stageVariables.colour}}"}},
        "routes": {"GET /": {"authorization": "guard", "integration": PUBLIC}},
    }
    recording = run_program({"apis": {"shop": api}})
    assert not recording.of_type(PERMISSION)
    assert made(recording)["authorizerUri"] == INVOCATION.replace(":check/", ":check-${stageVariables.colour}/")


def test_an_authorizer_is_replaced_where_an_update_would_leave_a_gap() -> None:
    for recording in (guarded(JWT), guarded(REQUEST), connecting(REQUEST)):
        found = only(recording, AUTHORIZER)
        assert found.replace_on_changes == ("authorizerType", "authorizerUri", "authorizerCredentialsArn")
        assert found.delete_before_replace is False


def test_a_function_may_be_called_and_asked() -> None:
    api = {
        "protocol": "HTTP",
        "authorizers": {"guard": REQUEST},
        "routes": {
            "GET /": {
                "authorization": "guard",
                "integration": {"integrationType": "AWS_PROXY", "integrationUri": FUNCTION},
            }
        },
    }
    assert names(run_program({"apis": {"shop": api}}), PERMISSION) == ["shop-check", "shop-guard-authorizer"]


@pytest.mark.parametrize("authorization", ["NONE", "AWS_IAM"])
def test_a_route_without_an_authorizer(authorization: str) -> None:
    api = {"protocol": "HTTP", "routes": {"GET /": {"authorization": authorization, "integration": PUBLIC}}}
    route = only(run_program({"apis": {"shop": api}}), ROUTE).inputs
    assert route["authorizationType"] == authorization
    assert {"authorizerId", "authorizationScopes"}.isdisjoint(route)
