"""Each kind of integration: what it must have, what it may have, and where what it has not belongs."""

from typing import Any, get_args

import pytest

from apigateway.integration_properties import BELONGS_TO
from settings import HttpIntegration, WebSocketIntegration, load_settings
from settings.integrations import HttpPrivateIntegration
from tests.settings.broken_apis import FUNCTION, LAMBDA, MOCK, PUBLIC, QUEUE, ROLE, SEND
from tests.settings.examples import CONNECT, ITEM, PROXY, Location, changed, problems, warnings

AWS = {"integrationType": "AWS", "integrationUri": FUNCTION}
QUEUE_URI = "arn:aws:apigateway:us-east-1:sqs:path/111122223333/orders"
PARAMETERS: dict[str, str] = QUEUE["requestParameters"]
MESSAGE: Location = (*SEND, "integration")


@pytest.mark.parametrize(
    ("integration", "expected"),
    [
        (
            {**PROXY, "integrationType": "http_proxy", "backend": "orders"},
            ['integrationType: must be HTTP_PROXY or AWS_PROXY, got "http_proxy"; did you mean HTTP_PROXY?'],
        ),
        (
            {**LAMBDA, "integrationMethod": "ANY"},
            ['integrationMethod: must be POST, got "ANY"; API Gateway calls Lambda by POST'],
        ),
        ({**LAMBDA, "backend": "orders"}, ["backend: does not belong here, but to HTTP_PROXY and HTTP integrations"]),
        (
            {"integrationType": "AWS_PROXY"},
            [
                (
                    "integrationUri: is required: the ARN of a Lambda function; or integrationSubtype for an "
                    "action of a service"
                )
            ],
        ),
        (
            {**PROXY, "backend": "orders", "integrationUri": "https://example.com"},
            ["integrationUri: goes without a backend: the URI follows from it; keep one of the two"],
        ),
        (
            {**PROXY, "backend": "orders", "payloadFormatVersion": "2.0"},
            ['payloadFormatVersion: must be "1.0", got "2.0"; 2.0 is for Lambda functions of HTTP APIs'],
        ),
        (
            {**PROXY, "backend": "orders", "credentialsArn": ROLE, "integrationSubtype": "SQS-SendMessage"},
            [
                "credentialsArn: does not belong here, but to AWS_PROXY and AWS integrations",
                "integrationSubtype: does not belong here, but to AWS_PROXY integrations of HTTP APIs",
            ],
        ),
        (
            {**PROXY, "backend": "orders", "connectionType": "VPC_LINK", "uri": "https://example.com"},
            [
                "connectionType: follows from backend (VPC_LINK) or integrationUri (INTERNET); leave it out",
                "uri: unknown key; did you mean integrationUri?",
            ],
        ),
        (
            {**PUBLIC, "tlsConfig": {"serverNameToVerify": "example.com"}},
            [
                (
                    "tlsConfig: does not belong here, but to HTTP_PROXY integrations of HTTP APIs with a "
                    "backend; a WebSocket API speaks TLS where the backend's listener does"
                )
            ],
        ),
        (
            {**PROXY, "integrationUri": FUNCTION},
            [
                (
                    "integrationUri: must be an http:// or https:// URL, got "
                    '"arn:aws:lambda:us-east-1:111122223333:function:f"; a Lambda function is called with '
                    "AWS_PROXY"
                )
            ],
        ),
        (
            {**PROXY, "integrationUri": "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/a/1/2"},
            [
                (
                    "integrationUri: must be an http:// or https:// URL, got "
                    '"arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/a/1/2"; what is private '
                    "stands under backends, and backend names it"
                )
            ],
        ),
        (
            {**PROXY, "integrationUri": "ftp://example.com"},
            ['integrationUri: must be an http:// or https:// URL, got "ftp://example.com"'],
        ),
        (
            {**PROXY, "integrationUri": "${stageVariables.url}/x"},
            [
                (
                    'integrationUri: must be an http:// or https:// URL, got "${stageVariables.url}/x"; write '
                    "https://${stageVariables.url}/x"
                )
            ],
        ),
        (
            {**PROXY, "integrationUri": "http://example.com:81/x"},
            ['integrationUri: must have port 80, 443 or 1024 to 65535, got "http://example.com:81/x"'],
        ),
        (
            {**PROXY, "integrationUri": "https://{tenant}.example.com/x"},
            ['integrationUri: must be an http:// or https:// URL, got "https://{tenant}.example.com/x"'],
        ),
        (
            {**PROXY, "integrationUri": "https://example.com/{}"},
            [
                (
                    "integrationUri: must have braces only in {name} and ${stageVariables.name}, got "
                    '"https://example.com/{}"'
                )
            ],
        ),
        (
            {**PROXY, "integrationUri": "https://example.com/{id+}"},
            [
                (
                    "integrationUri: must have braces only in {name} and ${stageVariables.name}, got "
                    '"https://example.com/{id+}"; write {id}'
                )
            ],
        ),
        (
            {**PROXY, "integrationUri": "https://example.com/{id}/{seat}"},
            [
                (
                    "integrationUri: {seat} is filled by nothing: the route GET /items/{id} has no path "
                    'variable {seat}, got "https://example.com/{id}/{seat}"'
                )
            ],
        ),
        (
            {**QUEUE, "payloadFormatVersion": "2.0"},
            ['payloadFormatVersion: must be "1.0", got "2.0"; 2.0 is for Lambda functions of HTTP APIs'],
        ),
        (
            {**QUEUE, "integrationMethod": "POST"},
            [("integrationMethod: does not belong here, but to integrations with a backend or an integrationUri")],
        ),
        (
            {**QUEUE, "requestParameters": {**PARAMETERS, "MessageBody": "$request.path"}},
            [
                (
                    "requestParameters.MessageBody: a service's parameter cannot read the whole path, got "
                    '"$request.path"; read a path variable: $request.path.NAME'
                )
            ],
        ),
        (
            {**QUEUE, "requestParameters": {**PARAMETERS, "MessageBody": "$request.path.seat"}},
            [
                (
                    "requestParameters.MessageBody: the route GET /items/{id} has no path variable {seat}, got "
                    '"$request.path.seat"'
                )
            ],
        ),
        (
            {**QUEUE, "requestParameters": {**PARAMETERS, "append:header.x": "y"}},
            [
                (
                    'requestParameters["append:header.x"]: the parameters of SQS-SendMessage bear the '
                    'service\'s own names, got "append:header.x"; expected one of QueueUrl, MessageBody, '
                    "DelaySeconds, MessageAttributes, MessageDeduplicationId, MessageGroupId, "
                    "MessageSystemAttributes, Region"
                )
            ],
        ),
        (
            {**QUEUE, "requestParameters": {**PARAMETERS, "DelaySeconds": "901", "MessageGroup": "a"}},
            [
                'requestParameters.DelaySeconds: must be a whole number of 0 to 900, got "901"',
                (
                    'requestParameters.MessageGroup: not a parameter of SQS-SendMessage, got "MessageGroup"; '
                    'did you mean "MessageGroupId"?'
                ),
            ],
        ),
        (
            {**QUEUE, "responseParameters": {"404": {"overwrite:statuscode": "99"}}},
            [('responseParameters.404["overwrite:statuscode"]: not a status code, got "99"; expected 200 to 599')],
        ),
        (
            {
                **QUEUE,
                "credentialsArn": ROLE,
                "resourceArn": "arn:aws:sqs:us-east-1:111122223333:q",
                "kmsKeyArn": "arn:aws:kms:us-east-1:111122223333:key/k",
            },
            [
                ("resourceArn: is for the role that is made where credentialsArn is left out; keep one of the two"),
                "kmsKeyArn: is for the role that is made where credentialsArn is left out; keep one of the two",
            ],
        ),
        (
            {**QUEUE, "resourceArn": "arn:aws:sqs:us-east-1:111122223333:other"},
            [
                (
                    "resourceArn: is another resource than requestParameters name, which is "
                    'arn:aws:sqs:us-east-1:111122223333:q, got "arn:aws:sqs:us-east-1:111122223333:other"'
                )
            ],
        ),
    ],
)
def test_bad_integration_of_an_http_api(integration: dict[str, Any], expected: list[str]) -> None:
    place = 'apis.orders.routes["GET /items/{id}"].integration.'
    assert problems(changed({ITEM: integration})) == [place + line for line in expected]


