from typing import Any

import pytest

from local.recording import Recording
from tests.programs import Settings, dev_settings, names, only, run_program

INTEGRATION = "aws:apigatewayv2/integration:Integration"
ROUTE = "aws:apigatewayv2/route:Route"
STAGE = "aws:apigatewayv2/stage:Stage"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
AUTHORIZER = {"authorizerType": "REQUEST", "authorizerUri": "arn:aws:lambda:us-east-1:123456789012:function:auth"}
TAGS = {"team": "edge", "Project": "gatelink", "Stack": "dev"}


def chat(**changes: object) -> Recording:
    """Run the dev stack with other settings of its WebSocket API."""
    settings = dev_settings()
    settings["apis"]["chat"] |= changes
    return run_program(settings)


def test_the_api() -> None:
    assert only(chat(), "aws:apigatewayv2/api:Api", "chat").inputs == {
        "protocolType": "WEBSOCKET",
        "routeSelectionExpression": "$request.body.action",
        "apiKeySelectionExpression": "$request.header.x-api-key",
        "disableExecuteApiEndpoint": False,
        "ipAddressType": "ipv4",
        "tags": TAGS,
    }


def test_what_the_stack_says_of_the_api() -> None:
    changes = {
        "apiKeySelectionExpression": "$context.authorizer.usageIdentifierKey",
        "disableExecuteApiEndpoint": True,
        "ipAddressType": "dualstack",
        "description": "talk",
    }
    given = {
        **changes,
        "authorizers": {"token": AUTHORIZER},
        "domain": {"domainName": "chat.example.com", "certificateArn": CERTIFICATE},
    }
    inputs = only(chat(**given), "aws:apigatewayv2/api:Api", "chat").inputs
    assert {key: inputs[key] for key in changes} == changes


def test_a_private_integration_goes_by_the_v1_link_to_a_url_on_the_balancer() -> None:
    recording = chat()
    balancer = only(recording, "aws:lb/loadBalancer:LoadBalancer", "chat")
    assert only(recording, INTEGRATION, "chat-forward").inputs == {
        "apiId": only(recording, "aws:apigatewayv2/api:Api", "chat").id,
        "integrationType": "HTTP_PROXY",
        "integrationMethod": "POST",
        "integrationUri": f"http://{balancer.outputs['dnsName']}/message",
        "connectionType": "VPC_LINK",
        "connectionId": only(recording, "aws:apigateway/vpcLink:VpcLink").id,
        "requestParameters": {
            "integration.request.header.ConnectionId": "context.connectionId",
            "integration.request.header.tenant": "route.request.body.tenant",
            "integration.request.querystring.source": "'websocket'",
        },
        "timeoutMilliseconds": 29000,
    }


@pytest.mark.parametrize(
    ("listener", "host_name", "expected"),
    [
        ({"port": 80}, None, "http://{dns}/message"),
        ({"port": 8080}, None, "http://{dns}:8080/message"),
        ({"port": 443, "protocol": "TLS"}, "chat.internal.example", "https://chat.internal.example/message"),
        ({"port": 8443, "protocol": "TLS"}, "chat.internal.example", "https://chat.internal.example:8443/message"),
    ],
)
def test_the_url_has_the_listeners_scheme_and_port(listener: Settings, host_name: str | None, expected: str) -> None:
    settings = dev_settings()
    settings["backends"]["chat"]["listener"] = listener
    if host_name:
        listener["certificateArn"] = CERTIFICATE
        settings["backends"]["chat"]["hostName"] = host_name
    recording = run_program(settings)
    dns_name = only(recording, "aws:lb/loadBalancer:LoadBalancer", "chat").outputs["dnsName"]
    uri = only(recording, INTEGRATION, "chat-forward").inputs["integrationUri"]
    assert uri == expected.format(dns=dns_name)


