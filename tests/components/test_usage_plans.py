import pytest

from local.recording import Recording
from tests.programs import Settings, dev_settings, names, only, rest_api, run_program

PLAN = "aws:apigateway/usagePlan:UsagePlan"
KEY = "aws:apigateway/apiKey:ApiKey"
PLAN_KEY = "aws:apigateway/usagePlanKey:UsagePlanKey"
STAGE = "aws:apigatewayv2/stage:Stage"

TAGS = {"team": "edge", "Project": "gatelink", "Stack": "dev"}


def program(plans: dict[str, Settings], *, known: bool = True) -> Recording:
    """Run the dev stack with usage plans, and with a second WebSocket API that has the same ones."""
    settings = dev_settings()
    chat = settings["apis"]["chat"]
    settings["apis"]["chat"] = {**chat, "usagePlans": plans}
    settings["apis"]["talk"] = {**chat, "usagePlans": plans}
    return run_program(settings, known=known)


@pytest.mark.parametrize("known", [True, False])
def test_a_plan_holds_for_its_api_on_its_stage(known: bool) -> None:
    limits = {"rateLimit": 5.5, "burstLimit": 10}
    quota = {"limit": 1000, "period": "WEEK", "offset": 2}
    recording = program({"partner": {"throttling": limits, "quota": quota}}, known=known)
    assert names(recording, PLAN) == ["chat-partner", "talk-partner"]
    plan = only(recording, PLAN, "chat-partner")
    api = only(recording, "aws:apigatewayv2/api:Api", "chat")
    assert plan.inputs == {
        "apiStages": [{"apiId": api.id if known else "<unknown>", "stage": "dev"}],
        "throttleSettings": limits,
        "quotaSettings": quota,
        "tags": TAGS,
    }
    assert only(recording, STAGE, "chat-dev").urn in plan.dependencies


def test_a_plan_holds_on_every_stage() -> None:
    settings = dev_settings()
    chat = settings["apis"]["chat"]
    chat.pop("stage")
    plans = {"partner": {"quota": {"limit": 1, "period": "DAY"}}}
    settings["apis"]["chat"] = {**chat, "stages": [{"name": "blue"}, {"name": "green"}], "usagePlans": plans}
    recording = run_program(settings)
    plan = only(recording, PLAN)
    api = only(recording, "aws:apigatewayv2/api:Api", "chat")
    assert plan.inputs == {
        "apiStages": [{"apiId": api.id, "stage": "blue"}, {"apiId": api.id, "stage": "green"}],
        "quotaSettings": {"limit": 1, "period": "DAY", "offset": 0},
        "tags": TAGS,
    }
    assert {only(recording, STAGE, f"chat-{name}").urn for name in ("blue", "green")} <= set(plan.dependencies)


def test_a_key_is_made_once_in_the_stack_and_stands_in_every_plan_that_names_it() -> None:
    recording = program({"partner": {"apiKeys": ["acme", "zenith"]}, "guest": {"apiKeys": ["visitor"]}})
    assert names(recording, KEY) == ["acme", "visitor", "zenith"]
    assert only(recording, KEY, "acme").inputs == {"description": "Managed by Pulumi", "tags": TAGS}
    pairs = {made.name: made.inputs for made in recording.of_type(PLAN_KEY)}
    assert pairs == {
        f"{plan.partition('-')[0]}-{key}": {
            "usagePlanId": only(recording, PLAN, plan).id,
            "keyId": only(recording, KEY, key).id,
            "keyType": "API_KEY",
        }
        for plan, key in [
            ("chat-guest", "visitor"),
            ("chat-partner", "acme"),
            ("chat-partner", "zenith"),
            ("talk-guest", "visitor"),
            ("talk-partner", "acme"),
            ("talk-partner", "zenith"),
        ]
    }


def test_the_value_of_a_key_is_a_secret_and_no_output() -> None:
    recording = program({"partner": {"apiKeys": ["acme"]}})
    assert only(recording, KEY).outputs["value"] == "<secret>"
    assert "acme" not in str(recording.outputs)
    assert "<secret>" not in str(recording.outputs)


def test_a_stack_without_plans_has_no_keys() -> None:
    recording = run_program(dev_settings())
    assert not recording.of_type(KEY)
    assert not recording.of_type(PLAN)


def test_a_key_that_moves_to_another_plan_leaves_the_old_one_first() -> None:
    """A key has one plan of an API: AWS refuses the second one."""
    limits = {"throttling": {"rateLimit": 1, "burstLimit": 1}}
    before = only(program({"basic": {**limits, "apiKeys": ["acme"]}, "gold": limits}), PLAN_KEY, "chat-acme")
    after = only(program({"basic": limits, "gold": {**limits, "apiKeys": ["acme"]}}), PLAN_KEY, "chat-acme")
    assert (after.urn, after.delete_before_replace) == (before.urn, True)
    assert after.inputs["usagePlanId"] != before.inputs["usagePlanId"]


@pytest.mark.parametrize("known", [True, False])
def test_a_plan_of_a_rest_api_holds_on_its_stages(known: bool) -> None:
    settings = dev_settings()
    limits = {"rateLimit": 5, "burstLimit": 10}
    settings["apis"]["catalog"] = rest_api(
        "orders", stages=[{"name": "blue"}, {"name": "green"}], usagePlans={"partner": {"throttling": limits}}
    )
    recording = run_program(settings, known=known)
    plan = only(recording, PLAN)
    api_id = only(recording, "aws:apigateway/restApi:RestApi").id if known else "<unknown>"
    assert plan.name == "catalog-partner"
    assert plan.inputs == {
        "apiStages": [{"apiId": api_id, "stage": "blue"}, {"apiId": api_id, "stage": "green"}],
        "throttleSettings": limits,
        "tags": TAGS,
    }
    stages = recording.of_type("aws:apigateway/stage:Stage")
    assert {stage.urn for stage in stages} <= set(plan.dependencies)


def test_a_key_is_one_for_apis_of_both_kinds() -> None:
    settings = dev_settings()
    plans = {"partner": {"apiKeys": ["acme"]}}
    settings["apis"]["chat"]["usagePlans"] = plans
    settings["apis"]["catalog"] = rest_api("orders", usagePlans=plans)
    recording = run_program(settings)
    assert names(recording, KEY) == ["acme"]
    assert names(recording, PLAN_KEY) == ["catalog-acme", "chat-acme"]
    assert {made.inputs["keyId"] for made in recording.of_type(PLAN_KEY)} == {only(recording, KEY).id}
