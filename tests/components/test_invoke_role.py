import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.invoke_role import invoke_resources
from settings import HttpApi, WebSocketApi
from tests.programs import Settings, dev_settings, names, only, rest_api, run_program

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
ACCOUNT = "222233334444"
CALLER = "arn:aws:iam::222233334444:role/caller"
PUBLIC = {"integrationType": "HTTP_PROXY", "integrationMethod": "POST", "integrationUri": "https://example.com"}


def http_api(*routes: str) -> HttpApi:
    return HttpApi.model_validate({"protocol": "HTTP", "routes": {route: {"integration": PUBLIC} for route in routes}})


def websocket_api(*routes: str) -> WebSocketApi:
    raw = {"protocol": "WEBSOCKET", "routes": {route: {"integration": PUBLIC} for route in routes}}
    return WebSocketApi.model_validate(raw)


def settings_with(api: str, principals: list[str]) -> Settings:
    settings = dev_settings()
    settings["apis"][api] |= {"invokePrincipals": principals}
    return settings


def document(text: object) -> Any:  # noqa: ANN401 - JSON
    return json.loads(str(text))


def test_the_role_trusts_exactly_its_principals() -> None:
    recording = run_program(settings_with("orders", [ACCOUNT, CALLER]))
    role = only(recording, ROLE, "orders-invoke")
    assert document(role.inputs["assumeRolePolicy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", CALLER]},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    assert role.inputs["description"] == "Lets its principals call the API orders"
    assert role.inputs["tags"] == {"team": "edge", "Project": "gatelink", "Stack": "dev"}
    outputs: Any = recording.outputs
    assert outputs["apis"]["orders"]["invokeRoleArn"] == role.outputs["arn"]
    assert "invokeRoleArn" not in outputs["apis"]["chat"]


def test_an_account_is_of_the_stacks_own_partition() -> None:
    settings = settings_with("orders", [ACCOUNT])
    trust = document(only(run_program(settings, region="cn-north-1"), ROLE, "orders-invoke").inputs["assumeRolePolicy"])
    assert trust["Statement"][0]["Principal"] == {"AWS": [f"arn:aws-cn:iam::{ACCOUNT}:root"]}


def test_the_role_may_call_the_routes_of_its_api_and_nothing_else() -> None:
    recording = run_program(settings_with("chat", [ACCOUNT]))
    api: Any = only(recording, "aws:apigatewayv2/api:Api", "chat").outputs
    policy = only(recording, POLICY, "chat-invoke")
    assert policy.inputs["role"] == only(recording, ROLE, "chat-invoke").outputs["name"]
    assert document(policy.inputs["policy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["execute-api:Invoke"],
                "Resource": [
                    f"{api['executionArn']}/dev/{route}"
                    for route in ("$connect", "$default", "$disconnect", "sendMessage")
                ],
            }
        ],
    }


def test_a_first_preview_knows_who_is_trusted_and_not_yet_with_what() -> None:
    recording = run_program(settings_with("chat", [ACCOUNT]), known=False)
    assert "assumeRolePolicy" in only(recording, ROLE, "chat-invoke").inputs
    assert only(recording, POLICY, "chat-invoke").inputs["policy"] == "<unknown>"


def test_the_name_of_a_role_leaves_room_for_what_pulumi_adds() -> None:
    settings = dev_settings()
    settings["apis"]["o" * 64] = {**settings["apis"].pop("orders"), "invokePrincipals": [ACCOUNT]}
    names = [role.name for role in run_program(settings).of_type(ROLE) if role.name.startswith("ooo")]
    assert [len(name) for name in names] == [56]


