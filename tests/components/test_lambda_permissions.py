"""Which functions let an API in, and by which permissions."""

from typing import Any

import pytest

from apigateway.arns import LambdaFunction
from components.lambda_permissions import function_of, permission_names
from local.recording import Recording
from settings.integrations import HttpLambdaIntegration
from tests.programs import Settings, names, only, run_program

PERMISSION = "aws:lambda/permission:Permission"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:orders"
ROLE = "arn:aws:iam::123456789012:role/invoke"
PARSED = LambdaFunction.parse(FUNCTION)


def http_api(**routes: Settings | str) -> Settings:
    """Return a stack with one HTTP API; a route is an integration, or the ARN of its function."""
    return {
        "apis": {
            "shop": {
                "protocol": "HTTP",
                "routes": {
                    f"GET /{path}": {"integration": to_function(given) if isinstance(given, str) else given}
                    for path, given in routes.items()
                },
            }
        }
    }


def to_function(arn: str, **more: object) -> Settings:
    return {"integrationType": "AWS_PROXY", "integrationUri": arn, **more}


def permissions(recording: Recording) -> dict[str, Any]:
    return {found.name: found.inputs for found in recording.of_type(PERMISSION)}


@pytest.mark.parametrize(
    ("uri", "role", "expected"),
    [
        (FUNCTION, None, PARSED),
        (FUNCTION, ROLE, None),
        (f"{FUNCTION}-${{stageVariables.a}}", None, None),
    ],
)
def test_a_function_lets_the_api_in_where_nothing_else_does(
    uri: str, role: str | None, expected: LambdaFunction | None
) -> None:
    function = LambdaFunction.parse(uri)
    spec = HttpLambdaIntegration(integration_type="AWS_PROXY", integration_uri=function, credentials_arn=role)
    assert function_of(spec) == expected


@pytest.mark.parametrize("known", [True, False])
def test_a_function_has_one_permission_for_all_routes_of_an_api(known: bool) -> None:
    settings = http_api(one=FUNCTION, two=to_function(FUNCTION, payloadFormatVersion="2.0"))
    recording = run_program(settings, known=known)
    arn = only(recording, "aws:apigatewayv2/api:Api").outputs["executionArn"]
    assert permissions(recording) == {
        "shop-orders": {
            "action": "lambda:InvokeFunction",
            "function": FUNCTION,
            "principal": "apigateway.amazonaws.com",
            "sourceArn": f"{arn}/*" if known else "<unknown>",
        }
    }
    assert only(recording, PERMISSION).delete_before_replace is False


def test_each_api_has_a_permission_of_its_own() -> None:
    settings = http_api(one=FUNCTION)
    settings["apis"]["other"] = settings["apis"]["shop"]
    assert names(run_program(settings), PERMISSION) == ["other-orders", "shop-orders"]


@pytest.mark.parametrize(
    ("qualifier", "expected"),
    [(":live", "live"), (":7", "7"), (":$LATEST", None), ("", None)],
)
def test_a_version_has_a_policy_of_its_own_but_for_the_latest(qualifier: str, expected: str | None) -> None:
    made = only(run_program(http_api(one=FUNCTION + qualifier)), PERMISSION)
    assert (made.inputs["function"], made.inputs.get("qualifier")) == (FUNCTION, expected)


def test_an_integration_comes_after_its_functions_permission() -> None:
    recording = run_program(http_api(one=FUNCTION))
    assert only(recording, PERMISSION).urn in only(recording, "aws:apigatewayv2/integration:Integration").dependencies


def test_a_role_or_a_stage_variable_makes_no_permission() -> None:
    by_variable = f"{FUNCTION}-${{stageVariables.colour}}"
    settings = http_api(one=to_function(FUNCTION, credentialsArn=ROLE), two=by_variable)
    settings["apis"]["shop"]["stage"] = {"variables": {"colour": "blue"}}
    assert permissions(run_program(settings)) == {}


def test_permissions_of_functions_with_one_name_are_told_apart() -> None:
    recording = run_program(http_api(one=f"{FUNCTION}:blue", two=f"{FUNCTION}:green"))
    assert {name: made["qualifier"] for name, made in permissions(recording).items()} == {
        "shop-orders-04ecd8d8": "blue",
        "shop-orders-5582fa21": "green",
    }


@pytest.mark.parametrize(
    ("functions", "expected"),
    [
        (["orders"], ["a-orders"]),
        (["orders", "stock:live"], ["a-orders", "a-stock"]),
        (["token-authorizer"], ["a-token-authorizer-{}"]),
        (["orders", "orders:live"], ["a-orders-{}", "a-orders-{}"]),
    ],
)
def test_names_are_short_where_they_say_enough(functions: list[str], expected: list[str]) -> None:
    given = [LambdaFunction.parse(f"arn:aws:lambda:us-east-1:123456789012:function:{name}") for name in functions]
    found = permission_names("a", given)
    assert list(found) == given
    assert len(set(found.values())) == len(given)
    for name, form in zip(found.values(), expected, strict=True):
        assert name.startswith(form.removesuffix("{}"))
        assert len(name) == len(form.removesuffix("{}")) + (8 if form.endswith("{}") else 0)


def test_a_long_name_leaves_room_for_pulumis_characters() -> None:
    (name,) = permissions(run_program(http_api(one=f"{FUNCTION}{'x' * 100}")))
    assert len(name) == 100 - len("-1234567") - 1 + 1
    assert name.startswith("shop-orders")
