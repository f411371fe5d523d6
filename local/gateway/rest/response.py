"""What a client of a REST API gets for the answer of an integration: passed on, or chosen, mapped and overridden.

Sources: "Set up an integration response in API Gateway", "Parameter mapping source reference for REST APIs in API
Gateway", "Override your API's request and response parameters and status codes for REST APIs in API Gateway",
"Amazon API Gateway important notes" (which headers pass, and which of them under another name), "Binary media types for
REST APIs in API Gateway" (what is not binary is text in UTF-8). That a client of a proxy gets the backend's
``Content-Length`` under another name, too, is observed; so is that an answer arrives intact which the backend has
compressed.
"""

from apigateway.errors import ExpressionError, TemplateError, shown
from apigateway.mapping.data import Explained, Pairs, RequestData, ResponseData
from apigateway.mapping.rest import InvalidJsonError
from apigateway.status_patterns import choose_integration_response
from local.gateway.bodies import JSON, PayloadError, bytes_of
from local.gateway.faults import CONFIGURATION, INTERNAL, Faulted
from local.gateway.function_answers import written_answer
from local.gateway.headers import find, without
from local.gateway.rest.answer import RestAnswer
from local.gateway.rest.payload import first_media_type, is_binary, passed_on, response_payload
from local.gateway.templates import render_response
from local.gateway.upstream import Answered
from local.topology.calls import FunctionCall
from local.topology.rest import IntegrationResponse, RestIntegration

_REMAPPED = frozenset(
    {
        "authorization",
        "connection",
        "content-md5",
        "date",
        "max-forwards",
        "server",
        "user-agent",
        "www-authenticate",
        "x-amz-apigw-id",
        "x-amzn-requestid",
    }
)
"""A client gets these as ``x-amzn-Remapped-…``: the name itself is API Gateway's, or nobody's."""

_NEVER_PASSED = frozenset(
    {"expect", "host", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade", "via"}
)


def passed(answered: Answered, binary_media_types: tuple[str, ...], *, sized: bool) -> RestAnswer:
    """Pass a backend's answer on, as a proxy integration does; ``sized`` keeps the length that it gives itself."""
    binary = is_binary(first_media_type(answered.headers, "content-type"), binary_media_types)
    compressed = find(answered.headers, "content-encoding") is not None
    return RestAnswer(
        status=answered.status,
        headers=_of_proxy(answered.headers, sized=sized),
        body=passed_on(answered.body, binary=binary or compressed),
    )


def of_function(payload: bytes, *, accepts_binary: bool) -> RestAnswer:
    """Pass on the answer that a function of a proxy integration wrote. Raises ``Faulted`` where it is none."""
    answer = written_answer(payload, accepts_binary=accepts_binary)
    return RestAnswer(status=answer.status, headers=_of_proxy(answer.headers, sized=False), body=answer.body)


def _of_proxy(headers: Pairs, *, sized: bool) -> Pairs:
    """Return the headers of a proxy's answer: the length that it gives itself goes under another name, too."""
    lengths = tuple((f"x-amzn-Remapped-{name}", value) for name, value in headers if name.lower() == "content-length")
    return (*_for_client(headers if sized else without(headers, {"content-length"})), *lengths)


def mapped(
    chosen: IntegrationResponse, binary_media_types: tuple[str, ...], request: RequestData, answered: Answered
) -> RestAnswer:
    """Make the answer that an integration response says. Raises ``Faulted``."""
    response = seen_by_mappings(chosen, binary_media_types, request, answered)
    try:
        headers: Pairs = tuple((header.name, header.value) for header in chosen.mapping.apply(response))
    except InvalidJsonError as error:
        raise Faulted(INTERNAL, "a response mapping reads the integration's body, which is not JSON") from error
    status, body, content_type = chosen.status, bytes_of(response.body), JSON
    if chosen.templates:
        key, template = _template(chosen, request)
        if isinstance(response.body, bytes) and response.body:
            raise Faulted(CONFIGURATION, f"the response template for {key} cannot take a binary body")
        try:
            rendered = render_response(template, request, response)
        except TemplateError as error:
            raise Faulted(INTERNAL, f"the response template for {key}: {error}") from error
        body, content_type = bytes_of(rendered.body), JSON if key == "$default" else key
        for name, values in rendered.overrides.headers.items():
            headers = (*without(headers, {name.lower()}), *((name, value) for value in values))
        status = rendered.overrides.status or status
    if find(headers, "content-type") is None:
        headers = (("Content-Type", content_type), *headers)
    return RestAnswer(status=status, headers=_for_client(headers), body=body)


def choose_response(integration: RestIntegration, text: str) -> IntegrationResponse:
    """Choose the integration response by ``text``: a status code, or the message of a function's error.

    Raises ``Faulted`` where none takes it.
    """
    by_place = {str(place): response for place, response in enumerate(integration.responses)}
    patterns = {place: response.pattern for place, response in by_place.items()}
    try:
        place = choose_integration_response(patterns, text)
    except ExpressionError as error:
        raise Faulted(CONFIGURATION, f"no response can be chosen here: {error}") from error
    if place is None:
        known = ", ".join(pattern or "default" for pattern in patterns.values()) or "none"
        what = (
            f'the error message "{shown(text)}"' if isinstance(integration.call, FunctionCall) else f"the status {text}"
        )
        reason = f"no integration response takes {what} and none is the default"
        raise Faulted(CONFIGURATION, f"{reason} (patterns: {known})")
    return by_place[place]


def seen_by_mappings(
    chosen: IntegrationResponse, binary_media_types: tuple[str, ...], request: RequestData, answered: Answered
) -> ResponseData:
    """Return an answer with its body as mappings and templates see it. Raises ``Faulted``."""
    return ResponseData(
        status=answered.status,
        headers=answered.headers,
        body=_payload(chosen, binary_media_types, request, answered),
        context=request.context,
        stage_variables=request.stage_variables,
    )


def explain(
    chosen: IntegrationResponse, binary_media_types: tuple[str, ...], request: RequestData, answered: Answered
) -> tuple[Explained, ...]:
    """Say what each mapping of an answer comes to; nothing where its body cannot be read as it should."""
    try:
        return chosen.mapping.explain(seen_by_mappings(chosen, binary_media_types, request, answered))
    except (InvalidJsonError, Faulted):
        return ()


def _payload(
    chosen: IntegrationResponse, binary_media_types: tuple[str, ...], request: RequestData, answered: Answered
) -> str | bytes:
    try:
        return response_payload(
            answered.body,
            binary=is_binary(first_media_type(answered.headers, "content-type"), binary_media_types),
            accepts_binary=is_binary(first_media_type(request.headers, "accept"), binary_media_types),
            handling=chosen.content_handling,
        )
    except PayloadError as error:
        raise Faulted(CONFIGURATION, f"the integration's answer: {error}") from error


def _template(chosen: IntegrationResponse, request: RequestData) -> tuple[str, str]:
    """Choose by the first media type that the client accepts, else JSON, else the first template that there is."""
    accepted = first_media_type(request.headers, "accept") or JSON
    by_type = {key.lower(): (key, template) for key, template in chosen.templates.items()}
    known = (by_type[key] for key in (accepted, "$default", JSON) if key in by_type)
    return next(known, next(iter(by_type.values())))


def _for_client(headers: Pairs) -> Pairs:
    """Return the headers of an answer as they pass on, some of them under another name."""
    return tuple(
        (f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name, value)
        for name, value in without(headers, _NEVER_PASSED)
    )
