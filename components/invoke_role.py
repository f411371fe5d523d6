"""Roles for callers: accounts and roles of yours or others that may call one API's routes, and nothing else.

From the AWS pages "Control access to HTTP APIs / WebSocket APIs with IAM authorization" (ARNs of routes) and "IAM
policy elements: Variables and tags" (how ``*``, ``?`` and ``$`` are written as themselves). REST APIs need no role:
they have resource policies.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

import pulumi
import pulumi_aws as aws

from apigateway.arns import principal_arn
from apigateway.errors import Problem, SettingsError
from apigateway.paths import format_path
from apigateway.route_keys import HttpRouteKey
from settings import HttpApi as HttpApiSpec
from settings import WebSocketApi as WebSocketApiSpec

from .arguments import check_args, check_values
from .defaults import stack_tags
from .http_api import HttpApi
from .iam import allow_policy
from .name_length import fitted
from .naming import Tags
from .stack import Stack
from .websocket_api import WebSocketApi

_ROLE_NAME_LENGTH: Final = 64

# All inline policies of a role may have 10,240 characters; an execution ARN and what stands round it have 80 at most.
_RESOURCES_LENGTH: Final = 10_000
_ARN_LENGTH: Final = 80

_VARIABLE = re.compile(r"\{[^{}]+\}")
_PART = re.compile(r"\$\{[*?$]\}|\*|.", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvokeRoleArgs:
    """Who may assume the role (account ids and ARNs), and what it may call: ``resources`` follow the execution ARN.

    ``permissions_boundary`` is the managed policy that bounds the role, if there is one.
    """

    api: str
    principals: Sequence[str]
    execution_arn: pulumi.Input[str]
    resources: Sequence[str]
    tags: Tags = field(default_factory=stack_tags)
    permissions_boundary: pulumi.Input[str] | None = None

    @classmethod
    def of(
        cls,
        api: WebSocketApi | HttpApi,
        tags: Tags | None = None,
        permissions_boundary: pulumi.Input[str] | None = None,
    ) -> Self:
        """Return the role that an API's settings ask for; raises ``SettingsError`` where they name no principals."""
        check_values("InvokeRoleArgs.of", api=(api, WebSocketApi | HttpApi))
        if not api.spec.invoke_principals:
            at = format_path(("apis", api.name, "invokePrincipals"))
            raise SettingsError((Problem(at, "is required for a role: who may assume it"),))
        return cls(
            api=api.name,
            principals=api.spec.invoke_principals,
            execution_arn=api.execution_arn,
            resources=invoke_resources(api.spec, tuple(api.stages)),
            tags=stack_tags() if tags is None else tags,
            permissions_boundary=permissions_boundary,
        )


class InvokeRole(pulumi.ComponentResource):
    """A role that may call one API's routes."""

    role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: InvokeRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("InvokeRole", name, args, InvokeRoleArgs)
        super().__init__("gatelink:components:InvokeRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        partition = aws.get_partition().partition
        role = aws.iam.Role(
            name,
            description=f"Lets its principals call the API {args.api}",
            assume_role_policy=_trust([principal_arn(principal, partition) for principal in args.principals]),
            permissions_boundary=args.permissions_boundary,
            tags=args.tags,
            opts=child,
        )
        aws.iam.RolePolicy(
            name,
            role=role.name,
            policy=pulumi.Output.from_input(args.execution_arn).apply(
                lambda arn: allow_policy(["execute-api:Invoke"], [f"{arn}/{resource}" for resource in args.resources])
            ),
            opts=child,
        )
        self.role_arn = role.arn
        self.register_outputs({"roleArn": role.arn})


def provide(stack: Stack, apis: Mapping[str, WebSocketApi | HttpApi]) -> dict[str, InvokeRole]:
    """Make a role for each API that has ``invokePrincipals``."""
    boundary = stack.settings.permissions_boundary
    return {
        name: InvokeRole(fitted(f"{name}-invoke", _ROLE_NAME_LENGTH), InvokeRoleArgs.of(api, stack.tags, boundary))
        for name, api in apis.items()
        if api.spec.invoke_principals
    }


def invoke_resources(api: WebSocketApiSpec | HttpApiSpec, stages: Iterable[str]) -> tuple[str, ...]:
    """Return what follows the execution ARN in the ARNs of all routes on some stages.

    They are sorted, and none is covered by another. Where they would not fit into a policy, each stage as a whole
    stands for its routes: it has no others.
    """
    names = sorted(set(stages))
    routes = sorted(set(map(_http_route, api.routes) if isinstance(api, HttpApiSpec) else map(_literal, api.routes)))
    kept = [route for route in routes if not any(other != route and _covers(other, route) for other in routes)]
    resources = tuple(f"{stage}/{route}" for stage in names for route in kept)
    if sum(_ARN_LENGTH + len(resource) for resource in resources) > _RESOURCES_LENGTH:
        return tuple(f"{stage}/*" for stage in names)
    return resources


def _http_route(text: str) -> str:
    """Return ``METHOD/path`` with ``*`` for every method, for each variable, and for all of ``$default``."""
    key = HttpRouteKey.parse(text)
    if key.is_default:
        return "*/*"
    path = "*".join(_literal(part) for part in _VARIABLE.split(key.path))
    return f"{'*' if key.method == 'ANY' else key.method}{path}"


def _literal(text: str) -> str:
    """Write a text so that a policy takes it as it is: ``*`` and ``?`` are wildcards, and ``${`` begins a variable."""
    return re.sub(r"[*?]|\$(?=\{)", r"${\g<0>}", text)


def _covers(broad: str, narrow: str) -> bool:
    """Tell whether every ARN that the one pattern takes is taken by the other."""
    pattern = "".join(".*" if part == "*" else re.escape(part) for part in _PART.findall(broad))
    return re.fullmatch(pattern, narrow, re.DOTALL) is not None


def _trust(principals: Sequence[str]) -> str:
    """Let principals of AWS accounts assume a role."""
    statement = {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
