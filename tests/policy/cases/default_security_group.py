from policy.aws_types import DEFAULT_SECURITY_GROUP, EGRESS_RULE, INGRESS_RULE, SECURITY_GROUP_RULE, VPC
from policy.checks.default_security_group import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, preview, resource

NETWORK = resource(VPC, "network", cidrBlock="10.0.0.0/16")
NEW = preview(NETWORK)
EVERYTHING: Value = {"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}


def default(**properties: Value) -> Resource:
    """Return the VPC's default group as the stack adopts it."""
    return resource(DEFAULT_SECURITY_GROUP, "network-default", vpcId="network-id", **properties)


CASES = Cases(
    policy=POLICY,
    good={
        "closed": (NETWORK, default()),
        "closed outright": (NETWORK, default(ingress=[], egress=[])),
        "all of it new": (NEW, preview(default(), vpcId=NEW)),
        "rules of another group": (NETWORK, default(), resource(INGRESS_RULE, "https", securityGroupId="sg-1")),
        "no VPC of this stack": (default(ingress=[EVERYTHING]),),
    },
    bad={
        "not adopted": ((NETWORK,), ["network: default security group must be adopted without rules, got none"]),
        "not adopted, and new": (
            (NEW, preview(resource(DEFAULT_SECURITY_GROUP, "other"), vpcId=preview(resource(VPC, "other")))),
            ["network: default security group must be adopted without rules, got none"],
        ),
        "open": (
            (NETWORK, default(ingress=[EVERYTHING], egress=[EVERYTHING, EVERYTHING])),
            [
                "network-default: ingress must have no rules, got 1",
                "network-default: egress must have no rules, got 2",
            ],
        ),
        "opened by rules beside": (
            (
                NEW,
                adopted := preview(default(), vpcId=NEW),
                preview(resource(INGRESS_RULE, "in"), securityGroupId=adopted),
                preview(resource(EGRESS_RULE, "out"), securityGroupId=NEW),
                preview(resource(SECURITY_GROUP_RULE, "old"), securityGroupId=adopted),
            ),
            [
                "in: securityGroupId must be of another group, got the VPC's default security group",
                "out: securityGroupId must be of another group, got the VPC's default security group",
                "old: securityGroupId must be of another group, got the VPC's default security group",
            ],
        ),
    },
    undecided={
        "perhaps open": ((NETWORK, default(ingress=UNKNOWN)), ["network-default: ingress is not known"]),
    },
)
