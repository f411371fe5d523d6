"""What AWS accepts of a REST API, and is most likely not meant."""

from collections.abc import Mapping

import pytest

from tests.settings.broken_apis import FUNCTION, MODEL, ROLE
from tests.settings.broken_rest_surroundings import (
    ASKED,
    BUYERS,
    COGNITO,
    DOMAIN,
    STAGE,
    TOKEN,
)
from tests.settings.examples import Location
from tests.settings.findings import found
from tests.settings.rest_examples import ANSWER, MOCK, PET, PET_INTEGRATION, PETS, PREFLIGHT, SHARED, SHOP, with_shop

VARIABLE = FUNCTION.removesuffix("f") + "${stageVariables.f}"
PLANS: Location = (*SHOP, "usagePlans")
AT = 'apis.shop.routes["GET /pets/{petId}"]'
EDGE = {**DOMAIN, "endpointType": "EDGE"}
HTTP = {**PETS, "integrationType": "HTTP", "integrationResponses": {"200": {}}}
AS_TEXT = {**HTTP, "backend": "orders", "contentHandlingStrategy": "CONVERT_TO_TEXT"}
READS_TEXT = (
    "reads text, and binaryMediaTypes make bytes of it: the answer is 500; write contentHandlingStrategy: "
    "CONVERT_TO_TEXT beside "
)
OF_EVERY_REQUEST = (
    "gets the stage's name before the path of {}: a template takes it off, and none can take the bodies of "
    "binaryMediaTypes"
)
UNKNOWN_FUNCTION = (
    "names a function by a stage variable, so that it gets no permission from here; give {}, or let the functions' own "
    "stack allow the calls"
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            with_shop({BUYERS: ASKED, (*SHOP, "integrations", "old"): PETS, (*SHOP, "models"): {"pet": MODEL}}),
            [
                (
                    "idle-integration",
                    "apis.shop.integrations.old: is used by no route and is not provisioned",
                ),
                ("idle-authorizer", "apis.shop.authorizers.buyers: is used by no route"),
                ("idle-model", "apis.shop.models.pet: is used by no route"),
            ],
        ),
        (
            with_shop({PLANS: {"partner": {"throttling": {"rateLimit": 1, "burstLimit": 1}}}}),
            [
                (
                    "idle-usage-plan",
                    (
                        "apis.shop.usagePlans: limit nobody: no route has apiKeyRequired, so that nobody is asked for "
                        "a key"
                    ),
                ),
                ("idle-usage-plan", "apis.shop.usagePlans.partner: limits nobody: it has no apiKeys"),
            ],
        ),
        (
            with_shop(
                {
                    (*SHOP, "invokePrincipals"): ["222233334444"],
                    (*SHOP, "authorizers"): {"buyers": COGNITO, "asked": ASKED},
                    (*PET, "authorization"): "asked",
                    (*SHOP, "routes", "GET /pets", "authorization"): "buyers",
                    (*PREFLIGHT, "authorization"): "AWS_IAM",
                }
            ),
            [
                (
                    "rest-invoke-iam",
                    (
                        "apis.shop.invokePrincipals: lets in nobody who does not sign: without authorization AWS_IAM, "
                        "no call reaches GET /pets"
                    ),
                )
            ],
        ),
        (
            with_shop(
                {
                    (*SHOP, "invokePrincipals"): ["222233334444"],
                    (*SHOP, "routes"): {f"GET /{name}": {"integration": "list"} for name in "abcdefg"},
                }
            ),
            [
                (
                    "rest-invoke-iam",
                    (
                        "apis.shop.invokePrincipals: lets in nobody who does not sign: without authorization AWS_IAM, "
                        "no call reaches GET /a, GET /b, GET /c, GET /d, GET /e and 2 more"
                    ),
                )
            ],
        ),
        (
            with_shop(
                {
                    (*SHOP, "resourcePolicy"): {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": "*",
                                "Action": "execute-api:Invoke",
                                "Resource": "execute-api:/*",
                                "Condition": {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
                            }
                        ],
                    }
                }
            ),
            [
                (
                    "rest-resource-policy-doubt",
                    (
                        "apis.shop.resourcePolicy.Statement[0].Condition.IpAddress: aws:VpcSourceIp never matches on "
                        "an API that is not private; write aws:SourceIp"
                    ),
                )
            ],
        ),
        (
            with_shop(
                {
                    PET_INTEGRATION: {**HTTP, "passthroughBehavior": "NEVER"},
                    (*MOCK, "integrationResponses"): {
                        "204": {"responseTemplates": {"application/json": "$context.connectionId"}}
                    },
                }
            ),
            [
                (
                    "passthrough",
                    (
                        f"{AT}.integration.passthroughBehavior: refuses every request with 415: there are no "
                        "requestTemplates"
                    ),
                ),
                (
                    "template-name",
                    (
                        'apis.shop.routes["OPTIONS /pets/{petId}"].integration.integrationResponses.204.'
                        'responseTemplates["application/json"]: "connectionId" is a $context variable of WebSocket '
                        "APIs only"
                    ),
                ),
            ],
        ),
        (
            with_shop({MOCK: {**ANSWER, "requestTemplates": {"application/json": '{"statusCode": 204} $input.bdy'}}}),
            [
                (
                    "template-name",
                    (
                        'apis.shop.routes["OPTIONS /pets/{petId}"].integration.requestTemplates["application/json"]: '
                        '"$input.bdy" is not known in a REST API\'s templates; did you mean "$input.body"?'
                    ),
                )
            ],
        ),
        (
            with_shop(
                {
                    SHARED: {
                        "integrationType": "HTTP_PROXY",
                        "integrationMethod": "GET",
                        "integrationUri": "http://10.0.0.1/",
                    }
                }
            ),
            [
                (
                    "private-url",
                    (
                        "apis.shop.integrations.list.integrationUri: leads to 10.0.0.1, which API Gateway cannot "
                        "reach; a private host stands under backends"
                    ),
                )
            ],
        ),
        (
            with_shop(
                {
                    (*SHOP, "binaryMediaTypes"): ["*/*"],
                    (*MOCK, "contentHandlingStrategy"): "CONVERT_TO_TEXT",
                    SHARED: {**AS_TEXT, "requestTemplates": {"text/plain": "a", "text/csv": "b"}},
                    PET_INTEGRATION: {**AS_TEXT, "requestTemplates": {"$default": "a"}},
                    (*SHOP, "routes", "PUT /pets"): {
                        "integration": {
                            **AS_TEXT,
                            "requestTemplates": {"text/csv": "b"},
                            "passthroughBehavior": "NEVER",
                        }
                    },
                }
            ),
            [
                (
                    "rest-stage-in-path",
                    (
                        "apis.shop.integrations.list.backend: gets the stage's name before the path of requests whose "
                        "Content-Type is not text/plain, text/csv: a template takes it off, and none can take the "
                        "bodies of binaryMediaTypes"
                    ),
                )
            ],
        ),
        (
            with_shop(
                {
                    SHARED: {
                        **PETS,
                        "backend": "orders",
                        "requestParameters": {"integration.request.header.tenant_id": "context.accountId"},
                    }
                }
            ),
            [
                (
                    "dropped-header",
                    (
                        'apis.shop.integrations.list.requestParameters["integration.request.header.tenant_id"]: does '
                        'not arrive: the load balancer of "orders" drops headers whose names have more than letters, '
                        "digits and hyphens"
                    ),
                )
            ],
        ),
        (
            with_shop(
                {
                    PET_INTEGRATION: {"integrationType": "AWS_PROXY", "integrationUri": VARIABLE},
                    BUYERS: {**TOKEN, "authorizerUri": VARIABLE},
                    (*PET, "authorization"): "buyers",
                    (*STAGE, "variables"): {"f": "x"},
                }
            ),
            [
                (
                    "function-permission",
                    f"{AT}.integration.integrationUri: {UNKNOWN_FUNCTION.format('credentialsArn')}",
                ),
                (
                    "function-permission",
                    (
                        "apis.shop.authorizers.buyers.authorizerUri: "
                        + UNKNOWN_FUNCTION.format("authorizerCredentialsArn")
                    ),
                ),
            ],
        ),
    ],
)
def test_doubts(changes: Mapping[Location, object], expected: list[tuple[str, str]]) -> None:
    assert found(changes) == expected


