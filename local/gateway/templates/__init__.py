"""Mapping templates, rendered for one request or one response.

From the AWS pages "Mapping template transformations for REST APIs in API Gateway", "Variables for data transformations
for API Gateway" and "Override your API's request and response parameters and status codes for REST APIs in API
Gateway". :mod:`apigateway.vtl` checks a template before it is deployed.
"""

from dataclasses import dataclass

from apigateway.mapping.data import RequestData, ResponseData
from local.gateway.templates.engine import run
from local.gateway.templates.overrides import Overrides, RequestOverride, ResponseOverride
from local.gateway.templates.variables import UTIL, input_of, nested

__all__ = ["Overrides", "Rendered", "render_request", "render_response"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a template made: a body, and what is to be changed beside it."""

    body: str
    overrides: Overrides


def render_request(template: str, request: RequestData) -> Rendered:
    """Render the template of a request. Raises ``TemplateError``."""
    context = nested(request.context)
    override = RequestOverride(context)
    variables = {
        "context": context | {"requestOverride": override.whole, "responseOverride": ResponseOverride(context).whole},
        "input": input_of(request, request.body, request.document),
        "stageVariables": dict(request.stage_variables),
        "util": UTIL,
    }
    return Rendered(body=run(template, variables), overrides=Overrides.of_request(override))


def render_response(template: str, request: RequestData, response: ResponseData) -> Rendered:
    """Render the template of a response: ``$input.params`` is still the request's. Raises ``TemplateError``.

    The request's overrides are read from ``response.context``; see :attr:`Overrides.variables`.
    """
    context = nested(response.context)
    override = ResponseOverride(context)
    variables = {
        "context": context | {"requestOverride": RequestOverride(context).whole, "responseOverride": override.whole},
        "input": input_of(request, response.body, response.document),
        "stageVariables": dict(response.stage_variables),
        "util": UTIL,
    }
    return Rendered(body=run(template, variables), overrides=Overrides.of_response(override))
