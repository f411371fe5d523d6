"""Exchanges as handlers make them, without a gateway."""

from typing import Any

from apigateway.mapping.data import Explained, RequestData
from local.gateway.client import Outgoing
from local.gateway.traffic import Exchange
from local.gateway.upstream import Answered

AT = 1763793442.123
ROWS = (
    Explained(destination="overwrite:header.x-tenant", source="$request.header.Tenant", values=("acme",)),
    Explained(destination="append:header.x-auth", source="$request.header.Authorization", values=("Bearer t1",)),
    Explained(destination="overwrite:header.x-none", source="$request.header.None", values=()),
)


def data(**fields: Any) -> RequestData:  # noqa: ANN401 - of any field
    """Make what a client sent."""
    given: dict[str, Any] = {
        "headers": (("Authorization", "Bearer t1"), ("Tenant", "acme")),
        "query": (("token", "t2"), ("page", "1")),
        "path": "/orders/7",
        "path_parameters": {"proxy": "orders/7"},
        "body": b'{"a": 1}',
        "context": {"requestId": "r1"},
        "stage_variables": {"tenant": "acme"},
        **fields,
    }
    return RequestData(**given)


def exchange(**fields: Any) -> Exchange:  # noqa: ANN401 - of any field
    """Make an exchange that went well."""
    given: dict[str, Any] = {
        "api": "orders",
        "protocol": "HTTP",
        "event": "GET /orders/7?token=t2&page=1",
        "at": AT,
        "stage": "$default",
        "route_key": "ANY /{proxy+}",
        "request": data(),
        "explain_request": lambda: ROWS,
        "target": "orders",
        "sent": Outgoing(
            method="GET", target="/orders/7?token=t2", headers=(("Cookie", "id=1"),), body=None, timeout=30.0
        ),
        "answered": Answered(status=200, headers=(("Set-Cookie", "id=2"), ("X-Seen", "1")), body=b"pong"),
        "answered_status": 200,
        "answered_seconds": 0.011,
        "explain_response": lambda: (),
        "status": 200,
        "headers": (("X-Seen", "1"),),
        "body": b"pong",
        "seconds": 0.0123,
        **fields,
    }
    return Exchange(**given)
