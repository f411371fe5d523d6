from dataclasses import replace
from typing import Literal

import pytest

from local.example_call import example_call, example_connection, example_http_call
from local.gateway.endpoints import ApiEndpoint
from local.recorder import record
from local.recording import Json
from local.topology import RestApi, Topology
from local.topology.authorization import CognitoAuthorizer, CognitoRequired, Identity, RestAuthorization
from local.topology.reading import build_topology
from tests.local.gateway.rest.apis import asking
from tests.local.recordings import program
from tests.local.rest_recordings import RestProgram, by_v1_link, parameter
from tests.programs import stack_config

ENDPOINT = "http://127.0.0.1:8083/dev"
AT = ApiEndpoint(endpoint=ENDPOINT, connections_url=None)
SCHEMES = {
    "sigv4": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
    "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
}


def door(endpoint: str, host: str | None = None) -> ApiEndpoint:
    return ApiEndpoint(endpoint=endpoint, connections_url=None, host=host)


def api(*keys: str, **operation: Json) -> RestApi:
    made = RestProgram()
    made.document["components"] = {"securitySchemes": SCHEMES}
    for key in keys:
        made.method(key, by_v1_link(), **operation)
    made.made.add("aws:apigateway/apiKey:ApiKey", "mobile", {})
    made.made.add("aws:apigateway/usagePlan:UsagePlan", "free", {"apiStages": [{"apiId": "pets", "stage": "dev"}]})
    made.made.add("aws:apigateway/usagePlanKey:UsagePlanKey", "mobile-free", {"usagePlanId": "free", "keyId": "mobile"})
    (read,) = build_topology(made.recording_program().recording()).rest_apis
    return read


@pytest.mark.parametrize(
    ("keys", "operation", "line"),
    [
        ((), {}, f"curl {ENDPOINT}/"),
        (("GET /",), {}, f"curl {ENDPOINT}/"),
        (("POST /a", "GET /pets/{petId}", "GET /pets"), {}, f"curl {ENDPOINT}/pets"),
        (("ANY /{proxy+}",), {}, f"curl {ENDPOINT}/1"),
        (("POST /pets/{petId}/toys",), {}, f"curl -X POST {ENDPOINT}/pets/1/toys"),
        (("HEAD /pets",), {}, f"curl --head {ENDPOINT}/pets"),
        (
            ("GET /pets",),
            {"parameters": [parameter("header", "tenant", required=True), parameter("query", "page", required=True)]},
            f"curl -H 'tenant: 1' '{ENDPOINT}/pets?page=1'",
        ),
        (("GET /pets",), {"security": [{"api_key": []}]}, f"curl -H 'x-api-key: mobile' {ENDPOINT}/pets"),
        (
            ("GET /pets",),
            {"security": [{"sigv4": []}]},
            f"curl --aws-sigv4 aws:amz:us-east-1:execute-api --user local:local {ENDPOINT}/pets",
        ),
    ],
)
def test_a_call_is_one_that_the_api_takes(keys: tuple[str, ...], operation: dict[str, Json], line: str) -> None:
    assert example_call(api(*keys, **operation), AT) == line


@pytest.mark.parametrize(
    ("authorization", "key_source", "line"),
    [
        (asking(), "HEADER", f"curl -H 'x-api-key: mobile' -H 'Token: …' {ENDPOINT}/pets"),
        (asking(), "AUTHORIZER", f"curl -H 'Token: …' {ENDPOINT}/pets"),
        (
            asking(
                "REQUEST",
                sources=(
                    Identity(location="querystring", name="key"),
                    Identity(location="stageVariables", name="tenant"),
                ),
            ),
            "AUTHORIZER",
            f"curl '{ENDPOINT}/pets?key=…'",
        ),
        (
            CognitoRequired(
                authorizer=CognitoAuthorizer(
                    name="users", user_pools=(), source=Identity(location="header", name="Authorization")
                ),
                scopes=(),
            ),
            "AUTHORIZER",
            f"curl -H 'Authorization: …' {ENDPOINT}/pets",
        ),
    ],
)
def test_a_token_is_left_to_the_reader(
    authorization: RestAuthorization, key_source: Literal["HEADER", "AUTHORIZER"], line: str
) -> None:
    made = api("GET /pets", security=[{"api_key": []}])
    methods = {key: replace(one, authorization=authorization) for key, one in made.methods.items()}
    assert example_call(replace(made, methods=methods, api_key_source=key_source), AT) == line


