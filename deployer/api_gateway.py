"""What APIs and VPC links need of API Gateway.

From the API Gateway Developer Guide: "API Gateway resources that can be tagged" (a REST API's parts and a usage plan's
inherit its tags; the parts of an HTTP or WebSocket API do not), "Grant permissions for API Gateway to create a VPC
link" and "Configure logging for HTTP APIs in API Gateway".
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from deployer.api_paths import linked_role, makes, owns, paths, reads
from deployer.deployment import Deployment
from deployer.grants import Grant, Need, actions, in_region, own
from deployer.roles import pass_roles, roles_of, roles_of_documents

_SERVICE: Final = "apigateway.amazonaws.com"

_ACCOUNT: Final = "aws:apigateway/account:Account"
_REST_API: Final = "aws:apigateway/restApi:RestApi"
_INTEGRATION: Final = "aws:apigatewayv2/integration:Integration"
_AUTHORIZER: Final = "aws:apigatewayv2/authorizer:Authorizer"


def _whole(path: str, deployment: Deployment) -> Iterable[Grant]:
    """Need to make, change and delete what bears tags by itself."""
    yield reads(deployment, path, f"{path}/*")
    yield from makes(deployment, path)
    yield owns(deployment, "PATCH DELETE", f"{path}/*")


def _api(deployment: Deployment) -> Iterable[Grant]:
    """Need HTTP and WebSocket APIs. The CORS settings are a part of their own where they are taken away."""
    yield from _whole("/apis", deployment)
    yield from _parts("cors", "DELETE", deployment)
    yield linked_role(deployment)


def _parts(part: str, methods: str, deployment: Deployment) -> Iterable[Grant]:
    """Need the parts of HTTP and WebSocket APIs, of which no tag says whose they are."""
    yield reads(deployment, "/apis/*")
    yield Grant(
        group="apis",
        purpose=f"ApisParts{methods.title().replace(' ', '')}",
        actions=actions("apigateway", methods),
        resources=paths(deployment, f"/apis/*/{part}*"),
    )


def _integration(deployment: Deployment) -> Iterable[Grant]:
    yield from _parts("integrations", "POST PATCH DELETE", deployment)
    yield from pass_roles(
        deployment, "ApiGateway", _SERVICE, _real(roles_of(deployment, _INTEGRATION, "credentialsArn"))
    )


def _authorizer(deployment: Deployment) -> Iterable[Grant]:
    yield from _parts("authorizers", "POST PATCH DELETE", deployment)
    yield from pass_roles(
        deployment, "ApiGateway", _SERVICE, _real(roles_of(deployment, _AUTHORIZER, "authorizerCredentialsArn"))
    )


def _stage(deployment: Deployment) -> Iterable[Grant]:
    """Need stages, and what CloudWatch Logs wants of whoever turns their access logs on."""
    yield from _parts("stages", "POST PATCH DELETE", deployment)
    yield Grant(
        group="logs",
        purpose="LogDelivery",
        actions=actions(
            "logs",
            "CreateLogDelivery UpdateLogDelivery DeleteLogDelivery GetLogDelivery ListLogDeliveries "
            "DescribeLogGroups DescribeResourcePolicies PutResourcePolicy",
        ),
        condition=in_region(deployment),
    )


def _link(deployment: Deployment) -> Iterable[Grant]:
    yield from _whole("/vpclinks", deployment)
    yield linked_role(deployment)


def _link_to_balancer(deployment: Deployment) -> Iterable[Grant]:
    """Need links of version 1, which API Gateway makes an endpoint service of, as the caller."""
    yield from _link(deployment)
    yield Grant(
        group="apis",
        purpose="LinksLook",
        actions=(
            "ec2:DescribeVpcEndpointServiceConfigurations",
            "elasticloadbalancing:DescribeLoadBalancers",
        ),
        condition=in_region(deployment),
    )
    yield Grant(
        group="apis",
        purpose="LinksOffer",
        actions=actions(
            "ec2",
            "CreateVpcEndpointServiceConfiguration DeleteVpcEndpointServiceConfigurations "
            "ModifyVpcEndpointServicePermissions",
        ),
        resources=(deployment.arn("ec2", "vpc-endpoint-service/*"),),
    )


def _rest_api(deployment: Deployment) -> Iterable[Grant]:
    yield from _rest_parts(deployment)
    yield reads(deployment, "/restapis")
    yield from makes(deployment, "/restapis")
    yield Grant(
        group="apis",
        purpose="ApisNewPolicy",
        actions=actions("apigateway", "UpdateRestApiPolicy"),
        resources=paths(deployment, "/restapis"),
    )
    yield owns(deployment, "UpdateRestApiPolicy", "/restapis/*")
    yield from pass_roles(deployment, "ApiGateway", _SERVICE, _real(roles_of_documents(deployment, _REST_API)))
    yield linked_role(deployment)


def _rest_parts(deployment: Deployment) -> Iterable[Grant]:
    """Need the parts of REST APIs, which inherit their API's tags."""
    yield reads(deployment, "/restapis/*", "/tags/*")
    yield owns(deployment, "POST PUT PATCH DELETE", "/restapis/*")