def test_routes_lead_to_their_integrations() -> None:
    recording = chat()
    integrations = {f"integrations/{made.id}": made.name for made in recording.of_type(INTEGRATION)}
    leads = {
        route.inputs["routeKey"]: integrations[str(route.inputs["target"])]
        for route in recording.of_type(ROUTE)
        if route.name.startswith("chat-")
    }
    assert leads["sendMessage"] == leads["$default"] == "chat-forward"
    assert len({*leads.values()}) == 3


def test_what_a_mapping_reads_from_the_handshake_is_declared() -> None:
    recording = chat()
    assert only(recording, ROUTE, "chat-$connect").inputs["requestParameters"] == [
        {"requestParameterKey": "route.request.querystring.authToken", "required": False}
    ]
    assert "requestParameters" not in only(recording, ROUTE, "chat-sendMessage").inputs


def test_a_declaration_of_the_stacks_own_wins() -> None:
    settings = dev_settings()
    settings["apis"]["chat"]["routes"]["$connect"]["requestParameters"] = {
        "route.request.querystring.authToken": {"required": True},
        "route.request.header.Origin": {},
    }
    assert only(run_program(settings), ROUTE, "chat-$connect").inputs["requestParameters"] == [
        {"requestParameterKey": "route.request.header.Origin", "required": False},
        {"requestParameterKey": "route.request.querystring.authToken", "required": True},
    ]


def test_a_two_way_route_has_a_route_response() -> None:
    recording = chat()
    route = only(recording, ROUTE, "chat-sendMessage")
    assert route.inputs["routeResponseSelectionExpression"] == "$default"
    assert only(recording, "aws:apigatewayv2/routeResponse:RouteResponse").inputs == {
        "apiId": only(recording, "aws:apigatewayv2/api:Api", "chat").id,
        "routeId": route.id,
        "routeResponseKey": "$default",
    }
    assert "routeResponseSelectionExpression" not in only(recording, ROUTE, "chat-$default").inputs


def test_the_stage_points_at_the_deployment() -> None:
    recording = chat()
    group = only(recording, "aws:cloudwatch/logGroup:LogGroup", "chat-dev-access-logs")
    stage = dict(only(recording, STAGE, "chat-dev").inputs)
    access_logs: Any = stage.pop("accessLogSettings")
    assert stage == {
        "apiId": only(recording, "aws:apigatewayv2/api:Api", "chat").id,
        "name": "dev",
        "deploymentId": only(recording, "aws:apigatewayv2/deployment:Deployment").id,
        "stageVariables": {"tenant": "acme"},
        "defaultRouteSettings": {
            "throttlingRateLimit": 100,
            "throttlingBurstLimit": 200,
            "loggingLevel": "INFO",
            "dataTraceEnabled": False,
            "detailedMetricsEnabled": False,
        },
        "tags": TAGS,
    }
    assert access_logs["destinationArn"] == group.outputs["arn"]
    assert "$context.requestId" in access_logs["format"]


def test_log_groups_have_names_that_spare_the_accounts_log_policy_and_a_retention() -> None:
    recording = chat()
    api = only(recording, "aws:apigatewayv2/api:Api", "chat")
    access = only(recording, "aws:cloudwatch/logGroup:LogGroup", "chat-dev-access-logs").inputs
    execution = only(recording, "aws:cloudwatch/logGroup:LogGroup", "chat-dev-execution-logs").inputs
    assert (access["name"], access["retentionInDays"]) == ("/aws/vendedlogs/gatelink/gatelink/dev/chat/dev", 30)
    assert (execution["name"], execution["retentionInDays"]) == (f"/aws/apigateway/{api.id}/dev", 30)


