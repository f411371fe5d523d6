"""A request to an AWS service, signed in form: the embedded AWS reads from the signature which service is meant."""

from dataclasses import dataclass

from apigateway.mapping.data import Pairs
from local.gateway.client import Outgoing
from local.gateway.headers import without

_OF_THE_SENDER = ("authorization", "host", "content-length", "x-amz-security-token")
"""Headers that API Gateway writes itself when it signs a request."""


class ServiceParameterError(Exception):
    """The request leads to a value that the service cannot take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCall:
    """A request to the embedded AWS."""

    service: str
    """As the signature names it: ``sqs``."""
    region: str
    outgoing: Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsigned:
    """A request as its service wants it."""

    method: str = "POST"
    target: str = "/"
    headers: Pairs = ()
    body: bytes | None = None


def sign(request: Unsigned, *, service: str, region: str, timeout: float) -> ServiceCall:
    """Address a request to a service in a Region."""
    scope = f"Credential=gatelink/20260101/{region}/{service}/aws4_request"
    signature = f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature={'0' * 64}"
    headers = (*without(request.headers, _OF_THE_SENDER), ("Authorization", signature))
    outgoing = Outgoing(
        method=request.method, target=request.target, headers=headers, body=request.body, timeout=timeout
    )
    return ServiceCall(service=service, region=region, outgoing=outgoing)
