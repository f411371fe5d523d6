from policy.aws_types import API, ROUTE
from policy.checks.route_authorization import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, preview, resource

HTTP = resource(API, "orders", protocolType="HTTP")
WEBSOCKET = resource(API, "chat", protocolType="WEBSOCKET")
OPEN_CONNECT = 'chat-$connect: authorizationType must be AWS_IAM or CUSTOM, got "NONE"'
NOBODY_ASKED = "chat: routes must have $connect, which alone can authorize, got none: everybody can connect"


def route(api: Resource, key: Value, authorization: Value = None, /, **properties: Value) -> Resource:
    said = {} if authorization is None else {"authorizationType": authorization}
    return resource(ROUTE, f"{api.name}-{key}", apiId=api.id, routeKey=key, **said, **properties)


CONNECT = route(WEBSOCKET, "$connect", "CUSTOM")

CASES = Cases(
    policy=POLICY,
    good={
        "http": (HTTP, route(HTTP, "GET /a", "JWT"), route(HTTP, "POST /a", "CUSTOM"), route(HTTP, "$default", "JWT")),
        "http signed": (HTTP, route(HTTP, "GET /a", "AWS_IAM")),
        "preflight": (HTTP, route(HTTP, "OPTIONS /{proxy+}", "NONE"), route(HTTP, "OPTIONS /a")),
        "no routes": (HTTP,),
        "websocket": (
            WEBSOCKET,
            CONNECT,
            route(WEBSOCKET, "$disconnect", "NONE"),
            route(WEBSOCKET, "$default", "NONE"),
            route(WEBSOCKET, "send", "NONE"),
            route(WEBSOCKET, "other"),
        ),
        "an authorized route of an API of another stack": (route(HTTP, "GET /a", "JWT"),),
        "a preview": (WEBSOCKET, preview(CONNECT, apiId=WEBSOCKET), HTTP, route(HTTP, "OPTIONS /a", "NONE")),
    },
    bad={
        "http": (
            (HTTP, route(HTTP, "GET /a", "NONE"), route(HTTP, "ANY /{proxy+}"), route(HTTP, "$default", "NONE")),
            [
                'orders-GET /a: authorizationType must be AWS_IAM, JWT or CUSTOM, got "NONE"',
                "orders-ANY /{proxy+}: authorizationType must be AWS_IAM, JWT or CUSTOM, got none",
                'orders-$default: authorizationType must be AWS_IAM, JWT or CUSTOM, got "NONE"',
            ],
        ),
        "a path with the name of a method": (
            (HTTP, route(HTTP, "GET /OPTIONS", "NONE")),
            ['orders-GET /OPTIONS: authorizationType must be AWS_IAM, JWT or CUSTOM, got "NONE"'],
        ),
        "websocket": (
            (WEBSOCKET, route(WEBSOCKET, "$connect", "NONE"), route(WEBSOCKET, "send", "NONE")),
            [OPEN_CONNECT],
        ),
        "an API key": (
            (WEBSOCKET, route(WEBSOCKET, "$connect", "NONE", apiKeyRequired=True)),
            [f"{OPEN_CONNECT}; apiKeyRequired counts calls and says nothing of who makes them"],
        ),
        "no $connect": ((WEBSOCKET, route(WEBSOCKET, "send", "NONE")), [NOBODY_ASKED]),
        "no routes": ((WEBSOCKET,), [NOBODY_ASKED]),
        "$connect of another API": (
            (resource(API, "news", protocolType="WEBSOCKET"), WEBSOCKET, CONNECT),
            [NOBODY_ASKED.replace("chat", "news")],
        ),
        "a preview": (
            (WEBSOCKET, preview(route(WEBSOCKET, "$connect", "NONE"), apiId=WEBSOCKET)),
            [OPEN_CONNECT],
        ),
    },
    undecided={
        "an authorization": (
            (HTTP, route(HTTP, "GET /a", UNKNOWN)),
            ["orders-GET /a: authorizationType is not known"],
        ),
        "a key": (
            (WEBSOCKET, resource(ROUTE, "chat-route", apiId=WEBSOCKET.id, routeKey=UNKNOWN)),
            ["chat-route: routeKey is not known"],
        ),
        "an API of another stack": ((route(HTTP, "GET /a", "NONE"),), ["orders-GET /a: apiId is not known"]),
    },
)