@pytest.mark.parametrize(
    ("routes", "resources"),
    [
        (["GET /orders"], ["$default/GET/orders"]),
        (["ANY /orders"], ["$default/*/orders"]),
        (["GET /"], ["$default/GET/"]),
        (["$default"], ["$default/*/*"]),
        (["GET /orders/{id}/lines/{line}"], ["$default/GET/orders/*/lines/*"]),
        (["POST /files/{path+}"], ["$default/POST/files/*"]),
        (["GET /a", "GET /b", "POST /a"], ["$default/GET/a", "$default/GET/b", "$default/POST/a"]),
        (["GET /{id}", "GET /{name}"], ["$default/GET/*"]),
        (["GET /orders", "GET /orders/{id}", "ANY /{proxy+}"], ["$default/*/*"]),
        (
            ["GET /orders/{id}", "GET /orders/{id}/lines", "GET /orders"],
            ["$default/GET/orders", "$default/GET/orders/*"],
        ),
        (["ANY /orders", "GET /orders", "GET /{id}"], ["$default/*/orders", "$default/GET/*"]),
        (["GET /a*b", "GET /axb"], ["$default/GET/axb", "$default/GET/a${*}b"]),
    ],
)
def test_resources_of_an_http_api(routes: list[str], resources: list[str]) -> None:
    assert invoke_resources(http_api(*routes), ["$default"]) == tuple(sorted(resources))


@pytest.mark.parametrize(
    ("routes", "resources"),
    [
        (["$connect", "$default", "send"], ["dev/$connect", "dev/$default", "dev/send"]),
        (["send*", "send it?"], ["dev/send it${?}", "dev/send${*}"]),
        (["a${b}", "a$"], ["dev/a$", "dev/a${$}{b}"]),
        (["*", "send"], ["dev/${*}", "dev/send"]),
    ],
)
def test_resources_of_a_websocket_api(routes: list[str], resources: list[str]) -> None:
    assert invoke_resources(websocket_api(*routes), ["dev"]) == tuple(resources)


def test_resources_of_several_stages() -> None:
    assert invoke_resources(http_api("GET /b", "GET /a"), ["green", "blue", "green"]) == (
        "blue/GET/a",
        "blue/GET/b",
        "green/GET/a",
        "green/GET/b",
    )


def test_stages_stand_for_more_routes_than_a_policy_can_hold() -> None:
    """Source: IAM and AWS STS quotas, 10,240 characters for the inline policies of a role."""
    many = http_api(*(f"GET /orders/{number}" for number in range(300)))
    assert invoke_resources(many, ["green", "blue"]) == ("blue/*", "green/*")
    assert len(invoke_resources(http_api(*(f"GET /{number}" for number in range(50))), ["$default"])) == 50


SEGMENT = st.sampled_from(["a", "b", "*", "{v}", "{w}"])
ROUTES = st.lists(
    st.one_of(
        st.just("$default"),
        st.builds(
            lambda method, first, second: f"{method} /{first}/{'{x}' if second.startswith('{') else second}",
            st.sampled_from(["GET", "POST", "ANY"]),
            SEGMENT,
            SEGMENT,
        ),
    ),
    min_size=1,
    unique=True,
)


def taken(resource: str, request: str) -> bool:
    """Tell whether a resource of a policy takes a request, as IAM would."""
    parts = re.findall(r"\$\{[*?$]\}|\*|.", resource)
    pattern = "".join(".*" if part == "*" else re.escape(part.strip("${}") if "{" in part else part) for part in parts)
    return re.fullmatch(pattern, request) is not None


@given(ROUTES)
def test_every_route_is_taken_and_no_resource_is_idle(routes: list[str]) -> None:
    resources = invoke_resources(http_api(*routes), ["dev"])
    requests = [
        "dev/" + ("PUT/any" if route == "$default" else re.sub(r"\{\w+\}", "7", route).replace(" ", ""))
        for route in routes
    ]
    for request in requests:
        assert any(taken(resource, request.replace("dev/ANY", "dev/PATCH")) for resource in resources)
    for resource in resources:
        example = resource.replace("${*}", "<star>").replace("*", "7").replace("<star>", "*")
        assert not any(taken(other, example) for other in resources if other != resource)


def test_a_rest_api_has_no_role_for_its_callers() -> None:
    """Its resource policy lets them in."""
    settings = settings_with("orders", [ACCOUNT])
    settings["apis"]["catalog"] = rest_api("orders", invokePrincipals=[ACCOUNT])
    assert names(run_program(settings), "gatelink:components:InvokeRole") == ["orders-invoke"]
