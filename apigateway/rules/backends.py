"""Rules of backends: load balancers, Cloud Map services, targets."""

from typing import Final

from apigateway.rules.rule import Rule

BACKEND_NAME: Final = Rule(
    "backend-name",
    "A backend's name does not begin with sg-, a prefix that EC2 keeps for the ids of security groups.",
    "Amazon EC2 API Reference, CreateSecurityGroup",
)
BALANCER: Final = Rule(
    "load-balancer",
    "A load balancer that is made here is a network or an application load balancer.",
    "API Gateway Developer Guide, Private integrations for HTTP APIs",
)
PROTOCOLS: Final = Rule(
    "balancer-protocols",
    "A network load balancer speaks TCP and TLS, an application load balancer HTTP and HTTPS.",
    "Elastic Load Balancing User Guides, Listeners",
)
TLS_TARGETS: Final = Rule(
    "tls-targets",
    "Targets speak TLS to a network load balancer only behind a TLS listener.",
    "Elastic Load Balancing User Guide, Target groups for your Network Load Balancers",
)
CERTIFICATE: Final = Rule(
    "certificate",
    "A TLS or HTTPS listener has a certificate and a host name on it, and no other listener has.",
    "Elastic Load Balancing User Guides, TLS and HTTPS listeners",
)
HEALTH_CHECK: Final = Rule(
    "health-check",
    "A path or matcher needs an HTTP or HTTPS health check, an application load balancer has no other, and a check "
    "ends before the next one begins.",
    "Elastic Load Balancing User Guides, Health checks for target groups",
)
TARGET_ADDRESS: Final = Rule(
    "target-address",
    "A target's address is a private IPv4 address.",
    "Elastic Load Balancing User Guides, Target groups, Target type",
)
TARGET_TYPE: Final = Rule(
    "target-type",
    "Targets are given as their type says: addresses (ip), instanceIds (instance), backend or loadBalancerArn (alb).",
    "Elastic Load Balancing User Guides, Target groups, Target type",
)
TARGET_ATTRIBUTES: Final = Rule(
    "target-attributes",
    "An attribute of a target group is one that its kind of load balancer has.",
    "Elastic Load Balancing User Guides, Target group attributes",
)
HOST_NAME: Final = Rule("host-name", "A host name is in lower case, without scheme, port or path.", "RFC 1123")
EXISTING_BALANCER: Final = Rule(
    "existing-balancer",
    "An existing balancer is named by its own ARN and that of one of its listeners, and speaks what its kind can.",
    "API Gateway Developer Guide, Private integrations for HTTP APIs",
)
CLOUD_MAP: Final = Rule(
    "cloud-map",
    "A Cloud Map service is named by its ARN, and only HTTP APIs reach it.",
    "API Gateway Developer Guide, Private integrations for HTTP APIs",
)
BALANCER_ATTRIBUTES: Final = Rule(
    "balancer-attributes",
    "An attribute of a load balancer is one that its kind has.",
    "Elastic Load Balancing User Guide, Load balancer attributes",
)
BALANCER_LOGS: Final = Rule(
    "balancer-logs",
    "A network load balancer writes access logs for TLS listeners only.",
    "Elastic Load Balancing User Guide, Access logs for your Network Load Balancer",
    "warning",
)
