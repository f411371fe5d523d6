"""Each kind of a WebSocket API's integrations, in the exact words of the provider."""

from typing import Any

import pytest

from local.recording import Recording, Resource
from tests.programs import Settings, dev_settings, names, only, run_program

INTEGRATION = "aws:apigatewayv2/integration:Integration"
RESPONSE = "aws:apigatewayv2/integrationResponse:IntegrationResponse"
PERMISSION = "aws:lambda/permission:Permission"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:talk"
ROLE = "arn:aws:iam::123456789012:role/caller"
QUEUE = "arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders"


def invocation(function: str) -> str:
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"


def with_integrations(integrations: Settings, **options: Any) -> Recording:  # noqa: ANN401
    """Run the dev stack with integrations of these names, each with a route of its own name."""
    settings = dev_settings()
    chat = settings["apis"]["chat"]
    chat["integrations"] |= integrations
    chat["routes"] |= {name: {"integration": name} for name in integrations}
    return run_program(settings, **options)


def made(integration: Settings) -> tuple[Recording, dict[str, Any]]:
    """Return what an integration of the name ``talk`` is given, but for the API's id."""
    recording = with_integrations({"talk": integration})
    inputs = dict(only(recording, INTEGRATION, "chat-talk").inputs)
    assert inputs.pop("apiId") == only(recording, "aws:apigatewayv2/api:Api", "chat").id
    return recording, inputs


TEMPLATES: Settings = {
    "requestTemplates": {"$default": '{"text": "$input.path(\'$.text\')"}'},
    "templateSelectionExpression": "${request.body.kind}",
    "passthroughBehavior": "NEVER",
}


@pytest.mark.parametrize("integration_type", ["HTTP_PROXY", "HTTP"])
def test_private(integration_type: str) -> None:
    more = TEMPLATES if integration_type == "HTTP" else {}
    recording, inputs = made(
        {
            "integrationType": integration_type,
            "integrationMethod": "PUT",
            "backend": "chat",
            "path": "/rooms/{room}",
            "requestParameters": {"integration.request.path.room": "route.request.body.room"},
            "contentHandlingStrategy": "CONVERT_TO_TEXT",
            "timeoutInMillis": 5000,
            "description": "to the rooms",
            **more,
        }
    )
    balancer = only(recording, "aws:lb/loadBalancer:LoadBalancer", "chat")
    assert inputs == {
        "integrationType": integration_type,
        "integrationMethod": "PUT",
        "integrationUri": f"http://{balancer.outputs['dnsName']}/rooms/{{room}}",
        "connectionType": "VPC_LINK",
        "connectionId": only(recording, "aws:apigateway/vpcLink:VpcLink").id,
        "requestParameters": {"integration.request.path.room": "route.request.body.room"},
        "contentHandlingStrategy": "CONVERT_TO_TEXT",
        "timeoutMilliseconds": 5000,
        "description": "to the rooms",
        **more,
    }


@pytest.mark.parametrize(
    ("integration_type", "more"), [("HTTP_PROXY", {}), ("HTTP", {"passthroughBehavior": "WHEN_NO_MATCH"})]
)
def test_public(integration_type: str, more: Settings) -> None:
    _, inputs = made(
        {
            "integrationType": integration_type,
            "integrationMethod": "ANY",
            "integrationUri": "https://api.example.com/${stageVariables.tenant}",
        }
    )
    assert inputs == {
        "integrationType": integration_type,
        "integrationMethod": "ANY",
        "integrationUri": "https://api.example.com/${stageVariables.tenant}",
        "connectionType": "INTERNET",
        "timeoutMilliseconds": 29000,
        **more,
    }


@pytest.mark.parametrize("written", [FUNCTION, invocation(FUNCTION)])
def test_a_function(written: str) -> None:
    _, inputs = made({"integrationType": "AWS_PROXY", "integrationUri": written})
    assert inputs == {
        "integrationType": "AWS_PROXY",
        "integrationMethod": "POST",
        "integrationUri": invocation(FUNCTION),
        "payloadFormatVersion": "1.0",
        "timeoutMilliseconds": 29000,
    }


def test_a_function_with_templates() -> None:
    _, inputs = made({"integrationType": "AWS", "integrationUri": f"{FUNCTION}:live", **TEMPLATES})
    assert inputs == {
        "integrationType": "AWS",
        "integrationMethod": "POST",
        "integrationUri": invocation(f"{FUNCTION}:live"),
        "timeoutMilliseconds": 29000,
        **TEMPLATES,
    }


