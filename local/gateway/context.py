"""The ``$context`` variables of a request: those whose value is true on a laptop.

From "API Gateway WebSocket API mapping template and access logging variable reference", "Customize HTTP API access
logs" and "Variables for data transformations for API Gateway".
"""

import hashlib
import secrets
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
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
    return client_named(request, find(headers, "host"), find(headers, "user-agent"))


def client_named(request: web.BaseRequest, host: str | None, user_agent: str | None) -> Client:
    """Do what :func:`client_of` does where these headers are known already."""
    if host is None:
        name, port = address_of(request)
        host = f"{name}:{port}" if name else ""
    return Client(source_ip=request.remote or "", user_agent=user_agent or "", host=host)


def address_of(request: web.BaseRequest) -> tuple[str, int]:
    """Return the gateway's own address and port, by which it was called; no address for a client that is gone."""
    name = request.transport.get_extra_info("sockname") if request.transport else None
    return (name[0], name[1]) if name else ("", 80)


def new_id() -> str:
    """Make an id of the kind that AWS gives requests, messages and connections, such as ``R0oXAdfD0kwCH6w=``."""
    return urlsafe_b64encode(secrets.token_bytes(11)).decode()


def milliseconds() -> int:
    """Return the time of day in milliseconds since 1970."""
    return int(time() * 1000)


def request_variables(request_id: str, at: float | None = None) -> dict[str, str]:
    """Return the id and the time of a request; times as in the Common Log Format and in milliseconds.

    ``at`` is when it arrived, in seconds since 1970; None stands for now.
    """
    moment = time() if at is None else at
    return {
        "requestId": request_id,
        "extendedRequestId": request_id,
        "requestTime": datetime.fromtimestamp(moment, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": str(int(moment * 1000)),
    }


class LateContext(Mapping[str, str]):
    """``$context`` that is made when something reads it: most requests read nothing of it."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], dict[str, str]]) -> None:
        self._make = make
        self._made: dict[str, str] | None = None

    def _variables(self) -> dict[str, str]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, name: str) -> str:
        return self._variables()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables())

    def __len__(self) -> int:
        return len(self._variables())


def domain_prefix(api_id: str, host: str | None) -> str:
    """Return ``$context.domainPrefix``: the first label of a custom domain name's ``host``, else the API's id.

    On AWS that id is the first label of the API's own address, which a laptop cannot give it.
    """
    return api_id if host is None else host.partition(":")[0].partition(".")[0]


def http_variables(
    *,
    client: Client,
    api_id: str,
    account_id: str,
    request_id: str,
    at: float,
    method: str,
    path: str,
    stage: str,
    route_key: str,
    mapping_key: str | None,
) -> dict[str, str]:
    """Return ``$context`` of a request to an HTTP API; its path is all of the client's, unlike ``$request.path``.

    ``mapping_key`` is that of a custom domain name, empty where the whole domain leads to the stage; None without one.
    """
    variables = {
        **client.variables,
        **request_variables(request_id, at),
        "accountId": account_id,
        "apiId": api_id,
        "domainPrefix": domain_prefix(api_id, None if mapping_key is None else client.host),
        "httpMethod": method,
        "path": path,
        "protocol": "HTTP/1.1",
        "routeKey": route_key,
        "stage": stage,
    }
    if mapping_key is not None:
        variables["customDomain.basePathMatched"] = mapping_key or "(none)"
    return variables


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
    """Return what is known of a request to a REST API before its stage and its route; its path includes the stage.

    The request came by the API's own address; a custom domain name has a ``domainPrefix`` of its own.
    """
    return {
        **client.variables,
        **request_variables(new_rest_id()),
        "accountId": account_id,
        "apiId": api_id,
        "domainPrefix": domain_prefix(api_id, None),
        "extendedRequestId": new_id(),
        "httpMethod": method,
        "path": path,
        "protocol": http,
    }


def connection_variables(
    *, client: Client, api_id: str, stage: str, connection_id: str, connected_at: int
) -> dict[str, str]:
    """Return what every event of a connection has in its ``$context``; ``connected_at`` in milliseconds since 1970."""
    return {
        **client.variables,
        "apiId": api_id,
        "connectedAt": str(connected_at),
        "connectionId": connection_id,
        "messageDirection": "IN",
        "stage": stage,
    }


class EventContext(Mapping[str, str]):
    """``$context`` of one event of a connection; its ids and its time are made when something reads them."""

    __slots__ = ("_at", "_is_whole", "_known")

    def __init__(self, known: Mapping[str, str], *, event: str, at: float) -> None:
        self._known = {**known, "eventType": event}
        self._at = at
        self._is_whole = False

    def learn(self, known: Mapping[str, str]) -> None:
        """Add variables."""
        self._known.update(known)

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """Return a variable."""
        value = self._known.get(name)
        return self._whole().get(name, default) if value is None else value

    def __getitem__(self, name: str) -> str:
        return self._whole()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def _whole(self) -> dict[str, str]:
        if not self._is_whole:
            self._is_whole = True
            self._known.update(request_variables(new_id(), self._at))
            if self._known["eventType"] == "MESSAGE":
                self._known["messageId"] = new_id()
        return self._known