def test_an_api_behind_a_domain_is_called_by_it() -> None:
    at = ApiEndpoint(endpoint="http://127.0.0.1:8083/v1/pets", connections_url=None, host="api.example.com")
    line = "curl -H 'Host: api.example.com' http://127.0.0.1:8083/v1/pets"
    assert example_call(api("GET /pets"), at) == f"{line}/pets"
    assert example_call(api(), at) == f"{line}/"


def test_a_call_that_anybody_may_make_comes_first() -> None:
    made = RestProgram()
    made.document["components"] = {"securitySchemes": SCHEMES}
    made.method("GET /a", by_v1_link(), security=[{"sigv4": []}])
    made.method("GET /b", by_v1_link(), parameters=[parameter("query", "page", required=True)])
    made.method("GET /c/{id}", by_v1_link())
    (read,) = build_topology(made.recording_program().recording()).rest_apis
    assert example_call(read, AT) == f"curl {ENDPOINT}/c/1"


def test_the_call_is_signed_for_the_region_of_the_api() -> None:
    signed = api("GET /pets", security=[{"sigv4": []}])
    there = replace(signed, execution_arn=signed.execution_arn.replace("us-east-1", "eu-west-1"))
    assert "--aws-sigv4 aws:amz:eu-west-1:execute-api" in example_call(there, AT)


def test_a_call_that_the_policy_refuses_comes_last() -> None:
    allow: Json = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}
    deny: Json = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*/GET/a",
    }
    made = replace(api("GET /a", "POST /b/{id}"), policy={"Statement": [allow, deny]})
    assert example_call(made, AT) == f"curl -X POST {ENDPOINT}/b/1"
    assert example_call(replace(made, stages={}), AT) == f"curl {ENDPOINT}/a"


def test_a_key_that_no_plan_holds_is_left_to_the_reader() -> None:
    made = RestProgram()
    made.document["components"] = {"securitySchemes": SCHEMES}
    made.method("GET /", by_v1_link(), security=[{"api_key": []}])
    (read,) = build_topology(made.recording_program().recording()).rest_apis
    assert example_call(read, AT) == f"curl -H 'x-api-key: …' {ENDPOINT}/"


@pytest.mark.parametrize(
    ("keys", "call"),
    [
        ([], "curl http://h/"),
        (["ANY /{proxy+}"], "curl http://h/hello"),
        (["$default"], "curl http://h/hello"),
        (["POST /orders", "GET /orders/{id}"], "curl http://h/orders/1"),
        (["GET /orders/{id}", "GET /health"], "curl http://h/health"),
        (["DELETE /orders/{id}"], "curl -X DELETE http://h/orders/1"),
    ],
)
def test_an_http_apis_plainest_route_is_called(keys: list[str], call: str) -> None:
    made = program()
    api = made.http_api()
    for key in keys:
        made.http_route(api, key)
    (orders,) = build_topology(made.recording()).http_apis
    assert example_http_call(orders, door("http://h")) == call


def test_an_http_api_with_a_domain_name_alone_is_called_by_it() -> None:
    made = program()
    made.http_route(made.http_api(), "POST /a")
    (orders,) = build_topology(made.recording()).http_apis
    call = example_http_call(orders, door("http://h:1/v1", "shop.example"))
    assert call == "curl -H 'Host: shop.example' -X POST http://h:1/v1/a"


def of_stack(name: str) -> Topology:
    """Return the topology of a stack, as it is served."""
    return build_topology(record(stack_config(name)))


def test_prod_is_called_by_its_domains_with_a_token_and_a_ticket() -> None:
    topology = of_stack("prod")
    (orders,), (chat,) = topology.http_apis, topology.websocket_apis
    assert example_http_call(orders, door("http://127.0.0.1:8081", "api.example.com")) == (
        "curl -H 'Host: api.example.com' -H 'Authorization: …' http://127.0.0.1:8081/orders"
    )
    assert example_connection(chat, door("ws://127.0.0.1:8082", "chat.example.com")) == (
        "npx wscat -H 'Host: chat.example.com' -c 'ws://127.0.0.1:8082/?ticket=…'"
    )


def test_an_open_connection_asks_for_nothing() -> None:
    topology = of_stack("dev")
    (chat,) = topology.websocket_apis
    assert example_connection(chat, door("ws://127.0.0.1:8082/dev")) == "npx wscat -c 'ws://127.0.0.1:8082/dev'"
