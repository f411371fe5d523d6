"""Reads what the registrations of a stage say of throttling, by route.

Sources: "Throttle requests to your HTTP APIs", "Protect your WebSocket APIs" and "Throttle requests to your REST APIs
for better throughput in API Gateway"; botocore ``apigatewayv2``, ``RouteSettings``, and ``apigateway``,
``Stage.methodSettings``, whose keys write a slash as ``~1``.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Final

from apigateway.errors import TopologyError
from local.topology.limits import Limit, StageLimits
from local.topology.reading.fields import Part

ALL_METHODS: Final = "*/*"


def read_route_settings(default: Part, routes: Iterable[Part]) -> StageLimits:
    """Read ``defaultRouteSettings`` and ``routeSettings``: a limit that a block leaves out is 0 there."""
    return StageLimits(
        default=_of_route(default) if default.content else None,
        routes={part.text("routeKey"): _of_route(part) for part in routes},
    )


def read_method_settings(settings: Mapping[str, Part]) -> StageLimits:
    """Read the ``settings`` of each method path: a limit that is left out, or below 0, limits nothing there."""
    limits = {path: _of_method(part) for path, part in settings.items()}
    default = limits.pop(ALL_METHODS, None)
    return StageLimits(default=default, routes={_route_key(path): limit for path, limit in limits.items()})


def read_plan_limit(part: Part) -> Limit | None:
    """Read the ``throttleSettings`` of a usage plan."""
    if not part.content:
        return None
    return Limit(rate=_number(part, "rateLimit", 0), burst=_number(part, "burstLimit", 0))


def _of_route(part: Part) -> Limit:
    return Limit(rate=_number(part, "throttlingRateLimit", 0), burst=_number(part, "throttlingBurstLimit", 0))


def _of_method(part: Part) -> Limit | None:
    rate = _number(part, "throttlingRateLimit", -1)
    burst = _number(part, "throttlingBurstLimit", -1)
    if rate < 0 and burst < 0:
        return None
    return Limit(rate=math.inf if rate < 0 else rate, burst=math.inf if burst < 0 else burst)


def _route_key(path: str) -> str:
    resource, slash, method = path.rpartition("/")
    if not slash or not method.isalpha():
        raise TopologyError(f'methodPath must be */* or such as ~1pets/GET, got "{path}"')
    return f"{method} /{resource.replace('~1', '/').removeprefix('/')}"


def _number(part: Part, key: str, missing: float) -> float:
    value = part.content.get(key)
    if value is None:
        return missing
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TopologyError(f"{part.place}: {key} must be a number, got {value!r}")
    return float(value)
