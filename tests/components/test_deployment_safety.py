"""What redeploys a WebSocket API and what does not, and in which order: read off recordings before and after a change.

The engine creates and updates in the order of dependencies, and deletes afterwards in the reverse order of those that
the state has. So what a live stage still refers to is safe if the old deployment depends on it.
"""

import functools
from collections.abc import Callable
from typing import Any

import pytest

from local.recording import Recording, Resource
from tests.programs import Settings, dev_settings, only, run_program

API = "aws:apigatewayv2/api:Api"
DEPLOYMENT = "aws:apigatewayv2/deployment:Deployment"
INTEGRATION = "aws:apigatewayv2/integration:Integration"
ROUTE = "aws:apigatewayv2/route:Route"
STAGE = "aws:apigatewayv2/stage:Stage"
LINK = "aws:apigateway/vpcLink:VpcLink"
SNAPSHOTTED = {
    INTEGRATION,
    ROUTE,
    "aws:apigatewayv2/authorizer:Authorizer",
    "aws:apigatewayv2/integrationResponse:IntegrationResponse",
    "aws:apigatewayv2/model:Model",
    "aws:apigatewayv2/routeResponse:RouteResponse",
}
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:auth"
Change = Callable[[Settings], object]


def settings_with_everything() -> Settings:
    """Return the dev stack's settings with an authorizer, a model, templates, a usage plan and two stages."""
    settings = dev_settings()
    chat = chat_of(settings)
    chat["authorizers"] = {"token": {"authorizerType": "REQUEST", "authorizerUri": FUNCTION}}
    chat["models"] = {"order": {"schema": {"type": "object"}}}
    chat["integrations"]["shape"] = {
        "integrationType": "HTTP",
        "integrationMethod": "POST",
        "backend": "chat",
        "requestTemplates": {"$default": "$input.body"},
        "integrationResponses": {"$default": {"responseTemplates": {"$default": "$input.body"}}},
    }
    chat["routes"]["$connect"]["authorization"] = "token"
    chat["routes"]["shape"] = {"integration": "shape", "requestModels": {"$default": "order"}}
    stage = chat.pop("stage")
    chat["stages"] = [{**stage, "name": name} for name in ("dev", "blue")]
    chat["usagePlans"] = {"partner": {"apiKeys": ["acme"]}}
    return settings


def chat_of(settings: Settings) -> Any:  # noqa: ANN401 - JSON
    return settings["apis"]["chat"]


@functools.cache
def run_with(*changes: Change, known: bool = True) -> Recording:
    """Run the program on these settings, changed; each change once for all tests."""
    settings = settings_with_everything()
    for change in changes:
        change(settings)
    return run_program(settings, known=known)


def triggers(recording: Recording) -> Any:  # noqa: ANN401 - JSON
    return only(recording, DEPLOYMENT, "chat").inputs["triggers"]


@pytest.fixture(scope="module", name="before")
def _before() -> Recording:
    return run_with()


# --- what redeploys


def a_mapping(settings: Settings) -> None:
    mappings = chat_of(settings)["integrations"]["forward"]["requestParameters"]
    mappings["integration.request.header.tenant"] = "stageVariables.tenant"


def a_path(settings: Settings) -> None:
    chat_of(settings)["integrations"]["forward"]["path"] = "/elsewhere"


def a_timeout(settings: Settings) -> None:
    chat_of(settings)["integrations"]["forward"]["timeoutInMillis"] = 1000


def a_request_template(settings: Settings) -> None:
    chat_of(settings)["integrations"]["shape"]["requestTemplates"]["$default"] = "{}"


def a_response_template(settings: Settings) -> None:
    response = chat_of(settings)["integrations"]["shape"]["integrationResponses"]["$default"]
    response["responseTemplates"]["$default"] = "{}"


def another_integration_response(settings: Settings) -> None:
    chat_of(settings)["integrations"]["shape"]["integrationResponses"]["/5\\d\\d/"] = {}


def a_model(settings: Settings) -> None:
    chat_of(settings)["models"]["order"]["schema"]["required"] = ["id"]


def the_models_of_a_route(settings: Settings) -> None:
    del chat_of(settings)["routes"]["shape"]["requestModels"]


def an_authorizer(settings: Settings) -> None:
    chat_of(settings)["authorizers"]["token"]["identitySource"] = ["route.request.header.Auth"]


def who_may_connect(settings: Settings) -> None:
    chat_of(settings)["routes"]["$connect"]["authorization"] = "AWS_IAM"


def an_api_key(settings: Settings) -> None:
    chat_of(settings)["routes"]["$connect"]["apiKeyRequired"] = True


