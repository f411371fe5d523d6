"""The measurement of REST APIs: the three sides, the calls of the control plane, and what its quotas leave."""

from collections import Counter
from dataclasses import replace

import pytest

from bench import control_plane, report, rest
from bench.control_plane import Change, change, least_seconds
from bench.processes import BenchError
from bench.rest_by_body import document_of
from bench.stacks import many_rest_routes
from local.recording import Json, Recording, Resource


def part(kind: str, name: str = "things", **inputs: Json) -> Resource:
    type_ = f"aws:apigateway/{kind[0].lower()}{kind[1:]}:{kind}"
    return Resource(
        urn=f"{type_}::{name}", type=type_, name=name, parent=None, custom=True, id="", inputs=inputs, outputs={}
    )


def recording(*parts: Resource) -> Recording:
    return Recording(project="gatelink", stack="bench", resources=parts, outputs={})


BY_METHOD = recording(
    part("RestApi"),
    part("Resource"),
    part("Method", authorization="NONE"),
    part("Integration", uri="https://a.example"),
    part("MethodResponse"),
    part("IntegrationResponse"),
    part("Deployment", triggers="1"),
    part("Stage"),
)
API_ALONE = recording(part("RestApi"), part("Deployment", triggers="2"), part("Stage"))
BY_BODY = recording(part("RestApi", body="{}"), part("Deployment", triggers="1"), part("Stage"))


DEPLOYED = ["CreateDeployment", "GetDeployment", "CreateStage", "GetStage"]
REDEPLOYED = ["CreateDeployment", "GetDeployment", "UpdateStage", "GetStage", "DeleteDeployment"]


def test_the_calls_of_a_first_deployment_by_method() -> None:
    api = ["CreateRestApi", "GetRestApi", "GetResources"]
    method = ["CreateResource", "GetResource", "PutMethod", "PutIntegration", "GetIntegration"]
    responses = ["PutMethodResponse", "PutIntegrationResponse", "GetIntegrationResponse"]
    assert change(None, BY_METHOD).calls() == Counter([*api, *method, *responses, *DEPLOYED])


def test_the_calls_of_a_first_deployment_by_document() -> None:
    api = ["CreateRestApi", "PutRestApi", "UpdateRestApi", "GetRestApi", "GetResources"]
    assert change(None, BY_BODY).calls() == Counter([*api, *DEPLOYED])


def edited(run: Recording, **inputs: dict[str, Json]) -> Recording:
    resources = (
        replace(found, inputs=inputs.get(found.type.rpartition(":")[2], found.inputs)) for found in run.resources
    )
    return recording(*resources)


def test_the_calls_of_a_changed_route() -> None:
    by_method = edited(BY_METHOD, Integration={"uri": "https://b.example"}, Deployment={"triggers": "2"})
    assert change(BY_METHOD, by_method).calls() == Counter(["UpdateIntegration", "GetIntegration", *REDEPLOYED])
    by_body = edited(BY_BODY, RestApi={"body": "{ }"}, Deployment={"triggers": "2"})
    put = ["PutRestApi", "UpdateRestApi", "GetRestApi", "GetResources"]
    assert change(BY_BODY, by_body).calls() == Counter([*put, *REDEPLOYED])


def test_the_calls_of_a_removed_route() -> None:
    left = [
        found for found in BY_METHOD.resources if found.type.rpartition(":")[2] in ("RestApi", "Deployment", "Stage")
    ]
    found = change(BY_METHOD, edited(recording(*left), Deployment={"triggers": "2"}))
    parts = ("Resource", "Method", "Integration", "MethodResponse", "IntegrationResponse")
    assert found.calls() == Counter([*(f"Delete{name}" for name in parts), *REDEPLOYED])
    assert len(found) == len(parts) + 2


def test_nothing_changed_asks_nothing() -> None:
    assert change(BY_BODY, BY_BODY) == Change(created=(), changed=(), deleted=())


@pytest.mark.parametrize(
    ("calls", "seconds"),
    [
        ({}, 0),
        ({"GetStage": 40}, 0),
        ({"GetStage": 50}, 1),
        ({"CreateResource": 11}, 2),
        ({"CreateResource": 11, "PutMethod": 89}, 6),
        ({"PutRestApi": 1, "CreateDeployment": 1}, 0),
        ({"CreateDeployment": 3}, 10),
    ],
)
def test_the_least_seconds_that_the_quotas_leave(calls: dict[str, int], seconds: float) -> None:
    assert least_seconds(Counter(calls)) == seconds


def test_every_own_quota_is_of_an_operation_that_is_asked_for() -> None:
    link = recording(replace(part("VpcLink"), type="aws:apigatewayv2/vpcLink:VpcLink"))
    asked = change(None, BY_BODY).calls() + change(None, BY_METHOD).calls() + change(BY_METHOD, API_ALONE).calls()
    asked += change(None, link).calls() + change(link, recording()).calls()
    assert control_plane.OWN_QUOTAS.keys() <= asked.keys()


def test_the_routes_are_as_many_as_asked_for() -> None:
    for count, removed in ((10, 0), (300, 1)):
        settings = many_rest_routes(count, "HTTP", removed=bool(removed))
        apis = settings["apis"]
        assert isinstance(apis, dict)
        assert isinstance(things := apis["things"], dict)
        assert isinstance(routes := things["routes"], dict)
        assert len(routes) == count - removed


def test_a_program_without_a_rest_api_is_an_error() -> None:
    with pytest.raises(BenchError, match=r"^the program registers no REST API with a document$"):
        document_of(recording(part("RestApi")))


def test_the_three_sides_make_the_same_api() -> None:
    told: list[str] = []
    costs = rest.measure(told.append, {5: 1})
    proxy, http = costs.sizes
    assert (proxy.sides["methods"].registrations, http.sides["methods"].registrations) == (3 + 2 + 10, 3 + 2 + 30)
    assert (proxy.sides["methods"].calls, http.sides["methods"].calls) == (7 + 4 + 15, 7 + 4 + 45)
    for cost in costs.sizes:
        assert cost.sides["document"].registrations == 3
        assert cost.sides["document"].calls == cost.sides["program"].calls == 9
        assert cost.sides["program"].least_seconds == 0
    assert [(found.kind, found.what) for found in costs.changes] == [
        ("HTTP_PROXY", "another URL"),
        ("HTTP_PROXY", "removed"),
        ("HTTP", "another URL"),
        ("HTTP", "removed"),
    ]
    assert [dict(found.shown) for found in costs.changes][::2] == [{"methods": 3, "document": 3, "program": 3}] * 2
    assert [found.shown["methods"] for found in costs.changes][1::2] == [4, 8]
    assert told[0] == "rest, 5 HTTP_PROXY routes: methods 1 of 1: " + told[0].rpartition(": ")[2]
    lines = report.rest_table(costs.sizes).splitlines() + report.rest_changes_table(costs.changes).splitlines()
    assert "15 / 3 / 5" in lines[2]
    assert "4 / 3 / 3" in lines[7]
    assert "rest" in report.as_json({"rest": costs})
