"""The ways in which API Gateway is allowed things: its actions are HTTP methods and its resources are paths.

From the Service Authorization Reference, "Actions, resources, and condition keys for Amazon API Gateway Management" and
"… Management V2", and the API Gateway Developer Guide, "Using tags to control access to API Gateway REST API resources"
and "Using service-linked roles for API Gateway".
"""

from collections.abc import Iterable

from deployer.deployment import Deployment
from deployer.grants import Grant, actions, new, own
from deployer.roles import service_linked_role


def linked_role(deployment: Deployment) -> Grant:
    """Need the role that API Gateway makes for itself with the first API, VPC link or domain of an account."""
    return service_linked_role(deployment, "ApiGateway", "ops.apigateway.amazonaws.com")


def paths(deployment: Deployment, *wanted: str) -> tuple[str, ...]:
    """Return the ARNs of paths."""
    return tuple(deployment.arn("apigateway", path, account=False) for path in wanted)


def reads(deployment: Deployment, *wanted: str) -> Grant:
    """Need to read what is at paths."""
    return Grant(
        group="apis",
        purpose="ApisRead",
        actions=("apigateway:GET",),
        resources=paths(deployment, *wanted),
        reads=True,
    )


def owns(deployment: Deployment, methods: str, *wanted: str) -> Grant:
    """Need to change what bears the stack's tags, or is a part of such a thing that inherits them."""
    return Grant(
        group="apis",
        purpose="ApisOwn",
        actions=actions("apigateway", methods),
        resources=paths(deployment, *wanted),
        condition=own(deployment),
    )


def makes(deployment: Deployment, path: str) -> Iterable[Grant]:
    """Need to make what bears the stack's tags. Its ARN is known only then, so tags may be given to anything."""
    yield Grant(
        group="apis",
        purpose="ApisNew",
        actions=("apigateway:POST",),
        resources=paths(deployment, path),
        condition=new(deployment),
    )
    yield Grant(
        group="apis",
        purpose="ApisTags",
        actions=actions("apigateway", "POST PUT DELETE"),
        resources=paths(deployment, "/tags/*"),
    )
    yield reads(deployment, "/tags/*")