def a_declared_parameter(settings: Settings) -> None:
    chat_of(settings)["routes"]["$connect"]["requestParameters"] = {"route.request.header.Origin": {}}


def a_new_route(settings: Settings) -> None:
    chat_of(settings)["routes"]["leave"] = {"integration": "forward"}


def a_route_less(settings: Settings) -> None:
    del chat_of(settings)["routes"]["sendMessage"]


def a_retired_route(settings: Settings) -> None:
    chat_of(settings)["routes"]["sendMessage"] = {"retired": True}


def a_route_response(settings: Settings) -> None:
    chat_of(settings)["routes"]["sendMessage"]["routeResponse"] = False


def the_selection_expression(settings: Settings) -> None:
    chat_of(settings)["routeSelectionExpression"] = "$request.body.kind"


def where_the_api_key_is(settings: Settings) -> None:
    chat_of(settings)["apiKeySelectionExpression"] = "$context.authorizer.usageIdentifierKey"


CONTENT = [
    a_mapping,
    a_path,
    a_timeout,
    a_request_template,
    a_response_template,
    another_integration_response,
    a_model,
    the_models_of_a_route,
    an_authorizer,
    who_may_connect,
    an_api_key,
    a_declared_parameter,
    a_new_route,
    a_route_less,
    a_retired_route,
    a_route_response,
    the_selection_expression,
    where_the_api_key_is,
]


@pytest.mark.parametrize("change", CONTENT)
def test_a_change_of_what_is_snapshotted_redeploys(change: Change, before: Recording) -> None:
    after = triggers(run_with(change))
    assert after["spec"] != triggers(before)["spec"]
    assert {**after, "spec": ""} == {**triggers(before), "spec": ""}


@pytest.mark.parametrize("change", [a_mapping, a_response_template, a_model, an_authorizer, a_retired_route])
def test_a_preview_knows_the_specs_hash_before_any_id(change: Change) -> None:
    unknown = triggers(run_with(change, known=False))
    assert unknown["spec"] == triggers(run_with(change))["spec"]
    assert {value for key, value in unknown.items() if key != "spec"} == {"<unknown>"}


def test_what_a_deployment_depends_on_by_its_id_has_a_key_of_its_own(before: Recording) -> None:
    balancer = only(before, "aws:lb/loadBalancer:LoadBalancer", "chat")
    found = triggers(before)
    assert {key: value for key, value in found.items() if key != "spec"} == {
        "connectionId:chat": only(before, LINK).id,
        "integrationUri:chat": f"http://{balancer.outputs['dnsName']}",
        "authorizer:token": only(before, "aws:apigatewayv2/authorizer:Authorizer").id,
    }


def another_backend(settings: Settings) -> None:
    settings["backends"]["talk"] = settings["backends"].pop("chat")
    chat = chat_of(settings)
    inline = [route["integration"] for route in chat["routes"].values() if isinstance(route["integration"], dict)]
    for integration in [*inline, *chat["integrations"].values()]:
        integration["backend"] = "talk"


def test_another_balancer_and_link_redeploy(before: Recording) -> None:
    after = triggers(run_with(another_backend))
    assert after["connectionId:talk"] != triggers(before)["connectionId:chat"]
    assert after["integrationUri:talk"] != triggers(before)["integrationUri:chat"]
    assert {"connectionId:chat", "integrationUri:chat"}.isdisjoint(after)


def another_port(settings: Settings) -> None:
    settings["backends"]["chat"]["listener"]["port"] = 8080


def test_another_listener_redeploys_though_the_api_is_as_it_was(before: Recording) -> None:
    after = triggers(run_with(another_port))
    assert after["spec"] == triggers(before)["spec"]
    assert after["integrationUri:chat"] == f"{triggers(before)['integrationUri:chat']}:8080"


# --- what does not


def a_tag(settings: Settings) -> None:
    settings["tags"]["team"] = "core"


def target_addresses(settings: Settings) -> None:
    settings["backends"]["chat"]["target"]["addresses"] = ["10.20.0.10"]


def a_health_check(settings: Settings) -> None:
    settings["backends"]["chat"]["target"]["healthCheck"] = {"path": "/ready"}


def stage_settings(settings: Settings) -> None:
    chat_of(settings)["stages"][0] |= {
        "throttling": {"rateLimit": 1, "burstLimit": 1},
        "variables": {"tenant": "x"},
        "routeSettings": {"sendMessage": {"detailedMetrics": True}},
        "accessLogs": False,
        "description": "other",
    }


def another_stage(settings: Settings) -> None:
    chat_of(settings)["stages"].append({"name": "green"})


