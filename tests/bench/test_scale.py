"""What a large stack asks of the control plane: counted small, and held against what the page says of the large one."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import astuple
from itertools import starmap
from pathlib import Path

import pytest

from bench import report, scale
from bench.control_plane import change, refresh
from bench.scale import ChangeCost, Counts, DeploymentCost
from local.recording import Json, Recording, Resource
from tests.programs import run_program

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scale.md"


def part(kind: str, name: str, parent: str = "chat", **inputs: Json) -> Resource:
    type_ = f"aws:apigatewayv2/{kind[0].lower()}{kind[1:]}:{kind}"
    urn = f"{type_}::{name}"
    return Resource(urn=urn, type=type_, name=name, parent=parent, custom=True, id="", inputs=inputs, outputs={})


def recording(*parts: Resource) -> Recording:
    return Recording(project="gatelink", stack="bench", resources=parts, outputs={})


CHAT = (
    part("Api", "chat"),
    part("Integration", "forward"),
    part("Route", "send"),
    part("Deployment", "chat", triggers={"spec": "1"}),
    part("Stage", "chat"),
)
ORDERS = (part("Api", "orders", "orders"), part("Stage", "orders", "orders"))


def test_the_calls_of_a_first_deployment() -> None:
    api = ["CreateApi", "GetApi", "CreateIntegration", "GetIntegration", "CreateRoute", "GetRoute"]
    deployed = ["CreateDeployment", "GetDeployment", "GetDeployment"]
    stage = ["GetApi", "CreateStage", "GetStage", "GetApi"]
    assert change(None, recording(*CHAT)).calls() == Counter([*api, *deployed, *stage])
    link = recording(part("VpcLink", "http"))
    assert change(None, link).calls() == Counter(["CreateVpcLink (v2)", "GetVpcLink"])


def test_a_new_deployment_takes_the_stages_of_its_own_api_along() -> None:
    after = [part("Deployment", "chat", triggers={"spec": "2"}) if "deployment" in one.type else one for one in CHAT]
    found = change(recording(*CHAT, *ORDERS), recording(*after, *ORDERS))
    assert sorted(one.urn for one in found.changed) == [
        "aws:apigatewayv2/deployment:Deployment::chat",
        "aws:apigatewayv2/stage:Stage::chat",
    ]
    replaced = ["CreateDeployment", "GetDeployment", "GetDeployment", "DeleteDeployment"]
    assert found.calls() == Counter([*replaced, "GetApi", "UpdateStage", "GetStage", "GetApi"])


def test_a_refresh_reads_everything_once() -> None:
    reads = ["GetApi", "GetIntegration", "GetRoute", "GetDeployment", "GetStage", "GetApi"]
    assert refresh(recording(*CHAT)) == Counter(reads)


@pytest.fixture(scope="module")
def small() -> tuple[Counts, Counts]:
    told: list[str] = []

    def run(settings: Mapping[str, Json]) -> Recording:
        return run_program(dict(settings), stack="bench")

    counts = scale.count(told.append, 20, run), scale.count(told.append, 40, run)
    assert told[:3] == ["scale: an integration a route", "scale: an integration a service", "scale: stack 1 of 5"]
    return counts


def test_equal_integrations_are_made_once(small: tuple[Counts, Counts]) -> None:
    for counts, routes in zip(small, (20, 40), strict=True):
        assert [cost.integrations for cost in counts.deployments] == [2 * routes, 10, 10]


def test_what_a_change_costs_does_not_depend_on_the_size(small: tuple[Counts, Counts]) -> None:
    twenty, forty = small
    assert twenty.changes == forty.changes


def test_the_page_has_the_figures_of_the_large_stack(small: tuple[Counts, Counts]) -> None:
    """All counts grow with the routes by the same step, so two small stacks tell what the large one has."""
    page = {tuple(cell.strip() for cell in line.strip("|\n").split("|")) for line in PAGE.read_text().splitlines()}
    for row in starmap(_extrapolated, zip(small[0].deployments, small[1].deployments, strict=True)):
        assert row in page
    for change_ in small[0].changes:
        assert _change_row(change_) in page


def _extrapolated(twenty: DeploymentCost, forty: DeploymentCost) -> tuple[str, ...]:
    def large(at_twenty: int, at_forty: int) -> int:
        return at_twenty + (at_forty - at_twenty) * (scale.ROUTES - 20) // 20

    registrations, integrations, calls, refresh_calls = (
        large(getattr(twenty, name), getattr(forty, name))
        for name in ("registrations", "integrations", "calls", "refresh_calls")
    )
    return (
        twenty.what,
        f"{registrations:,}",
        f"{integrations:,}",
        f"{calls:,}",
        f"{(calls - 40) / 10:.0f} s",
        f"{refresh_calls:,}",
        f"{max(refresh_calls - 40, 0) / 10:.0f} s",
    )


def _change_row(cost: ChangeCost) -> tuple[str, ...]:
    return cost.what, str(cost.shown), str(cost.calls)


def test_the_tables(small: tuple[Counts, Counts]) -> None:
    first, changes = report.scale_tables(small[0])
    cost, change_ = small[0].deployments[0], small[0].changes[0]
    assert first.splitlines()[2].split()[:4] == ["an", "integration", "a", "route"]
    assert first.splitlines()[2].split()[4:6] == [str(cost.registrations), str(cost.integrations)]
    assert changes.splitlines()[2].split()[-4:-2] == [str(change_.shown), str(change_.calls)]
    found = scale.ScaleCost(program=(), counts=small[0])
    assert report.as_json({"scale": found})["scale"] == {
        "program": [],
        "deployments": [
            dict(zip(DeploymentCost.__dataclass_fields__, astuple(one), strict=True)) for one in small[0].deployments
        ],
        "changes": [dict(zip(ChangeCost.__dataclass_fields__, astuple(one), strict=True)) for one in small[0].changes],
    }
