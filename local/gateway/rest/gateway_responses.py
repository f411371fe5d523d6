"""How a fault of a REST API is worded: as the stack's gateway responses say, or as API Gateway does.

Sources: "Gateway responses for REST APIs in API Gateway" (a template of theirs knows variables and nothing else of
VTL), "Gateway response types for API Gateway" (which type stands in for which).
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

from apigateway.gateway_responses import DEFAULT_TEMPLATES, NOT_CUSTOMISED, default_type
from apigateway.mapping.data import RequestData
from apigateway.mapping.rest_sources import MethodLocation, MethodParameter, evaluate
from local.gateway.bodies import JSON
from local.gateway.faults import GatewayFault
from local.gateway.rest.answer import RestAnswer
from local.gateway.rest.payload import first_media_type
from local.topology.rest import GatewayResponse

_WORDS = r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*"
_PARAMETER = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
_REFERENCE = rf"(?:(?:context|stageVariables)\.{_WORDS}|method\.request\.(?:header|querystring|path)\.{_PARAMETER})"
_VARIABLE = re.compile(rf"\$(?:\{{(?P<braced>{_REFERENCE})\}}|(?P<bare>{_REFERENCE}))")


def gateway_response(responses: Mapping[str, GatewayResponse], fault: GatewayFault, request: RequestData) -> RestAnswer:
    """Word a fault: by the response of its type, else by that of ``DEFAULT_4XX`` or ``DEFAULT_5XX``, else as it is."""
    custom = _customised(responses, fault)
    message = json.dumps(fault.message)
    known = replace(
        request,
        context={
            **request.context,
            "error.message": fault.message or "",
            "error.messageString": message,
            "error.responseType": fault.type,
            "error.validationErrorString": fault.details,
        },
    )
    if custom is None:
        content_type, template = JSON, fault.template
    else:
        content_type, template = _chosen(custom.templates or DEFAULT_TEMPLATES, request)
    headers = [("Content-Type", content_type), ("x-amzn-ErrorType", fault.error)]
    for name, value in _parameters(custom.parameters if custom else {}, known):
        headers = [*(pair for pair in headers if pair[0].lower() != name.lower()), (name, value)]
    return RestAnswer(
        status=(custom.status if custom else None) or fault.own_status,
        headers=tuple(headers),
        body=_VARIABLE.sub(lambda match: _value(match["braced"] or match["bare"], known) or "", template).encode(
            "utf-8", "replace"
        ),
    )


def _customised(responses: Mapping[str, GatewayResponse], fault: GatewayFault) -> GatewayResponse | None:
    if fault.type in NOT_CUSTOMISED:
        return None
    return responses.get(fault.type) or responses.get(default_type(fault.type) or "")


def _chosen(templates: Mapping[str, str], request: RequestData) -> tuple[str, str]:
    """Choose by the first media type that the client accepts, else JSON, else the first template that there is."""
    accepted = first_media_type(request.headers, "accept") or JSON
    for content_type in (accepted, JSON):
        if content_type in templates:
            return content_type, templates[content_type]
    return next(iter(templates.items()))


def _parameters(parameters: Mapping[str, str], request: RequestData) -> Iterable[tuple[str, str]]:
    for key, written in parameters.items():
        quoted = len(written) > 1 and written[0] == written[-1] == "'"
        value = written[1:-1] if quoted else _value(written, request)
        if value is not None:
            yield key.removeprefix("gatewayresponse.header."), value


def _value(reference: str, request: RequestData) -> str | None:
    root, _, name = reference.partition(".")
    match root:
        case "context":
            return request.context.get(name)
        case "stageVariables":
            return request.stage_variables.get(name)
        case _:
            location, _, parameter = name.removeprefix("request.").partition(".")
            source = MethodParameter(location=cast("MethodLocation", location), name=parameter)
            return next(iter(evaluate(source, request)), None)
