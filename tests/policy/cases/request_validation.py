import json

from policy.aws_types import REST_API
from policy.checks.request_validation import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, resource

VALIDATORS: Value = {
    "all": {"validateRequestBody": True, "validateRequestParameters": True},
    "body": {"validateRequestBody": True, "validateRequestParameters": False},
    "parameters": {"validateRequestBody": False, "validateRequestParameters": True},
}
PET: Value = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}
TENANT: Value = [{"name": "tenant", "in": "header", "required": True}]
PATH: Value = [{"name": "petId", "in": "path", "required": True}]
OPTIONAL: Value = [{"name": "limit", "in": "query", "required": False}]


def api(method: str, integration: str, validator: str | None = None, **operation: Value) -> Resource:
    """Return an API with one method; a validator is named by the method."""
    operation["x-amazon-apigateway-integration"] = {"type": integration}
    if validator:
        operation["x-amazon-apigateway-request-validator"] = validator
    return of({"paths": {"/pets": {method: operation}}})


def of(document: dict[str, Value]) -> Resource:
    """Return an API of a document, which has the validators beside."""
    return resource(
        REST_API, "pets", body=json.dumps({**document, "x-amazon-apigateway-request-validators": VALIDATORS})
    )


NO_MODEL = "requestBody must name a model, got none"
NO_BODY = "request validator must be one of the body that the method declares, got none"
NO_PARAMETERS = "request validator must be one of the parameters that the method declares, got none"

CASES = Cases(
    policy=POLICY,
    good={
        "body": (api("post", "aws", "body", requestBody=PET),),
        "both": (api("post", "aws", "all", requestBody=PET, parameters=TENANT),),
        "parameters": (api("get", "http_proxy", "parameters", parameters=TENANT),),
        "a proxy that declares nothing": (api("post", "http_proxy"),),
        "a function that declares nothing": (api("x-amazon-apigateway-any-method", "aws_proxy"),),
        "a mock": (api("post", "mock"),),
        "no body": (api("get", "http"),),
        "what is there in any case": (api("get", "http_proxy", parameters=PATH),),
        "what need not be there": (api("get", "http_proxy", parameters=OPTIONAL),),
        "the validator of the document": (
            of({"paths": {"/pets": {"post": {"requestBody": PET}}}, "x-amazon-apigateway-request-validator": "body"}),
        ),
        "no document": (resource(REST_API, "pets"),),
    },
    bad={
        "a template of anything": ((api("post", "aws"),), [f"pets: POST /pets: {NO_MODEL}"]),
        "a template of anything by any method": (
            (api("x-amazon-apigateway-any-method", "http"),),
            [f"pets: ANY /pets: {NO_MODEL}"],
        ),
        "a model that nobody looks at": ((api("put", "http", requestBody=PET),), [f"pets: PUT /pets: {NO_BODY}"]),
        "a proxy's, too": ((api("patch", "aws_proxy", requestBody=PET),), [f"pets: PATCH /pets: {NO_BODY}"]),
        "a model of Swagger": (
            (api("post", "http_proxy", parameters=[{"in": "body", "name": "Pet"}]),),
            [f"pets: POST /pets: {NO_BODY}"],
        ),
        "a header that nobody looks for": (
            (api("get", "http_proxy", parameters=TENANT),),
            [f"pets: GET /pets: {NO_PARAMETERS}"],
        ),
        "a header of all methods of the path": (
            (of({"paths": {"/pets": {"parameters": TENANT, "get": {}}}}),),
            [f"pets: GET /pets: {NO_PARAMETERS}"],
        ),
        "a validator of the other": (
            (api("post", "aws", "parameters", requestBody=PET, parameters=TENANT),),
            [f"pets: POST /pets: {NO_BODY}"],
        ),
        "a validator that is not there": (
            (api("post", "aws", "everything", requestBody=PET, parameters=TENANT),),
            [f"pets: POST /pets: {NO_BODY}", f"pets: POST /pets: {NO_PARAMETERS}"],
        ),
    },
    undecided={"not known yet": ((resource(REST_API, "pets", body=UNKNOWN),), ["pets: body is not known"])},
)
