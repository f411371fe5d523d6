"""What lies beyond API Gateway: servers, functions, services, issuers of tokens."""

from dataclasses import dataclass

from local.functions import Functions
from local.gateway.authorization.issuers import Issuers
from local.gateway.upstream import Upstream


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the integrations and authorizers of every API reach."""

    upstream: Upstream
    functions: Functions
    issuers: Issuers
    aws: str | None
    """The endpoint of the embedded AWS; None where it does not run."""


class NoCounterpartError(Exception):
    """What the stack leads to is not on this laptop: the client gets a 501 that says so."""
