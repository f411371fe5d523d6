"""What an integration calls, whatever kind of API it is of."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

ContentHandling: TypeAlias = Literal["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"]
Passthrough: TypeAlias = Literal["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]
IntegrationType: TypeAlias = Literal["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"]
"""Of WebSocket and REST APIs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The link leads to a backend."""

    backend: str
    """Its name in the stack's outputs."""
    idle_timeout: float | None = None
    """Seconds that an application load balancer waits for a silent target, before it answers itself; None where what
    lies before the backend answers nothing: a network load balancer, or a Cloud Map service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """Requests would not arrive, and why."""

    reason: str


Reach: TypeAlias = Reached | Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerCall:
    """A call of a backend by a VPC link that names a listener or a Cloud Map service: it is the client's own path."""

    reach: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateCall:
    """A call of a backend by a VPC link, with a URL."""

    uri: str
    """The integration's URI, with ``{name}`` and ``${stageVariables.name}``."""
    reach: Reach
    stage_in_path: bool = False
    """Whether API Gateway puts the stage before the path: so a REST API does with links of version 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCall:
    """A call of a URL over the internet."""

    uri: str
    """With ``{name}`` and ``${stageVariables.name}``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCall:
    """An invocation of a Lambda function."""

    uri: str
    """Its ARN or invocation ARN, with ``${stageVariables.name}``: which function it is, a stage may decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCall:
    """A request to an AWS service: an action or a path of it."""

    uri: str
    """``arn:aws:apigateway:us-east-1:sqs:path/…``, with ``{name}`` and ``${stageVariables.name}``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCall:
    """API Gateway answers by itself: a MOCK integration."""
