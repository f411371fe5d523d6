"""The way to private APIs: an interface endpoint of API Gateway in the stack's network.

From the AWS pages "Private REST APIs in API Gateway" and "Create a private API": callers in the network reach the
endpoint over HTTPS, one endpoint serves all private APIs, and with private DNS an API's own name leads to it. The VPC
must then resolve names (``enableDnsSupport``, ``enableDnsHostnames``), as a new network does.
"""

import json
from dataclasses import dataclass, field
from typing import Final

import pulumi
import pulumi_aws as aws

from .arguments import check_args
from .defaults import stack_tags
from .naming import Tags, named
from .network import API_SERVICE, service_name
from .network_in_use import NetworkInUse
from .stack import Stack

CALLS_ONLY: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}],
    }
)
"""The endpoint's policy: any API may be called through it, and nothing else be done. Who may call which API is the
matter of the API's own policy (AWS page "Use VPC endpoint policies for private APIs in API Gateway")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointInUse:
    """The endpoint by which the stack's private APIs are called, be it made for them or one of the network's own."""

    endpoint_id: pulumi.Output[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateEndpointArgs:
    """The network whose members may call the private APIs."""

    network: NetworkInUse
    tags: Tags = field(default_factory=stack_tags)


class PrivateEndpoint(pulumi.ComponentResource):
    """An endpoint in the network's private subnets, and its security group: HTTPS from the network, nothing out."""

    in_use: EndpointInUse
    """The endpoint as the private APIs see it."""

    def __init__(self, name: str, args: PrivateEndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("PrivateEndpoint", name, args, PrivateEndpointArgs)
        super().__init__("gatelink:components:PrivateEndpoint", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        tags = named(args.tags, name)
        group = aws.ec2.SecurityGroup(
            name,
            description="Endpoint of the private APIs: HTTPS from the network",
            vpc_id=args.network.vpc_id,
            tags=tags,
            opts=child,
        )
        aws.vpc.SecurityGroupIngressRule(
            name,
            security_group_id=group.id,
            description="HTTPS from the network",
            cidr_ipv4=args.network.cidr,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            tags=tags,
            opts=child,
        )
        endpoint = aws.ec2.VpcEndpoint(
            name,
            vpc_id=args.network.vpc_id,
            service_name=service_name(aws.get_region().region, API_SERVICE),
            vpc_endpoint_type="Interface",
            subnet_ids=args.network.private_subnet_ids,
            security_group_ids=[group.id],
            private_dns_enabled=True,
            policy=CALLS_ONLY,
            tags=tags,
            opts=child,
        )
        self.in_use = EndpointInUse(endpoint_id=endpoint.id)
        self.register_outputs({"endpointId": endpoint.id})


def provide(stack: Stack, network: NetworkInUse | None) -> EndpointInUse | None:
    """Make the endpoint that the stack's private APIs need; None where they need none or name their own.

    A network that has an endpoint of API Gateway gets no second one: EC2 refuses two of a service with private DNS. Of
    an existing network's endpoints nothing is known here, so a private API names one of those by its id. Where the
    stack file lists the endpoint only later, it has ``privateDns: false`` in the first deployment: the one made here
    goes last.
    """
    if network is None or not stack.settings.private_apis:
        return None
    if network.api_endpoint_id is not None:
        return EndpointInUse(endpoint_id=network.api_endpoint_id)
    return PrivateEndpoint(API_SERVICE, PrivateEndpointArgs(network=network, tags=stack.tags)).in_use
