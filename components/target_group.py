"""How a load balancer treats its targets: health checks and attributes, as the stack file has them."""

import pulumi_aws as aws

from settings import BalancedBackend


def health_check(spec: BalancedBackend) -> aws.lb.TargetGroupHealthCheckArgs:
    """Return the health check of a backend's target group; what the stack file leaves out is left out."""
    check = spec.target.health_check
    uses_http = spec.health_check_protocol != "TCP"
    return aws.lb.TargetGroupHealthCheckArgs(
        protocol=spec.health_check_protocol,
        port=str(check.port) if check.port else "traffic-port",
        path=(check.path or "/") if uses_http else None,
        interval=check.interval_seconds,
        timeout=check.timeout_seconds,
        healthy_threshold=check.healthy_threshold,
        unhealthy_threshold=check.unhealthy_threshold,
        matcher=check.matcher,
    )


def stickiness(spec: BalancedBackend) -> aws.lb.TargetGroupStickinessArgs | None:
    """Return whether clients keep to a target.

    It is said outright behind an application load balancer, for the provider takes no block for "as it was". Not every
    target group of a network load balancer has the attribute, so there None stands for AWS's own choice.
    """
    wanted = spec.target.attributes.stickiness
    if wanted:
        return aws.lb.TargetGroupStickinessArgs(enabled=True, type=wanted.type, cookie_duration=wanted.duration_seconds)
    if spec.load_balancer == "network":
        return None
    return aws.lb.TargetGroupStickinessArgs(enabled=False, type="lb_cookie")


def load_balancing_algorithm(spec: BalancedBackend) -> str | None:
    """Return how an application load balancer chooses a target, AWS's default said outright; None for a network one."""
    if spec.load_balancer == "network":
        return None
    return spec.target.attributes.load_balancing_algorithm or "round_robin"


def preserve_client_ip(spec: BalancedBackend) -> str | None:
    """Return whether targets see the client's address: a text for the provider, which keeps None for AWS's choice."""
    wanted = spec.target.attributes.preserve_client_ip
    return None if wanted is None else str(wanted).lower()