@pytest.mark.parametrize(
    ("integration", "expected"),
    [
        (
            {**PROXY, "integrationType": "LAMBDA"},
            ['integrationType: must be HTTP_PROXY, HTTP, AWS_PROXY, AWS or MOCK, got "LAMBDA"'],
        ),
        ({"integrationType": "AWS_PROXY"}, ["integrationUri: is required: the ARN of a Lambda function"]),
        ({"integrationType": "AWS"}, ["integrationUri: is required: a Lambda function or an action of a service"]),
        (
            {**LAMBDA, "payloadFormatVersion": "2.0"},
            ['payloadFormatVersion: must be "1.0", got "2.0"; 2.0 is for Lambda functions of HTTP APIs'],
        ),
        (
            {**PROXY, "backend": "chat", "requestTemplates": {}, "integrationResponses": {}},
            [
                (
                    "requestTemplates: does not belong here, but to HTTP, AWS and MOCK integrations of WebSocket "
                    "and REST APIs"
                ),
                (
                    "integrationResponses: does not belong here, but to HTTP, AWS and MOCK integrations of "
                    "WebSocket and REST APIs"
                ),
            ],
        ),
        (
            {**MOCK, "integrationMethod": "POST", "backend": "chat"},
            [
                ("integrationMethod: does not belong here, but to integrations with a backend or an integrationUri"),
                "backend: does not belong here, but to HTTP_PROXY and HTTP integrations",
            ],
        ),
        (
            {**MOCK, "backend": "chat", "integrationUri": "https://example.com"},
            [
                "backend: does not belong here, but to HTTP_PROXY and HTTP integrations",
                (
                    "integrationUri: does not belong here, but to integrations without a backend: a public URL "
                    "(HTTP_PROXY, HTTP) or a Lambda function (AWS_PROXY, AWS)"
                ),
            ],
        ),
        (
            {**PROXY, "integrationUri": "https://example.com/{room}"},
            ["integrationUri: {room} is filled by nothing; map integration.request.path.room"],
        ),
        (
            {**PUBLIC, "integrationType": "HTTP", "passthroughBehavior": "ALWAYS", "contentHandlingStrategy": "TEXT"},
            [
                'contentHandlingStrategy: must be CONVERT_TO_BINARY or CONVERT_TO_TEXT, got "TEXT"',
                'passthroughBehavior: must be WHEN_NO_MATCH, WHEN_NO_TEMPLATES or NEVER, got "ALWAYS"',
            ],
        ),
        ({**AWS, "integrationUri": QUEUE_URI}, ['credentialsArn: is required: "sqs" is called with a role']),
        (
            {**AWS, "integrationMethod": "GET"},
            ["integrationMethod: must be POST, got GET; API Gateway calls Lambda by POST"],
        ),
        (
            {**AWS, "integrationMethod": "ANY"},
            ['integrationMethod: must be GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS, got "ANY"'],
        ),
        (
            {
                **MOCK,
                "integrationResponses": {
                    "404": {"responseTemplates": {"$default": "#if(1)"}, "responseParameters": {}}
                },
            },
            [
                (
                    'integrationResponses.404: not the key of an integration response, got "404"; expected '
                    "$default or a regular expression between slashes such as /4\\d\\d/; write /404/"
                ),
                'integrationResponses.404.responseTemplates["$default"]: line 1: #if has no #end, got "#if(1)"',
                (
                    "integrationResponses.404.responseParameters: does not belong here: a message has no "
                    "headers; make it with responseTemplates"
                ),
            ],
        ),
        (
            {
                **MOCK,
                "integrationResponses": {
                    "$default": {"templateSelectionExpression": "${integration.response.statuscode}"}
                },
            },
            [
                (
                    'integrationResponses["$default"].templateSelectionExpression: selects one of '
                    "responseTemplates, and there are none"
                )
            ],
        ),
        (
            {
                **MOCK,
                "requestTemplates": {"$default": "x"},
                "templateSelectionExpression": "${integration.response.statuscode}",
            },
            [
                (
                    'templateSelectionExpression: "integration.response.statuscode" cannot select a template '
                    'of a request, which has no response yet, got "${integration.response.statuscode}"; '
                    'expected $request.body.PATH, ${request.body.PATH} amid text, or text with "$" written as '
                    '"\\$"'
                )
            ],
        ),
    ],
)
def test_bad_integration_of_a_websocket_api(integration: dict[str, Any], expected: list[str]) -> None:
    assert problems(changed({MESSAGE: integration})) == [
        f"apis.chat.routes.send.integration.{line}" for line in expected
    ]


