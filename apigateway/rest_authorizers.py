"""What an authorizer of a REST API reads from a request, and the user pools that it trusts.

From the AWS pages "Use API Gateway Lambda authorizers" and "Control access to REST APIs using Amazon Cognito user pools
as an authorizer", and from ``CreateAuthorizer`` of botocore ``apigateway``. A ``TOKEN`` and a ``COGNITO_USER_POOLS``
authorizer read one header; a ``REQUEST`` authorizer reads headers, query strings, context and stage variables.
"""

import re
from typing import Final, Literal, TypeAlias

from apigateway.arns import ACCOUNT, PARTITION, REGION
from apigateway.errors import ExpressionError
from apigateway.mapping import dialects
from apigateway.mapping.variables import PARAMETER, parse_shared
from apigateway.rest_context import check_mapping_variable

RestAuthorizerKind: TypeAlias = Literal["REQUEST", "TOKEN", "COGNITO_USER_POOLS"]

HEADER_GRAMMAR: Final = "expected method.request.header.NAME"
REQUEST_GRAMMAR: Final = (
    "expected method.request.header.NAME, method.request.querystring.NAME, context.NAME or stageVariables.NAME"
)

_HEADER = re.compile(rf"method\.request\.header\.({PARAMETER})")
_PARAMETER = re.compile(rf"method\.request\.(header|querystring)\.({PARAMETER})")
_NAME_ALONE = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_SEVERAL = re.compile(r",\s*(?:\$|route\.|method\.)")
_USER_POOL = re.compile(rf"arn:{PARTITION}:cognito-idp:{REGION}:{ACCOUNT}:userpool/[\w-]+_[0-9A-Za-z]+")


def check_identity_source(kind: RestAuthorizerKind, text: str) -> None:
    """Hold an identity source against the grammar of its authorizer.

    Raises ``ExpressionError``; a source of another kind of API is answered with the same one in the right dialect.
    """
    grammar = REQUEST_GRAMMAR if kind == "REQUEST" else HEADER_GRAMMAR
    if _SEVERAL.search(text):
        raise ExpressionError(text, "several sources in one text: write each as an item of its own", grammar=grammar)
    if _HEADER.fullmatch(text) or (kind == "REQUEST" and _PARAMETER.fullmatch(text)):
        return
    if kind == "REQUEST":
        try:
            shared = parse_shared(text, check_mapping_variable)
        except ExpressionError as error:
            raise error.within(text) from None
        if shared:
            return
    elif _PARAMETER.fullmatch(text):
        raise ExpressionError(text, f"a {kind} authorizer finds its token in a header only", grammar=grammar)
    proposal = (
        f"method.request.header.{text}" if _NAME_ALONE.fullmatch(text) else dialects.source_for_rest(text, "request")
    )
    suggestion = dialects.suggestion(text, proposal, lambda rewritten: _checked(kind, rewritten))
    reason = f"not an identity source of a REST API's {kind} authorizer"
    raise ExpressionError(text, reason, grammar=grammar, suggestion=suggestion)


def _checked(kind: RestAuthorizerKind, text: str) -> str:
    check_identity_source(kind, text)
    return text


def header_of(source: str) -> str | None:
    """Return the name of the header that an identity source reads, None where it reads something else."""
    match = _HEADER.fullmatch(source)
    return match[1] if match else None


def check_user_pool(text: str) -> None:
    """Hold the ARN of a user pool against its grammar. Raises ``ExpressionError``."""
    if not _USER_POOL.fullmatch(text):
        grammar = "expected arn:aws:cognito-idp:REGION:ACCOUNT:userpool/ID"
        raise ExpressionError(text, "not the ARN of a user pool", grammar=grammar)
