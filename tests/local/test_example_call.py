from dataclasses import replace

import pytest

from local.example_call import example_call
from local.recording import Json
from local.rest_topology import RestApi
from local.topology import build_topology
from tests.local.rest_recordings import RestProgram, by_v1_link, parameter

ENDPOINT = "http://127.0.0.1:8083/dev"
SCHEMES = {
    "sigv4": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
    "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
}


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
    assert example_call(api(*keys, **operation), ENDPOINT) == line


def test_a_call_that_anybody_may_make_comes_first() -> None:
    made = RestProgram()
    made.document["components"] = {"securitySchemes": SCHEMES}
    made.method("GET /a", by_v1_link(), security=[{"sigv4": []}])
    made.method("GET /b", by_v1_link(), parameters=[parameter("query", "page", required=True)])
    made.method("GET /c/{id}", by_v1_link())
    (read,) = build_topology(made.recording_program().recording()).rest_apis
    assert example_call(read, ENDPOINT) == f"curl {ENDPOINT}/c/1"


def test_the_call_is_signed_for_the_region_of_the_api() -> None:
    signed = api("GET /pets", security=[{"sigv4": []}])
    there = replace(signed, execution_arn=signed.execution_arn.replace("us-east-1", "eu-west-1"))
    assert "--aws-sigv4 aws:amz:eu-west-1:execute-api" in example_call(there, ENDPOINT)


def test_a_call_that_the_policy_refuses_comes_last() -> None:
    allow: Json = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}
    deny: Json = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*/GET/a",
    }
    made = replace(api("GET /a", "POST /b/{id}"), policy={"Statement": [allow, deny]})
    assert example_call(made, ENDPOINT) == f"curl -X POST {ENDPOINT}/b/1"
    assert example_call(replace(made, stages={}), ENDPOINT) == f"curl {ENDPOINT}/a"


def test_a_key_that_no_plan_holds_is_left_to_the_reader() -> None:
    made = RestProgram()
    made.document["components"] = {"securitySchemes": SCHEMES}
    made.method("GET /", by_v1_link(), security=[{"api_key": []}])
    (read,) = build_topology(made.recording_program().recording()).rest_apis
    assert example_call(read, ENDPOINT) == f"curl -H 'x-api-key: …' {ENDPOINT}/"
