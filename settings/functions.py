"""The Lambda functions that integrations call, and which of them have to permit it."""

from apigateway.arns import LambdaFunction

from .integrations import (
    HttpIntegration,
    HttpLambdaIntegration,
    WebSocketAwsIntegration,
    WebSocketIntegration,
    WebSocketLambdaIntegration,
)
from .rest_integrations import RestAwsIntegration, RestIntegration, RestLambdaIntegration


def permitted_function(integration: HttpIntegration | WebSocketIntegration | RestIntegration) -> LambdaFunction | None:
    """Return the function that has to permit an integration to call it, None where there is none.

    A role (``credentialsArn``) may call its function without a word of the function.
    """
    match integration:
        case (
            HttpLambdaIntegration(integration_uri=LambdaFunction() as function, credentials_arn=None)
            | WebSocketLambdaIntegration(integration_uri=LambdaFunction() as function, credentials_arn=None)
            | WebSocketAwsIntegration(integration_uri=LambdaFunction() as function, credentials_arn=None)
            | RestLambdaIntegration(integration_uri=LambdaFunction() as function, credentials_arn=None)
            | RestAwsIntegration(integration_uri=LambdaFunction() as function, credentials_arn=None)
        ):
            return function
        case _:
            return None