@pytest.mark.parametrize(
    ("spec", "types", "which"),
    [
        ({**PETS, "backend": "orders"}, ["*/*"], "every request"),
        ({**PETS, "backend": "orders"}, ["application/*"], "every request"),
        ({**PETS, "backend": "orders"}, ["image/png"], "requests whose Content-Type is not application/json"),
        (AS_TEXT, ["*/*"], "every request"),
        (
            {**AS_TEXT, "requestTemplates": {"text/csv": "a"}},
            ["image/png"],
            "requests whose Content-Type is not text/csv, application/json",
        ),
        ({**AS_TEXT, "passthroughBehavior": "WHEN_NO_TEMPLATES"}, ["*/*"], "every request"),
    ],
)
def test_where_a_stage_stays_in_the_path(spec: Mapping[str, object], types: list[str], which: str) -> None:
    changes = with_shop(
        {(*SHOP, "binaryMediaTypes"): types, SHARED: spec, (*MOCK, "contentHandlingStrategy"): "CONVERT_TO_TEXT"}
    )
    expected = f"apis.shop.integrations.list.backend: {OF_EVERY_REQUEST.format(which)}"
    assert found(changes) == [("rest-stage-in-path", expected)]


def test_templates_that_would_be_given_bytes() -> None:
    response = {"responseTemplates": {"application/json": "{}", "image/png": "x", "text/csv": "a"}}
    kept = {**response, "contentHandlingStrategy": "CONVERT_TO_TEXT"}
    spec = {
        **HTTP,
        "requestTemplates": {"application/json": "{}", "text/csv": "a", "$default": "a"},
        "integrationResponses": {"200": response, "404": {**kept, "selectionPattern": "404"}},
    }
    at = "apis.shop.integrations.list"
    assert found(with_shop({(*SHOP, "binaryMediaTypes"): ["text/csv", "image/*"], SHARED: spec})) == [
        ("rest-binary-template", f'{at}.requestTemplates["text/csv"]: {READS_TEXT}requestTemplates'),
        *(
            (
                "rest-binary-template",
                f'{at}.integrationResponses.200.responseTemplates["{key}"]: {READS_TEXT}responseTemplates',
            )
            for key in ("image/png", "text/csv")
        ),
    ]


