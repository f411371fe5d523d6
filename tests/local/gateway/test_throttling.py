from dataclasses import replace

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.gateway.faults import Faulted
from local.gateway.server import Gateway
from local.gateway.throttling import QUOTA_EXCEEDED, THROTTLED, Throttle
from local.topology import Topology
from local.topology.limits import KeyPlan, Limit, StageLimits
from local.topology.reading import build_topology
from local.topology.stages import Stage
from tests.local.gateway.backend import Backend
from tests.local.gateway.conftest import Log
from tests.local.gateway.rest.apis import Client, answering, api, method, mocked
from tests.local.recordings import Program, program

ONE = Limit(rate=1, burst=1)
NONE = Limit(rate=0, burst=0)
TOO_MANY = b'{"message":"Too Many Requests"}'


class Clock:
    """Stands still until a test sets it on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_is_full_at_first_and_fills_at_its_rate() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    limit = Limit(rate=2, burst=3)

    def admitted() -> int:
        return sum(throttle.refusal(limit, "dev", "GET /") is None for _ in range(10))

    assert admitted() == 3
    clock.now = 0.5
    assert admitted() == 1
    clock.now = 1.0
    assert admitted() == 1
    clock.now = 60.0
    assert admitted() == 3


def test_a_refusal_says_what_is_limited() -> None:
    assert Throttle().refusal(NONE, "dev", "GET /") == "throttled: dev GET / may have 0 a second, 0 at once"


@pytest.mark.parametrize(("rate", "burst"), [(0, 0), (0, 5), (5, 0), (float("inf"), 0), (0, float("inf"))])
def test_a_limit_of_zero_refuses_everything(rate: float, burst: float) -> None:
    assert Throttle().refusal(Limit(rate=rate, burst=burst), "dev", "GET /") is not None


@pytest.mark.parametrize("limit", [None, Limit(rate=float("inf"), burst=1), Limit(rate=1, burst=float("inf"))])
def test_half_a_limit_limits_nothing(limit: Limit | None) -> None:
    throttle = Throttle(Clock())
    assert {throttle.refusal(limit, "dev", "GET /") for _ in range(100)} == {None}


@given(st.floats(0.1, 100), st.integers(1, 20), st.lists(st.floats(0, 2), max_size=60))
def test_no_more_than_burst_and_rate_get_through(rate: float, burst: int, waits: list[float]) -> None:
    clock = Clock()
    throttle = Throttle(clock)
    admitted = 0
    for wait in waits:
        clock.now += wait
        admitted += throttle.refusal(Limit(rate=rate, burst=burst), "dev", "GET /") is None
    assert admitted <= burst + rate * clock.now + 1e-6
    assert admitted >= min(len(waits), burst)


def test_routes_and_stages_have_buckets_of_their_own() -> None:
    throttle = Throttle(Clock())
    for bucket in (("dev", "GET /"), ("dev", "POST /"), ("prod", "GET /")):
        assert throttle.refusal(ONE, *bucket) is None
        assert throttle.refusal(ONE, *bucket) is not None


def test_an_edited_limit_begins_anew_and_the_same_one_goes_on() -> None:
    throttle = Throttle(Clock())
    assert throttle.refusal(ONE, "dev", "GET /") is None
    assert throttle.refusal(replace(ONE), "dev", "GET /") is not None
    assert throttle.refusal(Limit(rate=1, burst=2), "dev", "GET /") is None


def test_a_usage_plan_limits_the_rate_and_the_number_of_a_keys_requests() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    plan = KeyPlan(plan="pets-free", limit=ONE, quota=2)

    def fault(key: str = "gold") -> Faulted | None:
        try:
            throttle.check_plan(plan, key)
        except Faulted as ended:
            return ended
        return None

    throttle.check_plan(None, "gold")
    assert fault() is None
    throttled = fault()
    assert throttled is not None
    assert throttled.fault is THROTTLED
    assert throttled.reason == "throttled: usage plan pets-free key gold may have 1 a second, 1 at once"
    clock.now += 1
    assert fault() is None
    clock.now += 1
    exceeded = fault()
    assert exceeded is not None
    assert exceeded.fault is QUOTA_EXCEEDED
    assert exceeded.reason == "usage plan pets-free lets the key gold make 2 requests"
    assert fault("silver") is None


def limited_program() -> Program:
    made = program()
    made.http_route(made.http_api(), "GET /{proxy+}")
    made.http_route("orders", "POST /{proxy+}")
    made.change(
        "orders-stage",
        defaultRouteSettings={"throttlingRateLimit": 1.0, "throttlingBurstLimit": 1.0},
        routeSettings=[{"routeKey": "POST /{proxy+}", "throttlingRateLimit": 0.0, "throttlingBurstLimit": 0.0}],
    )
    return made


async def test_routes_of_an_http_api(backend: Backend, client: aiohttp.ClientSession, log: Log) -> None:
    clock = Clock()
    topology = build_topology(limited_program().recording())
    gateway = Gateway(topology, {"orders": backend.url}, first_port=0, clock=clock)
    url = (await gateway.start()).apis["orders"].endpoint
    try:
        answers = []
        for verb in ("GET", "GET", "POST"):
            async with client.request(verb, f"{url}/x") as answer:
                answers.append((answer.status, await answer.read()))
        assert answers == [(200, b""), (429, TOO_MANY), (429, TOO_MANY)]
        assert log.lines[-1].endswith(" ms: throttled: $default POST /{proxy+} may have 0 a second, 0 at once")
        # An edit of something else leaves the bucket as empty as it is.
        await gateway.swap(topology)
        async with client.get(f"{url}/x") as answer:
            assert answer.status == 429
        clock.now = 1.0
        async with client.get(f"{url}/x") as answer:
            assert answer.status == 200
    finally:
        await gateway.stop()


async def test_connections_and_messages_of_a_websocket_api(
    backend: Backend, client: aiohttp.ClientSession, log: Log
) -> None:
    made = program()
    made.websocket_route(made.websocket_api(), "$default")
    made.change("chat-stage", defaultRouteSettings={"throttlingRateLimit": 1.0, "throttlingBurstLimit": 1.0})
    gateway = Gateway(build_topology(made.recording()), {"chat": backend.url}, first_port=0, clock=Clock())
    url = (await gateway.start()).apis["chat"].endpoint
    try:
        async with client.ws_connect(url) as socket:
            await socket.send_str("first")
            assert (await backend.next()).body == b"first"
            await socket.send_str("second")
            frame = await socket.receive_json(timeout=5)
            assert list(frame) == ["message", "connectionId", "requestId"]
            assert frame["message"] == "Too Many Requests"
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await client.ws_connect(url)
            assert refused.value.status == 429
        assert backend.received.empty()
    finally:
        await gateway.stop()
    assert [line.partition(" ms: ")[2] for line in log.lines if ": 429" in line] == [
        "throttled: dev $default may have 1 a second, 1 at once",
        "throttled: dev $connect may have 1 a second, 1 at once",
    ]


async def rest_answers(stage: Stage, *sent: tuple[str, str], key: str | None = None) -> list[tuple[int, bytes]]:
    """Call an API whose methods are ``ANY /a`` and ``GET /b``, which needs a key where one is given."""
    methods = [method(text, mocked(answering(200))) for text in ("ANY /a", "GET /b")]
    made = api(*(replace(item, api_key_required=key is not None) for item in methods))
    topology = Topology(
        http_apis=(), websocket_apis=(), rest_apis=(replace(made, stages={"dev": stage}),), backends=("shop",)
    )
    gateway = Gateway(topology, {}, first_port=0, clock=Clock())
    endpoint = (await gateway.start()).apis["shop"].endpoint
    try:
        async with aiohttp.ClientSession() as session:
            caller = Client(session, endpoint.removesuffix("/dev"))
            headers = {"x-api-key": key} if key else None
            got = [await caller.send(verb, path, headers) for verb, path in sent]
        return [(answer.status, body) for answer, body in got]
    finally:
        await gateway.stop()


async def test_methods_of_a_rest_api(log: Log) -> None:
    limits = StageLimits(default=ONE, routes={"PUT /a": NONE})
    stage = Stage(name="dev", variables={}, api_keys={}, limits=limits)
    sent = (("GET", "/dev/a"), ("POST", "/dev/a"), ("PUT", "/dev/a"), ("GET", "/dev/b"))
    assert await rest_answers(stage, *sent) == [(200, b""), (429, TOO_MANY), (429, TOO_MANY), (200, b"")]
    assert [line.partition(" ms: ")[2] for line in log.lines if ": 429" in line] == [
        "throttled: dev ANY /a may have 1 a second, 1 at once",
        "throttled: dev PUT /a may have 0 a second, 0 at once",
    ]


async def test_holders_of_an_api_key() -> None:
    plans = {"gold": KeyPlan(plan="pets-free", limit=None, quota=1)}
    stage = Stage(name="dev", variables={}, api_keys={"gold": "1"}, plans=plans)
    assert await rest_answers(stage, ("GET", "/dev/a"), ("GET", "/dev/b"), key="gold") == [
        (200, b""),
        (429, b'{"message":"Limit Exceeded"}'),
    ]
