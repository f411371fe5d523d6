import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bench import gateway, load, processes, program, report
from bench.links import Links, OutputOf, Parts, in_python, referred
from bench.processes import BenchError
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


def test_both_sides_of_the_gateway_answer() -> None:
    cost = gateway.measure(lambda _: None, rounds=1, seconds=0.2)
    assert min(cost.gateway.rate, cost.proxy.rate, cost.backend.rate) > 0
    lines = report.gateway_table(cost).splitlines()
    assert len({len(line) for line in lines[2:5]}) == 1


@pytest.fixture
def backend() -> Iterator[str]:
    with processes.serving("bench.backend") as url:
        yield url


async def test_a_load_ends_at_an_answer_that_is_not_200(backend: str) -> None:
    async with asyncio.timeout(10):
        with pytest.raises(ConnectionError, match=r"^expected status 200, got HTTP/1\.1 400 Bad Request"):
            await load.run(backend, 1, 5)


def test_a_server_that_does_not_start_is_an_error() -> None:
    with (
        pytest.raises(BenchError, match=r"^bench\.stacks ended before it served$"),
        processes.serving("bench.stacks"),
    ):
        pass
