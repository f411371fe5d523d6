"""Documents of REST APIs are read as API Gateway takes them, and whatever else they hold is no reason to fail."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.aws_types import REST_API
from policy.model import UNKNOWN, Undecided, Value, Violation
from policy.rest_document import Caller, Integration, Needs, Operation, RestDocument, read_document
from tests.policy.making import resource

NOTHING = Needs(body=False, parameters=False)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
KEYS = st.sampled_from(
    [
        "security",
        "parameters",
        "requestBody",
        "x-amazon-apigateway-integration",
        "x-amazon-apigateway-request-validator",
    ]
)


def read(document: Value) -> RestDocument | Undecided | Violation:
    return read_document(resource(REST_API, "pets", body=json.dumps(document)))


def test_an_operation_is_read() -> None:
    operation: Value = {
        "security": [{"api_key": []}],
        "parameters": [{"in": "query", "name": "limit", "required": True}],
        "x-amazon-apigateway-request-validator": "parameters",
        "x-amazon-apigateway-integration": {"type": "HTTP_PROXY", "uri": "https://pets.shop.example"},
    }
    document: Value = {
        "paths": {"/pets": {"head": operation}},
        "components": {"securitySchemes": {"api_key": {"type": "apiKey"}}},
        "x-amazon-apigateway-request-validators": {"parameters": {"validateRequestParameters": True}},
        "x-amazon-apigateway-policy": {"Statement": []},
    }
    assert read(document) == RestDocument(
        operations=(
            Operation(
                method="HEAD",
                path="/pets",
                caller=Caller.HOLDER_OF_A_KEY,
                integration=Integration(type="http_proxy", uri="https://pets.shop.example", skips_verification=False),
                declared=Needs(body=False, parameters=True),
                validated=Needs(body=False, parameters=True),
            ),
        ),
        policy={"Statement": []},
    )


@pytest.mark.parametrize("value", [UNKNOWN, None])
def test_an_api_whose_document_is_not_there(value: Value) -> None:
    api = resource(REST_API, "pets", body=value)
    assert read_document(api) == (
        Undecided(resource=api, property="body") if value is UNKNOWN else RestDocument(operations=(), policy=None)
    )


@given(st.dictionaries(KEYS, ANYTHING), st.dictionaries(KEYS | st.text(), ANYTHING))
def test_no_document_is_too_odd(operation: dict[str, Value], beside: dict[str, Value]) -> None:
    found = read({**beside, "paths": {"/pets": {"get": operation}}})
    assert isinstance(found, RestDocument)
    assert [str(one) for one in found.operations] == ["GET /pets"]


@given(st.dictionaries(st.sampled_from(["paths", "components", "securityDefinitions"]), ANYTHING))
def test_no_list_of_paths_is_too_odd(document: dict[str, Value]) -> None:
    assert isinstance(read(document), RestDocument)
