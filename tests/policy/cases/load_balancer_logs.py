from policy.aws_types import LISTENER, LOAD_BALANCER
from policy.checks.load_balancer_logs import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, preview, resource

ORDERS = resource(
    LOAD_BALANCER, "orders", loadBalancerType="application", accessLogs={"bucket": "acme-logs", "enabled": True}
)
SILENT = resource(LOAD_BALANCER, "orders", loadBalancerType="application", accessLogs={"bucket": "", "enabled": False})
CHAT = resource(LOAD_BALANCER, "chat", loadBalancerType="network", accessLogs={"bucket": "", "enabled": False})
LOGGED_CHAT = resource(LOAD_BALANCER, "chat", loadBalancerType="network", accessLogs={"bucket": "b", "enabled": True})
TLS = resource(LISTENER, "chat", loadBalancerArn="chat-id", protocol="TLS")
TCP = resource(LISTENER, "chat-tcp", loadBalancerArn="chat-id", protocol="TCP")

CASES = Cases(
    policy=POLICY,
    good={
        "application": (ORDERS,),
        "bucket not known yet": (resource(LOAD_BALANCER, "orders", accessLogs={"bucket": UNKNOWN, "enabled": True}),),
        "network without TLS": (CHAT, TCP),
        "network without a listener of this stack": (CHAT,),
        "network, another's listener": (CHAT, resource(LISTENER, "other", loadBalancerArn="other-id", protocol="TLS")),
        "network": (LOGGED_CHAT, TLS),
    },
    bad={
        "switched off": ((SILENT,), ["orders: accessLogs.enabled must be true, got false"]),
        "left out": ((resource(LOAD_BALANCER, "orders"),), ["orders: accessLogs.enabled must be true, got none"]),
        "network": ((CHAT, TCP, TLS), ["chat: accessLogs.enabled must be true, got false"]),
        "network in a first preview": (
            (preview(CHAT), preview(TLS, loadBalancerArn=CHAT)),
            ["chat: accessLogs.enabled must be true, got false"],
        ),
    },
    undecided={
        "not known yet": (
            (resource(LOAD_BALANCER, "orders", accessLogs=UNKNOWN),),
            ["orders: accessLogs.enabled is not known"],
        )
    },
)
