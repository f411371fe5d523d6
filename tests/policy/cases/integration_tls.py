from policy.aws_types import API, INTEGRATION
from policy.checks.integration_tls import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, preview, resource

HTTP = resource(API, "orders", protocolType="HTTP")
WEBSOCKET = resource(API, "chat", protocolType="WEBSOCKET")
LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/orders/1/2"


def private(name: str, api: Resource, **properties: Value) -> Resource:
    return resource(INTEGRATION, name, apiId=api.id, connectionType="VPC_LINK", **properties)


OPEN = private("orders-list", HTTP, integrationUri=LISTENER)
SECURE = private("orders-list", HTTP, integrationUri=LISTENER, tlsConfig={"serverNameToVerify": "orders.internal"})
SECURE_SOCKET = private("chat-forward", WEBSOCKET, integrationUri="https://chat.internal/message")

CASES = Cases(
    policy=POLICY,
    good={
        "http": (HTTP, SECURE),
        "websocket": (WEBSOCKET, SECURE_SOCKET),
        "a scheme in capitals": (WEBSOCKET, private("chat-forward", WEBSOCKET, integrationUri="HTTPS://chat.internal")),
        "public": (
            HTTP,
            resource(INTEGRATION, "orders-rates", apiId=HTTP.id, connectionType="INTERNET", integrationUri="http://a"),
        ),
        "no connection": (WEBSOCKET, resource(INTEGRATION, "chat-mock", apiId=WEBSOCKET.id, integrationType="MOCK")),
        "a preview": (HTTP, WEBSOCKET, preview(SECURE, apiId=HTTP), preview(SECURE_SOCKET, apiId=WEBSOCKET)),
    },
    bad={
        "http": ((HTTP, OPEN), ["orders-list: tlsConfig.serverNameToVerify must be a server name, got none"]),
        "http, an empty name": (
            (HTTP, private("orders-list", HTTP, tlsConfig={"serverNameToVerify": ""})),
            ["orders-list: tlsConfig.serverNameToVerify must be a server name, got none"],
        ),
        "http, an API that is still to come": (
            (HTTP, preview(OPEN, apiId=HTTP)),
            ["orders-list: tlsConfig.serverNameToVerify must be a server name, got none"],
        ),
        "websocket": (
            (WEBSOCKET, private("chat-forward", WEBSOCKET, integrationUri="http://chat.internal/message")),
            ['chat-forward: integrationUri must begin with https://, got "http://chat.internal/message"'],
        ),
        "websocket with an HTTP API's setting": (
            (WEBSOCKET, private("chat-forward", WEBSOCKET, tlsConfig={"serverNameToVerify": "chat.internal"})),
            ["chat-forward: integrationUri must begin with https://, got none"],
        ),
    },
    undecided={
        "a balancer's name": (
            (WEBSOCKET, private("chat-forward", WEBSOCKET, integrationUri=UNKNOWN)),
            ["chat-forward: integrationUri is not known"],
        ),
        "a server name": (
            (HTTP, private("orders-list", HTTP, tlsConfig={"serverNameToVerify": UNKNOWN})),
            ["orders-list: tlsConfig.serverNameToVerify is not known"],
        ),
        "a connection": (
            (HTTP, resource(INTEGRATION, "orders-list", apiId=HTTP.id, connectionType=UNKNOWN)),
            ["orders-list: connectionType is not known"],
        ),
        "an API of another stack": ((OPEN,), ["orders-list: apiId is not known"]),
    },
)
