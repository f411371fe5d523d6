"""What a REST API's integrations read and its routes do not give, and what routes give and nothing reads."""

import pytest

from tests.settings.broken_apis import FUNCTION
from tests.settings.broken_rest import CALL, HTTP
from tests.settings.broken_rest_surroundings import ASKED, BUYERS
from tests.settings.examples import Location
from tests.settings.findings import found
from tests.settings.rest_examples import MOCK, PET, PET_INTEGRATION, PETS, PROXY, SHARED, SHOP, with_shop

ROUTES: Location = (*SHOP, "routes")
ALL: Location = (*ROUTES, "ANY /all/{proxy+}")
FILLED = {"integration.request.path.proxy": "method.request.path.proxy"}
ERRORS = {"200": {}, "500": {"selectionPattern": ".*error.*"}}
CLAIM = {"integration.request.header.x": "context.authorizer.principalId"}


@pytest.mark.parametrize(
    "changes",
    [
        {ALL: {"integration": {**PETS, "path": "/all/{proxy}", "requestParameters": FILLED}}},
        {
            ALL: {
                "integration": {**PETS, "requestParameters": {"integration.request.header.x": "context.path"}},
            }
        },
        {
            ALL: {
                "integration": {
                    **PETS,
                    "requestParameters": {"integration.request.querystring.p": "method.request.path.proxy"},
                }
            }
        },
        {ALL: {"integration": {**HTTP, "requestTemplates": {"application/json": "$input.params('proxy')"}}}},
        {ALL: {"integration": {"integrationType": "AWS_PROXY", "integrationUri": FUNCTION}}},
        {(*ROUTES, "GET /all/{name}"): {"integration": "list"}},
        {SHARED: {**CALL, "integrationResponses": ERRORS}},
        {
            SHARED: {**PETS, "requestParameters": CLAIM},
            BUYERS: ASKED,
            (*ROUTES, "POST /pets"): {"integration": "list", "authorization": "buyers"},
        },
        {
            (*PET, "requestParameters"): {"method.request.header.a": {}, "method.request.querystring.B": {}},
            (*PET_INTEGRATION, "requestParameters", "integration.request.header.a"): "method.request.header.a",
            (*PET_INTEGRATION, "requestParameters", "integration.request.querystring.b"): (
                "method.request.querystring.b"
            ),
        },
        {
            (*ROUTES, "POST /mock"): {
                "integration": {
                    "integrationType": "MOCK",
                    "requestTemplates": {"text/xml": '{"statusCode": 200}'},
                    "integrationResponses": {"200": {}},
                }
            }
        },
    ],
)
def test_what_is_not_doubtful(changes: dict[Location, object]) -> None:
    assert found(with_shop(changes)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {ALL: {"integration": {**PROXY, "integrationUri": "https://a.example/"}}},
            (
                "rest-unread-path",
                (
                    'apis.shop.routes["ANY /all/{proxy+}"].integration.integrationUri: has no place for '
                    "{proxy+} of ANY "
                    "/all/{proxy+}, so that all its calls go to this path; write integrationUri: "
                    "https://a.example/{proxy} and integration.request.path.proxy: method.request.path.proxy"
                ),
            ),
        ),
        (
            {
                SHARED: {**HTTP, "requestTemplates": {"application/json": "$context.authorizer.claims.sub"}},
                (*ROUTES, "GET /pets", "authorization"): "AWS_IAM",
            },
            (
                "rest-idle-authorizer-variable",
                (
                    'apis.shop.integrations.list.requestTemplates["application/json"]: reads '
                    "context.authorizer, which is "
                    "empty: authorization of GET /pets is AWS_IAM"
                ),
            ),
        ),
        (
            {(*SHOP, "stage"): {"name": "prod"}, (*SHOP, "resourcePolicy"): "stages"},
            (
                "rest-resource-policy-doubt",
                (
                    'apis.shop.resourcePolicy.Statement[0].Resource: "execute-api:/prd/*" names no stage of '
                    "the API; did you "
                    "mean prod?"
                ),
            ),
        ),
        (
            {(*SHOP, "resourcePolicy"): "region"},
            (
                "rest-resource-policy-doubt",
                (
                    'apis.shop.resourcePolicy.Statement[0].Resource: "arn:aws:execute-api:eu-west-1:*:*" '
                    "matches no call: "
                    "the API stands in us-east-1"
                ),
            ),
        ),
    ],
)
def test_what_is_doubtful(changes: dict[Location, object], expected: tuple[str, str]) -> None:
    policies = {"stages": "execute-api:/prd/*", "region": "arn:aws:execute-api:eu-west-1:*:*"}
    place = (*SHOP, "resourcePolicy")
    if place in changes:
        statement = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": policies[str(changes[place])],
            "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
        }
        changes = {**changes, place: {"Version": "2012-10-17", "Statement": [statement]}}
    assert found(with_shop(changes)) == [expected]


@pytest.mark.parametrize(
    ("templates", "expected"),
    [
        (
            {"application/json": '{"statusCode": "204"}'},
            '["application/json"]: must make statusCode a number, or the answer is 500; got "204"',
        ),
        (
            {"application/json": '{"statusCode": true}'},
            '["application/json"]: must make statusCode a number, or the answer is 500; got true',
        ),
        (
            {"text/xml": '{"statusCode": 204}'},
            (
                ": needs a template under application/json, the content type of a request without one such as OPTIONS "
                "/pets/{petId}, or the answer is 500; got text/xml"
            ),
        ),
    ],
)
def test_templates_of_a_mock_that_answers_500(templates: dict[str, str], expected: str) -> None:
    at = 'apis.shop.routes["OPTIONS /pets/{petId}"].integration.requestTemplates'
    assert found(with_shop({(*MOCK, "requestTemplates"): templates})) == [("rest-mock-template", f"{at}{expected}")]
