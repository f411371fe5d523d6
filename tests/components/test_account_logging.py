"""The account's logging role in stacks of REST APIs; test_websocket_api.py has it for WebSocket APIs."""

import pytest

from tests.programs import Settings, dev_settings, names, only, rest_api, run_program

ACCOUNT = "aws:apigateway/account:Account"
STAGE = "aws:apigateway/stage:Stage"


def settings_with(stage: Settings) -> Settings:
    """Return the dev stack's settings with a REST API instead of the WebSocket API."""
    settings = dev_settings()
    del settings["apis"]["chat"]
    settings["apis"]["catalog"] = rest_api("orders", stage=stage)
    return settings


@pytest.mark.parametrize(
    ("stage", "made"),
    [
        ({}, True),
        ({"accessLogs": False}, True),
        ({"executionLogs": False}, True),
        ({"accessLogs": False, "executionLogs": {"level": "OFF"}}, False),
        ({"accessLogs": False, "executionLogs": False}, False),
    ],
)
def test_the_accounts_role_is_made_where_a_rest_stage_has_logs(stage: Settings, made: bool) -> None:
    recording = run_program(settings_with(stage))
    assert names(recording, ACCOUNT) == (["account-logging"] if made else [])
    if made:
        assert only(recording, ACCOUNT).urn in only(recording, STAGE).dependencies


def test_another_stacks_role_is_left_alone() -> None:
    recording = run_program({**settings_with({}), "accountLogging": "existing"})
    assert not recording.of_type(ACCOUNT)
    assert not recording.of_type("gatelink:components:AccountLogging")
