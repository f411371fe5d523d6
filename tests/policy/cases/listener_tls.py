from dataclasses import replace

from policy.aws_types import LISTENER, TARGET_GROUP
from policy.checks.listener_tls import POLICY
from policy.model import UNKNOWN, Resource
from tests.policy.making import Cases, preview, resource

OLD = (
    "ELBSecurityPolicy-2016-08",
    "ELBSecurityPolicy-2015-05",
    "ELBSecurityPolicy-TLS-1-0-2015-04",
    "ELBSecurityPolicy-TLS-1-1-2017-01",
    "ELBSecurityPolicy-FS-2018-06",
    "ELBSecurityPolicy-FS-1-1-2019-08",
    "ELBSecurityPolicy-TLS13-1-0-2021-06",
    "ELBSecurityPolicy-TLS13-1-0-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-1-2021-06",
    "ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04",
)
MODERN = (
    "ELBSecurityPolicy-TLS-1-2-2017-01",
    "ELBSecurityPolicy-TLS-1-2-Ext-2018-06",
    "ELBSecurityPolicy-FS-1-2-2019-08",
    "ELBSecurityPolicy-FS-1-2-Res-2020-10",
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-RFC9151-FIPS-2023-07",
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
)
PLAIN = resource(LISTENER, "chat", protocol="TCP", defaultActions=[{"type": "forward"}])
TARGETS = resource(TARGET_GROUP, "chat", protocol="TCP", healthCheck={"protocol": "HTTPS", "port": "traffic-port"})
PLAIN_TARGETS = resource(TARGET_GROUP, "chat-plain", protocol="TCP", healthCheck={"protocol": "HTTP"})


def secure(policy: str) -> Resource:
    return resource(LISTENER, "orders", protocol="HTTPS", sslPolicy=policy)


CASES = Cases(
    policy=POLICY,
    good={
        **{policy: (secure(policy),) for policy in MODERN},
        "TLS": (resource(LISTENER, "chat", protocol="TLS", sslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06"),),
        "TLS that is passed on": (preview(PLAIN, defaultActions=TARGETS), TARGETS, PLAIN_TARGETS),
    },
    bad={
        **{
            policy: (
                (secure(policy),),
                [f'orders: sslPolicy must be one that refuses TLS below 1.2, got "{policy}"'],
            )
            for policy in (*OLD, "ELBSecurityPolicy-TLS13-1-2-", "ELBSecurityPolicy-TLS13-1-22-2021-06")
        },
        "AWS's default": (
            (resource(LISTENER, "chat", protocol="TLS"),),
            ["chat: sslPolicy must be one that refuses TLS below 1.2, got none"],
        ),
        "HTTP": (
            (resource(LISTENER, "orders", protocol="HTTP"),),
            ['orders: protocol must be TLS or HTTPS, got "HTTP"'],
        ),
        "no protocol": ((resource(LISTENER, "orders"),), ["orders: protocol must be TLS or HTTPS, got none"]),
        "another stack's targets": ((PLAIN, TARGETS), ['chat: protocol must be TLS or HTTPS, got "TCP"']),
        "targets without TLS": (
            (preview(PLAIN, defaultActions=PLAIN_TARGETS), TARGETS, PLAIN_TARGETS),
            ['chat: protocol must be TLS or HTTPS, got "TCP"'],
        ),
        "some targets without TLS": (
            (
                replace(PLAIN, property_dependencies={"defaultActions": (TARGETS.urn, PLAIN_TARGETS.urn)}),
                TARGETS,
                PLAIN_TARGETS,
            ),
            ['chat: protocol must be TLS or HTTPS, got "TCP"'],
        ),
        "HTTP to targets with TLS": (
            (preview(resource(LISTENER, "orders", protocol="HTTP"), defaultActions=TARGETS), TARGETS),
            ['orders: protocol must be TLS or HTTPS, got "HTTP"'],
        ),
    },
    undecided={
        "protocol": ((resource(LISTENER, "chat", protocol=UNKNOWN),), ["chat: protocol is not known"]),
        "policy": (
            (resource(LISTENER, "chat", protocol="TLS", sslPolicy=UNKNOWN),),
            ["chat: sslPolicy is not known"],
        ),
    },
)
