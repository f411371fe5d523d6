"""A shop: an HTTP API and a WebSocket API in front of two private services, made of Gatelink's components."""

import pulumi

from gatelink import settings
from gatelink.components import (
    AccountLogging,
    AccountLoggingArgs,
    ApiAlarms,
    ApiAlarmsArgs,
    Backend,
    BackendArgs,
    HttpApi,
    HttpApiArgs,
    HttpVpcLink,
    HttpVpcLinkArgs,
    Network,
    NetworkArgs,
    RestVpcLink,
    RestVpcLinkArgs,
    WebSocketApi,
    WebSocketApiArgs,
    user_errors,
)

ITEMS = settings.BalancedBackend(
    load_balancer="application",
    listener=settings.Listener(port=80),
    target=settings.Target(port=8080, health_check=settings.HealthCheck(path="/healthz")),
)
CHAT = settings.BalancedBackend(
    load_balancer="network", listener=settings.Listener(port=80), target=settings.Target(port=9000)
)
ORDERS_API = settings.HttpApi(
    protocol="HTTP",
    cors=settings.Cors(allow_origins=("https://shop.example",), allow_methods=("GET", "POST")),
    alarms=settings.Alarms(sns_topic_arn="arn:aws:sns:us-east-1:123456789012:pager"),
    integrations={
        "items": settings.HttpPrivateIntegration(
            integration_type="HTTP_PROXY", integration_method="ANY", backend="items"
        )
    },
    routes={
        "GET /items": settings.HttpRoute(integration="items"),
        "ANY /items/{id}": settings.HttpRoute(integration="items"),
    },
)
CHAT_API = settings.WebSocketApi.of(
    # As it stands in a stack file: mappings are shortest so.
    {
        "protocol": "WEBSOCKET",
        "routes": {
            "$default": {
                "integration": {
                    "integrationType": "HTTP_PROXY",
                    "integrationMethod": "POST",
                    "backend": "chat",
                    "requestParameters": {"integration.request.header.ConnectionId": "context.connectionId"},
                }
            }
        },
    }
)

with user_errors("the shop"):
    network = Network("network", NetworkArgs(spec=settings.NewNetwork(nat_gateways="single"))).in_use
    items = Backend("items", BackendArgs(spec=ITEMS, network=network)).in_use
    chat = Backend("chat", BackendArgs(spec=CHAT, network=network)).in_use

    http_link = HttpVpcLink("http", HttpVpcLinkArgs(network=network, backends={"items": items}))
    orders_api = HttpApi("orders", HttpApiArgs(spec=ORDERS_API, backends={"items": items}, link_id=http_link.link_id))
    ApiAlarms("orders", ApiAlarmsArgs.of(orders_api))

    chat_link = RestVpcLink("chat", RestVpcLinkArgs(load_balancer_arn=chat.load_balancer_arn))
    chat_api = WebSocketApi(
        "chat",
        WebSocketApiArgs(
            spec=CHAT_API,
            backends={"chat": chat},
            link_ids={"chat": chat_link.link_id},
            account_logging=AccountLogging("account-logging", AccountLoggingArgs()),
        ),
    )

pulumi.export("orders", orders_api.endpoint)
pulumi.export("chat", chat_api.endpoint)
pulumi.export("connectionsUrl", chat_api.connections_url)
