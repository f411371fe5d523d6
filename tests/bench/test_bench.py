import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from urllib.parse import urlsplit

import pytest

from bench import gateway, load, processes, program, report, websocket
from bench.backend import ANSWER
from bench.beside import Comparison, Sample
from bench.links import Links, OutputOf, Parts, in_python, referred
from bench.load import Load
from bench.processes import BenchError
from bench.stacks import MAPPED_HEADER, MAPPED_VALUE
from local.recording import Json, Recording, Resource

LISTENER = "arn:aws:elasticloadbalancing:us-east-1:1:listener/a"


def resource(name: str, **outputs: Json) -> Resource:
    return Resource(
        urn=f"urn:{name}",
        type="aws:lb/listener:Listener",
        name=name,
        parent=None,
        custom=True,
        id=f"id-of-{name}",
        inputs={"port": 80},
        outputs={"port": 80, **outputs},
    )


def recording(*resources: Resource, **outputs: Json) -> Recording:
    return Recording(project="gatelink", stack="bench", resources=resources, outputs=outputs)


@pytest.mark.parametrize(
    ("camel", "snake"),
    [
        ("cidrIpv4", "cidr_ipv4"),
        ("id", "id"),
        ("timeoutMilliseconds", "timeout_milliseconds"),
        ("kmsKeyId", "kms_key_id"),
    ],
)
def test_spells_an_input_as_python_does(camel: str, snake: str) -> None:
    assert in_python(camel) == snake


def test_finds_the_longest_output_in_a_text() -> None:
    links = Links([resource("a", listenerArn=LISTENER), resource("b", ruleArn=f"{LISTENER}/rule")])
    found = links.find({"uri": f"to {LISTENER}/rule!", "ports": [80, "id-of-a"]})
    assert found == {
        "uri": Parts(parts=("to ", OutputOf(urn="urn:b", attribute="rule_arn"), "!")),
        "ports": [80, Parts(parts=(OutputOf(urn="urn:a", attribute="id"),))],
    }
    assert sorted(referred(found)) == ["urn:a", "urn:b"]


def test_leaves_a_value_without_outputs_as_it_is() -> None:
    assert Links([]).find({"name": "chat", "port": 80}) == {"name": "chat", "port": 80}


def test_says_which_registrations_one_side_lacks() -> None:
    with pytest.raises(BenchError) as caught:
        program.check_same(recording(resource("a")), recording(resource("a"), resource("b")), "bare")
    assert str(caught.value) == (
        "bare: registered other resources than the program; more: none; missing: aws:lb/listener:Listener b"
    )


def test_says_which_registration_has_other_inputs() -> None:
    other = replace(resource("a"), inputs={"port": 81})
    with pytest.raises(BenchError) as caught:
        program.check_same(recording(other), recording(resource("a")), "bare")
    assert str(caught.value) == "bare: registered otherwise than by the program: urn:a"


def test_says_that_outputs_differ() -> None:
    with pytest.raises(BenchError) as caught:
        program.check_same(recording(vpcId="vpc-1"), recording(vpcId="vpc-2"), "bare")
    assert str(caught.value) == "bare: the stack's outputs differ from the program's"


def test_both_sides_of_the_program_register_the_same() -> None:
    told: list[str] = []
    (cost,) = program.measure(told.append, {4: 1})
    assert cost.routes == 4
    assert cost.registrations > 50
    assert len(cost.program.seconds) == len(cost.bare.seconds) == 1
    assert told[0] == "program, 4 routes: reference"
    assert "registrations" in report.program_table([cost])


@pytest.mark.parametrize("measurement", [gateway, websocket])
def test_both_sides_answer(measurement: ModuleType) -> None:
    told: list[str] = []
    cost: Comparison = measurement.measure(told.append, rounds=1, seconds=0.2)
    assert min(cost.gateway.rate, cost.gateway.single_rate, cost.bare.rate, cost.backend.rate) > 0
    assert [line.partition(":")[0] for line in told] == [
        f"{measurement.__name__.removeprefix('bench.')}, connections"
    ] * 4
    lines = report.comparison_table(cost, "a title", "bare", "requests").splitlines()
    assert len({len(line) for line in (lines[2], lines[5], lines[6], lines[7])}) == 1
    assert lines[0].startswith("a title; ")


def rounds(*found: tuple[int, float, float]) -> tuple[Load, ...]:
    return tuple(Load(requests=count, seconds=1.0, p50=p50, p99=p99) for count, p50, p99 in found)


