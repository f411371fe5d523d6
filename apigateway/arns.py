"""ARNs that an API is given: functions to invoke, services to call, roles to assume, principals to trust.

From the AWS pages "Amazon Resource Names (ARNs)" and "IAM identifiers", "Lambda function ARNs" (botocore ``lambda``:
``FunctionName``, ``Qualifier``), "Using stage variables for WebSocket APIs / HTTP APIs", and the ``IntegrationUri``,
``CredentialsArn`` and ``AuthorizerUri`` of botocore ``apigatewayv2``. A stage variable can stand where those pages show
one: in a function's name or qualifier, in the action or path of a service, in the role of a credential.
"""

import re
from dataclasses import dataclass, field
from typing import Final, Self

from apigateway.errors import ExpressionError
from apigateway.mapping.variables import STAGE_VARIABLE

PARTITION: Final = r"aws(?:-[a-z]+)*"
"""A partition: ``aws``, ``aws-cn``, ``aws-us-gov``."""

REGION: Final = r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]+"
"""A Region: ``us-east-1``, ``us-gov-west-1``."""

ACCOUNT: Final = r"[0-9]{12}"
"""An account's id."""

LAMBDA_GRAMMAR: Final = (
    "expected arn:aws:lambda:REGION:ACCOUNT:function:NAME, with :QUALIFIER where wanted, or its invocation ARN "
    "arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations"
)
SERVICE_GRAMMAR: Final = "expected arn:aws:apigateway:REGION:SERVICE:action/NAME or …:SERVICE:path/PATH"
ROLE_GRAMMAR: Final = (
    "expected arn:aws:iam::ACCOUNT:role/NAME, arn:aws:iam::ACCOUNT:${stageVariables.NAME}, "
    "or arn:aws:iam::*:user/* for the caller's own identity"
)
PRINCIPAL_GRAMMAR: Final = (
    "expected an account id of 12 digits, or arn:aws:iam::ACCOUNT:root, …:role/NAME or …:user/NAME"
)

_VARIABLE = rf"\$\{{stageVariables\.{STAGE_VARIABLE}\}}"
_NAME = rf"(?:[A-Za-z0-9_-]|{_VARIABLE})+"
_IAM_PATH = r"(?:[A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]+"

_ARN = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*):(?P<account>[0-9]{12}|aws|\*|)"
    r":(?P<resource>\S+)"
)
_FUNCTION = re.compile(
    rf"arn:(?P<partition>{PARTITION}):lambda:(?P<region>{REGION}):(?P<account>{ACCOUNT}):function:(?P<name>{_NAME})"
    rf"(?::(?P<qualifier>\$LATEST(?:\.PUBLISHED)?|{_NAME}))?"
)
_INVOCATION = re.compile(
    rf"arn:(?P<partition>{PARTITION}):apigateway:(?P<region>{REGION}):lambda:path/2015-03-31/functions"
    r"/(?P<function>\S+)/invocations"
)
_LAMBDA = re.compile(r"arn:[^:]*:(?:lambda:|apigateway:[^:]*:lambda:path/2015-03-31/functions/).*", re.DOTALL)
_PARTIAL = re.compile(rf"(?:(?P<account>{ACCOUNT}):)?(?:function:)?(?P<name>[A-Za-z0-9_-]+(?::[A-Za-z0-9_-]+)?)")
_SERVICE_URI = re.compile(
    rf"arn:{PARTITION}:apigateway:(?P<region>{REGION}):(?:[A-Za-z0-9-]+\.)?(?P<service>[a-z0-9-]+)"
    rf":(?:(?:action|path)/\S+|{_VARIABLE}\S*)"
)
_ROLE = re.compile(
    rf"arn:{PARTITION}:iam::(?:\*:user/\*|{ACCOUNT}:(?:{_VARIABLE}|role/(?:[A-Za-z0-9_+=,.@/-]|{_VARIABLE})*(?<!/)))"
)
_ACCOUNT = re.compile(ACCOUNT)
_SHORT_ACCOUNT = re.compile(r"[0-9]{9,11}")
"""An id without its leading zeros, of which there are seldom more than three."""