def test_doubts_of_gateway_responses() -> None:
    response = {
        "responseParameters": {
            "gatewayresponse.header.a": "'*'",
            "gatewayresponse.header.b": "context.error.mesage",
        },
        "responseTemplates": {"application/json": '{"a": "$input.body", "b": "$context.requestid"}'},
    }
    at = "apis.shop.gatewayResponses.THROTTLED"
    assert found(with_shop({(*SHOP, "gatewayResponses"): {"THROTTLED": response}})) == [
        ("rest-gateway-response-doubt", f"{at}.{line}")
        for line in (
            (
                'responseParameters["gatewayresponse.header.b"]: "error.mesage" is not a $context variable of REST '
                'APIs; did you mean "error.message"?'
            ),
            (
                'responseTemplates["application/json"]: "$input.body" is printed as it is written: a gateway '
                "response's template knows $context, $stageVariables and $method.request alone"
            ),
            (
                'responseTemplates["application/json"]: "requestid" is not a $context variable of REST APIs; did you '
                'mean "requestId"?'
            ),
        )
    ]


def test_an_error_message_chooses_among_patterns_that_nobody_compares() -> None:
    patterns = {"200": {}, "404": {"selectionPattern": ".*"}, "500": {"selectionPattern": "4.*"}}
    spec = {"integrationType": "AWS", "integrationUri": FUNCTION, "integrationResponses": patterns}
    assert found(with_shop({SHARED: spec})) == []


