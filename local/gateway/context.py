"""The ``$context`` variables of a request: those whose value is true on a laptop.

From "API Gateway WebSocket API mapping template and access logging variable reference", "Customize HTTP API access
logs" and "Variables for data transformations for API Gateway".
"""

import hashlib
import secrets
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from time import time

from aiohttp import web

from apigateway.mapping.data import Pairs
from local.gateway.headers import find


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who sent the request, and to which host."""

    source_ip: str
    user_agent: str
    host: str
    """The ``Host`` header: locally with its port, so that a URL made of ``$context.domainName`` leads back here."""

    @property
    def variables(self) -> dict[str, str]:
        """The part of ``$context`` that tells of the client."""
        return {
            "domainName": self.host,
            "identity.sourceIp": self.source_ip,
            "identity.userAgent": self.user_agent,
        }


def client_of(request: web.BaseRequest, headers: Pairs) -> Client:
    """Read the client from its request; an HTTP/1.0 client may send no host, and then gets the address it called."""
    host = find(headers, "host")
    if host is None:
        name = request.transport.get_extra_info("sockname") if request.transport else None
        host = f"{name[0]}:{name[1]}" if name else ""
    return Client(source_ip=request.remote or "", user_agent=find(headers, "user-agent") or "", host=host)


def new_id() -> str:
    """Make an id of the kind that AWS gives requests, messages and connections, such as ``R0oXAdfD0kwCH6w=``."""
    return urlsafe_b64encode(secrets.token_bytes(11)).decode()


def milliseconds() -> int:
    """Return the time of day in milliseconds since 1970."""
    return int(time() * 1000)


def request_variables(request_id: str) -> dict[str, str]:
    """Return the id and the time of a request; times as in the Common Log Format and in milliseconds."""
    now = datetime.now(UTC)
    return {
        "requestId": request_id,
        "extendedRequestId": request_id,
        "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": str(int(now.timestamp() * 1000)),
    }


def http_variables(
    *, client: Client, api_id: str, request_id: str, method: str, path: str, stage: str, route_key: str
) -> dict[str, str]:
    """Return ``$context`` of a request to an HTTP API; its path includes the stage, unlike ``$request.path``."""
    return {
        **client.variables,
        **request_variables(request_id),
        "apiId": api_id,
        "domainPrefix": client.host.partition(".")[0],
        "httpMethod": method,
        "path": path,
        "protocol": "HTTP/1.1",
        "routeKey": route_key,
        "stage": stage,
    }


def new_rest_id() -> str:
    """Make the id of a request to a REST API, which is a UUID; its extended id is of the other kind."""
    return str(uuid.uuid4())


def resource_id(api_id: str, path: str) -> str:
    """Make the id of a resource: short as on AWS, and the same whenever the API is served again."""
    digest = int.from_bytes(hashlib.sha256(f"{api_id} {path}".encode()).digest()[:8], "big")
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "".join(digits[digest // 36**place % 36] for place in range(6))


def rest_variables(
    *, client: Client, api_id: str, account_id: str, method: str, path: str, http: str
) -> dict[str, str]:
    """Return what is known of a request to a REST API before its stage and its route; its path includes the stage."""
    return {
        **client.variables,
        **request_variables(new_rest_id()),
        "accountId": account_id,
        "apiId": api_id,
        "domainPrefix": client.host.partition(".")[0],
        "extendedRequestId": new_id(),
        "httpMethod": method,
        "path": path,
        "protocol": http,
    }


def websocket_variables(
    *, client: Client, api_id: str, stage: str, connection_id: str, connected_at: int, event: str, route_key: str
) -> dict[str, str]:
    """Return ``$context`` of one event of a connection; ``connected_at`` in milliseconds since 1970."""
    variables = {
        **client.variables,
        **request_variables(new_id()),
        "apiId": api_id,
        "connectedAt": str(connected_at),
        "connectionId": connection_id,
        "eventType": event,
        "messageDirection": "IN",
        "routeKey": route_key,
        "stage": stage,
    }
    if event == "MESSAGE":
        variables["messageId"] = new_id()
    return variables