_PRINCIPAL = re.compile(rf"arn:{PARTITION}:iam::{ACCOUNT}:(?:root|(?:role|user)/{_IAM_PATH})")
_SESSION = re.compile(rf"arn:(?P<partition>{PARTITION}):sts::(?P<account>{ACCOUNT}):assumed-role/(?P<role>[^/\s]+)/\S+")
_ROLE_NAME = re.compile(r"(?:role/)?(?P<name>[A-Za-z0-9_+=,.@-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arn:
    """Any ARN, taken apart; the Region and the account are empty where a service leaves them out."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an ARN. Raises ``ExpressionError``."""
        match = _ARN.fullmatch(text)
        if not match:
            raise ExpressionError(text, "not an ARN", grammar="expected arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE")
        return cls(**match.groupdict())

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaFunction:
    """A function that API Gateway invokes; equal to another when it is the same version, however it is written."""

    text: str = field(compare=False)
    partition: str
    region: str
    account: str
    name: str
    qualifier: str | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the ARN of a function, or its invocation ARN. Raises ``ExpressionError``."""
        invocation = _INVOCATION.fullmatch(text)
        match = _FUNCTION.fullmatch(invocation["function"] if invocation else text)
        if not match:
            reason = "not the ARN of a Lambda function"
            raise ExpressionError(text, reason, grammar=LAMBDA_GRAMMAR, suggestion=_function_advice(text))
        if invocation and (invocation["partition"], invocation["region"]) != (match["partition"], match["region"]):
            reason = "the invocation ARN and the function in it are of different Regions"
            raise ExpressionError(
                text, reason, suggestion=f'write "{match["region"]}" and "{match["partition"]}" in both'
            )
        return cls(text=text, **match.groupdict())

    def __str__(self) -> str:
        return self.text

    @property
    def function_arn(self) -> str:
        """The function, without a qualifier."""
        return f"arn:{self.partition}:lambda:{self.region}:{self.account}:function:{self.name}"

    @property
    def arn(self) -> str:
        """The function, with its version or alias where one is named."""
        return self.function_arn if self.qualifier is None else f"{self.function_arn}:{self.qualifier}"

    @property
    def invocation_arn(self) -> str:
        """What an integration and an authorizer are given."""
        return f"arn:{self.partition}:apigateway:{self.region}:lambda:path/2015-03-31/functions/{self.arn}/invocations"

    @property
    def has_stage_variable(self) -> bool:
        """Whether the function is known only where a stage is called; nobody can give it a permission before."""
        return "${" in self.arn


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceUri:
    """An action or path of an AWS service: ``arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders``."""

    text: str
    region: str
    service: str
    """The service without a subdomain, as in ``s3`` of ``bucket.s3``."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the URI of a service. Raises ``ExpressionError``."""
        match = _SERVICE_URI.fullmatch(text)
        if not match:
            reason = "not the URI of an AWS service"
            raise ExpressionError(text, reason, grammar=SERVICE_GRAMMAR, suggestion=_service_advice(text))
        return cls(text=text, region=match["region"], service=match["service"])

    def __str__(self) -> str:
        return self.text


def parse_aws_uri(text: str) -> LambdaFunction | ServiceUri:
    """Read the URI of an ``AWS`` integration of a WebSocket API. Raises ``ExpressionError``."""
    return LambdaFunction.parse(text) if _LAMBDA.fullmatch(text) else ServiceUri.parse(text)


def is_service(text: str) -> bool:
    """Tell whether a URI is that of a service's action or path, and not that of a Lambda function."""
    return _SERVICE_URI.fullmatch(text) is not None and not _LAMBDA.fullmatch(text)


def check_role_arn(text: str) -> None:
    """Hold a ``credentialsArn`` against its grammar: a role, or the caller's identity. Raises ``ExpressionError``."""
    if not _ROLE.fullmatch(text):
        reason = "not the ARN of a role that API Gateway can assume"
        raise ExpressionError(text, reason, grammar=ROLE_GRAMMAR, suggestion=_role_advice(text))


def check_principal(text: str) -> None:
    """Hold a principal that may assume a role against its grammar. Raises ``ExpressionError``.

    ``*`` is refused even though IAM takes it, and so is it within an ARN, which IAM does not take.
    """
    if text == "*":
        raise ExpressionError(text, "anybody at all could assume the role", grammar=PRINCIPAL_GRAMMAR)
    if not _ACCOUNT.fullmatch(text) and not _PRINCIPAL.fullmatch(text):
        reason = "not a principal that can assume a role"
        raise ExpressionError(text, reason, grammar=PRINCIPAL_GRAMMAR, suggestion=_principal_advice(text))


def principal_arn(text: str, partition: str) -> str:
    """Return the ARN of a principal; an account's id stands for the account as a whole."""
    return f"arn:{partition}:iam::{text}:root" if _ACCOUNT.fullmatch(text) else text


def check_invoker(text: str) -> None:
    """Hold a principal that a REST API's policy lets in against its grammar. Raises ``ExpressionError``.

    ``*`` is refused as in :func:`check_principal`: a policy for everybody has a condition, and is written out.
    """
    if text == "*":
        suggestion = "write a resourcePolicy, with a Condition that limits them"
        raise ExpressionError(
            text, "anybody at all could call the API", grammar=PRINCIPAL_GRAMMAR, suggestion=suggestion
        )
    if not _ACCOUNT.fullmatch(text) and not _PRINCIPAL.fullmatch(text):
        reason = "not a principal that a policy can let in"
        raise ExpressionError(text, reason, grammar=PRINCIPAL_GRAMMAR, suggestion=_principal_advice(text))


def _function_advice(text: str) -> str:
    if "://" in text:
        return "a URL is called with HTTP_PROXY"
    if _is_of(text, "iam"):
        return "a role goes into credentialsArn"
    if match := _PARTIAL.fullmatch(text):
        return f"write arn:aws:lambda:REGION:{match['account'] or 'ACCOUNT'}:function:{match['name']}"
    return ""


def _service_advice(text: str) -> str:
    if "://" in text:
        return "a URL is called with HTTP or HTTP_PROXY"
    try:
        arn = Arn.parse(text)
    except ExpressionError:
        return ""
    if arn.service in {"apigateway", "iam"}:
        return ""
    return f"name what is called and not the resource, as in arn:{arn.partition}:apigateway:REGION:{arn.service}:path/…"


def _role_advice(text: str) -> str:
    if _is_of(text, "lambda"):
        return "a function goes into integrationUri"
    if match := _ROLE_NAME.fullmatch(text):
        return f"write arn:aws:iam::ACCOUNT:role/{match['name']}"
    return _role_of_session(text)


def _principal_advice(text: str) -> str:
    if _SHORT_ACCOUNT.fullmatch(text):
        return f'write "{text.zfill(12)}", in quotes, where leading zeros were lost'
    if text.isdecimal():
        return f"an account's id has 12 digits, this has {len(text)}"
    return _role_of_session(text)


def _role_of_session(text: str) -> str:
    match = _SESSION.fullmatch(text)
    return f"write arn:{match['partition']}:iam::{match['account']}:role/{match['role']}" if match else ""


def _is_of(text: str, service: str) -> bool:
    try:
        return Arn.parse(text).service == service
    except ExpressionError:
        return False
