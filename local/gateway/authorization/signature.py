"""Who signed a request, for routes of HTTP APIs with ``AWS_IAM``.

A laptop knows no secrets, so whoever has signed for this API is let in: the form of a signature is read, its value is
not. Sources: "Signing AWS API requests" (``Authorization``, and the query of a signed URL), "Important notes for HTTP
and WebSocket APIs" (the asymmetric kind is not supported).
"""

import re
from typing import Final

from apigateway.errors import shown
from apigateway.mapping.data import RequestData
from local.gateway.headers import find

ALGORITHM: Final = "AWS4-HMAC-SHA256"

_CREDENTIAL = re.compile(r"(?P<key>[^/\s]+)/\d{8}/(?P<region>[^/\s]+)/(?P<service>[^/\s]+)/aws4_request")
_PARTS: Final = ("Credential", "SignedHeaders", "Signature")


class NotSignedError(Exception):
    """The request has no signature for the API; the message says what is wrong with it."""


def signer(request: RequestData, region: str) -> str:
    """Return the access key id of the caller that signed a request for an API. Raises NotSignedError."""
    credential = _credential(request)
    match = _CREDENTIAL.fullmatch(credential)
    if match is None:
        raise NotSignedError(
            f'the credential must be KEY/DATE/{region}/execute-api/aws4_request, got "{shown(credential)}"'
        )
    if (match["region"], match["service"]) != (region, "execute-api"):
        signed = f'for "{shown(match["service"])}" in "{shown(match["region"])}"'
        raise NotSignedError(f'the call must be signed for "execute-api" in "{region}", and is {signed}')
    return match["key"]


def _credential(request: RequestData) -> str:
    header = find(request.headers, "authorization")
    if header is None:
        query = dict(request.query)
        if query.get("X-Amz-Algorithm") == ALGORITHM and query.get("X-Amz-Signature"):
            return query.get("X-Amz-Credential", "")
        raise NotSignedError("the route is for AWS_IAM and the request is not signed (Authorization: AWS4-…)")
    algorithm, _, rest = header.partition(" ")
    if algorithm != ALGORITHM:
        raise NotSignedError(f"the route is for AWS_IAM and Authorization is no signature of {ALGORITHM}")
    parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    lacking = ", ".join(part for part in _PARTS if not parts.get(part))
    if lacking:
        raise NotSignedError(f"Authorization lacks {lacking}")
    if find(request.headers, "x-amz-date") is None and find(request.headers, "date") is None:
        raise NotSignedError("a signed request has X-Amz-Date or Date")
    return parts["Credential"]