def test_a_property_that_some_integrations_lack_says_where_it_belongs() -> None:
    kinds = [*get_args(HttpIntegration), *get_args(WebSocketIntegration)]
    properties = [{field.alias for field in kind.model_fields.values()} for kind in kinds]
    assert set.union(*properties) - set.intersection(*properties) == BELONGS_TO.keys()


def test_an_editor_offers_the_words_of_a_property() -> None:
    schema = HttpPrivateIntegration.model_json_schema()["properties"]["integrationMethod"]
    assert schema["enum"] == ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"]


TEMPLATES = {
    "requestTemplates": {"buy": "$input.body", "$default": "{}"},
    "templateSelectionExpression": "${request.body.kind}",
    "passthroughBehavior": "NEVER",
    "contentHandlingStrategy": "CONVERT_TO_TEXT",
    "integrationResponses": {
        "$default": {
            "responseTemplates": {"200": "$input.body"},
            "templateSelectionExpression": "${integration.response.statuscode}",
            "contentHandlingStrategy": "CONVERT_TO_BINARY",
        },
        "/4\\d\\d/": {},
    },
}


@pytest.mark.parametrize(
    ("place", "integration"),
    [
        (ITEM, PUBLIC),
        (ITEM, {**PROXY, "integrationUri": "http://example.com:3000/items/{id}?a=b"}),
        (ITEM, {**PUBLIC, "path": "/v1/${request.path.id}", "timeoutInMillis": 50, "description": "x"}),
        (ITEM, LAMBDA),
        (ITEM, {**LAMBDA, "payloadFormatVersion": "2.0", "integrationMethod": "POST", "credentialsArn": ROLE}),
        (ITEM, {**LAMBDA, "integrationUri": f"{FUNCTION}:live", "requestParameters": {"append:header.x": "y"}}),
        (ITEM, {**LAMBDA, "integrationUri": FUNCTION.replace("us-east-1", "eu-west-1")}),
        (
            ITEM,
            {**QUEUE, "payloadFormatVersion": "1.0", "responseParameters": {"500": {"overwrite:statuscode": "503"}}},
        ),
        (ITEM, {**QUEUE, "requestParameters": {**PARAMETERS, "MessageBody": "$request.path.id"}}),
        (ITEM, {**QUEUE, "credentialsArn": ROLE}),
        (
            ITEM,
            {
                **QUEUE,
                "resourceArn": "arn:aws:sqs:us-east-1:111122223333:q",
                "kmsKeyArn": "arn:aws:kms:us-east-1:111122223333:key/k",
            },
        ),
        (
            ITEM,
            {
                **QUEUE,
                "resourceArn": "arn:aws:sqs:us-east-1:111122223333:q",
                "requestParameters": {**PARAMETERS, "QueueUrl": "$request.header.queue"},
            },
        ),
        (MESSAGE, PUBLIC),
        (
            MESSAGE,
            {
                **PROXY,
                "integrationUri": "https://example.com/{room}",
                "requestParameters": {"integration.request.path.room": "route.request.body.room"},
            },
        ),
        (MESSAGE, {**PROXY, "backend": "chat", "integrationType": "HTTP", **TEMPLATES}),
        (MESSAGE, {**PUBLIC, "integrationType": "HTTP", **TEMPLATES}),
        (MESSAGE, {**LAMBDA, "payloadFormatVersion": "1.0"}),
        (MESSAGE, {**AWS, **TEMPLATES}),
        (MESSAGE, {**AWS, "integrationUri": QUEUE_URI, "integrationMethod": "GET", "credentialsArn": ROLE}),
        (MESSAGE, {**AWS, "integrationUri": QUEUE_URI, "credentialsArn": "arn:aws:iam::*:user/*"}),
        (MESSAGE, {**MOCK, **TEMPLATES}),
        (CONNECT, {**MOCK, "integrationResponses": {"$default": {}}}),
    ],
)
def test_legal_integration_that_leaves_no_doubt(place: Location, integration: dict[str, Any]) -> None:
    assert warnings({place: integration}) == []


def test_stage_variables_in_a_public_url() -> None:
    url = "https://${stageVariables.host}:${stageVariables.port}/{id}/${stageVariables.port}"
    settings = load_settings(changed({ITEM: {**PROXY, "integrationUri": url}}))
    assert settings.apis["orders"].used_integrations[0].model_dump(exclude_unset=True)["integration_uri"] == url


@pytest.mark.parametrize("pattern", [{}, {"/2\\d\\d/": {}}])
def test_a_route_that_answers_needs_a_default_response(pattern: dict[str, Any]) -> None:
    integration = {**MOCK, "integrationResponses": pattern}
    assert problems(changed({MESSAGE: integration, (*SEND, "routeResponse"): True})) == [
        (
            "apis.chat.routes.send.integration.integrationResponses: needs $default, for the route send has a route "
            f"response, got {', '.join(pattern) or 'none'}"
        )
    ]
    answered = {**MOCK, "integrationResponses": {**pattern, "$default": {}}}
    load_settings(changed({MESSAGE: answered, (*SEND, "routeResponse"): True}))
