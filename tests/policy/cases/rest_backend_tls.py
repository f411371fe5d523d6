import json

from policy.aws_types import REST_API
from policy.checks.rest_backend_tls import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, resource


def api(**integration: Value) -> Resource:
    """Return an API with one method, which calls what the integration says."""
    operation = {"x-amazon-apigateway-integration": integration}
    return resource(REST_API, "pets", body=json.dumps({"openapi": "3.0.1", "paths": {"/pets": {"get": operation}}}))


PRIVATE: dict[str, Value] = {
    "type": "http_proxy",
    "connectionType": "VPC_LINK",
    "connectionId": "${stageVariables.vpcLink}",
}

CASES = Cases(
    policy=POLICY,
    good={
        "private": (api(**PRIVATE, uri="https://pets.shop.example/animals"),),
        "public": (api(type="HTTP", uri="HTTPS://pets.shop.example/"),),
        "a stage variable after the scheme": (api(type="http_proxy", uri="https://${stageVariables.host}/pets"),),
        "verified outright": (
            api(type="http", uri="https://pets.shop.example/", tlsConfig={"insecureSkipVerification": False}),
        ),
        "a function": (api(type="aws_proxy", uri="arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f"),),
        "nobody": (api(type="mock"),),
        "no integration": (resource(REST_API, "pets", body='{"paths": {"/pets": {"get": {}}}}'),),
        "no document": (resource(REST_API, "pets"),),
        "no operations": (resource(REST_API, "pets", body='{"paths": {"/pets": {"parameters": []}}}'),),
    },
    bad={
        "private": (
            (api(**PRIVATE, uri="http://internal.example.com/"),),
            ['pets: GET /pets: integration uri must begin with https://, got "http://internal.example.com/"'],
        ),
        "public": (
            (api(type="http", uri="http://pets.shop.example"),),
            ['pets: GET /pets: integration uri must begin with https://, got "http://pets.shop.example"'],
        ),
        "a scheme that nobody sees": (
            (api(type="http", uri="${stageVariables.url}/pets"),),
            ['pets: GET /pets: integration uri must begin with https://, got "${stageVariables.url}/pets"'],
        ),
        "no URL": (
            (api(type="http"),),
            ["pets: GET /pets: integration uri must begin with https://, got none"],
        ),
        "not verified": (
            (api(type="http", uri="https://pets.shop.example", tlsConfig={"insecureSkipVerification": True}),),
            ["pets: GET /pets: integration tlsConfig.insecureSkipVerification must be false, got true"],
        ),
        "every method of every path": (
            (
                resource(
                    REST_API,
                    "pets",
                    body=json.dumps(
                        {
                            "paths": {
                                "/a": {
                                    "x-amazon-apigateway-any-method": {
                                        "x-amazon-apigateway-integration": {"type": "http"}
                                    }
                                },
                                "/b": {"patch": {"x-amazon-apigateway-integration": {"type": "http"}}},
                            }
                        }
                    ),
                ),
            ),
            [
                "pets: ANY /a: integration uri must begin with https://, got none",
                "pets: PATCH /b: integration uri must begin with https://, got none",
            ],
        ),
        "no JSON": (
            (resource(REST_API, "pets", body="openapi: 3.0.1"),),
            ["pets: body must be an OpenAPI document as JSON, got openapi: 3.0.1"],
        ),
        "no document": (
            (resource(REST_API, "pets", body="[]"),),
            ["pets: body must be an OpenAPI document as JSON, got []"],
        ),
    },
    undecided={
        "a URL that AWS gives": ((resource(REST_API, "pets", body=UNKNOWN),), ["pets: body is not known"]),
    },
)
