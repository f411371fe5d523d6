"""How many requests a stage lets through."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A bucket of tokens, one a request."""

    rate: float
    """Tokens that come in a second; infinite where only the burst is limited."""
    burst: float
    """Tokens that the bucket holds; infinite where only the rate is limited."""

    def __str__(self) -> str:
        """Say what the limit is."""
        return f"{self.rate:g} a second, {self.burst:g} at once"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLimits:
    """The limits of a stage."""

    default: Limit | None
    """Of each route that has none of its own; None where nothing limits it but the account."""
    routes: Mapping[str, Limit | None]
    """By route key. Those of REST APIs name one method each: none of them begins with ``ANY``."""

    def of(self, key: str) -> Limit | None:
        """Return the limit of a route: its own, else that of all."""
        return self.routes.get(key, self.default)


UNLIMITED: Final = StageLimits(default=None, routes=MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlan:
    """What a usage plan lets the holder of one API key ask for."""

    plan: str
    """The plan's name in the stack."""
    limit: Limit | None
    quota: int | None
    """Requests in a period."""
