"""What the targets of a load balancer must be to it.

Sources: Elastic Load Balancing User Guides, "Target groups", "Health checks for target groups", "Edit target group
attributes" and "Use an Application Load Balancer as a target of a Network Load Balancer".
"""

from collections.abc import Iterator

from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rules import backends as rules

from .backends import BalancedBackend, Target
from .base import show
from .finding import check_distinct, problem_at

_DEFAULT_INTERVAL = 30


def check_targets(backend: BalancedBackend, at: Location) -> Iterator[Problem]:
    """Check how targets are given, how they are found healthy, and the attributes of their group."""
    yield from _check_type(backend.target, at)
    if backend.target.type == "alb":
        yield from _check_balancer_target(backend, at)
    yield from check_distinct(backend.target.addresses, *at, "addresses")
    yield from check_distinct(backend.target.instance_ids, *at, "instanceIds")
    yield from _check_health(backend, (*at, "healthCheck"))
    yield from _check_attributes(backend, (*at, "attributes"))


def _check_type(target: Target, at: Location) -> Iterator[Problem]:
    """Refuse targets of another type than the group's."""
    for key, given, kind in (
        ("addresses", target.addresses, "ip"),
        ("instanceIds", target.instance_ids, "instance"),
        ("backend", target.backend, "alb"),
        ("loadBalancerArn", target.load_balancer_arn, "alb"),
    ):
        if given and kind != target.type:
            yield problem_at(rules.TARGET_TYPE, f"is for targets of type {kind}, got type {target.type}", *at, key)


def _check_balancer_target(backend: BalancedBackend, at: Location) -> Iterator[Problem]:
    """Check a target that is an application load balancer: one, behind a network load balancer that speaks TCP."""
    target = backend.target
    if backend.load_balancer != "network":
        message = "must be ip or instance with loadBalancer application: an alb stands behind a network load balancer"
        yield problem_at(rules.TARGET_TYPE, message, *at, "type")
    else:
        for side, protocol in (("listener", backend.listener_protocol), ("target", backend.target_protocol)):
            if protocol == "TLS":
                message = 'must be TCP where the target is an application load balancer, got "TLS"'
                yield problem_at(rules.TARGET_TYPE, message, *at[:-1], side, "protocol")
    if target.backend is None and target.load_balancer_arn is None:
        message = "is required with type alb, or loadBalancerArn for a load balancer of another stack"
        yield problem_at(rules.TARGET_TYPE, message, *at, "backend")
    if target.backend is not None and target.load_balancer_arn is not None:
        yield problem_at(rules.TARGET_TYPE, "is given beside backend; keep one of the two", *at, "loadBalancerArn")
    if target.load_balancer_arn is not None and ":loadbalancer/app/" not in target.load_balancer_arn:
        message = f"must be the ARN of an application load balancer, got {show(target.load_balancer_arn)}"
        yield problem_at(rules.TARGET_TYPE, message, *at, "loadBalancerArn")


def _check_health(backend: BalancedBackend, at: Location) -> Iterator[Problem]:
    check, protocol = backend.target.health_check, backend.health_check_protocol
    if protocol == "TCP":
        for key, given in (("path", check.path), ("matcher", check.matcher)):
            if given is not None:
                message = "needs an HTTP or HTTPS health check, got protocol TCP"
                yield problem_at(rules.HEALTH_CHECK, message, *at, key)
        if backend.load_balancer == "application":
            message = 'must be HTTP or HTTPS behind an application load balancer, got "TCP"'
            yield problem_at(rules.HEALTH_CHECK, message, *at, "protocol")
        elif backend.target.type == "alb":
            message = 'must be HTTP or HTTPS for an application load balancer, got "TCP"'
            yield problem_at(rules.HEALTH_CHECK, message, *at, "protocol")
    yield from _check_times(backend, at)
    if check.matcher is not None:
        yield from _check_matcher(check.matcher, backend, (*at, "matcher"))