def _account(deployment: Deployment) -> Iterable[Grant]:
    """Need the account's one setting, and to hand API Gateway the role that it writes logs by."""
    yield reads(deployment, "/account")
    yield Grant(
        group="apis",
        purpose="ApisAccount",
        actions=("apigateway:PATCH",),
        resources=paths(deployment, "/account"),
    )
    yield from pass_roles(
        deployment, "ApiGateway", _SERVICE, _real(roles_of(deployment, _ACCOUNT, "cloudwatchRoleArn"))
    )


def _api_key(deployment: Deployment) -> Iterable[Grant]:
    """Need keys, of which the stack's own alone are read: whoever reads a key has it."""
    yield from makes(deployment, "/apikeys")
    yield owns(deployment, "PATCH DELETE", "/apikeys/*")
    yield Grant(
        group="apis",
        purpose="ApiKeysRead",
        actions=("apigateway:GET",),
        resources=paths(deployment, "/apikeys/*"),
        condition=own(deployment),
        reads=True,
    )


def _usage_plan_key(deployment: Deployment) -> Iterable[Grant]:
    yield reads(deployment, "/usageplans/*")
    yield owns(deployment, "POST DELETE", "/usageplans/*")


def _real(roles: Iterable[str]) -> Iterable[str]:
    """Leave out what stands for the caller's own credentials, ``arn:aws:iam::*:user/*``, which is no role."""
    return [role for role in roles if ":role/" in role]


API_GATEWAY: Final[Mapping[str, Need]] = {
    _ACCOUNT: _account,
    "aws:apigateway/apiKey:ApiKey": _api_key,
    "aws:apigateway/deployment:Deployment": _rest_parts,
    "aws:apigateway/methodSettings:MethodSettings": _rest_parts,
    _REST_API: _rest_api,
    "aws:apigateway/stage:Stage": _rest_parts,
    "aws:apigateway/usagePlan:UsagePlan": partial(_whole, "/usageplans"),
    "aws:apigateway/usagePlanKey:UsagePlanKey": _usage_plan_key,
    "aws:apigateway/vpcLink:VpcLink": _link_to_balancer,
    "aws:apigatewayv2/api:Api": _api,
    _AUTHORIZER: _authorizer,
    "aws:apigatewayv2/deployment:Deployment": partial(_parts, "deployments", "POST PATCH DELETE"),
    _INTEGRATION: _integration,
    # An integration's responses and a route's are below their integration and route.
    "aws:apigatewayv2/integrationResponse:IntegrationResponse": partial(_parts, "integrations", "POST PATCH DELETE"),
    "aws:apigatewayv2/model:Model": partial(_parts, "models", "POST PATCH DELETE"),
    "aws:apigatewayv2/route:Route": partial(_parts, "routes", "POST PATCH DELETE"),
    "aws:apigatewayv2/routeResponse:RouteResponse": partial(_parts, "routes", "POST PATCH DELETE"),
    "aws:apigatewayv2/stage:Stage": _stage,
    "aws:apigatewayv2/vpcLink:VpcLink": _link,
}
"""What each type of API Gateway needs, but for those of domains."""