def test_the_best_round_of_each_side_counts() -> None:
    found = Comparison(
        connections=32,
        gateway=Sample(
            busy=rounds((100, 9, 9), (400, 8, 9)), single=rounds((50, 0.75, 3), (40, 0.5, 2)), cpu=(500, 400)
        ),
        bare=Sample(busy=rounds((500, 4, 5), (200, 6, 7)), single=rounds((100, 0.25, 1), (10, 9, 9)), cpu=(200, 300)),
        backend=rounds((9000, 1, 1))[0],
    )
    assert (found.ratio, found.single_ratio, found.added_p50, found.added_p99) == (0.8, 0.5, 0.25, 1)
    shown = report.comparison_table(found, "title", "bare proxy", "requests").splitlines()[1:]
    assert shown == [
        "                               gateway  bare proxy",
        "  requests/s, 32 connections       400         500    ratio 0.80",
        "  CPU for one, 32 connections   400 µs      200 µs    ratio 0.50",
        "  p50, 32 connections          8.00 ms     4.00 ms",
        "  requests/s, 1 connection          50         100    ratio 0.50",
        "  p50, 1 connection            0.50 ms     0.25 ms  adds 0.25 ms",
        "  p99, 1 connection            2.00 ms     1.00 ms  adds 1.00 ms",
        "  The cores are shared with the backend and the load, which reach 9000 requests/s alone.",
    ]


def test_the_time_of_a_request_may_be_unknown() -> None:
    sample = Sample(busy=rounds((100, 9, 9)), single=rounds((50, 1, 3)), cpu=(None,))
    found = Comparison(connections=32, gateway=sample, bare=sample, backend=rounds((9000, 1, 1))[0])
    assert found.cpu_ratio is None
    assert (
        "  CPU for one, 32 connections  unknown     unknown"
        in report.comparison_table(found, "title", "bare proxy", "requests").splitlines()
    )


@pytest.fixture
def backend() -> Iterator[str]:
    with processes.serving("bench.backend") as server:
        yield server.url


async def test_a_load_ends_at_an_answer_that_is_not_200(backend: str) -> None:
    async with asyncio.timeout(10):
        with pytest.raises(ConnectionError, match=r"^expected the backend's answer, got HTTP/1\.1 400 Bad Request"):
            await load.run(backend, 1, 5)


async def test_a_load_of_messages_ends_where_the_handshake_is_refused(backend: str) -> None:
    async with asyncio.timeout(10):
        with pytest.raises(ConnectionError, match=r"^expected the backend's answer, got HTTP/1\.1 400 Bad Request"):
            await load.run(backend.replace("http:", "ws:"), 1, 5)


async def test_a_load_of_messages_ends_at_a_frame_that_is_not_the_answer() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        await reader.read(1)
        writer.write(load.frame(b"Forbidden", masked=False))
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()
        gone.set()

    gone = asyncio.Event()

    async with asyncio.timeout(10), await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        with pytest.raises(ConnectionError, match=r"^expected the backend's answer, got b'.x81.tForbidden'$"):
            await load.run(f"ws://{host}:{port}", 1, 5)
        await gone.wait()


def test_a_frame_of_a_client_is_masked_with_zeros() -> None:
    assert load.frame(b"hi", masked=True) == b"\x81\x82\x00\x00\x00\x00hi"
    assert load.frame(b"hi", masked=False) == b"\x81\x02hi"


def test_a_frame_for_a_load_is_short() -> None:
    with pytest.raises(ValueError, match=r"^a short frame has at most 125 bytes, got 126$"):
        load.frame(bytes(126), masked=True)


async def test_the_backend_waits_for_the_whole_body(backend: str) -> None:
    parts = urlsplit(backend)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = b"POST / HTTP/1.1\r\n%s: %s\r\nContent-Length: 2\r\n\r\n" % (
        MAPPED_HEADER.encode(),
        MAPPED_VALUE.encode(),
    )
    async with asyncio.timeout(10):
        writer.write(head + b"{")
        writer.write(b"}" + head + b"{}")
        for _ in range(2):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK\r\n")
            assert await reader.readexactly(len(ANSWER)) == ANSWER
    writer.close()
    await writer.wait_closed()


def test_a_server_that_does_not_start_is_an_error() -> None:
    with (
        pytest.raises(BenchError, match=r"^bench\.stacks ended before it served$"),
        processes.serving("bench.stacks"),
    ):
        pass
