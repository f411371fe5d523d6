import os
import re
import sys
from pathlib import Path

import pytest

from apigateway.arns import LambdaFunction
from local.functions.environment import variables_of, version_of
from local.functions.handlers import HandlerName

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
HANDLER = HandlerName(module="handlers.orders", function="create")


@pytest.mark.parametrize(
    ("arn", "version"),
    [(ARN, "$LATEST"), (f"{ARN}:$LATEST", "$LATEST"), (f"{ARN}:7", "7"), (f"{ARN}:live", "$LATEST")],
)
def test_the_version_is_the_number_where_one_is_named(arn: str, version: str) -> None:
    assert version_of(LambdaFunction.parse(arn)) == version


def test_a_worker_has_the_variables_of_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", "/home/dev")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    variables = variables_of(LambdaFunction.parse(f"{ARN}:7"), HANDLER, Path("/code"), {})
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[7\][0-9a-f]{32}", variables.pop("AWS_LAMBDA_LOG_STREAM_NAME"))
    assert variables == {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python3.{sys.version_info.minor}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_NAME": "orders",
        "AWS_LAMBDA_FUNCTION_VERSION": "7",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/orders",
        "AWS_REGION": "eu-west-1",
        "AWS_SECRET_ACCESS_KEY": "local",
        "HOME": "/home/dev",
        "LAMBDA_TASK_ROOT": "/code",
        "TZ": ":UTC",
        "_HANDLER": "handlers.orders.create",
    }


@pytest.mark.parametrize(
    "name",
    ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"],
)
def test_the_developers_identity_stays_out(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "mine")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    assert "mine" not in variables_of(LambdaFunction.parse(ARN), HANDLER, Path("/code"), {}).values()


SECRETS = (
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_RUNTIME_TOKEN",
    "CI_JOB_TOKEN",
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GITLAB_TOKEN",
    "NPM_TOKEN",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
    "SSH_AUTH_SOCK",
    "TWINE_PASSWORD",
)


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_of_the_tools_round_a_deployment_stay_out(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "mine")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/shop")
    variables = variables_of(LambdaFunction.parse(ARN), HANDLER, Path("/code"), {})
    assert name not in variables
    assert variables["GITHUB_REPOSITORY"] == "acme/shop"
    assert variables_of(LambdaFunction.parse(ARN), HANDLER, Path("/code"), {name: "given"})[name] == "given"


def test_the_page_lists_them() -> None:
    page = (Path(__file__).parents[3] / "docs" / "local.md").read_text(encoding="utf-8")
    assert [name for name in SECRETS if f"`{name}`" not in page] == []


def test_what_is_given_for_the_functions_counts_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE", "production")
    own = {"TABLE": "local", "AWS_ENDPOINT_URL": "http://127.0.0.1:5000"}
    variables = variables_of(LambdaFunction.parse(ARN), HANDLER, Path("/code"), own)
    assert (variables["TABLE"], variables["AWS_ENDPOINT_URL"]) == ("local", "http://127.0.0.1:5000")
