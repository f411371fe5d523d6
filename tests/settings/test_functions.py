"""Which functions have to permit an integration to call them."""

import pytest

from apigateway.arns import LambdaFunction, parse_aws_uri
from settings import HttpIntegration, RestIntegration, WebSocketIntegration
from settings.functions import permitted_function
from settings.integrations import (
    HttpLambdaIntegration,
    HttpPublicIntegration,
    WebSocketAwsIntegration,
    WebSocketLambdaIntegration,
    WebSocketMockIntegration,
)
from settings.rest_integrations import RestAwsIntegration, RestLambdaIntegration, RestMockIntegration

FUNCTION = LambdaFunction.parse("arn:aws:lambda:us-east-1:123456789012:function:orders")
BY_STAGE = LambdaFunction.parse("arn:aws:lambda:us-east-1:123456789012:function:${stageVariables.name}")
SERVICE = parse_aws_uri("arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders")
ROLE = "arn:aws:iam::123456789012:role/invoke"


@pytest.mark.parametrize("function", [FUNCTION, BY_STAGE])
@pytest.mark.parametrize(("role", "is_permitted"), [(None, True), (ROLE, False)])
def test_a_function_permits_what_calls_it_without_a_role(
    function: LambdaFunction, role: str | None, is_permitted: bool
) -> None:
    callers: list[HttpIntegration | WebSocketIntegration | RestIntegration] = [
        HttpLambdaIntegration(integration_type="AWS_PROXY", integration_uri=function, credentials_arn=role),
        WebSocketLambdaIntegration(integration_type="AWS_PROXY", integration_uri=function, credentials_arn=role),
        WebSocketAwsIntegration(integration_type="AWS", integration_uri=function, credentials_arn=role),
        RestLambdaIntegration(integration_type="AWS_PROXY", integration_uri=function, credentials_arn=role),
        RestAwsIntegration(integration_type="AWS", integration_uri=function, credentials_arn=role),
    ]
    assert [permitted_function(caller) for caller in callers] == [function if is_permitted else None] * 5


@pytest.mark.parametrize(
    "integration",
    [
        HttpPublicIntegration(
            integration_type="HTTP_PROXY", integration_method="GET", integration_uri="https://shop.example"
        ),
        WebSocketMockIntegration(integration_type="MOCK"),
        WebSocketAwsIntegration(integration_type="AWS", integration_uri=SERVICE),
        RestMockIntegration(integration_type="MOCK"),
        RestAwsIntegration(integration_type="AWS", integration_uri=SERVICE),
    ],
)
def test_what_calls_no_function_is_permitted_by_none(
    integration: HttpIntegration | WebSocketIntegration | RestIntegration,
) -> None:
    assert permitted_function(integration) is None
