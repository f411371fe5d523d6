"""Routes, models, API keys and usage plans."""

from collections.abc import Mapping

import pytest

from settings import WebSocketApi, load_settings
from tests.settings.broken_apis import GET, MODEL, OPENING, PUBLIC, REQUEST, SEND
from tests.settings.examples import CHAT, ORDERS, Location, changed, problems, rules_of, warnings

MODELS: Mapping[Location, object] = {(*CHAT, "models"): {"order": MODEL, "offer": MODEL}}
ASKED: Mapping[Location, object] = {(*OPENING, "apiKeyRequired"): True}
PLANS: Location = (*CHAT, "usagePlans")
KIND = "${request.body.kind}"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({SEND: {}}, ["apis.chat.routes.send.integration: is required"]),
        (
            {
                (*CHAT, "routes", "old"): {
                    "retired": True,
                    "integration": "forward",
                    "routeResponse": True,
                    "operationName": "x",
                }
            },
            [
                (
                    "apis.chat.routes.old.operationName: has no meaning on a retired route, which leads "
                    "nowhere; leave it out"
                ),
                (
                    "apis.chat.routes.old.integration: has no meaning on a retired route, which leads nowhere; "
                    "leave it out"
                ),
                (
                    "apis.chat.routes.old.routeResponse: has no meaning on a retired route, which leads "
                    "nowhere; leave it out"
                ),
            ],
        ),
        (
            {(*CHAT, "routes", "$disconnect"): {"integration": "forward", "routeResponse": True}},
            [
                (
                    'apis.chat.routes["$disconnect"].routeResponse: must be false on $disconnect: the client '
                    "that would get the answer is gone"
                )
            ],
        ),
        (
            {
                (*SEND, "requestParameters"): {
                    "route.request.querystring.x": {},
                    "route.request.header.X": {"required": True},
                }
            },
            [
                (
                    'apis.chat.routes.send.requestParameters["route.request.querystring.x"]: can be declared '
                    "on $connect only, not on send: a message has no headers and no query string"
                ),
                (
                    'apis.chat.routes.send.requestParameters["route.request.header.X"]: can be declared on '
                    "$connect only, not on send: a message has no headers and no query string"
                ),
            ],
        ),
        (
            {(*OPENING, "requestParameters"): {"method.request.header.X": {}}},
            [
                (
                    'apis.chat.routes["$connect"].requestParameters["method.request.header.X"]: must be '
                    "route.request.header.NAME or route.request.querystring.NAME, got "
                    '"method.request.header.X"'
                )
            ],
        ),
        (
            {(*SEND, "requestModels"): {"$default": "order"}},
            [('apis.chat.routes.send.requestModels["$default"]: no model "order" under apis.chat.models; known: none')],
        ),
        (
            {**MODELS, (*SEND, "requestModels"): {"$default": "ordr", "buy": "offer"}},
            [
                (
                    'apis.chat.routes.send.requestModels["$default"]: no model "ordr" under apis.chat.models; '
                    "did you mean order?"
                ),
                (
                    "apis.chat.routes.send.requestModels.buy: is selected by nothing; write $default, or give "
                    "a modelSelectionExpression"
                ),
            ],
        ),
        (
            {**MODELS, (*SEND, "requestModels"): {"$default": "my-order"}},
            [
                (
                    'apis.chat.routes.send.requestModels["$default"]: not the name of a model, got "my-order"; '
                    "expected 1 to 128 letters and digits; write myOrder"
                )
            ],
        ),
        (
            {(*SEND, "modelSelectionExpression"): KIND},
            [("apis.chat.routes.send.modelSelectionExpression: selects one of requestModels, and there are none")],
        ),
        ({(*CHAT, "models"): {"order": {}}}, ["apis.chat.models.order.schema: is required"]),
        (
            {(*CHAT, "models"): {"order": {"contentType": "json", "schema": {"type": "objct", "const": 1}}}},
            [
                ('apis.chat.models.order.contentType: must be a content type such as application/json, got "json"'),
                (
                    "apis.chat.models.order.schema.type: must be one of array, boolean, integer, null, "
                    'number, object, string, or a list of them, got "objct"; did you mean "object"?'
                ),
                ('apis.chat.models.order.schema.const: not a keyword of JSON Schema draft 4; did you mean "enum"?'),
            ],
        ),
        (
            {(*SEND, "apiKeyRequired"): True},
            [
                (
                    "apis.chat.routes.send.apiKeyRequired: must be false: a WebSocket API asks for an API key "
                    "on $connect only"
                )
            ],
        ),
        (
            {**ASKED, PLANS: {"partner": {"quota": {"limit": 1, "period": "DAY"}}}},
            [
                (
                    'apis.chat.routes["$connect"].apiKeyRequired: needs a usage plan of this API with apiKeys: '
                    "nobody has a key to connect with"
                )
            ],
        ),
        (
            {**ASKED, PLANS: {"partner": {"apiKeys": ["acme", "acme"]}, "other": {"apiKeys": ["acme"]}}},
            [
                "apis.chat.usagePlans.partner.apiKeys[1]: acme is named twice",
                (
                    "apis.chat.usagePlans.other.apiKeys[0]: acme is a key of the plan partner too: a key has "
                    "one plan of an API"
                ),
            ],
        ),
        (
            {**ASKED, PLANS: {"partner": {"apiKeys": ["acme"], "quota": {"limit": 1, "period": "DAY", "offset": 1}}}},
            ["apis.chat.usagePlans.partner.quota.offset: must be 0 for DAY, got 1"],
        ),
        (
            {**ASKED, PLANS: {"partner": {"apiKeys": ["acme"], "quota": {"limit": 1, "period": "WEEK", "offset": 7}}}},
            ["apis.chat.usagePlans.partner.quota.offset: must be 0 to 6 for WEEK, got 7"],
        ),
        (
            {**ASKED, PLANS: {"partner": {"apiKeys": ["acme"], "quota": {"limit": 0, "period": "YEAR", "offset": 28}}}},
            [
                "apis.chat.usagePlans.partner.quota.limit: must be 1 to 2147483647, got 0",
                'apis.chat.usagePlans.partner.quota.period: must be DAY, WEEK or MONTH, got "YEAR"',
                "apis.chat.usagePlans.partner.quota.offset: must be 0 to 27, got 28",
            ],
        ),
        (
            {**ASKED, PLANS: {"partner": {"apiKeys": ["a b"]}}},
            [
                (
                    "apis.chat.usagePlans.partner.apiKeys[0]: must be a name of up to 64 letters, digits, _ "
                    'and - that begins with a letter, got "a b"'
                )
            ],
        ),
        (
            {
                **ASKED,
                PLANS: {"partner": {"apiKeys": ["acme"]}},
                (*CHAT, "apiKeySelectionExpression"): "$context.authorizer.usageIdentifierKey",
            },
            ["apis.chat.apiKeySelectionExpression: reads the key from an authorizer, and $connect has none"],
        ),
        (
            {(*CHAT, "apiKeySelectionExpression"): "$request.header.api-key"},
            [
                (
                    "apis.chat.apiKeySelectionExpression: not an API key selection expression, got "
                    '"$request.header.api-key"; expected $request.header.x-api-key or '
                    '$context.authorizer.usageIdentifierKey; did you mean "$request.header.x-api-key"?'
                )
            ],
        ),
        (
            {(*GET, "retired"): True},
            [
                (
                    'apis.orders.routes["GET /items/{id}"].retired: unknown key; take the route of an HTTP '
                    "API out of the file"
                )
            ],
        ),
        (
            {
                (*GET, "apiKeyRequired"): True,
                (*GET, "requestModels"): {},
                (*ORDERS, "models"): {},
                (*ORDERS, "usagePlans"): {},
            },
            [
                (
                    'apis.orders.routes["GET /items/{id}"].apiKeyRequired: unknown key; API keys belong to '
                    "WebSocket and REST APIs"
                ),
                (
                    'apis.orders.routes["GET /items/{id}"].requestModels: unknown key; models belong to '
                    "WebSocket and REST APIs"
                ),
                "apis.orders.models: unknown key; models belong to WebSocket and REST APIs",
                "apis.orders.usagePlans: unknown key; usage plans belong to WebSocket and REST APIs",
            ],
        ),
        (
            {(*SEND, "routeResponseSelectionExpression"): "$default", (*SEND, "authorizationScopes"): []},
            [
                "apis.chat.routes.send.routeResponseSelectionExpression: unknown key; write routeResponse: true",
                (
                    "apis.chat.routes.send.authorizationScopes: unknown key; scopes belong to JWT authorizers "
                    "of HTTP APIs"
                ),
            ],
        ),
        (
            {(*ORDERS, "stage", "routeSettings"): {"GET /itms/{id}": {}}},
            [
                (
                    'apis.orders.stage.routeSettings["GET /itms/{id}"]: no route "GET /itms/{id}" under '
                    "apis.orders.routes; did you mean GET /items/{id}?"
                )
            ],
        ),
    ],
)
def test_bad_routes(changes: Mapping[Location, object], expected: list[str]) -> None:
    assert problems(changed(changes)) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {(*CHAT, "routes", "old"): {"retired": True}},
        {(*SEND, "retired"): False},
        {(*OPENING, "routeResponse"): True},
        {(*OPENING, "requestParameters"): {"route.request.header.X": {"required": True}}},
        {(*SEND, "operationName"): "send", (*GET, "operationName"): "item"},
        {
            **MODELS,
            (*SEND, "requestModels"): {"$default": "order", "x": "offer"},
            (*SEND, "modelSelectionExpression"): KIND,
        },
        {
            (*CHAT, "models"): {"order": {**MODEL, "contentType": "application/json", "description": "An order."}},
            (*SEND, "requestModels"): {"$default": "order"},
        },
        {**ASKED, PLANS: {"partner": {"apiKeys": ["acme"]}, "other": {"apiKeys": ["umbrella"]}}},
        {
            **ASKED,
            PLANS: {
                "partner": {
                    "apiKeys": ["acme"],
                    "throttling": {"rateLimit": 5, "burstLimit": 10},
                    "quota": {"limit": 1000, "period": "MONTH", "offset": 27},
                }
            },
        },
        {
            **ASKED,
            PLANS: {"partner": {"apiKeys": ["acme"]}},
            (*CHAT, "apiKeySelectionExpression"): "$context.authorizer.usageIdentifierKey",
            (*CHAT, "authorizers"): {"token": {**REQUEST, "identitySource": []}},
            (*OPENING, "authorization"): "token",
        },
    ],
)
def test_legal_routes_that_leave_no_doubt(changes: Mapping[Location, object]) -> None:
    assert warnings(changes) == []


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({(*CHAT, "models"): {"order": {}}, (*SEND, "requestModels"): {"$default": "order"}}, ["required-key"]),
        ({**ASKED, PLANS: {"partner": {"apiKeys": "acme"}}}, ["value"]),
        ({(*SEND, "routeResponse"): "yes", (*CHAT, "stage", "routeSettings"): {"send": {}}}, ["value"]),
    ],
)
def test_what_is_unsound_is_still_there_for_others(changes: Mapping[Location, object], rules: list[str]) -> None:
    assert rules_of(changed(changes)) == rules