def _check_times(backend: BalancedBackend, at: Location) -> Iterator[Problem]:
    """Hold a check's timeout below the interval: CreateTargetGroup refuses another one."""
    check = backend.target.health_check
    interval = check.interval_seconds or _DEFAULT_INTERVAL
    timeout = check.timeout_seconds or _default_timeout(backend)
    if timeout < interval:
        return
    if check.timeout_seconds is None:
        message = f"must be given, below intervalSeconds {interval}: left out it is {timeout}"
    else:
        left_out = "" if check.interval_seconds else ", AWS's own"
        message = f"must be below intervalSeconds ({interval}{left_out}), got {timeout}"
    yield problem_at(rules.HEALTH_CHECK, message, *at, "timeoutSeconds")


def _default_timeout(backend: BalancedBackend) -> int:
    """Return the timeout that is AWS's own (CreateTargetGroup, HealthCheckTimeoutSeconds)."""
    if backend.load_balancer == "application":
        return 5
    return 6 if backend.health_check_protocol == "HTTP" else 10


def _check_matcher(matcher: str, backend: BalancedBackend, at: Location) -> Iterator[Problem]:
    """Hold status codes to those that the balancer's kind can expect (API reference, Matcher)."""
    greatest = 499 if backend.load_balancer == "application" else 599
    for part in matcher.split(","):
        low, _, high = part.partition("-")
        if not 200 <= int(low) <= int(high or low) <= greatest:
            message = (
                f"must be status codes of 200 to {greatest} behind a load balancer of kind {backend.load_balancer}, "
                f'each range from its least, got "{matcher}"'
            )
            yield problem_at(rules.HEALTH_CHECK, message, *at)
            return


def _check_attributes(backend: BalancedBackend, at: Location) -> Iterator[Problem]:
    given = {
        key: value for key, value in backend.target.attributes.model_dump(by_alias=True).items() if value is not None
    }
    if backend.target.type == "alb":
        for key in given:
            message = "has AWS's own value where the target is an application load balancer; leave it out"
            yield problem_at(rules.TARGET_ATTRIBUTES, message, *at, key)
        return
    kinds = {
        "preserveClientIp": "network",
        "proxyProtocolV2": "network",
        "connectionTermination": "network",
        "slowStartSeconds": "application",
        "loadBalancingAlgorithm": "application",
    }
    for key, kind in kinds.items():
        if key in given and kind != backend.load_balancer:
            message = f"is an attribute of targets of {kind} load balancers, got loadBalancer {backend.load_balancer}"
            yield problem_at(rules.TARGET_ATTRIBUTES, message, *at, key)
    algorithm = given.get("loadBalancingAlgorithm", "round_robin")
    if "slowStartSeconds" in given and algorithm != "round_robin":
        message = f"goes with loadBalancingAlgorithm round_robin, got {show(algorithm)}"
        yield problem_at(rules.TARGET_ATTRIBUTES, message, *at, "slowStartSeconds")
    yield from _check_stickiness(backend, (*at, "stickiness"))


def _check_stickiness(backend: BalancedBackend, at: Location) -> Iterator[Problem]:
    stickiness = backend.target.attributes.stickiness
    if stickiness is None:
        return
    kind = {"network": "source_ip", "application": "lb_cookie"}[backend.load_balancer]
    if stickiness.type != kind:
        message = f"must be {kind} with loadBalancer {backend.load_balancer}, got {show(stickiness.type)}"
        yield problem_at(rules.TARGET_ATTRIBUTES, message, *at, "type")
    if stickiness.type == "source_ip" and stickiness.duration_seconds is not None:
        message = "is how long a cookie counts, got type source_ip"
        yield problem_at(rules.TARGET_ATTRIBUTES, message, *at, "durationSeconds")
    if stickiness.type == "source_ip" and backend.listener_protocol == "TLS":
        message = "needs a TCP listener: behind a TLS listener targets are not sticky"
        yield problem_at(rules.TARGET_ATTRIBUTES, message, *at)
