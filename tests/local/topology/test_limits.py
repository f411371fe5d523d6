import math

import pytest

from apigateway.errors import TopologyError
from local.recording import Json
from local.topology.limits import Limit, StageLimits
from local.topology.reading.fields import Part
from local.topology.reading.limits import read_method_settings, read_plan_limit, read_route_settings


def part(**content: Json) -> Part:
    return Part("stage", content)


def limited(rate: float, burst: float) -> dict[str, Json]:
    return {"throttlingRateLimit": rate, "throttlingBurstLimit": burst}


def test_a_route_has_its_own_limit_or_that_of_all() -> None:
    limits = read_route_settings(part(**limited(1.5, 2.0)), [part(routeKey="GET /pets", **limited(3.0, 4.0))])
    assert limits.of("GET /pets") == Limit(rate=3, burst=4)
    assert limits.of("GET /dogs") == Limit(rate=1.5, burst=2)
    assert str(limits.of("GET /dogs")) == "1.5 a second, 2 at once"


def test_nothing_limits_a_stage_without_settings() -> None:
    assert read_route_settings(part(), []) == StageLimits(default=None, routes={})
    assert read_method_settings({}) == StageLimits(default=None, routes={})
    assert read_plan_limit(part()) is None


def test_what_the_settings_of_a_route_leave_out_is_zero() -> None:
    assert read_route_settings(part(loggingLevel="INFO"), []).default == Limit(rate=0, burst=0)
    assert read_route_settings(part(throttlingRateLimit=5.0), []).default == Limit(rate=5, burst=0)


@pytest.mark.parametrize(
    ("settings", "limit"),
    [
        (limited(5.0, 6.0), Limit(rate=5, burst=6)),
        (limited(0.0, 0.0), Limit(rate=0, burst=0)),
        (limited(-1.0, -1.0), None),
        ({"loggingLevel": "INFO"}, None),
        ({"throttlingRateLimit": 5.0}, Limit(rate=5, burst=math.inf)),
        ({"throttlingBurstLimit": 0.0}, Limit(rate=math.inf, burst=0)),
    ],
)
def test_what_the_settings_of_a_method_leave_out_limits_nothing(settings: dict[str, Json], limit: Limit | None) -> None:
    assert read_method_settings({"*/*": part(**settings)}).default == limit


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("~1pets~1{petId}/GET", "GET /pets/{petId}"),
        ("pets~1{petId}/GET", "GET /pets/{petId}"),
        ("~1/POST", "POST /"),
    ],
)
def test_a_method_path_names_a_route(path: str, key: str) -> None:
    assert read_method_settings({path: part(**limited(1.0, 1.0))}).routes == {key: Limit(rate=1, burst=1)}


def test_a_method_path_of_another_shape_is_refused() -> None:
    with pytest.raises(TopologyError, match=r'^methodPath must be \*/\* or such as ~1pets/GET, got "\*"$'):
        read_method_settings({"*": part()})


@pytest.mark.parametrize("value", [True, "5"])
def test_a_limit_is_a_number(value: Json) -> None:
    with pytest.raises(TopologyError, match=rf"^stage: rateLimit must be a number, got {value!r}$"):
        read_plan_limit(part(rateLimit=value))
