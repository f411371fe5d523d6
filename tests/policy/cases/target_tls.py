from policy.aws_types import TARGET_GROUP
from policy.checks.target_tls import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

HTTPS_CHECK = {"protocol": "HTTPS", "port": "traffic-port", "path": "/healthz"}

CASES = Cases(
    policy=POLICY,
    good={
        "TLS": (resource(TARGET_GROUP, "chat", protocol="TLS", targetType="ip"),),
        "HTTPS": (resource(TARGET_GROUP, "orders", protocol="HTTPS", targetType="ip"),),
        "an application load balancer": (resource(TARGET_GROUP, "chat", protocol="TCP", targetType="alb"),),
        "TLS that is passed on": (resource(TARGET_GROUP, "chat", protocol="TCP", healthCheck=HTTPS_CHECK),),
        "TLS that is passed on, default port": (
            resource(TARGET_GROUP, "chat", protocol="TCP", healthCheck={"protocol": "HTTPS"}),
        ),
    },
    bad={
        "HTTP": (
            (resource(TARGET_GROUP, "orders", protocol="HTTP", healthCheck=HTTPS_CHECK),),
            ['orders: protocol must be TLS or HTTPS, got "HTTP"'],
        ),
        "TCP": (
            (resource(TARGET_GROUP, "chat", protocol="TCP", healthCheck={"protocol": "TCP"}),),
            ['chat: protocol must be TLS or HTTPS, got "TCP"'],
        ),
        "TLS on another port": (
            (resource(TARGET_GROUP, "chat", protocol="TCP", healthCheck={"protocol": "HTTPS", "port": "9443"}),),
            ['chat: protocol must be TLS or HTTPS, got "TCP"'],
        ),
        "no health check": (
            (resource(TARGET_GROUP, "chat", protocol="TCP"),),
            ['chat: protocol must be TLS or HTTPS, got "TCP"'],
        ),
        "no protocol": ((resource(TARGET_GROUP, "chat"),), ["chat: protocol must be TLS or HTTPS, got none"]),
    },
    undecided={"not known yet": ((resource(TARGET_GROUP, "chat", protocol=UNKNOWN),), ["chat: protocol is not known"])},
)
