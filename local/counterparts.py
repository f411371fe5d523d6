"""What the stack leads to beside backends, and whether it is on this laptop: functions, services, their resources."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from apigateway.arns import LambdaFunction, ServiceUri, is_service
from apigateway.errors import GatewayError
from apigateway.mapping.data import RequestData, RequestPart
from apigateway.mapping.template import Template
from apigateway.mapping.variables import StageVariable, Static
from local.aws import AwsResource, named_by_subtype, named_by_uri
from local.functions import Functions
from local.gateway.authorization.issuers import cognito_issuer
from local.gateway.headers import encode_written
from local.gateway.service_calls.uris import unserved
from local.gateway.uris import function_named, with_stage_variables
from local.topology import Api, HttpApi, RestApi, Topology, WebSocketApi
from local.topology.authorization import CognitoRequired, JwtRequired, LambdaRequired
from local.topology.calls import FunctionCall, ServiceCall
from local.topology.http import HttpIntegration, HttpRoute, SubtypeCall
from local.topology.rest import RestIntegration, RestMethod
from local.topology.stages import Stage
from local.topology.websocket import WebSocketIntegration, WebSocketRoute

Route: TypeAlias = HttpRoute | WebSocketRoute | RestMethod

_PLACEHOLDER: Final = re.compile(r"\{([A-Za-z0-9._$-]+)\+?\}")


def functions_of(topology: Topology) -> dict[str, LambdaFunction]:
    """Return every function that an integration or an authorizer names in some stage, by its name."""
    found = (
        function_named(uri, stage.variables)
        for api in topology.apis
        for uri in _function_uris(api)
        for stage in api.stages.values()
    )
    return {function.name: function for function in sorted(filter(None, found), key=lambda function: function.name)}


def issuers_of(topology: Topology) -> tuple[str, ...]:
    """Return every issuer whose tokens an authorizer takes."""
    found: set[str] = set()
    for api in topology.apis:
        for route in _routes(api):
            match route.authorization:
                case JwtRequired(authorizer=authorizer):
                    found.add(authorizer.issuer)
                case CognitoRequired(authorizer=pools):
                    found.update(map(cognito_issuer, pools.user_pools))
                case _:
                    pass
    return tuple(sorted(found))


def check_names(topology: Topology, functions: Functions, key_sets: frozenset[str]) -> None:
    """Raise GatewayError where a handler or a key set is given for what the stack has not."""
    known, issuers = functions_of(topology), issuers_of(topology)
    problems = [
        f'the stack has no function "{name}"; its functions: {", ".join(known) or "none"}'
        for name in sorted(functions.names - known.keys())
    ]
    problems += [
        f'the stack has no authorizer for tokens of "{issuer}"; {_meant(issuer, issuers)}'
        for issuer in sorted(key_sets - set(issuers))
    ]
    if problems:
        raise GatewayError("\n".join(problems))


def _meant(issuer: str, known: tuple[str, ...]) -> str:
    slashed = next((one for one in known if one.rstrip("/") == issuer.rstrip("/")), None)
    return f'did you mean "{slashed}"?' if slashed else f"its issuers: {', '.join(known) or 'none'}"


def missing(topology: Topology, functions: Functions) -> list[str]:
    """Say what of the stack is not served here, a line each: a request to it gets a 501."""
    return [
        *(
            f"function {name} has no handler here: --lambda {name}=MODULE:FUNCTION gives it one"
            for name, function in functions_of(topology).items()
            if not functions.has(function)
        ),
        *dict.fromkeys(
            f"{api.name}: {why}" for api in topology.apis for route in _routes(api) if (why := _unserved(route))
        ),
    ]


def _unserved(route: Route) -> str | None:
    """Say why a route's integration has no counterpart on a laptop, whatever is given on the command line."""
    match route.integration:
        case RestIntegration(type="AWS_PROXY", call=ServiceCall(uri=uri)):
            return f"{route.key} passes its requests on to {uri}, and no service but Lambda is served that way here"
        case RestIntegration(call=FunctionCall(), streams=True):
            return f"{route.key} streams the answer of a function, which is not served here"
        case WebSocketIntegration(call=ServiceCall(uri=uri)) | RestIntegration(call=ServiceCall(uri=uri)):
            why = unserved(uri)
            return f"{route.key}: {why}" if why else None
        case _:
            return None


def resources_of(topology: Topology) -> frozenset[AwsResource]:
    """Return the queues, buses, streams and the like that the stack's integrations name."""
    return frozenset(resource for api in topology.apis for resource in _resources(api))


def _resources(api: Api) -> Iterator[AwsResource]:
    for stage in api.stages.values():
        for route in _routes(api):
            match route.integration:
                case HttpIntegration(call=SubtypeCall(subtype=subtype, parameters=parameters)):
                    yield from named_by_subtype(subtype, _known(parameters, stage), api.region)
                case WebSocketIntegration() | RestIntegration() as integration:
                    if isinstance(integration.call, ServiceCall):
                        yield from _named(integration, integration.call, stage)
                case _:
                    pass


def _named(
    integration: RestIntegration | WebSocketIntegration, call: ServiceCall, stage: Stage
) -> Iterator[AwsResource]:
    """Yield what an integration names in its URI, a template, or the query string, as far as a stage decides it.

    A stage that lacks a variable may make no URI of it, which its first request is told.
    """
    path = _fixed(integration, "path", stage)
    written = with_stage_variables(call.uri, stage.variables)
    uri = _PLACEHOLDER.sub(lambda match: encode_written(path.get(match[1], match[0])), written)
    query = _fixed(integration, "querystring", stage).values()
    if is_service(uri):
        yield from named_by_uri(ServiceUri.parse(uri), (*integration.templates.values(), *query))


def _fixed(integration: RestIntegration | WebSocketIntegration, location: RequestPart, stage: Stage) -> dict[str, str]:
    """Return the mapped parameters that are the same in every request to a stage, as far as they have a value."""
    values: dict[str, str] = {}
    for destination, source in integration.request.entries:
        if destination.location != location:
            continue
        match source:
            case Static(value=value):
                values[destination.name] = value
            case StageVariable(name=name) if name in stage.variables:
                values[destination.name] = stage.variables[name]
            case _:
                pass
    return values


def _routes(api: Api) -> tuple[Route, ...]:
    match api:
        case HttpApi():
            return tuple(api.routes.values())
        case WebSocketApi():
            return tuple(api.routes.values())
        case RestApi():
            return tuple(api.methods.values())


def _function_uris(api: Api) -> Iterator[str]:
    for route in _routes(api):
        if isinstance(route.integration.call, FunctionCall):
            yield route.integration.call.uri
        if isinstance(route.authorization, LambdaRequired):
            yield route.authorization.authorizer.uri


def _known(parameters: Mapping[str, Template], stage: Stage) -> dict[str, str]:
    """Return the parameters that are the same in every request to a stage; the others as they are written."""
    nothing = RequestData(
        headers=(), query=(), path="/", path_parameters={}, body="", context={}, stage_variables=stage.variables
    )
    return {
        name: template.evaluate(nothing) or ""
        if all(isinstance(variable, StageVariable) for variable in template.variables)
        else str(template)
        for name, template in parameters.items()
    }
