import json

from policy.aws_types import REST_API
from policy.checks.method_authorization import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, resource

SCHEMES: Value = {
    "sigv4": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
    "token": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {"type": "token"},
    },
    "pool": {"type": "apiKey", "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools"}},
    "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
    "oauth": {"type": "oauth2"},
}
OPEN: dict[str, Value] = {"security": []}
KEY: dict[str, Value] = {"security": [{"api_key": []}]}
SIGNED: dict[str, Value] = {"security": [{"sigv4": []}]}


def api(method: str, operation: dict[str, Value], document: dict[str, Value] | None = None, **more: Value) -> Resource:
    """Return an API with one operation."""
    whole: dict[str, Value] = {
        "paths": {"/pets": {method: operation}},
        "components": {"securitySchemes": SCHEMES},
        **(document or {}),
    }
    return resource(REST_API, "pets", body=json.dumps(whole), **more)


def policy(**statement: Value) -> Value:
    """Return a policy of one statement, as a mapping."""
    return {"Version": "2012-10-17", "Statement": [{"Action": "execute-api:Invoke", "Resource": "*", **statement}]}


NAMED = policy(Effect="Allow", Principal={"AWS": ["arn:aws:iam::123456789012:role/reports"]})
EVERYBODY = policy(Effect="Allow", Principal="*", Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})
OTHERS = policy(Effect="Allow", NotPrincipal={"AWS": "123456789012"})

OPEN_LINE = ["pets: GET /pets: security must name an authorizer or IAM, got none"]
KEY_LINE = ["pets: GET /pets: security must name an authorizer or IAM, got an API key alone"]

CASES = Cases(
    policy=POLICY,
    good={
        "IAM": (api("get", SIGNED),),
        "IAM by its own block": (api("get", {"x-amazon-apigateway-auth": {"type": "AWS_IAM"}}),),
        "an authorizer": (api("get", {"security": [{"token": ["pets/read"]}]}),),
        "an authorizer and a key": (api("get", {"security": [{"api_key": [], "token": []}]}),),
        "Swagger": (api("get", {"security": [{"pool": []}]}, {"components": {}, "securityDefinitions": SCHEMES}),),
        "a preflight": (api("options", OPEN),),
        "a policy for some": (api("get", OPEN, policy=json.dumps(NAMED)),),
        "a policy for some inside the document": (api("get", KEY, {"x-amazon-apigateway-policy": NAMED}),),
        "authorized whatever the policy says": (api("get", SIGNED, policy=UNKNOWN),),
        "no document": (resource(REST_API, "pets"),),
    },
    bad={
        "nothing said": ((api("get", {}),), OPEN_LINE),
        "nobody wanted": ((api("get", OPEN),), OPEN_LINE),
        "nobody wanted, as a block": ((api("get", {"security": [{}]}),), OPEN_LINE),
        "a key": ((api("get", KEY),), KEY_LINE),
        "an alternative": ((api("get", {"security": [{"token": []}, {"api_key": []}]}),), KEY_LINE),
        "a scheme that is not there": ((api("get", {"security": [{"tokens": []}]}),), OPEN_LINE),
        "a scheme without an authorizer": ((api("get", {"security": [{"oauth": []}]}),), OPEN_LINE),
        "a block that says none": ((api("get", {"x-amazon-apigateway-auth": {"type": "NONE"}}),), OPEN_LINE),
        "said of the document alone": ((api("get", {}, {"security": [{"token": []}]}),), OPEN_LINE),
        "any method is more than a preflight": (
            (api("x-amazon-apigateway-any-method", OPEN),),
            ["pets: ANY /pets: security must name an authorizer or IAM, got none"],
        ),
        "a policy for addresses": ((api("get", OPEN, policy=json.dumps(EVERYBODY)),), OPEN_LINE),
        "a policy for all but some": ((api("get", OPEN, policy=json.dumps(OTHERS)),), OPEN_LINE),
        "a policy that says nothing": ((api("get", OPEN, policy="{}"),), OPEN_LINE),
        "another policy inside the document": (
            (api("get", OPEN, {"x-amazon-apigateway-policy": NAMED}, policy=json.dumps(EVERYBODY)),),
            OPEN_LINE,
        ),
    },
    undecided={
        "no URL yet": ((resource(REST_API, "pets", body=UNKNOWN),), ["pets: body is not known"]),
        "no policy yet": ((api("get", OPEN, policy=UNKNOWN),), ["pets: policy is not known"]),
    },
)
