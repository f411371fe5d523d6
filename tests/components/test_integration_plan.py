from collections.abc import Callable

import pytest

from components.integration_plan import (
    RETIRED,
    http_content_hash,
    plain,
    plan_http_integrations,
    plan_websocket_integrations,
    websocket_content_hash,
)
from settings import HttpApi, WebSocketApi, load_settings
from tests.programs import Settings, dev_settings, run_program


def chat(settings: Settings) -> WebSocketApi:
    api = load_settings(settings, "us-east-1").apis["chat"]
    assert isinstance(api, WebSocketApi)
    return api


def orders(settings: Settings) -> HttpApi:
    api = load_settings(settings, "us-east-1").apis["orders"]
    assert isinstance(api, HttpApi)
    return api


def test_a_named_integration_bears_its_name_and_an_inline_one_its_hash() -> None:
    plan = plan_websocket_integrations("chat", chat(dev_settings()))
    assert plan.by_route["sendMessage"] == plan.by_route["$default"] == "chat-forward"
    inline = plan.by_route["$connect"]
    assert inline.startswith("chat-")
    assert len(inline) == len("chat-") + 8
    assert set(plan.integrations) == set(plan.by_route.values())


def test_equal_integrations_are_provisioned_once() -> None:
    settings = dev_settings()
    routes, integrations = settings["apis"]["chat"]["routes"], settings["apis"]["chat"]["integrations"]
    routes["leave"] = {"integration": dict(routes["$disconnect"]["integration"])}
    routes["shout"] = {"integration": dict(reversed(integrations["forward"].items()))}
    plan = plan_websocket_integrations("chat", chat(settings))
    assert plan.by_route["leave"] == plan.by_route["$disconnect"]
    assert plan.by_route["shout"] == "chat-forward"
    assert len(plan.integrations) == 3


def test_editing_one_route_repoints_that_route_alone() -> None:
    before = plan_websocket_integrations("chat", chat(dev_settings()))
    settings = dev_settings()
    settings["apis"]["chat"]["routes"]["$connect"]["integration"]["path"] = "/hello"
    after = plan_websocket_integrations("chat", chat(settings))
    changed = {key for key in before.by_route if before.by_route[key] != after.by_route[key]}
    assert changed == {"$connect"}


def test_a_plain_spec_prints_aws_text_and_forgets_the_order() -> None:
    settings = dev_settings()
    forward = settings["apis"]["chat"]["integrations"]["forward"]
    forward["requestParameters"] = dict(reversed(forward["requestParameters"].items()))
    text = plain(chat(settings).integrations["forward"])
    assert text == plain(chat(dev_settings()).integrations["forward"])
    assert '"integration.request.querystring.source": "\'websocket\'"' in text


def test_an_integration_that_no_route_uses_is_not_provisioned() -> None:
    settings = dev_settings()
    settings["apis"]["chat"]["integrations"]["idle"] = {
        **settings["apis"]["chat"]["integrations"]["forward"],
        "path": "/idle",
    }
    names = {made.name for made in run_program(settings).of_type("aws:apigatewayv2/integration:Integration")}
    assert "chat-idle" not in names


def test_the_content_hash_does_not_know_an_integrations_name() -> None:
    settings = dev_settings()
    api = settings["apis"]["chat"]
    api["integrations"]["renamed"] = api["integrations"].pop("forward")
    for key in ("sendMessage", "$default"):
        api["routes"][key]["integration"] = "renamed"
    assert websocket_content_hash(chat(settings)) == websocket_content_hash(chat(dev_settings()))


def test_retired_routes_share_one_integration() -> None:
    settings = dev_settings()
    for key in ("sendMessage", "$default"):
        settings["apis"]["chat"]["routes"][key] = {"retired": True}
    plan = plan_websocket_integrations("chat", chat(settings))
    assert plan.by_route["sendMessage"] == plan.by_route["$default"]
    assert plan.integrations[plan.by_route["sendMessage"]] == RETIRED
    assert len(plan.integrations) == 3


def test_a_default_that_is_written_out_changes_nothing() -> None:
    """So that a key which the settings gain later, with a default, renames and redeploys nothing."""
    settings = dev_settings()
    settings["apis"]["chat"]["routes"]["$connect"] |= {"authorization": "NONE", "apiKeyRequired": False}
    inline = settings["apis"]["chat"]["routes"]["$connect"]["integration"]
    inline["path"] = "/"
    plan, content = plan_websocket_integrations("chat", chat(settings)), websocket_content_hash(chat(settings))
    del inline["path"]
    assert plan_websocket_integrations("chat", chat(settings)) == plan
    assert websocket_content_hash(chat(settings)) == content


def test_integrations_of_an_http_api() -> None:
    settings = dev_settings()
    proxy = settings["apis"]["orders"]["routes"]["ANY /{proxy+}"]["integration"]
    settings["apis"]["orders"]["integrations"] = {"proxy": proxy}
    settings["apis"]["orders"]["routes"]["GET /"] = {"integration": {**proxy, "integrationMethod": "GET"}}
    plan = plan_http_integrations("orders", orders(settings))
    assert plan.by_route["ANY /{proxy+}"] == "orders-proxy"
    assert plan.by_route["GET /"].startswith("orders-")
    assert len(plan.integrations) == 2


def a_mapping(api: Settings) -> None:
    api["routes"]["ANY /{proxy+}"]["integration"]["requestParameters"]["overwrite:header.x-id"] = "'1'"


def a_response_mapping(api: Settings) -> None:
    api["routes"]["ANY /{proxy+}"]["integration"]["responseParameters"]["404"]["overwrite:statuscode"] = "410"


def who_may_call(api: Settings) -> None:
    api["routes"]["ANY /{proxy+}"]["authorization"] = "AWS_IAM"


def a_route(api: Settings) -> None:
    api["routes"]["GET /"] = api["routes"]["ANY /{proxy+}"]


def an_authorizer(api: Settings) -> None:
    jwt = {"issuer": "https://id.example.com", "audience": ["shop"]}
    api["authorizers"] = {"shop": {"authorizerType": "JWT", "jwtConfiguration": jwt}}


def cors(api: Settings) -> None:
    api["cors"] = {"allowOrigins": ["*"]}


def a_named_stage(api: Settings) -> None:
    api["stage"]["name"] = "v1"


@pytest.mark.parametrize(
    "change", [a_mapping, a_response_mapping, who_may_call, a_route, an_authorizer, cors, a_named_stage]
)
def test_the_content_hash_of_an_http_api(change: Callable[[Settings], object]) -> None:
    settings = dev_settings()
    change(settings["apis"]["orders"])
    assert http_content_hash(orders(settings)) != http_content_hash(orders(dev_settings()))


def stage_settings(api: Settings) -> None:
    api["stage"] |= {"throttling": {"rateLimit": 1, "burstLimit": 1}, "accessLogs": False}


def a_description(api: Settings) -> None:
    api["description"] = "the shop"


@pytest.mark.parametrize("change", [stage_settings, a_description])
def test_the_content_hash_of_an_http_api_forgets_the_rest(change: Callable[[Settings], object]) -> None:
    settings = dev_settings()
    change(settings["apis"]["orders"])
    assert http_content_hash(orders(settings)) == http_content_hash(orders(dev_settings()))