def alarms(settings: Settings) -> None:
    chat_of(settings)["alarms"] = {"snsTopicArn": "arn:aws:sns:us-east-1:123456789012:alarms"}


def a_domain(settings: Settings) -> None:
    chat_of(settings)["domain"] = {
        "domainName": "chat.example.com",
        "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    }


def a_usage_plan(settings: Settings) -> None:
    chat_of(settings)["usagePlans"]["partner"]["throttling"] = {"rateLimit": 5, "burstLimit": 10}


def what_the_api_itself_is(settings: Settings) -> None:
    chat_of(settings).update(description="a chat", disableExecuteApiEndpoint=False, ipAddressType="dualstack")


def an_integration_that_nothing_uses(settings: Settings) -> None:
    chat_of(settings)["integrations"]["idle"] = {**chat_of(settings)["integrations"]["forward"], "path": "/idle"}


def the_other_api(settings: Settings) -> None:
    del settings["apis"]["orders"]


def the_order_of_keys(settings: Settings) -> None:
    chat = chat_of(settings)
    chat["routes"] = dict(reversed(chat["routes"].items()))
    chat["integrations"]["forward"] = dict(reversed(chat["integrations"]["forward"].items()))


def a_new_name_of_an_integration(settings: Settings) -> None:
    chat = chat_of(settings)
    chat["integrations"]["renamed"] = chat["integrations"].pop("forward")
    for key in ("sendMessage", "$default"):
        chat["routes"][key]["integration"] = "renamed"


@pytest.mark.parametrize(
    "change",
    [
        a_tag,
        target_addresses,
        a_health_check,
        stage_settings,
        another_stage,
        alarms,
        a_domain,
        a_usage_plan,
        what_the_api_itself_is,
        an_integration_that_nothing_uses,
        the_other_api,
        the_order_of_keys,
        a_new_name_of_an_integration,
    ],
)
def test_a_change_of_anything_else_does_not_redeploy(change: Change, before: Recording) -> None:
    assert triggers(run_with(change)) == triggers(before)


# --- what a change leaves alone


def routes(recording: Recording) -> dict[str, Resource]:
    return {route.urn: route for route in recording.of_type(ROUTE) if route.name.startswith("chat-")}


@pytest.mark.parametrize("known", [True, False])
def test_a_new_route_leaves_the_others_as_they_were(known: bool) -> None:
    old, new = routes(run_with(known=known)), routes(run_with(a_new_route, known=known))
    assert {urn: new[urn] for urn in old} == old
    assert len(new) == len(old) + 1


def test_a_new_name_of_an_integration_repoints_its_routes_in_place(before: Recording) -> None:
    after = run_with(a_new_name_of_an_integration)
    old, new = routes(before), routes(after)
    assert list(new) == list(old)
    for urn, route in old.items():
        changed = {key for key in route.inputs if route.inputs[key] != new[urn].inputs[key]}
        uses_it = route.inputs["routeKey"] in ("sendMessage", "$default")
        assert changed == ({"target"} if uses_it else set())
        assert "target" not in route.replace_on_changes
    assert only(after, INTEGRATION, "chat-renamed").inputs == only(before, INTEGRATION, "chat-forward").inputs


def an_inline_integration(settings: Settings) -> None:
    chat_of(settings)["routes"]["$connect"]["integration"]["path"] = "/hello"


def test_an_edited_integration_is_a_new_one_and_its_route_alone_is_repointed(before: Recording) -> None:
    after = run_with(an_inline_integration)
    old, new = routes(before), routes(after)
    changed = [new[urn].inputs["routeKey"] for urn, route in old.items() if route.inputs != new[urn].inputs]
    assert changed == ["$connect"]
    integrations = [{found.urn for found in run.of_type(INTEGRATION)} for run in (before, after)]
    assert len(integrations[0] - integrations[1]) == len(integrations[1] - integrations[0]) == 1


# --- in which order


def test_an_integration_response_goes_with_its_integration_before_the_deployment(before: Recording) -> None:
    """A response that is only deleted would be deployed once more: Pulumi deletes last."""
    after = run_with(another_integration_response)
    shapes = [only(run, "aws:apigatewayv2/integration:Integration", "chat-shape") for run in (before, after)]
    assert [shape.replacement_trigger for shape in shapes] == [["$default"], ["$default", "/5\\d\\d/"]]
    assert {shape.delete_before_replace for shape in shapes} == {False}


def everything_before(recording: Recording, resource: Resource) -> set[str]:
    """Return the URNs of all that a resource depends on, directly or not: all of it is deleted later."""
    by_urn = {found.urn: found for found in recording.resources}
    found: set[str] = set()
    waiting = list(resource.dependencies)
    while waiting:
        urn = waiting.pop()
        if urn not in found:
            found.add(urn)
            waiting += by_urn[urn].dependencies
    return found


@pytest.mark.parametrize("known", [True, False])
def test_the_deployment_comes_after_all_that_it_snapshots(known: bool) -> None:
    recording = run_with(known=known)
    deployment = only(recording, DEPLOYMENT, "chat")
    component = only(recording, "gatelink:components:WebSocketApi", "chat")
    snapshotted = {
        found.urn for found in recording.resources if found.parent == component.urn and found.type in SNAPSHOTTED
    }
    assert len(snapshotted) == 4 + 5 + 1 + 1 + 1 + 1
    assert snapshotted <= set(deployment.dependencies)


def test_every_stage_points_at_the_one_deployment(before: Recording) -> None:
    deployment = only(before, DEPLOYMENT, "chat")
    assert deployment.delete_before_replace is False
    stages = [stage for stage in before.of_type(STAGE) if stage.name.startswith("chat-")]
    assert [stage.name for stage in stages] == ["chat-blue", "chat-dev"]
    for stage in stages:
        assert stage.inputs["deploymentId"] == deployment.id
        assert deployment.urn in stage.dependencies


def test_a_new_link_comes_before_the_old_one_goes(before: Recording) -> None:
    for resource in (only(before, LINK), only(before, INTEGRATION, "chat-forward"), only(before, DEPLOYMENT, "chat")):
        assert resource.delete_before_replace is False


def a_second_backend(settings: Settings) -> None:
    """Give the route ``leave``, and it alone, a backend of its own."""
    settings["backends"]["talk"] = settings["backends"]["chat"]
    chat_of(settings)["routes"]["leave"] = {
        "integration": {**chat_of(settings)["integrations"]["forward"], "backend": "talk"}
    }


def leave_is_retired(settings: Settings) -> None:
    chat_of(settings)["routes"]["leave"] = {"retired": True}


def test_the_first_step_of_removing_a_route_lets_go_of_the_link() -> None:
    """``retired: true``: the new deployment holds no reference to the link, and the old one is deleted before it."""
    old, new = run_with(a_second_backend), run_with(leave_is_retired)
    link, route = only(old, LINK, "talk"), only(old, ROUTE, "chat-leave")
    integration = next(found for found in old.of_type(INTEGRATION) if found.inputs.get("connectionId") == link.id)
    gone = {resource.urn for resource in old.resources} - {resource.urn for resource in new.resources}
    assert {link.urn, integration.urn} <= gone
    assert route.urn not in gone

    # Before anything goes: the route is repointed in place, what it led to is nobody's, and a new deployment is made.
    assert only(new, ROUTE, "chat-leave").inputs["target"] != f"integrations/{integration.id}"
    assert {"connectionId:talk", "integrationUri:talk"} <= set(triggers(old))
    assert {"connectionId:talk", "integrationUri:talk"}.isdisjoint(triggers(new))
    assert triggers(new)["spec"] != triggers(old)["spec"]
    still_read = set().union(*(resource.dependencies for resource in new.resources))
    assert gone.isdisjoint(still_read)

    # Then the old ones go: the deployment before the route's integration, and that before the link.
    assert {route.urn, integration.urn, link.urn} <= everything_before(old, only(old, DEPLOYMENT, "chat"))
    assert {integration.urn, link.urn} <= everything_before(old, route)
    assert link.urn in everything_before(old, integration)


def test_the_second_step_of_removing_a_route_takes_the_route_and_nothing_that_is_referred_to() -> None:
    old, new = run_with(leave_is_retired), run_with()
    kept = {resource.urn for resource in new.resources}
    gone = [resource for resource in old.resources if resource.urn not in kept]
    assert sorted(resource.type.rpartition(":")[2] for resource in gone) == [
        "Integration",
        "IntegrationResponse",
        "Route",
    ]
    assert [found.inputs["integrationType"] for found in gone if found.type == INTEGRATION] == ["MOCK"]
    assert triggers(new)["spec"] != triggers(old)["spec"]


def test_a_route_that_is_taken_out_at_once_goes_after_the_old_deployment() -> None:
    """The step that was forgotten: nothing breaks, but AWS keeps the link while the stage's snapshot has the route."""
    old, new = run_with(a_second_backend), run_with()
    assert triggers(new)["spec"] != triggers(old)["spec"]
    before_deployment = everything_before(old, only(old, DEPLOYMENT, "chat"))
    gone = {found.urn for found in old.resources} - {found.urn for found in new.resources}
    assert {only(old, ROUTE, "chat-leave").urn, only(old, LINK, "talk").urn} <= gone & before_deployment