def test_a_retired_route_leads_nowhere() -> None:
    chat = load_settings(changed({(*CHAT, "routes", "old"): {"retired": True}})).apis["chat"]
    assert isinstance(chat, WebSocketApi)
    assert chat.integration_of(chat.routes["old"]) is None
    assert len(chat.used_integrations) == len(chat.routes) - 1


def test_the_schema_of_a_model_is_printed_under_its_own_name() -> None:
    chat = load_settings(changed({**MODELS, (*SEND, "requestModels"): {"$default": "order"}})).apis["chat"]
    printed = chat.model_dump(mode="json", by_alias=True)
    assert printed["models"]["order"] == {
        "contentType": "application/json",
        "schema": {"type": "object"},
        "description": None,
    }


def test_parts_of_one_kind_that_make_one_resource_name() -> None:
    other = {
        "protocol": "WEBSOCKET",
        "routes": {"$connect": {"integration": PUBLIC, "authorization": "token"}},
        "authorizers": {"token": {**REQUEST, "identitySource": []}},
        "usagePlans": {"partner": {"apiKeys": ["acme"]}},
        "models": {"order": MODEL},
        "stage": {"name": "dev"},
    }
    raw = changed(
        {
            ("apis", "chat-v2"): other,
            (*CHAT, "authorizers"): {"v2-token": {**REQUEST, "identitySource": []}},
            (*CHAT, "usagePlans"): {"v2-partner": {"apiKeys": ["acme"]}},
            (*CHAT, "routes", "v2-$connect"): {"integration": "forward"},
            (*ORDERS, "stages"): [{"name": "$default"}, {"name": "default"}],
        }
    )
    twins = {
        'apis.chat.routes["v2-$connect"]': 'apis.chat-v2.routes["$connect"]',
        "apis.chat.authorizers.v2-token": "apis.chat-v2.authorizers.token",
        "apis.orders.stages[0].name": "apis.orders.stages[1].name",
        "apis.chat.usagePlans.v2-partner": "apis.chat-v2.usagePlans.partner",
    }
    assert problems(raw) == [
        f"{one}: makes the same resource name as {other_one}; rename one of the two" for one, other_one in twins.items()
    ]
