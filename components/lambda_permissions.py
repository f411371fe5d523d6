"""Permissions of Lambda functions: who may invoke them is said by the function, not by the API.

A function's policy may hold 20 KB (AWS Lambda quotas, "Function resource-based policy"), so an API has one permission
for all of its routes and stages, and one more for each authorizer. The authorizers of a REST API are made with the API
and have no ids that could be named, so each of their functions has one permission for all of them.

``aws.lambda_`` is a large module, and is loaded where a function is used: so its types are quoted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256

import pulumi
import pulumi_aws as aws

from apigateway.arns import LambdaFunction
from settings import HttpIntegration, RestIntegration, WebSocketIntegration
from settings.functions import permitted_function
from settings.rest_authorizers import RestAuthorizer, RestCognitoAuthorizer

from .name_length import fitted

_STATEMENT_ID_LENGTH = 100
_AUTHORIZER = "-authorizer"


def function_of(spec: HttpIntegration | WebSocketIntegration | RestIntegration) -> LambdaFunction | None:
    """Return the function that has to let the API in, None where there is none.

    A role (``credentialsArn``) needs no word of the function, and a function with a stage variable in its name is known
    to nobody before the stage is called.
    """
    function = permitted_function(spec)
    return function if function and not function.has_stage_variable else None


def allow_integrations(
    api_name: str,
    specs: Iterable[HttpIntegration | WebSocketIntegration | RestIntegration],
    execution_arn: pulumi.Input[str],
    parent: pulumi.Resource,
) -> "Mapping[LambdaFunction, aws.lambda_.Permission]":
    """Let an API invoke the functions of its integrations: one permission for each, whatever the route or stage.

    What leads a message to a function comes after the function's permission.
    """
    functions = {function: None for function in map(function_of, specs) if function}
    source_arn = pulumi.Output.concat(execution_arn, "/*")
    return {
        function: allow_invocations(name, function, source_arn, parent)
        for function, name in permission_names(api_name, functions).items()
    }


def allow_authorizer(
    name: str,
    function: LambdaFunction,
    execution_arn: pulumi.Input[str],
    authorizer_id: pulumi.Input[str],
    parent: pulumi.Resource,
) -> "aws.lambda_.Permission | None":
    """Let an API ask the function of one authorizer; ``name`` is the authorizer's logical name."""
    if function.has_stage_variable:
        return None
    source_arn = pulumi.Output.concat(execution_arn, "/authorizers/", authorizer_id)
    return allow_invocations(f"{name}{_AUTHORIZER}", function, source_arn, parent)


def allow_rest_authorizers(
    api_name: str, specs: Mapping[str, RestAuthorizer], execution_arn: pulumi.Input[str], parent: pulumi.Resource
) -> "list[aws.lambda_.Permission]":
    """Let a REST API ask the functions of its authorizers (name → authorizer): one permission for each function.

    It bears the name of the first authorizer that asks the function.
    """
    asked: dict[LambdaFunction, str] = {}
    for name, spec in sorted(specs.items()):
        if isinstance(spec, RestCognitoAuthorizer) or spec.authorizer_credentials_arn is not None:
            continue
        if not spec.authorizer_uri.has_stage_variable:
            asked.setdefault(spec.authorizer_uri, name)
    source_arn = pulumi.Output.concat(execution_arn, "/authorizers/*")
    return [
        allow_invocations(f"{api_name}-{name}{_AUTHORIZER}", function, source_arn, parent)
        for function, name in asked.items()
    ]


def allow_invocations(
    name: str, function: LambdaFunction, source_arn: pulumi.Input[str], parent: pulumi.Resource
) -> "aws.lambda_.Permission":
    """Let API Gateway invoke a function where ``source_arn`` is what calls it.

    A version or an alias has a policy of its own. ``$LATEST`` has none: it is the function's.
    """
    return aws.lambda_.Permission(
        fitted(name, _STATEMENT_ID_LENGTH),
        action="lambda:InvokeFunction",
        function=function.function_arn,
        qualifier=None if (function.qualifier or "").startswith("$LATEST") else function.qualifier,
        principal="apigateway.amazonaws.com",
        source_arn=source_arn,
        # The new one comes first: in between, API Gateway would be refused.
        opts=pulumi.ResourceOptions(parent=parent, delete_before_replace=False),
    )


def permission_names(api_name: str, functions: Iterable[LambdaFunction]) -> dict[LambdaFunction, str]:
    """Name each function's permission by the API and the function; where that is not one thing, by its ARN's hash too.

    That is where two versions, accounts or Regions have a function of one name, or where the name could be that of an
    authorizer's permission.
    """
    found = list(functions)
    counts = Counter(function.name for function in found)
    return {
        function: f"{api_name}-{function.name}"
        if counts[function.name] == 1 and not function.name.endswith(_AUTHORIZER)
        else f"{api_name}-{function.name}-{sha256(function.arn.encode()).hexdigest()[:8]}"
        for function in found
    }
