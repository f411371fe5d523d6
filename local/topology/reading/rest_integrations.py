"""Reads ``x-amazon-apigateway-integration`` of a method, and holds it against what the method declares.

From the AWS pages "x-amazon-apigateway-integration object", "x-amazon-apigateway-integration.responses object" and
"Private integrations for REST APIs in API Gateway". An undeclared source or header is what API Gateway refuses with
"Invalid mapping expression parameter specified".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, cast

from apigateway import limits
from apigateway.errors import TopologyError
from apigateway.mapping import rest
from apigateway.rest_templates import check_template_key
from apigateway.status_patterns import check_selection_pattern, check_status_code
from local.topology.calls import (
    ContentHandling,
    FunctionCall,
    IntegrationType,
    NoCall,
    Passthrough,
    PublicCall,
    ServiceCall,
)
from local.topology.reading.fields import Part
from local.topology.reading.problems import Problems
from local.topology.reading.rest_links import RestLinks
from local.topology.rest import IntegrationResponse, RestCall, RestIntegration

_KNOWN: Final = frozenset(
    {"type", "httpMethod", "uri", "connectionType", "connectionId", "integrationTarget", "credentials", "tlsConfig"}
    | {"requestParameters", "requestTemplates", "passthroughBehavior", "contentHandling", "timeoutInMillis"}
    | {"cacheKeyParameters", "cacheNamespace", "responseTransferMode", "responses"}
)
_KNOWN_OF_RESPONSE: Final = frozenset({"statusCode", "responseParameters", "responseTemplates", "contentHandling"})
_PASSTHROUGH: Final = {"when_no_match": "WHEN_NO_MATCH", "when_no_templates": "WHEN_NO_TEMPLATES", "never": "NEVER"}
_NO_MAPPING: Final = rest.RequestMapping(entries=())
_LAMBDA: Final = ":lambda:path/2015-03-31/functions/"
_STREAMED_LAMBDA = re.compile(
    r"(?P<service>arn:[^:]*:apigateway:[^:]*:lambda:path)/2021-11-15/functions/(?P<function>\S+)"
    r"/response-streaming-invocations"
)
"""What a function is called by whose answer is streamed; that it is, ``responseTransferMode`` says, too."""
_PLACEHOLDER = re.compile(r"(?<!\$)\{([A-Za-z0-9._-]+)\+?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a method declares; None where that cannot be read."""

    parameters: Mapping[str, bool] | None
    """As :class:`~local.topology.rest.RestMethod` has them."""
    response_headers: Mapping[str, frozenset[str]] | None
    """Status code → the headers that the method's response declares."""


def read_integration(part: Part, declared: Declared, links: RestLinks, problems: Problems) -> RestIntegration:
    """Read the integration of a method; what is wrong inside goes to ``problems``. Raises TopologyError."""
    part.refuse_others(_KNOWN)
    kind = _kind(part)
    place, request_place = part.place, f"{part.place}: requestParameters"
    mapping = part.text_map("requestParameters")
    request = problems.attempt(request_place, lambda: rest.RequestMapping.parse(mapping)) or _NO_MAPPING
    templates = problems.attempt(place, lambda: _templates(part, "requestTemplates")) or {}
    problems.add(_undeclared(part, request, declared))
    named = part.parts("responses")
    responses = [problems.attempt(named[name].place, partial(_response, name, named[name])) for name in named]
    known_responses = tuple(response for response in responses if response is not None)
    if kind not in ("AWS_PROXY", "HTTP_PROXY"):
        for response in known_responses:
            problems.add(_undeclared_answer(part, response, declared))
    call = problems.attempt(place, lambda: _call(part, kind, links)) or NoCall()
    if not isinstance(call, NoCall):
        problems.add(_unfilled(part, call.uri, request, templates))
    timeout = part.optional_integer("timeoutInMillis")
    return RestIntegration(
        type=kind,
        method="" if kind == "MOCK" else part.text("httpMethod"),
        call=call,
        request=request,
        templates=templates,
        passthrough=_passthrough(part),
        content_handling=_content_handling(part),
        responses=known_responses,
        timeout=(limits.REST_DEFAULT_TIMEOUT_MILLIS if timeout is None else timeout) / 1000,
        streams=_one_of(part, "responseTransferMode", ("BUFFERED", "STREAM")) == "STREAM",
    )