def test_a_stage_with_logs_comes_after_the_accounts_role() -> None:
    recording = chat()
    stage = only(recording, STAGE, "chat-dev")
    account = only(recording, "aws:apigateway/account:Account")
    attachment = only(recording, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    role = only(recording, "aws:iam/role:Role", "account-logging")
    assert account.urn in stage.dependencies
    assert only(recording, "aws:cloudwatch/logGroup:LogGroup", "chat-dev-execution-logs").urn in stage.dependencies
    assert {attachment.urn, role.urn} <= set(account.dependencies)
    assert role.urn in attachment.dependencies


@pytest.mark.parametrize(
    ("stage", "setting", "groups"),
    [
        ({}, True, ["chat-dev-access-logs", "chat-dev-execution-logs"]),
        ({"accessLogs": False}, True, ["chat-dev-execution-logs"]),
        ({"executionLogs": False}, True, ["chat-dev-access-logs"]),
        ({"executionLogs": {"level": "OFF"}}, True, ["chat-dev-access-logs"]),
        ({"accessLogs": False, "executionLogs": False}, False, []),
    ],
)
def test_the_accounts_role_is_made_where_a_stage_has_logs(stage: Settings, setting: bool, groups: list[str]) -> None:
    recording = chat(stage=stage)
    assert bool(names(recording, "aws:apigateway/account:Account")) is setting
    assert [name for name in names(recording, "aws:cloudwatch/logGroup:LogGroup") if name.startswith("chat-")] == groups


@pytest.mark.parametrize("stage", [{"accessLogs": False}, {"executionLogs": False}])
def test_a_stage_with_one_kind_of_logs_comes_after_the_accounts_role(stage: Settings) -> None:
    recording = chat(stage=stage)
    account = only(recording, "aws:apigateway/account:Account")
    assert account.urn in only(recording, STAGE, "chat-dev").dependencies


def test_both_log_groups_have_the_access_logs_retention_and_key() -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/1"
    recording = chat(stage={"accessLogs": {"retentionDays": 90, "kmsKeyArn": key}})
    for name in ("chat-dev-access-logs", "chat-dev-execution-logs"):
        group = only(recording, "aws:cloudwatch/logGroup:LogGroup", name)
        assert (group.inputs["retentionInDays"], group.inputs["kmsKeyId"]) == (90, key)


def test_notes_for_readers_of_the_api() -> None:
    settings = dev_settings()
    settings["apis"]["chat"]["integrations"]["forward"]["description"] = "to the room"
    settings["apis"]["chat"]["routes"]["sendMessage"]["operationName"] = "Send"
    recording = run_program(settings)
    assert only(recording, INTEGRATION, "chat-forward").inputs["description"] == "to the room"
    assert only(recording, ROUTE, "chat-sendMessage").inputs["operationName"] == "Send"


def test_routes_that_differ_by_a_space_are_two_resources() -> None:
    settings = dev_settings()
    settings["apis"]["chat"]["routes"] |= {"a /b": {"integration": "forward"}, "a/b": {"integration": "forward"}}
    assert {"chat-a /b", "chat-a/b"} <= set(names(run_program(settings), ROUTE))


def test_another_stacks_role_is_left_alone() -> None:
    recording = run_program({**dev_settings(), "accountLogging": "existing"})
    assert not names(recording, "aws:apigateway/account:Account")
    assert not names(recording, "gatelink:components:AccountLogging")


def test_the_accounts_role_outlives_the_stack() -> None:
    recording = chat()
    parent = only(recording, "gatelink:components:AccountLogging")
    children = [resource for resource in recording.resources if resource.parent == parent.urn]
    assert sorted((child.type.rpartition(":")[2], child.retain_on_delete) for child in children) == [
        ("Account", True),
        ("Role", True),
        ("RolePolicyAttachment", True),
    ]


def test_two_apis_share_the_accounts_role() -> None:
    settings = dev_settings()
    settings["apis"]["talk"] = settings["apis"]["chat"]
    recording = run_program(settings)
    account = only(recording, "aws:apigateway/account:Account")
    stages = [stage for stage in recording.of_type(STAGE) if not stage.name.startswith("orders")]
    assert [account.urn in stage.dependencies for stage in stages] == [True, True]


@pytest.mark.parametrize(
    ("throttling", "rate", "burst"),
    [(None, 1000, 500), ({"rateLimit": 0.5, "burstLimit": 1}, 0.5, 1), ("blocked", 0, 0)],
)
def test_both_limits_are_always_set(throttling: object, rate: float, burst: int) -> None:
    stage = {} if throttling is None else {"throttling": throttling}
    settings: Any = only(chat(stage=stage), STAGE, "chat-dev").inputs["defaultRouteSettings"]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (rate, burst)


def test_settings_of_one_route_take_what_they_leave_out_from_the_stage() -> None:
    stage = {
        "throttling": {"rateLimit": 7, "burstLimit": 8},
        "routeSettings": {
            "sendMessage": {"detailedMetrics": True, "executionLogs": {"level": "INFO", "dataTrace": True}},
            "$connect": {"throttling": {"rateLimit": 1, "burstLimit": 2}},
        },
    }
    settings = only(chat(stage=stage), STAGE, "chat-dev").inputs["routeSettings"]
    common = {"loggingLevel": "ERROR", "dataTraceEnabled": False}
    assert settings == [
        {"routeKey": "$connect", "throttlingRateLimit": 1, "throttlingBurstLimit": 2, "detailedMetricsEnabled": False}
        | common,
        {"routeKey": "sendMessage", "throttlingRateLimit": 7, "throttlingBurstLimit": 8, "detailedMetricsEnabled": True}
        | {"loggingLevel": "INFO", "dataTraceEnabled": True},
    ]


@pytest.mark.parametrize(("stack", "expected"), [("dev", "dev"), ("eu.prod-1", "eu_prod_1")])
def test_a_stage_without_a_name_takes_the_stacks(stack: str, expected: str) -> None:
    settings = dev_settings()
    del settings["apis"]["chat"]["stage"]
    assert only(run_program(settings, stack=stack), STAGE, f"chat-{expected}").inputs["name"] == expected


def test_the_outputs() -> None:
    recording = chat()
    api = only(recording, "aws:apigatewayv2/api:Api", "chat").id
    apis: Any = recording.outputs["apis"]
    assert apis["chat"] == {
        "apiId": api,
        "protocol": "WEBSOCKET",
        "endpoint": f"wss://{api}.execute-api.us-east-1.amazonaws.com/dev",
        "executionArn": f"arn:aws:execute-api:us-east-1:123456789012:{api}",
        "stage": "dev",
        "connectionsUrl": f"https://{api}.execute-api.us-east-1.amazonaws.com/dev",
        "manageConnectionsArn": f"arn:aws:execute-api:us-east-1:123456789012:{api}/dev/*/@connections/*",
    }


def test_several_stages() -> None:
    settings = dev_settings()
    stage = settings["apis"]["chat"].pop("stage")
    settings["apis"]["chat"]["stages"] = [{"name": "blue", "accessLogs": False}, stage]
    recording = run_program(settings)
    api = only(recording, "aws:apigatewayv2/api:Api", "chat").id
    deployment = only(recording, "aws:apigatewayv2/deployment:Deployment").id
    assert [only(recording, STAGE, name).inputs["deploymentId"] for name in ("chat-blue", "chat-dev")] == [
        deployment,
        deployment,
    ]
    assert [name for name in names(recording, "aws:cloudwatch/logGroup:LogGroup") if name.startswith("chat-")] == [
        "chat-blue-execution-logs",
        "chat-dev-access-logs",
        "chat-dev-execution-logs",
    ]
    apis: Any = recording.outputs["apis"]
    assert apis["chat"]["stage"] == "blue"
    assert apis["chat"]["endpoint"] == apis["chat"]["stages"]["blue"]["endpoint"]
    assert apis["chat"]["stages"] == {
        name: {
            "endpoint": f"wss://{api}.execute-api.us-east-1.amazonaws.com/{name}",
            "connectionsUrl": f"https://{api}.execute-api.us-east-1.amazonaws.com/{name}",
            "manageConnectionsArn": f"arn:aws:execute-api:us-east-1:123456789012:{api}/{name}/*/@connections/*",
        }
        for name in ("blue", "dev")
    }
