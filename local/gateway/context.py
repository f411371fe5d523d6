"""The ``$context`` variables of every request: those whose value is true on a laptop.

Each kind of API adds its own, in its ``context``.

From "API Gateway WebSocket API mapping template and access logging variable reference", "Customize HTTP API access
logs" and "Variables for data transformations for API Gateway".
"""

import secrets
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


def domain_prefix(api_id: str, host: str | None) -> str:
    """Return ``$context.domainPrefix``: the first label of a custom domain name's ``host``, else the API's id.

    On AWS that id is the first label of the API's own address, which a laptop cannot give it.
    """
    return api_id if host is None else host.partition(":")[0].partition(".")[0]
