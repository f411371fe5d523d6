"""Throttling: a bucket of tokens for each route of each stage, and for each API key of a usage plan.

A request takes a token; a request that finds none is answered 429. The bucket holds ``burst`` tokens and fills at
``rate`` a second. A limit of 0 refuses every request, be it the rate or the burst.

Sources: "Throttle requests to your REST APIs for better throughput in API Gateway" (the algorithm, and that a usage
plan's limit is applied before that of the stage), "Gateway response types for API Gateway" (THROTTLED and
QUOTA_EXCEEDED). API Gateway throttles on a best-effort basis over many hosts; here the limit is exact.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final, TypeAlias

from local.gateway.faults import Faulted, GatewayFault
from local.topology.limits import KeyPlan, Limit

Clock: TypeAlias = Callable[[], float]
"""Seconds; only differences count."""

THROTTLED: Final = GatewayFault(type="THROTTLED", message="Too Many Requests", error="TooManyRequestsException")
QUOTA_EXCEEDED: Final = GatewayFault(type="QUOTA_EXCEEDED", message="Limit Exceeded", error="LimitExceededException")


@dataclass(slots=True)
class _Bucket:
    limit: Limit
    tokens: float
    filled: float

    def takes(self, now: float) -> bool:
        """Take a token, if there is one."""
        if 0 in (self.limit.rate, self.limit.burst):
            return False
        if math.inf not in (self.limit.rate, self.limit.burst):
            self.tokens = min(self.limit.burst, self.tokens + (now - self.filled) * self.limit.rate)
            self.filled = now
            if self.tokens < 1:
                return False
            self.tokens -= 1
        return True


class Throttle:
    """The buckets of one API; they outlive an edit of the stack file, except where it changes their limit."""

    def __init__(self, clock: Clock = monotonic) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, ...], _Bucket] = {}
        self._used: dict[tuple[str, str], int] = {}

    def refusal(self, limit: Limit | None, *bucket: str) -> str | None:
        """Take a token of a bucket; where there is none, say so. ``bucket`` is its name: a stage and a route."""
        if limit is None:
            return None
        now = self._clock()
        found = self._buckets.get(bucket)
        if found is None or found.limit != limit:
            found = self._buckets[bucket] = _Bucket(limit, limit.burst, now)
        if found.takes(now):
            return None
        return f"throttled: {' '.join(bucket)} may have {limit}"

    def check_plan(self, plan: KeyPlan | None, key: str) -> None:
        """Count a request against the usage plan of an API key. Raises ``Faulted``.

        No period of a quota ends here: a laptop's gateway does not run that long.
        """
        if plan is None:
            return
        if reason := self.refusal(plan.limit, f"usage plan {plan.plan}", f"key {key}"):
            raise Faulted(THROTTLED, reason)
        if plan.quota is None:
            return
        used = self._used.get((plan.plan, key), 0)
        if used >= plan.quota:
            raise Faulted(QUOTA_EXCEEDED, f"usage plan {plan.plan} lets the key {key} make {plan.quota} requests")
        self._used[plan.plan, key] = used + 1
