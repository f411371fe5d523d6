from components.integration_plan import plain, plan_websocket_integrations, websocket_content_hash
from settings import WebSocketApi, load_settings
from tests.programs import Settings, dev_settings, run_program


def chat(settings: Settings) -> WebSocketApi:
    api = load_settings(settings).apis["chat"]
    assert isinstance(api, WebSocketApi)
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
