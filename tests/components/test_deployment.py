"""What redeploys a WebSocket API and what does not, read off recordings before and after a change."""

from collections.abc import Callable
from typing import Any

import pytest

from local.recording import Recording
from tests.programs import Settings, dev_settings, only, run_program


def triggers(recording: Recording) -> Any:  # noqa: ANN401 - JSON
    return only(recording, "aws:apigatewayv2/deployment:Deployment", "chat").inputs["triggers"]


def edit(change: Callable[[Settings], object], **options: Any) -> Any:  # noqa: ANN401 - JSON
    settings = dev_settings()
    change(settings)
    return triggers(run_program(settings, **options))


def a_mapping(settings: Settings) -> None:
    mappings = settings["apis"]["chat"]["integrations"]["forward"]["requestParameters"]
    mappings["integration.request.header.tenant"] = "stageVariables.tenant"


def a_path(settings: Settings) -> None:
    settings["apis"]["chat"]["integrations"]["forward"]["path"] = "/elsewhere"


def a_new_route(settings: Settings) -> None:
    settings["apis"]["chat"]["routes"]["leave"] = {"integration": "forward"}


def a_route_response(settings: Settings) -> None:
    settings["apis"]["chat"]["routes"]["sendMessage"]["routeResponse"] = False


def the_selection_expression(settings: Settings) -> None:
    settings["apis"]["chat"]["routeSelectionExpression"] = "$request.body.kind"


@pytest.mark.parametrize("change", [a_mapping, a_path, a_new_route, a_route_response, the_selection_expression])
def test_a_change_of_what_is_snapshotted_redeploys(change: Callable[[Settings], object]) -> None:
    before = triggers(run_program(dev_settings()))
    after = edit(change)
    assert after["spec"] != before["spec"]
    assert {**after, "spec": ""} == {**before, "spec": ""}


def the_backends_balancer(settings: Settings) -> None:
    settings["backends"]["talk"] = settings["backends"].pop("chat")
    for route in settings["apis"]["chat"]["routes"].values():
        if isinstance(route["integration"], dict):
            route["integration"]["backend"] = "talk"
    settings["apis"]["chat"]["integrations"]["forward"]["backend"] = "talk"


def test_another_balancer_or_link_redeploys() -> None:
    before, after = triggers(run_program(dev_settings())), edit(the_backends_balancer)
    assert set(after) == {"spec", "connectionId:talk", "integrationUri:talk"}
    assert after["connectionId:talk"] != before["connectionId:chat"]
    assert after["integrationUri:talk"] != before["integrationUri:chat"]


def a_tag(settings: Settings) -> None:
    settings["tags"]["team"] = "core"


def target_addresses(settings: Settings) -> None:
    settings["backends"]["chat"]["target"]["addresses"] = ["10.20.0.10"]


def a_health_check(settings: Settings) -> None:
    settings["backends"]["chat"]["target"]["healthCheck"] = {"path": "/ready"}


def stage_settings(settings: Settings) -> None:
    settings["apis"]["chat"]["stage"] |= {"throttling": {"rateLimit": 1, "burstLimit": 1}, "variables": {"tenant": "x"}}


def the_other_api(settings: Settings) -> None:
    del settings["apis"]["orders"]


def the_order_of_keys(settings: Settings) -> None:
    api = settings["apis"]["chat"]
    api["routes"] = dict(reversed(api["routes"].items()))


@pytest.mark.parametrize(
    "change", [a_tag, target_addresses, a_health_check, stage_settings, the_other_api, the_order_of_keys]
)
def test_a_change_of_anything_else_does_not_redeploy(change: Callable[[Settings], object]) -> None:
    assert edit(change) == triggers(run_program(dev_settings()))


def test_a_preview_knows_the_specs_hash_before_any_id() -> None:
    known, unknown = triggers(run_program(dev_settings())), triggers(run_program(dev_settings(), known=False))
    assert unknown["spec"] == known["spec"]
    assert {unknown["connectionId:chat"], unknown["integrationUri:chat"]} == {"<unknown>"}
    assert edit(a_mapping, known=False)["spec"] == edit(a_mapping)["spec"]


def test_adding_a_route_leaves_the_others_as_they_were() -> None:
    before = run_program(dev_settings())
    settings = dev_settings()
    a_new_route(settings)
    after = {route.urn: route for route in run_program(settings).of_type("aws:apigatewayv2/route:Route")}
    assert all(after[route.urn] == route for route in before.of_type("aws:apigatewayv2/route:Route"))
