"""What policies read in a REST API's OpenAPI document: its operations, and who is let in, called and checked by each.

From the AWS pages "OpenAPI extensions for API Gateway" and those of ``x-amazon-apigateway-any-method``,
``-authtype``, ``-integration``, ``-integration.tlsConfig``, ``-request-validator`` and ``-request-validators``. The
document is one text, so that a preview in which one URL of it is not known knows nothing of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from apigateway.errors import shown
from policy.model import UNKNOWN, Finding, Resource, Undecided, Value, Violation
from policy.values import block, items, parsed

_METHODS: Final = {
    **{name: name.upper() for name in ("get", "put", "post", "delete", "options", "head", "patch")},
    "x-amazon-apigateway-any-method": "ANY",
}
"""The members of a path that are operations, with their methods."""
_VALIDATOR: Final = "x-amazon-apigateway-request-validator"
_VALIDATED_PLACES: Final = ("query", "header")
"""A variable of the path is there whenever the path matches."""


class Caller(Enum):
    """Who gets in, as far as an operation's ``security`` says."""

    ANYBODY = auto()
    HOLDER_OF_A_KEY = auto()
    AUTHORIZED = auto()
    """Somebody whom an authorizer, a user pool or IAM knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """What an operation calls."""

    type: str
    """In lower case: ``http_proxy``."""
    uri: Value
    skips_verification: bool

    @property
    def is_proxy(self) -> bool:
        """Whether what is called gets the request as it is."""
        return self.type.endswith("_proxy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Parts of a request: those that an operation declares, or those that its validator looks at."""

    body: bool
    parameters: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path."""

    method: str
    """``GET``, or ``ANY``."""
    path: str
    caller: Caller
    integration: Integration | None
    declared: Needs
    validated: Needs

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestDocument:
    """A document as far as policies ask; an API without a body has an empty one."""

    operations: tuple[Operation, ...] = ()
    policy: Value = None
    """The resource policy inside it."""


def read_document(api: Resource) -> RestDocument | Finding:
    """Read the document of an API, or say why it cannot be judged."""
    body = api.at("body")
    if body is UNKNOWN:
        return Undecided(resource=api, property="body")
    if body is None:
        return RestDocument()
    document = parsed(body)
    if document is None:
        return Violation(resource=api, message=f"body must be an OpenAPI document as JSON, got {shown(str(body))}")
    paths = ((path, block(item)) for path, item in block(document.get("paths")).items())
    return RestDocument(
        operations=tuple(
            _operation(name, path, item, document) for path, item in paths for name in _METHODS if name in item
        ),
        policy=document.get("x-amazon-apigateway-policy"),
    )


def _operation(name: str, path: str, item: Mapping[str, Value], document: Mapping[str, Value]) -> Operation:
    operation = block(item.get(name))
    written = (*items(item.get("parameters")), *items(operation.get("parameters")))
    parameters = [block(parameter) for parameter in written]
    return Operation(
        method=_METHODS[name],
        path=path,
        caller=_caller(operation, document),
        integration=_integration(operation.get("x-amazon-apigateway-integration")),
        declared=Needs(
            body="requestBody" in operation or any(parameter.get("in") == "body" for parameter in parameters),
            parameters=any(
                parameter.get("required") is True and parameter.get("in") in _VALIDATED_PLACES
                for parameter in parameters
            ),
        ),
        validated=_validated(operation, document),
    )


def _caller(operation: Mapping[str, Value], document: Mapping[str, Value]) -> Caller:
    """Return who gets in by every alternative of an operation's own requirements.

    What the document requires of all its operations is not counted: no page promises that API Gateway takes it over.
    """
    if block(operation.get("x-amazon-apigateway-auth")).get("type") == "AWS_IAM":
        return Caller.AUTHORIZED
    schemes = {
        **block(document.get("securityDefinitions")),
        **block(block(document.get("components")).get("securitySchemes")),
    }
    alternatives = [_required(block(alternative), schemes) for alternative in items(operation.get("security"))]
    return min(alternatives, key=lambda caller: caller.value, default=Caller.ANYBODY)


def _required(names: Iterable[str], schemes: Mapping[str, Value]) -> Caller:
    found = [block(schemes.get(name)) for name in names]
    if any("x-amazon-apigateway-authtype" in scheme or "x-amazon-apigateway-authorizer" in scheme for scheme in found):
        return Caller.AUTHORIZED
    return Caller.HOLDER_OF_A_KEY if any(scheme.get("type") == "apiKey" for scheme in found) else Caller.ANYBODY


def _integration(written: Value) -> Integration | None:
    if not isinstance(written, Mapping):
        return None
    return Integration(
        type=str(written.get("type", "")).lower(),
        uri=written.get("uri"),
        skips_verification=block(written.get("tlsConfig")).get("insecureSkipVerification") is True,
    )


def _validated(operation: Mapping[str, Value], document: Mapping[str, Value]) -> Needs:
    """Return what the validator of an operation looks at, which may be that of the whole document."""
    name = operation.get(_VALIDATOR, document.get(_VALIDATOR))
    validators = block(document.get("x-amazon-apigateway-request-validators"))
    found = block(validators.get(name)) if isinstance(name, str) else {}
    return Needs(
        body=found.get("validateRequestBody") is True, parameters=found.get("validateRequestParameters") is True
    )