def test_a_service() -> None:
    recording, inputs = made(
        {
            "integrationType": "AWS",
            "integrationUri": QUEUE,
            "credentialsArn": ROLE,
            "requestParameters": {
                "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'",
            },
            "requestTemplates": {"$default": "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"},
            "templateSelectionExpression": "\\$default",
        }
    )
    assert inputs == {
        "integrationType": "AWS",
        "integrationMethod": "POST",
        "integrationUri": QUEUE,
        "credentialsArn": ROLE,
        "requestParameters": {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
        "requestTemplates": {"$default": "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"},
        "templateSelectionExpression": "\\$default",
        "passthroughBehavior": "WHEN_NO_MATCH",
        "timeoutMilliseconds": 29000,
    }
    assert not names(recording, PERMISSION)


MOCK: Settings = {
    "integrationType": "MOCK",
    "requestTemplates": {"200": '{"statusCode": 200}'},
    "templateSelectionExpression": "200",
    "integrationResponses": {
        "$default": {"responseTemplates": {"$default": '{"ok": true}'}},
        "/4\\d\\d/": {
            "responseTemplates": {"200": "none"},
            "templateSelectionExpression": "${integration.response.statuscode}",
            "contentHandlingStrategy": "CONVERT_TO_BINARY",
        },
    },
}


def test_mock() -> None:
    _, inputs = made(MOCK)
    assert inputs == {
        "integrationType": "MOCK",
        "requestTemplates": {"200": '{"statusCode": 200}'},
        "templateSelectionExpression": "200",
        "passthroughBehavior": "WHEN_NO_MATCH",
        "timeoutMilliseconds": 29000,
    }


def test_each_key_has_an_integration_response() -> None:
    recording, _ = made(MOCK)
    common = {
        "apiId": only(recording, "aws:apigatewayv2/api:Api", "chat").id,
        "integrationId": only(recording, INTEGRATION, "chat-talk").id,
    }
    assert {found.name: dict(found.inputs) for found in recording.of_type(RESPONSE)} == {
        "chat-talk-$default": {
            **common,
            "integrationResponseKey": "$default",
            "responseTemplates": {"$default": '{"ok": true}'},
        },
        "chat-talk-/4\\d\\d/": {
            **common,
            "integrationResponseKey": "/4\\d\\d/",
            "responseTemplates": {"200": "none"},
            "templateSelectionExpression": "${integration.response.statuscode}",
            "contentHandlingStrategy": "CONVERT_TO_BINARY",
        },
    }


def test_nothing_is_changed_in_place() -> None:
    """API Gateway merges updates: what a new template leaves out would stay."""
    recording, _ = made(MOCK)
    integration = only(recording, INTEGRATION, "chat-talk")
    response = only(recording, RESPONSE, "chat-talk-$default")
    assert (integration.replace_on_changes, integration.delete_before_replace) == (("*",), False)
    assert (response.replace_on_changes, response.delete_before_replace) == (("*",), True)


def test_a_function_lets_an_api_in_once_and_before_its_routes() -> None:
    recording = with_integrations(
        {
            "talk": {"integrationType": "AWS_PROXY", "integrationUri": FUNCTION},
            "shape": {"integrationType": "AWS", "integrationUri": invocation(FUNCTION)},
        }
    )
    api = only(recording, "aws:apigatewayv2/api:Api", "chat")
    permission = only(recording, PERMISSION)
    assert permission.name == "chat-talk"
    assert permission.inputs == {
        "action": "lambda:InvokeFunction",
        "function": FUNCTION,
        "principal": "apigateway.amazonaws.com",
        "sourceArn": f"{api.outputs['executionArn']}/*",
    }
    for key in ("talk", "shape"):
        assert permission.urn in only(recording, "aws:apigatewayv2/route:Route", f"chat-{key}").dependencies
    assert permission.urn not in only(recording, "aws:apigatewayv2/route:Route", "chat-sendMessage").dependencies


def test_a_role_needs_no_permission() -> None:
    recording, inputs = made({"integrationType": "AWS_PROXY", "integrationUri": FUNCTION, "credentialsArn": ROLE})
    assert inputs["credentialsArn"] == ROLE
    assert not names(recording, PERMISSION)


def test_a_first_preview_knows_all_but_the_ways_to_backends() -> None:
    integrations = {
        "talk": {"integrationType": "AWS_PROXY", "integrationUri": FUNCTION},
        "mock": MOCK,
        "shape": {"integrationType": "HTTP", "integrationMethod": "POST", "backend": "chat", **TEMPLATES},
    }
    unknown = with_integrations(integrations, known=False)
    known = with_integrations(integrations)

    def differing(before: Resource, after: Resource) -> set[str]:
        return {key for key in after.inputs if before.inputs[key] != after.inputs[key]}

    for name, expected in (
        ("chat-talk", {"apiId"}),
        ("chat-mock", {"apiId"}),
        ("chat-shape", {"apiId", "connectionId", "integrationUri"}),
    ):
        assert differing(only(unknown, INTEGRATION, name), only(known, INTEGRATION, name)) == expected
