"""Flow logs: what came and went in a VPC, written to a log group by a role that can do nothing else."""

import pulumi
import pulumi_aws as aws

from settings import FlowLogs

from .iam import Condition, allow_policy, trust_policy
from .naming import Tags, named
from .service_roles import Place


def record_flows(
    network: str,
    vpc_id: pulumi.Input[str],
    spec: FlowLogs,
    *,
    log_prefix: str,
    permissions_boundary: pulumi.Input[str] | None,
    tags: Tags,
    parent: pulumi.Resource,
) -> None:
    """Make the flow log of a network's VPC, with its log group and its role."""
    name, child = f"{network}-flow-logs", pulumi.ResourceOptions(parent=parent)
    group = aws.cloudwatch.LogGroup(
        name,
        name=f"{log_prefix}/flow-logs",
        retention_in_days=spec.retention_days,
        kms_key_id=spec.kms_key_arn,
        tags=tags,
        opts=child,
    )
    role = aws.iam.Role(
        name,
        description="Lets VPC flow logs write to their log group",
        assume_role_policy=trust_policy("vpc-flow-logs.amazonaws.com", _own_flow_logs(Place.ask())),
        permissions_boundary=permissions_boundary,
        tags=tags,
        opts=child,
    )
    policy = aws.iam.RolePolicy(name, role=role.id, policy=group.arn.apply(_flow_logs_policy), opts=child)
    aws.ec2.FlowLog(
        name,
        vpc_id=vpc_id,
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        tags=named(tags, name),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[policy]),
    )


def _own_flow_logs(place: Place) -> Condition:
    """Let the service take the role for flow logs of this account and Region alone, as the page below advises.

    A flow log's id is known only after its role; the page has ``*`` for that.
    """
    arn = f"arn:{place.partition}:ec2:{place.region}:{place.account}:vpc-flow-log/*"
    return {"StringEquals": {"aws:SourceAccount": place.account}, "ArnLike": {"aws:SourceArn": arn}}


def _flow_logs_policy(log_group_arn: str) -> str:
    """Allow what "IAM role for publishing flow logs to CloudWatch Logs" (VPC User Guide) asks, on one log group."""
    actions = ("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams")
    return allow_policy(actions, (log_group_arn, f"{log_group_arn}:*"))
