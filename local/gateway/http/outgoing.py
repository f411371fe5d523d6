"""Builds the request that an HTTP API sends to a server: a backend behind a link, or a URL over the internet.

Sources: "Create HTTP proxy integrations for HTTP APIs" (path variables in the URI; ``$default`` sends the full path),
"Create private integrations for HTTP APIs" (the path with the stage, the client's host), "Transform API requests and
responses for HTTP APIs", "Amazon API Gateway important notes" (``Forwarded``; a type where there is no body). As
backends have seen them: a length of 0 and ``X-Forwarded-Port``, the type of what has no body in requests other than
GET and HEAD, ``by`` in the ``Forwarded`` of a public integration alone, and ``Via``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult

from apigateway.mapping.data import Explained, Pairs
from local.gateway import replies
from local.gateway.client import Outgoing
from local.gateway.headers import TRACE, TRANSLATED, encode_path, encode_query, find, forwarded, sift, trace_id, values
from local.gateway.http.request import HttpRequest
from local.gateway.replies import RequestFault
from local.gateway.uris import url_named, with_stage_variables

EMPTY_TYPE: Final = "application/x-www-form-urlencoded"
VIA: Final = ("Via", "HTTP/1.1 AmazonAPIGateway")
_NO_LENGTH: Final = ("Content-Length", "0")

_PLACEHOLDER = re.compile(r"\{([A-Za-z0-9._-]+)\+?\}")
_REPLACED: Final = TRANSLATED | {"host", TRACE, "x-forwarded-port"}
"""Headers that the gateway writes itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """What the mappings of a route made of a request."""

    headers: Pairs
    query: str
    """Encoded; as it was sent, unless a mapping changes it."""
    path: str | None
    """None where no mapping sets it."""
    host: str | None
    """None where no mapping sets it."""


def mapped(request: HttpRequest) -> Mapped:
    """Apply the request mappings of a route.

    A path is made of what the client wrote, all else of what that stands for.
    """
    mapping, data = request.route.integration.request, request.decoded
    if not mapping.entries:
        return Mapped(headers=data.headers, query=request.arrived.query, path=None, host=None)
    made = mapping.apply(data)
    path = made.path if made.path is None or data is request.data else mapping.apply(request.data).path
    query = request.arrived.query if made.query == data.query else encode_query(made.query)
    sets_host = any(to.location == "header" and to.name.lower() == "host" for to, _ in mapping.entries)
    hosts = values(made.headers, "host") if sets_host else []
    return Mapped(headers=made.headers, query=query, path=path, host=hosts[-1] if hosts else None)


def explain(request: HttpRequest) -> tuple[Explained, ...]:
    """Say of each request mapping of a route what its value is, as :func:`mapped` reads it."""
    mapping = request.route.integration.request
    as_decoded, as_sent = mapping.explain(request.decoded), mapping.explain(request.data)
    return tuple(
        sent if sent.destination == "overwrite:path" else decoded
        for decoded, sent in zip(as_decoded, as_sent, strict=True)
    )


def to_backend(request: HttpRequest) -> Outgoing:
    """Build the request of a private integration: the client's path, with the stage in front, and its host."""
    made, arrived = mapped(request), request.arrived
    path = request.staged_path if made.path is None else encode_path(f"/{made.path.removeprefix('/')}")
    return _outgoing(request, made, path=path, query=made.query, host=arrived.client.host, by=None)


def to_url(request: HttpRequest, uri: str) -> tuple[str, Outgoing]:
    """Build the request of a public integration, and return its origin, too.

    Raises ``RequestFault`` where the stage's variables do not make a URL of the integration's URI.
    """
    url, made = _url(uri, request.stage.variables), mapped(request)
    if made.path is not None:
        path = f"/{made.path.removeprefix('/')}"
    elif request.route.key.is_default:
        path = url.path.removesuffix("/") + request.data.path
    else:
        parameters = request.data.path_parameters
        path = _PLACEHOLDER.sub(lambda match: parameters.get(match[1], match[0]), url.path) or "/"
    query = "&".join(filter(None, (url.query, made.query)))
    outgoing = _outgoing(
        request, made, path=encode_path(path), query=query, host=url.netloc, by=request.arrived.address[0]
    )
    return f"{url.scheme}://{url.netloc}", outgoing


def _url(uri: str, stage_variables: Mapping[str, str]) -> SplitResult:
    url = url_named(uri, stage_variables)
    if url is None:
        text = with_stage_variables(uri, stage_variables)
        raise RequestFault(replies.FAILED, f'the URI must be a URL once the stage variables are in it, got "{text}"')
    return url


def _outgoing(request: HttpRequest, made: Mapped, *, path: str, query: str, host: str, by: str | None) -> Outgoing:
    integration, arrived, data = request.route.integration, request.arrived, request.data
    method = arrived.method if integration.method == "ANY" else integration.method
    body = data.body if isinstance(data.body, bytes) and data.body else None
    headers, taken = sift(made.headers, _REPLACED)
    way = forwarded(taken, client=arrived.client.source_ip, host=arrived.client.host, by=by)
    return Outgoing(
        method=method,
        target=f"{path}?{query}" if query else path,
        headers=(
            ("Host", made.host or host),
            *headers,
            *(_without_body(headers, method) if body is None else ()),
            ("Forwarded", way),
            ("X-Amzn-Trace-Id", trace_id(taken[TRACE][0] if TRACE in taken else None)),
            ("X-Forwarded-Port", str(arrived.address[1])),
            VIA,
        ),
        body=body,
        timeout=integration.timeout,
    )


def _without_body(headers: Pairs, method: str) -> Pairs:
    """Return what API Gateway says of a request without a body."""
    length = (_NO_LENGTH,) if find(headers, "content-length") is None else ()
    if method in {"GET", "HEAD"} or find(headers, "content-type") is not None:
        return length
    return (*length, ("Content-Type", EMPTY_TYPE))
