"""Integrations: what a route does. Property names are those of ``AWS::ApiGatewayV2::Integration``."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Strict, StringConstraints

from apigateway import limits
from apigateway.mapping import http, websocket

from .base import Between, Model, Name, Parsed, Shaped, branch

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"]

WebSocketDestination = Annotated[
    websocket.Destination,
    Parsed(websocket.Destination.parse, websocket.Destination, "integration.request.header.ConnectionId"),
]
WebSocketSource = Annotated[
    websocket.Source, Parsed(websocket.parse_source, websocket.SOURCE_TYPES, "context.connectionId")
]
HttpDestination = Annotated[
    http.RequestDestination, Parsed(http.RequestDestination.parse, http.RequestDestination, "overwrite:header.x-id")
]
HttpResponseDestination = Annotated[
    http.ResponseDestination,
    Parsed(http.ResponseDestination.parse, http.ResponseDestination, "overwrite:statuscode"),
]
HttpRequestTemplate = Annotated[
    http.Template, Parsed(lambda text: http.Template.parse(text, side="request"), http.Template, "$context.requestId")
]
HttpResponseTemplate = Annotated[
    http.Template, Parsed(lambda text: http.Template.parse(text, side="response"), http.Template, "403")
]
StatusCode = Annotated[str, Shaped(r"[2-5]\d\d", "a status code from 200 to 599 in quotes")]

_PLACEHOLDER = re.compile(r"(?<!\$)\{([A-Za-z0-9._-]+)\+?\}")


def placeholders(path: str) -> tuple[str, ...]:
    """Return the names in braces in a path."""
    return tuple(_PLACEHOLDER.findall(path))


class _Integration(Model):
    integration_type: Literal["HTTP_PROXY"]
    """The request goes to the backend as it is, but for what the mappings change."""

    integration_method: Method
    """The method of the request to the backend; ANY is the client's own (HTTP APIs)."""

    backend: Name
    """A name under ``gatelink:backends``; the link and the URI follow from it."""

    description: Annotated[str, StringConstraints(max_length=1024)] | None = None
    """A note for those who read the API in AWS."""


class WebSocketIntegration(_Integration):
    """An integration of a WebSocket API, by a VPC link for REST and WebSocket APIs and a URL on the balancer."""

    hints: ClassVar[dict[str, str]] = {
        "responseParameters": "unknown key; response parameters belong to HTTP APIs",
        "tlsConfig": "unknown key; a WebSocket API speaks TLS where the backend's listener does, to its hostName",
    }

    path: Annotated[
        str,
        Shaped(
            rf"/([^\s{{}}]|{_PLACEHOLDER.pattern}|\$\{{stageVariables\.\w+\}})*",
            "a path that begins with /, with braces only in {name} and ${stageVariables.name}",
        ),
    ] = "/"
    """The path of the backend's URL; ``{name}`` is filled by ``integration.request.path.name``, and
    ``${stageVariables.name}`` by the stage."""

    request_parameters: dict[WebSocketDestination, WebSocketSource] = {}
    """What the backend is told beside the message: destination → source. A backend is told neither the connection's
    id nor a token unless it is mapped here."""

    timeout_in_millis: Annotated[int, Strict(), Between(*limits.INTEGRATION_TIMEOUT_MILLIS["WEBSOCKET"])] | None = None
    """50 to 29000. Left out: 29000."""


class TlsConfig(Model):
    """The name that a private backend's certificate is held against."""

    server_name_to_verify: Annotated[str, StringConstraints(min_length=1, max_length=512)]
    """A host name; its presence makes API Gateway speak TLS to the backend."""


class HttpIntegration(_Integration):
    """An integration of an HTTP API, by a VPC link for HTTP APIs and the balancer's listener."""

    path: Annotated[str, Shaped(r"/\S*", "a path that begins with /")] | None = None
    """Short for ``overwrite:path``, whose variables it may hold: ``/v1${request.path}``. Left out: the client's path,
    without a named stage's prefix."""

    request_parameters: dict[HttpDestination, HttpRequestTemplate] = {}
    """What changes on the way to the backend: ``append:``, ``overwrite:`` or ``remove:`` and a part → a value."""

    response_parameters: dict[StatusCode, dict[HttpResponseDestination, HttpResponseTemplate]] = {}
    """Status code of the backend → what changes on the way to the client."""

    timeout_in_millis: Annotated[int, Strict(), Between(*limits.INTEGRATION_TIMEOUT_MILLIS["HTTP"])] | None = None
    """50 to 30000. Left out: 30000."""

    tls_config: TlsConfig | None = None
    """Left out: the backend's ``hostName`` where its listener is TLS or HTTPS."""

    @property
    def maps_path(self) -> bool:
        """Whether the stack says which path the backend gets."""
        return self.path is not None or any(destination.location == "path" for destination in self.request_parameters)


def _name_or_inline(value: object) -> str:
    return "|name" if isinstance(value, str) else "|inline"


WebSocketIntegrationChoice = Annotated[
    Annotated[Name, branch("name")] | Annotated[WebSocketIntegration, branch("inline")],
    Discriminator(_name_or_inline),
]
"""The name of an integration under ``integrations``, or one written here."""

HttpIntegrationChoice = Annotated[
    Annotated[Name, branch("name")] | Annotated[HttpIntegration, branch("inline")], Discriminator(_name_or_inline)
]
"""The name of an integration under ``integrations``, or one written here."""
