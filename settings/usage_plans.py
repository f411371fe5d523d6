"""Usage plans: what each partner may ask of an API, by API key."""

from typing import Annotated, Literal

from pydantic import Strict

from apigateway.rules import routes as rules

from .base import Between, Model, Name
from .one_of import OneOf
from .stages import Limits


class Quota(Model):
    """How many requests a key may make in a period."""

    limit: Annotated[int, Strict(), Between(1, 2_147_483_647)]
    """Requests in a period."""

    period: Annotated[Literal["DAY", "WEEK", "MONTH"], OneOf(rules.USAGE_PLAN)]
    """The period."""

    offset: Annotated[int, Strict(), Between(0, 27)] = 0
    """Days from the period's beginning until the quota begins anew: 0 for a day, 0 to 6 for a week, 0 to 27."""


class UsagePlan(Model):
    """What the holders of some API keys may ask of an API."""

    throttling: Limits | None = None
    """Limits of each key. Left out: the stage's alone."""

    quota: Quota | None = None
    """Left out: none."""

    api_keys: tuple[Name, ...] = ()
    """Names of API keys; each is made once in the stack, with a value that AWS chooses. Read it with
    ``aws apigateway get-api-key --include-value``: it is in no output."""
