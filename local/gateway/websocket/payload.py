"""What an integration gets of a message, and what a client gets of an integration's answer: templates and conversions.

Sources: "Data transformations for WebSocket APIs in API Gateway", "WebSocket selection expressions" (which template;
``$default`` stands in for a key that has none), "Set up a WebSocket API integration response in API Gateway" (which
response), "Binary media types for WebSocket APIs in API Gateway" (conversions), ``PassthroughBehavior`` of botocore
``apigatewayv2``. As observed, ``$default`` is also the template where no expression selects one.

Choices, where AWS says nothing:

- an integration of ``$connect`` and of ``$disconnect``, which have no message, gets no body but what a template makes;
- the content type of a body is ``application/json`` where it is JSON, else ``text/plain``, and for bytes
  ``application/octet-stream``;
- the expression of an integration response has to match the whole text, as in a REST API;
- an answer that no response template takes goes to the client as it is;
- what a template overrides (``requestOverride``, ``responseOverride``) is of REST APIs alone and changes nothing.
"""

from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from apigateway.errors import TemplateError, shown
from apigateway.json_path import MISSING, JsonDocument
from apigateway.mapping.data import RequestData, ResponseData
from local.gateway.bodies import JSON, PayloadError, bytes_of, decoded, text_of
from local.gateway.faults import CONFIGURATION, INTERNAL, UNSUPPORTED_MEDIA_TYPE, Faulted, bad_request
from local.gateway.templates import Overrides, render_request, render_response
from local.gateway.upstream import Answered
from local.topology.websocket import WebSocketIntegration, WebSocketIntegrationResponse

_DEFAULT: Final = "$default"
_NO_OVERRIDES: Final = Overrides()
_OVERRIDES: Final = "what a template overrides changes nothing: that is of REST APIs alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What an integration is sent."""

    content: bytes
    content_type: str | None
    """None where there is no body."""
    notes: tuple[str, ...] = ()


def request_payload(integration: WebSocketIntegration, data: RequestData) -> Payload:
    """Make the body of an integration's request. Raises ``Faulted``."""
    template = None if integration.type == "HTTP_PROXY" else _request_template(integration, data)
    notes: tuple[str, ...] = ()
    if template is None:
        text, document = _text(data.body), data.document
    else:
        key, written = template
        try:
            rendered = render_request(written, data)
        except TemplateError as error:
            fault = bad_request("Could not parse request body into json") if error.body_is_not_json else INTERNAL
            raise Faulted(fault, f"the request template {key}: {error}") from error
        text, document = rendered.body, JsonDocument(rendered.body)
        notes = () if rendered.overrides == _NO_OVERRIDES else (_OVERRIDES,)
    if not text:
        return Payload(content=b"", content_type=None, notes=notes)
    if integration.content_handling == "CONVERT_TO_BINARY":
        return Payload(content=_decoded(text), content_type="application/octet-stream", notes=notes)
    content_type = "text/plain" if document.content is MISSING else JSON
    return Payload(content=bytes_of(text), content_type=content_type, notes=notes)


def _request_template(integration: WebSocketIntegration, data: RequestData) -> tuple[str, str] | None:
    """Choose a template and its key, None to pass the message on as it is."""
    key = _DEFAULT if integration.selection is None else integration.selection.evaluate(data.document)
    for known in (key, _DEFAULT):
        if known in integration.templates:
            return known, integration.templates[known]
    if integration.passthrough == "WHEN_NO_MATCH" or not (integration.templates or integration.passthrough == "NEVER"):
        return None
    known = ", ".join(integration.templates) or "none"
    reason = f'no request template has the key "{shown(key)}" (templates: {known}) and nothing passes without one'
    raise Faulted(UNSUPPORTED_MEDIA_TYPE, f"{reason}: passthroughBehavior {integration.passthrough}")


def choose_response(integration: WebSocketIntegration, text: str) -> WebSocketIntegrationResponse:
    """Choose by ``text``, which is a status code or the message of a function's error. Raises ``Faulted``."""
    for response in integration.responses:
        if response.pattern is not None and response.pattern.fullmatch(text):
            return response
    for response in integration.responses:
        if response.pattern is None:
            return response
    known = ", ".join(response.key for response in integration.responses) or "none"
    reason = f'no integration response takes "{shown(text)}" and none is $default (responses: {known})'
    raise Faulted(CONFIGURATION, reason)


def response_body(
    chosen: WebSocketIntegrationResponse, data: RequestData, answered: Answered
) -> tuple[bytes, tuple[str, ...]]:
    """Return what goes back to the client, and what is worth a note. Raises ``Faulted``."""
    match chosen.content_handling:
        case None:
            body: str | bytes = text_of(answered.body)
        case "CONVERT_TO_TEXT":
            body = b64encode(answered.body).decode()
        case "CONVERT_TO_BINARY":
            body = _decoded(text_of(answered.body))
    response = ResponseData(
        status=answered.status,
        headers=answered.headers,
        body=body,
        context=data.context,
        stage_variables=data.stage_variables,
    )
    key = _DEFAULT if chosen.selection is None else chosen.selection.evaluate(data.document, response)
    template = chosen.templates.get(key, chosen.templates.get(_DEFAULT))
    if template is None:
        return bytes_of(body), ()
    try:
        rendered = render_response(template, data, response)
    except TemplateError as error:
        raise Faulted(INTERNAL, f"the response template {key} of {chosen.key}: {error}") from error
    return bytes_of(rendered.body), () if rendered.overrides == _NO_OVERRIDES else (_OVERRIDES,)


def _text(body: str | bytes) -> str:
    return body if isinstance(body, str) else text_of(body)


def _decoded(text: str) -> bytes:
    try:
        return decoded(text)
    except PayloadError as error:
        raise Faulted(CONFIGURATION, str(error)) from error
