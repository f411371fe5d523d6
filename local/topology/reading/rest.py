"""Reads the OpenAPI document that is the body of a recorded REST API: its methods, and what holds for all of them.

    RestApi.body ─► read_definition ─► RestDefinition

From the AWS pages "OpenAPI extensions for API Gateway" and "Amazon API Gateway important notes". What an import would
take without a word and lose is a problem here: a key that is not read, a ``$ref`` into nothing, a parameter that is
mapped and not declared, an argument of the resource that says something else than the document.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from apigateway.errors import TopologyError
from apigateway.gateway_responses import check_response_parameter, check_response_type, check_response_value
from apigateway.json_path import JsonValue
from apigateway.mapping.rest import check_distinct
from apigateway.paths import format_path
from apigateway.rest_resources import METHODS, RestRouteKey, check_tree
from local.recording import Json, Resource
from local.topology.apis import ApiKeySource
from local.topology.authorization import (
    CognitoAuthorizer,
    CognitoRequired,
    LambdaRequired,
    Open,
    RestAuthorization,
    SignedCaller,
)
from local.topology.reading import fields
from local.topology.reading.authorizers import read_rest_authorizer
from local.topology.reading.fields import Part
from local.topology.reading.models import complete_schema
from local.topology.reading.problems import Problems
from local.topology.reading.rest_contradictions import EXTENSION, contradictions
from local.topology.reading.rest_integrations import Declared, read_integration, status_code
from local.topology.reading.rest_links import RestLinks
from local.topology.rest import GatewayResponse, RestMethod

_KNOWN: Final = frozenset({"openapi", "info", "servers", "paths", "components"}) | {
    EXTENSION + name
    for name in (
        "api-key-source",
        "binary-media-types",
        "endpoint-configuration",
        "gateway-responses",
        "minimum-compression-size",
        "policy",
        "request-validators",
    )
}
_KNOWN_OF_OPERATION: Final = frozenset(
    {"operationId", "description", "parameters", "requestBody", "responses", "security"}
    | {f"{EXTENSION}request-validator", f"{EXTENSION}integration"}
)
_METHOD_OF: Final = {f"{EXTENSION}any-method" if method == "ANY" else method.lower(): method for method in METHODS}
_LOCATIONS: Final = {"header": "header", "query": "querystring", "path": "path"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RestDefinition:
    """What a document says of its API, as :class:`~local.topology.rest.RestApi` has it."""

    methods: Mapping[RestRouteKey, RestMethod]
    gateway_responses: Mapping[str, GatewayResponse]
    binary_media_types: tuple[str, ...]
    minimum_compression_size: int | None
    api_key_source: ApiKeySource
    policy: Mapping[str, JsonValue] | None
    is_private: bool


def read_definition(resource: Resource, links: RestLinks, name: str | None) -> RestDefinition:
    """Read the body of a REST API; raises TopologyError with one line for each thing that is wrong about it.

    With the stack's name for the API, what is wrong about a method is said at its place in the stack file.
    """
    return _Reader(resource, links, name).read()


class _Reader:
    def __init__(self, resource: Resource, links: RestLinks, name: str | None) -> None:
        self._resource = fields.outputs(resource)
        self._links = links
        self._name = name
        self._document = _document(self._resource)
        self._problems = Problems()

    def read(self) -> RestDefinition:
        document, problems = self._document, self._problems
        problems.attempt(document.place, lambda: document.refuse_others(_KNOWN))
        problems.attempt(document.place, lambda: problems.add(contradictions(self._resource, document)))
        return problems.verdict(problems.attempt(document.place, self._definition))

    def _definition(self) -> RestDefinition:
        document = self._document
        methods, gateway_responses = self._methods(), self._gateway_responses()
        is_private = self._resource.part("endpointConfiguration").optional_text("types") == "PRIVATE"
        policy = document.part(f"{EXTENSION}policy").content or None
        if is_private and policy is None:
            self._problems.add([f"{document.place}: a private API is not deployed without a resource policy"])
        return RestDefinition(
            methods=methods,
            gateway_responses=gateway_responses,
            binary_media_types=document.texts(f"{EXTENSION}binary-media-types"),
            minimum_compression_size=document.optional_integer(f"{EXTENSION}minimum-compression-size"),
            api_key_source=_api_key_source(document),
            policy=policy,
            is_private=is_private,
        )

    def _methods(self) -> dict[RestRouteKey, RestMethod]:
        methods: dict[RestRouteKey, RestMethod] = {}
        for path, operations in self._document.parts("paths").items():
            for name in operations.content:
                method = self._problems.attempt(operations.place, partial(self._method, path, operations, name))
                if method is not None:
                    methods[method.key] = method
        self._problems.add(f"{self._place(key)}: {reason}" for key, reason in check_tree(methods))
        return methods

    def _place(self, key: RestRouteKey) -> str:
        if self._name is None:
            return f"{self._document.place}: {key}"
        return format_path(("apis", self._name, "routes", str(key)))

    def _method(self, path: str, operations: Part, name: str) -> RestMethod:
        if name not in _METHOD_OF:
            raise TopologyError(f"{operations.place}: {name} is not supported by the local gateway yet")
        key = RestRouteKey.parse(f"{_METHOD_OF[name]} {path}")
        operation = Part(self._place(key), operations.part(name).content)
        operation.refuse_others(_KNOWN_OF_OPERATION)
        attempt, place = self._problems.attempt, operation.place
        parameters = attempt(place, lambda: self._parameters(key, operation))
        response_headers = attempt(place, lambda: self._response_headers(operation))
        authorization, api_key_required = attempt(place, lambda: self._security(operation)) or _OPEN
        validates_body, validates_parameters = attempt(place, lambda: self._validator(operation)) or (False, False)
        request_models = attempt(place, lambda: self._request_models(operation)) or {}
        if f"{EXTENSION}integration" not in operation.content:
            raise TopologyError(f"{place}: {EXTENSION}integration is missing")
        integration = read_integration(
            Part(f"{place}.integration", operation.part(f"{EXTENSION}integration").content),
            Declared(parameters=parameters, response_headers=response_headers),
            self._links,
            self._problems,
        )
        return RestMethod(
            key=key,
            authorization=authorization,
            api_key_required=api_key_required,
            parameters=parameters or {},
            validates_parameters=validates_parameters,
            validates_body=validates_body,
            request_models=request_models,
            integration=integration,
        )

    def _parameters(self, key: RestRouteKey, operation: Part) -> dict[str, bool]:
        parameters: dict[str, bool] = {}
        for block in operation.blocks("parameters"):
            parameter = Part(f"{operation.place}: parameters", block)
            name, where = parameter.text("name"), parameter.text("in")
            if where not in _LOCATIONS:
                raise TopologyError(f'{parameter.place}: in must be {" or ".join(_LOCATIONS)}, got "{where}"')
            if where == "path" and name not in key.variables:
                raise TopologyError(f'{parameter.place}: the path has no variable "{name}"')
            parameters[f"method.request.{_LOCATIONS[where]}.{name}"] = parameter.flag("required")
        self._problems.add(
            f"{operation.place}: {declaration}: {why}" for declaration, why in check_distinct(parameters)
        )
        return parameters

    def _response_headers(self, operation: Part) -> dict[str, frozenset[str]]:
        headers: dict[str, frozenset[str]] = {}
        for status, response in operation.parts("responses").items():
            headers[status] = frozenset(response.part("headers").content)
            for content in response.parts("content").values():
                complete_schema(content.part("schema"), self._schemas)
        return headers

    def _security(self, operation: Part) -> "_Security":
        alternatives = operation.blocks("security")
        if len(alternatives) > 1:
            raise TopologyError(f"{operation.place}: security must be one block, got {len(alternatives)}")
        authorization, api_key_required = _OPEN
        schemes = self._document.part("components").parts("securitySchemes")
        wanted = Part(f"{operation.place}: security", alternatives[0] if alternatives else {})
        for name in wanted.content:
            if name not in schemes:
                raise TopologyError(f'{operation.place}: components.securitySchemes does not have "{name}"')
            match schemes[name].content:
                case {"type": "apiKey", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"}:
                    authorization = SignedCaller()
                case {"type": "apiKey", "in": "header", "name": "x-api-key", **others} if not others:
                    api_key_required = True
                case _:
                    authorizer = read_rest_authorizer(name, schemes[name])
                    if isinstance(authorizer, CognitoAuthorizer):
                        authorization = CognitoRequired(authorizer=authorizer, scopes=wanted.texts(name))
                    else:
                        authorization = LambdaRequired(authorizer=authorizer)
        return authorization, api_key_required

    def _validator(self, operation: Part) -> tuple[bool, bool]:
        name = operation.optional_text(f"{EXTENSION}request-validator")
        if name is None:
            return False, False
        validators = self._document.parts(f"{EXTENSION}request-validators")
        if name not in validators:
            raise TopologyError(f'{operation.place}: {EXTENSION}request-validators does not have "{name}"')
        validator = validators[name]
        return validator.flag("validateRequestBody"), validator.flag("validateRequestParameters")

    def _request_models(self, operation: Part) -> dict[str, JsonValue]:
        contents = operation.part("requestBody").parts("content")
        return {
            content_type: complete_schema(content.part("schema"), self._schemas)
            for content_type, content in contents.items()
        }

    @property
    def _schemas(self) -> Mapping[str, Json]:
        return self._document.part("components").part("schemas").content

    def _gateway_responses(self) -> dict[str, GatewayResponse]:
        found: dict[str, GatewayResponse] = {}
        for kind, part in self._document.parts(f"{EXTENSION}gateway-responses").items():
            response = self._problems.attempt(part.place, partial(_gateway_response, kind, part))
            if response is not None:
                found[kind] = response
        return found


_Security = tuple[RestAuthorization, bool]
_OPEN: Final[_Security] = (Open(), False)


def _document(resource: Part) -> Part:
    try:
        document = json.loads(resource.text("body"))
    except json.JSONDecodeError as error:
        raise TopologyError(f"{resource.place}: body must be JSON: {error}") from None
    if not isinstance(document, dict):
        raise TopologyError(f"{resource.place}: body must be an OpenAPI document, got {document!r}")
    return Part(resource.place, document)


def _api_key_source(document: Part) -> ApiKeySource:
    match document.optional_text(f"{EXTENSION}api-key-source"):
        case None:
            return "HEADER"
        case "HEADER" | "AUTHORIZER" as source:
            return source
        case other:
            raise TopologyError(
                f'{document.place}: {EXTENSION}api-key-source must be HEADER or AUTHORIZER, got "{other}"'
            )


def _gateway_response(kind: str, part: Part) -> GatewayResponse:
    check_response_type(kind)
    part.refuse_others({"statusCode", "responseParameters", "responseTemplates"})
    parameters = part.text_map("responseParameters")
    for name, value in parameters.items():
        check_response_parameter(name)
        check_response_value(value)
    return GatewayResponse(
        status=None if part.content.get("statusCode") is None else status_code(part),
        parameters=parameters,
        templates=part.text_map("responseTemplates"),
    )
