"""What AWS accepts of an API, and is most likely not meant."""

from collections.abc import Mapping

import pytest

from tests.settings.broken_apis import FUNCTION, GET, JWT, LAMBDA, MOCK, MODEL, QUEUE, REQUEST, ROLE, SEND, SHOP
from tests.settings.examples import CHAT, ITEM, ORDERS, PROXY, Location, warnings

CORS: Location = (*ORDERS, "cors")
PLANS: Location = (*CHAT, "usagePlans")
MODELS: Mapping[Location, object] = {(*CHAT, "models"): {"order": MODEL, "offer": MODEL}}
VARIABLE = FUNCTION.removesuffix("f") + "${stageVariables.f}"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {SHOP: JWT, (*CHAT, "authorizers"): {"token": {**REQUEST, "identitySource": []}}},
            ["apis.chat.authorizers.token: is used by no route", "apis.orders.authorizers.shop: is used by no route"],
        ),
        ({**MODELS, (*SEND, "requestModels"): {"$default": "order"}}, ["apis.chat.models.offer: is used by no route"]),
        (
            {PLANS: {"partner": {"throttling": {"rateLimit": 1, "burstLimit": 1}}}},
            [
                (
                    "apis.chat.usagePlans: limit nobody: $connect does not have apiKeyRequired, so that nobody "
                    "is asked for a key"
                ),
                "apis.chat.usagePlans.partner: limits nobody: it has no apiKeys",
            ],
        ),
        (
            {
                CORS: {
                    "allowMethods": ["*"],
                    "allowHeaders": ["x", "*"],
                    "exposeHeaders": ["*"],
                    "allowCredentials": True,
                }
            },
            [
                (
                    "apis.orders.cors.allowMethods: * is taken by browsers for a name where allowCredentials "
                    "is true; name them all"
                ),
                (
                    "apis.orders.cors.allowHeaders: * is taken by browsers for a name where allowCredentials "
                    "is true; name them all"
                ),
                (
                    "apis.orders.cors.exposeHeaders: * is taken by browsers for a name where allowCredentials "
                    "is true; name them all"
                ),
            ],
        ),
        (
            {(*SEND, "integration"): {**MOCK, "requestTemplates": {"200": "x"}, "templateSelectionExpression": "201"}},
            [
                (
                    "apis.chat.routes.send.integration.requestTemplates.200: is never taken: "
                    'templateSelectionExpression selects "201" for every message'
                )
            ],
        ),
        (
            {
                (*SEND, "integration"): {
                    **MOCK,
                    "integrationResponses": {"$default": {"responseTemplates": {"200": "$contxt.stage"}}},
                }
            },
            [
                (
                    'apis.chat.routes.send.integration.integrationResponses["$default"].responseTemplates.200: '
                    'is never taken: templateSelectionExpression is left out, which selects "$default" for '
                    "every message"
                ),
                (
                    'apis.chat.routes.send.integration.integrationResponses["$default"].responseTemplates.200: '
                    '"$contxt" is not defined, and is printed as it is written; did you mean "$context"?'
                ),
            ],
        ),
        (
            {ITEM: {**LAMBDA, "integrationUri": VARIABLE, "credentialsArn": ROLE}},
            [
                (
                    'apis.orders.routes["GET /items/{id}"].integration.integrationUri: reads the stage '
                    "variable f, which the stage does not have"
                )
            ],
        ),
        (
            {
                SHOP: {**REQUEST, "authorizerUri": VARIABLE, "identitySource": ["$stageVariables.x"]},
                (*GET, "authorization"): "shop",
            },
            [
                (
                    "apis.orders.authorizers.shop.authorizerUri: names a function by a stage variable, so that "
                    "it gets no permission from here; give authorizerCredentialsArn, or let the functions' own "
                    "stack allow the calls"
                ),
                (
                    "apis.orders.authorizers.shop.authorizerUri: reads the stage variable f, which the stage "
                    "does not have"
                ),
                (
                    "apis.orders.authorizers.shop.identitySource[0]: reads the stage variable x, which the "
                    "stage does not have"
                ),
            ],
        ),
        (
            {(*SEND, "integration"): {**PROXY, "backend": "chat", "path": "/${stageVariables.room}"}},
            [("apis.chat.routes.send.integration.path: reads the stage variable room, which the stage does not have")],
        ),
        (
            {
                (*SEND, "integration"): {
                    **MOCK,
                    "requestTemplates": {"$default": "$stageVariables.a ${stageVariables['b']} $!stageVariables.a"},
                }
            },
            [
                (
                    'apis.chat.routes.send.integration.requestTemplates["$default"]: reads the stage variable '
                    "a, which the stage does not have"
                ),
                (
                    'apis.chat.routes.send.integration.requestTemplates["$default"]: reads the stage variable '
                    "b, which the stage does not have"
                ),
            ],
        ),
        (
            {
                (*ORDERS, "stages"): [{"name": "a", "variables": {"x": "1"}}, {"name": "b"}],
                (*ITEM, "path"): "/${stageVariables.x}",
            },
            [
                (
                    'apis.orders.routes["GET /items/{id}"].integration.path: reads the stage variable x, which '
                    "not every stage has"
                )
            ],
        ),
        (
            {(*ITEM, "responseParameters"): {"404": {"append:header.x": "$stageVariables.x"}}},
            [
                (
                    'apis.orders.routes["GET '
                    '/items/{id}"].integration.responseParameters.404["append:header.x"]: reads the stage '
                    "variable x, which the stage does not have"
                )
            ],
        ),
        (
            {
                ITEM: {
                    **QUEUE,
                    "requestParameters": {"QueueUrl": "$stageVariables.queue", "MessageBody": "$request.body"},
                }
            },
            [
                (
                    'apis.orders.routes["GET /items/{id}"].integration.resourceArn: is left out, so that the '
                    "role may do sqs:SendMessage on every resource: only a request names one"
                ),
                (
                    'apis.orders.routes["GET /items/{id}"].integration.requestParameters.QueueUrl: reads the '
                    "stage variable queue, which the stage does not have"
                ),
            ],
        ),
        *(
            (
                {ITEM: {**PROXY, "integrationUri": f"http://{host}/x"}},
                [
                    (
                        f'apis.orders.routes["GET /items/{{id}}"].integration.integrationUri: leads to {host}, which '
                        "API Gateway cannot reach; a private host stands under backends"
                    )
                ],
            )
            for host in ("localhost", "api.localhost", "127.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]")
        ),
        *(
            ({ITEM: {**PROXY, "integrationUri": f"http://{host}/x"}}, [])
            for host in ("8.8.8.8", "localhost.example.com", "[2606:4700::1111]")
        ),
        (
            {
                ITEM: {
                    "integrationType": "AWS_PROXY",
                    "integrationSubtype": "AppConfig-GetConfiguration",
                    "requestParameters": {
                        "Application": "shop",
                        "Environment": "live",
                        "Configuration": "prices",
                        "ClientId": "gateway",
                    },
                }
            },
            [
                (
                    'apis.orders.routes["GET /items/{id}"].integration.resourceArn: is left out, so that the role may '
                    "do appconfig:GetConfiguration on every resource: names are not ids, which a role is limited by"
                )
            ],
        ),
        (
            {
                (*CHAT, "routes", "$disconnect"): {
                    "integration": {
                        **PROXY,
                        "backend": "chat",
                        "requestParameters": {"integration.request.header.x": "context.messageId"},
                    }
                },
                (*SEND, "integration"): {
                    **PROXY,
                    "backend": "chat",
                    "requestParameters": {"integration.request.header.x": "context.messageId"},
                },
            },
            [
                (
                    'apis.chat.routes["$disconnect"].integration.requestParameters["integration.request.header.x"]: '
                    "has no value on $disconnect, which is no message"
                )
            ],
        ),
        (
            {(*ORDERS, "routes", "GET /:a/b:c/:d"): {"integration": {**PROXY, "backend": "orders"}}},
            [
                'apis.orders.routes["GET /:a/b:c/:d"]: ":a" is text; did you mean {a}?',
                'apis.orders.routes["GET /:a/b:c/:d"]: ":d" is text; did you mean {d}?',
            ],
        ),
    ],
)
def test_doubts_about_an_api(changes: Mapping[Location, object], expected: list[str]) -> None:
    assert warnings(changes) == expected
