"""What a component takes of the Pulumi stack that it is made in, where a program does not say it.

The program of a stack file says all of it (:class:`components.stack.Stack`), and its own tags beside.
"""

import pulumi

from .naming import Tags


def stack_tags() -> Tags:
    """Return the tags that say where a resource comes from: the project and the stack."""
    return {"Project": pulumi.get_project(), "Stack": pulumi.get_stack()}


def log_prefix(project: str | None = None, stack: str | None = None) -> str:
    """Return the first part of the names of log groups that AWS services write to.

    Log groups whose names begin with ``/aws/vendedlogs/`` need no statement of their own in the account's log resource
    policy, which may hold 5,120 characters (CloudWatch Logs User Guide).
    """
    return f"/aws/vendedlogs/gatelink/{project or pulumi.get_project()}/{stack or pulumi.get_stack()}"


def metric_namespace() -> str:
    """Return the CloudWatch namespace of the stack's own metrics."""
    return f"Gatelink/{pulumi.get_project()}/{pulumi.get_stack()}"


def region() -> str | None:
    """Return the Region that the stack is configured with, None where only the provider knows it."""
    return pulumi.Config("aws").get("region")
