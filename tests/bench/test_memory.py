"""The measurement of memory: what is read of a process, and what is made of it."""

import json
import os
import resource
import time

import pytest

from bench import memory, report
from bench.memory import MemoryCost
from bench.proc import Held, allow_handles, cpu_seconds
from bench.processes import BenchError

MEGABYTE = 1024 * 1024


def held(megabytes: float, handles: int) -> Held:
    return Held(memory=int(megabytes * MEGABYTE), handles=handles)


COST = MemoryCost(
    start=held(50, 10),
    idle={1000: held(80, 1060), 3000: held(120, 3060)},
    closed=held(115, 60),
    cycles=1024,
    rounds=(held(60, 60), held(64, 60), held(65, 60), held(66, 61), held(67, 62)),
    noise=8192,
)


def test_a_connection_costs_what_the_memory_grows_by() -> None:
    assert COST.per_connection == 40 * 1024 / 2000


def test_what_stays_of_a_cycle_is_read_off_the_later_rounds() -> None:
    assert COST.per_cycle == 2 * MEGABYTE / (2 * 1024)
    assert COST.more_handles == 2


def test_tells_what_is_held() -> None:
    assert report.memory_table(COST).splitlines()[1:] == [
        "                                 memory  handles",
        "  before the first connection   50.0 MB       10",
        "  1000 idle connections         80.0 MB     1060",
        "  3000 idle connections        120.0 MB     3060",
        "  all closed                   115.0 MB       60",
        "  0 came and went               60.0 MB       60",
        "  1024 came and went            64.0 MB       60",
        "  2048 came and went            65.0 MB       60",
        "  3072 came and went            66.0 MB       61",
        "  4096 came and went            67.0 MB       62",
        "  1,000 idle connections hold 20.0 MB (20.5 KB each).",
        "  4096 that went leave 2 handles, and by the later half 1024 bytes each.",
        "  Noise: 8 KB while nothing happens; what is kept for later connections, to the backend, too.",
    ]
    assert json.loads(json.dumps(report.as_json({"memory": COST})))["memory"]["idle"]["3000"]["handles"] == 3060


def test_reads_this_process() -> None:
    before = Held.of(os.getpid())
    assert before.memory > MEGABYTE
    reading, writing = os.pipe()
    try:
        assert Held.of(os.getpid()).handles == before.handles + 2
    finally:
        os.close(reading)
        os.close(writing)


def test_reads_the_time_that_this_process_has_taken() -> None:
    before = cpu_seconds(os.getpid())
    assert before is not None
    assert 0 < before <= time.process_time() + 0.02  # two ticks of the kernel's clock


def test_the_time_of_no_process_is_unknown() -> None:
    assert cpu_seconds(0) is None


def test_says_that_memory_cannot_be_read() -> None:
    with pytest.raises(BenchError, match=r"^memory can be measured on Linux alone: .*/proc/0/statm"):
        Held.of(0)


def test_says_how_many_files_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 1024))
    with pytest.raises(BenchError) as caught:
        allow_handles(5500)
    assert str(caught.value) == "needs 5500 open files, and this user may have 1024: raise it with ulimit -Hn"


def test_raises_the_limit_of_files_as_far_as_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 1024))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limit: limits.append(limit))
    allow_handles(256)
    allow_handles(900)
    assert limits == [(900, 1024)]


def test_clients_come_idle_and_go() -> None:
    told: list[str] = []
    cost = memory.measure(told.append, steps=(5, 10), rounds=2, cycles=60)
    assert cost.idle[10].handles - cost.idle[5].handles == 5
    assert cost.rounds[-1].handles < cost.idle[10].handles + 60
    assert [line.partition(":")[0] for line in told] == [
        "memory, 5 idle connections",
        "memory, 10 idle connections",
        "memory, 60 connections came and went",
        "memory, 120 connections came and went",
    ]