def _kind(part: Part) -> IntegrationType:
    kind = part.text("type")
    match kind.upper():
        case "AWS" | "AWS_PROXY" | "HTTP" | "HTTP_PROXY" | "MOCK" as known:
            return known
        case _:
            raise TopologyError(f'{part.place}: type must be http, http_proxy, aws, aws_proxy or mock, got "{kind}"')


def _call(part: Part, kind: str, links: RestLinks) -> RestCall:
    if kind == "MOCK":
        return NoCall()
    uri = part.text("uri")
    if kind in ("AWS", "AWS_PROXY"):
        streamed = _STREAMED_LAMBDA.fullmatch(uri)
        if streamed:
            uri = f"{streamed['service']}/2015-03-31/functions/{streamed['function']}/invocations"
        return FunctionCall(uri=uri) if _LAMBDA in uri else ServiceCall(uri=uri)
    if _one_of(part, "connectionType", ("INTERNET", "VPC_LINK")) != "VPC_LINK":
        if not uri.startswith(("http://", "https://")):
            raise TopologyError(f'{part.place}: uri must be an http:// or https:// URL, got "{uri}"')
        return PublicCall(uri=uri)
    return links.call(part, uri)


def _response(name: str, response: Part) -> IntegrationResponse:
    response.refuse_others(_KNOWN_OF_RESPONSE)
    pattern = None if name == "default" else name
    if pattern is not None:
        check_selection_pattern(pattern)
    return IntegrationResponse(
        status=status_code(response),
        pattern=pattern,
        mapping=rest.ResponseMapping.parse(response.text_map("responseParameters")),
        templates=_templates(response, "responseTemplates"),
        content_handling=_content_handling(response),
    )


def status_code(part: Part) -> int:
    """Return the ``statusCode`` of a block, which may be a text or a number. Raises one of both errors."""
    value = part.content.get("statusCode")
    text = str(value) if isinstance(value, int) else part.text("statusCode")
    check_status_code(text)
    return int(text)


def _undeclared(part: Part, request: rest.RequestMapping, declared: Declared) -> Iterator[str]:
    if declared.parameters is None:
        return
    for destination, source in request.entries:
        wanted = rest.declared_parameter(source)
        if wanted is not None and wanted not in declared.parameters:
            yield f"{part.place}: {destination} reads {wanted}, which the method does not declare"


def _undeclared_answer(part: Part, response: IntegrationResponse, declared: Declared) -> Iterator[str]:
    if declared.response_headers is None:
        return
    place = f"{part.place}: responses: {response.pattern or 'default'}"
    headers = declared.response_headers.get(str(response.status))
    if headers is None:
        yield f"{place}: answers {response.status}, which the method does not declare"
        return
    for destination, _ in response.mapping.entries:
        if destination.name not in headers:
            yield f"{place}: writes {destination}, which the method does not declare for {response.status}"


def _unfilled(part: Part, uri: str, request: rest.RequestMapping, templates: Mapping[str, str]) -> Iterator[str]:
    """Say which ``{name}`` of the URI nothing fills: no mapping, and no template that overrides the path."""
    if any("requestOverride.path" in template for template in templates.values()):
        return
    filled = {destination.name for destination, _ in request.entries if destination.location == "path"}
    for name in _PLACEHOLDER.findall(uri):
        if name not in filled:
            yield f"{part.place}: uri has {{{name}}}, and no integration.request.path.{name} fills it"


def _templates(part: Part, key: str) -> dict[str, str]:
    templates = part.text_map(key)
    for content_type in templates:
        check_template_key(content_type)
    return templates


def _passthrough(part: Part) -> Passthrough:
    word = _one_of(part, "passthroughBehavior", tuple(_PASSTHROUGH))
    return cast("Passthrough", _PASSTHROUGH[word or "when_no_match"])


def _content_handling(part: Part) -> ContentHandling | None:
    return cast("ContentHandling | None", _one_of(part, "contentHandling", ("CONVERT_TO_BINARY", "CONVERT_TO_TEXT")))


def _one_of(part: Part, key: str, words: tuple[str, ...]) -> str | None:
    word = part.optional_text(key)
    if word is not None and word not in words:
        raise TopologyError(f'{part.place}: {key} must be {" or ".join(words)}, got "{word}"')
    return word
