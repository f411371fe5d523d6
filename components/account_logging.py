"""API Gateway's CloudWatch role for WebSocket and REST APIs: one setting for a whole account and Region."""

from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from .arguments import check_args
from .defaults import stack_tags
from .iam import trust_policy
from .naming import Tags
from .stack import Stack

_MANAGED_POLICY = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLoggingArgs:
    """Nothing but what every role has: tags, and the managed policy that bounds it, if there is one."""

    tags: Tags = field(default_factory=stack_tags)
    permissions_boundary: pulumi.Input[str] | None = None


class AccountLogging(pulumi.ComponentResource):
    """The role, its policy and the account setting that points at it.

    Other stacks' APIs log through it, so all three outlive this stack: destroying it would silence them.
    """

    setting: aws.apigateway.Account
    """What a stage with logs must come after."""

    def __init__(self, name: str, args: AccountLoggingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("AccountLogging", name, args, AccountLoggingArgs)
        super().__init__("gatelink:components:AccountLogging", name, None, opts)
        kept = pulumi.ResourceOptions(parent=self, retain_on_delete=True)
        role = aws.iam.Role(
            name,
            description="Lets API Gateway write to CloudWatch Logs, for every API of the account and Region",
            assume_role_policy=trust_policy("apigateway.amazonaws.com"),
            permissions_boundary=args.permissions_boundary,
            tags=args.tags,
            opts=kept,
        )
        partition = aws.get_partition().partition
        attachment = aws.iam.RolePolicyAttachment(
            name, role=role.name, policy_arn=f"arn:{partition}:iam::aws:policy/{_MANAGED_POLICY}", opts=kept
        )
        self.setting = aws.apigateway.Account(
            name,
            cloudwatch_role_arn=role.arn,
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True, depends_on=[attachment]),
        )
        self.register_outputs({"roleArn": role.arn})


def provide(stack: Stack) -> AccountLogging | None:
    """Make the role where a stage of this stack needs it and no other stack keeps it."""
    if not stack.settings.makes_account_logging:
        return None
    args = AccountLoggingArgs(tags=stack.tags, permissions_boundary=stack.settings.permissions_boundary)
    return AccountLogging("account-logging", args)