def test_of_a_mock_the_statuses_that_it_makes_are_compared() -> None:
    patterns = {"204": {"selectionPattern": "204"}, "200": {"selectionPattern": r"2\d\d"}, "404": {}}
    templates = {"text/plain": '{"statusCode": 200}', "application/json": "{statusCode: 201}"}
    assert found(with_shop({MOCK: {**ANSWER, "requestTemplates": templates, "integrationResponses": patterns}})) == []


def test_an_edge_optimized_api_has_a_fixed_timeout() -> None:
    changes = with_shop(
        {(*SHOP, "endpointConfiguration"): {"types": ["EDGE"]}, (*PET_INTEGRATION, "timeoutInMillis"): 29_001}
    )
    assert "rest-long-timeout" not in [rule for rule, _ in found(changes)]


def test_stage_variables_that_are_read_and_not_set() -> None:
    changes = with_shop(
        {
            (*PET_INTEGRATION, "path"): "/${stageVariables.a}/{petId}",
            SHARED: {
                **HTTP,
                "requestParameters": {"integration.request.header.x": "stageVariables.b"},
                "requestTemplates": {
                    "application/json": "$stageVariables.c ${stageVariables['d']} $stageVariables.get('j')"
                    "#foreach($key in $stageVariables.keySet())$stageVariables.get($key)#end"
                    "$stageVariables.vpcLink_chat $stageVariables.vpcLink",
                },
                "integrationResponses": {
                    "200": {
                        "responseParameters": {"method.response.header.x": "stageVariables.e"},
                        "responseTemplates": {"application/json": "$stageVariables.f"},
                    }
                },
            },
            BUYERS: {**ASKED, "authorizerUri": VARIABLE, "authorizerCredentialsArn": ROLE},
            (*BUYERS, "identitySource"): ["stageVariables.g"],
            (*PET, "authorization"): "buyers",
            (*SHOP, "gatewayResponses"): {
                "DEFAULT_4XX": {
                    "responseParameters": {"gatewayresponse.header.x": "stageVariables.h"},
                    "responseTemplates": {"application/json": "$stageVariables.i"},
                }
            },
            (*STAGE, "variables"): {"a": "x", "z": "x"},
        }
    )
    shared, refusals = "apis.shop.integrations.list", "apis.shop.gatewayResponses.DEFAULT_4XX"
    response = f"{shared}.integrationResponses.200"
    reads = "reads the stage variable {}, which the stage does not have"
    assert found(changes) == [
        ("unset-variable", f"{place}: {reads.format(name)}")
        for place, name in (
            (f'{shared}.requestParameters["integration.request.header.x"]', "b"),
            (f'{shared}.requestTemplates["application/json"]', "c"),
            (f'{shared}.requestTemplates["application/json"]', "d"),
            (f'{shared}.requestTemplates["application/json"]', "j"),
            (f'{shared}.requestTemplates["application/json"]', "vpcLink"),
            (f'{response}.responseParameters["method.response.header.x"]', "e"),
            (f'{response}.responseTemplates["application/json"]', "f"),
            (f'{refusals}.responseParameters["gatewayresponse.header.x"]', "h"),
            (f'{refusals}.responseTemplates["application/json"]', "i"),
            ("apis.shop.authorizers.buyers.authorizerUri", "f"),
            ("apis.shop.authorizers.buyers.identitySource[0]", "g"),
        )
    ]
