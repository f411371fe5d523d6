"""Routes of WebSocket APIs: who may send what, and what it is held to."""

import json
from typing import Any

from local.recording import Recording
from tests.programs import Settings, dev_settings, names, only, run_program

ROUTE = "aws:apigatewayv2/route:Route"
MODEL = "aws:apigatewayv2/model:Model"
AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:auth"


def chat(routes: Settings, **changes: Any) -> Recording:  # noqa: ANN401 - JSON
    """Run the dev stack with routes of its WebSocket API changed, and other settings of the API."""
    settings = dev_settings()
    api = settings["apis"]["chat"]
    for key, change in routes.items():
        api["routes"].setdefault(key, {}).update(change)
    api |= changes
    return run_program(settings)


def inputs_of(recording: Recording, key: str) -> dict[str, Any]:
    """Return what a route is given, but for the API's id and the target."""
    inputs = dict(only(recording, ROUTE, f"chat-{key}").inputs)
    assert inputs.pop("apiId") == only(recording, "aws:apigatewayv2/api:Api", "chat").id
    assert str(inputs.pop("target")).startswith("integrations/")
    return inputs


def test_a_plain_route() -> None:
    assert inputs_of(chat({}), "$default") == {
        "routeKey": "$default",
        "authorizationType": "NONE",
        "apiKeyRequired": False,
    }


def test_callers_that_sign() -> None:
    recording = chat({"$connect": {"authorization": "AWS_IAM"}})
    assert inputs_of(recording, "$connect")["authorizationType"] == "AWS_IAM"
    assert "authorizerId" not in inputs_of(recording, "$connect")


def test_an_authorizer() -> None:
    token = {
        "authorizerType": "REQUEST",
        "authorizerUri": FUNCTION,
        "identitySource": ["route.request.querystring.token"],
    }
    recording = chat({"$connect": {"authorization": "token"}}, authorizers={"token": token})
    authorizer = only(recording, AUTHORIZER)
    route = inputs_of(recording, "$connect")
    assert authorizer.name == "chat-token"
    assert (route["authorizationType"], route["authorizerId"]) == ("CUSTOM", authorizer.id)
    permission = only(recording, "aws:lambda/permission:Permission", "chat-token-authorizer")
    dependencies = only(recording, ROUTE, "chat-$connect").dependencies
    assert {authorizer.urn, permission.urn} <= set(dependencies)


def test_an_api_key() -> None:
    recording = chat({"$connect": {"apiKeyRequired": True}}, usagePlans={"partner": {"apiKeys": ["acme"]}})
    assert inputs_of(recording, "$connect")["apiKeyRequired"] is True


MODELS: Settings = {
    "order": {"schema": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}},
    "note": {"contentType": "application/note+json", "schema": {"type": "string"}, "description": "a note"},
}


def test_models() -> None:
    recording = chat({}, models=MODELS)
    api = only(recording, "aws:apigatewayv2/api:Api", "chat").id
    assert only(recording, MODEL, "chat-order").inputs == {
        "apiId": api,
        "name": "order",
        "contentType": "application/json",
        "schema": '{"properties": {"id": {"type": "string"}}, "required": ["id"], "type": "object"}',
    }
    assert only(recording, MODEL, "chat-note").inputs == {
        "apiId": api,
        "name": "note",
        "contentType": "application/note+json",
        "schema": '{"type": "string"}',
        "description": "a note",
    }


def test_a_models_schema_prints_alike_whatever_the_order() -> None:
    turned = {"order": {"schema": dict(reversed(MODELS["order"]["schema"].items()))}}
    texts = [only(chat({}, models=models), MODEL, "chat-order").inputs["schema"] for models in (MODELS, turned)]
    assert texts[0] == texts[1]
    assert json.loads(str(texts[0])) == MODELS["order"]["schema"]


def test_what_messages_are_held_to() -> None:
    recording = chat(
        {
            "sendMessage": {
                "requestModels": {"$default": "order", "note": "note"},
                "modelSelectionExpression": "${request.body.kind}",
            }
        },
        models=MODELS,
    )
    route = inputs_of(recording, "sendMessage")
    assert route["requestModels"] == {"$default": "order", "note": "note"}
    assert route["modelSelectionExpression"] == "${request.body.kind}"
    models = {only(recording, MODEL, f"chat-{name}").urn for name in MODELS}
    assert models <= set(only(recording, ROUTE, "chat-sendMessage").dependencies)


def test_models_are_not_taken_away_by_an_update() -> None:
    """API Gateway merges a map that an update brings, so the route is made anew; its key is there once."""
    route = only(chat({}), ROUTE, "chat-$default")
    assert route.replace_on_changes == ("requestModels", "modelSelectionExpression")
    assert route.delete_before_replace is True


def test_of_a_retired_route_only_the_key_is_left() -> None:
    settings = dev_settings()
    settings["apis"]["chat"]["routes"]["sendMessage"] = {"retired": True}
    recording = run_program(settings)
    assert inputs_of(recording, "sendMessage") == {
        "routeKey": "sendMessage",
        "authorizationType": "NONE",
        "apiKeyRequired": False,
    }
    assert not names(recording, "aws:apigatewayv2/routeResponse:RouteResponse")


def test_a_retired_route_leads_to_a_mock() -> None:
    settings = dev_settings()
    for key in ("sendMessage", "$default"):
        settings["apis"]["chat"]["routes"][key] = {"retired": True}
    recording = run_program(settings)
    targets = {only(recording, ROUTE, f"chat-{key}").inputs["target"] for key in ("sendMessage", "$default")}
    integrations = recording.of_type("aws:apigatewayv2/integration:Integration")
    leads_to = [integration for integration in integrations if f"integrations/{integration.id}" in targets]
    assert [{key: value for key, value in found.inputs.items() if key != "apiId"} for found in leads_to] == [
        {
            "integrationType": "MOCK",
            "requestTemplates": {"$default": '{"statusCode": 200}'},
            "templateSelectionExpression": "\\$default",
            "passthroughBehavior": "WHEN_NO_MATCH",
            "timeoutMilliseconds": 29000,
        }
    ]
    responses = recording.of_type("aws:apigatewayv2/integrationResponse:IntegrationResponse")
    assert [response.inputs["integrationResponseKey"] for response in responses] == ["$default"]
