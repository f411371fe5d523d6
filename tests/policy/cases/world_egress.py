from policy.aws_types import EGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE
from policy.checks.world_egress import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

CASES = Cases(
    policy=POLICY,
    good={
        "the network": (resource(EGRESS_RULE, "targets", cidrIpv4="10.20.0.0/16"),),
        "another group": (resource(EGRESS_RULE, "targets", referencedSecurityGroupId="sg-1"),),
        "a service": (resource(EGRESS_RULE, "s3", prefixListId="pl-1"),),
        "the way in": (resource(SECURITY_GROUP_RULE, "in", type="ingress", cidrBlocks=["0.0.0.0/0"]),),
        "the way into a group": (resource(SECURITY_GROUP, "web", ingress=[{"cidrBlocks": ["0.0.0.0/0"]}]),),
        "no rules": (resource(SECURITY_GROUP, "web"),),
    },
    bad={
        "everywhere": (
            (resource(EGRESS_RULE, "out", ipProtocol="-1", cidrIpv4="0.0.0.0/0"),),
            ['out: cidrIpv4 must be a range of known destinations, got "0.0.0.0/0"'],
        ),
        "old": (
            (resource(SECURITY_GROUP_RULE, "out", type="egress", ipv6CidrBlocks=["::/0"]),),
            ['out: ipv6CidrBlocks[0] must be a range of known destinations, got "::/0"'],
        ),
        "inside a group": (
            (resource(SECURITY_GROUP, "web", egress=[{"cidrBlocks": ["0.0.0.0/1", "128.0.0.0/1"]}]),),
            [
                'web: egress[0].cidrBlocks[0] must be a range of known destinations, got "0.0.0.0/1"',
                'web: egress[0].cidrBlocks[1] must be a range of known destinations, got "128.0.0.0/1"',
            ],
        ),
    },
    undecided={
        "a range of another stack": (
            (resource(EGRESS_RULE, "out", cidrIpv4=UNKNOWN),),
            ["out: cidrIpv4 is not known"],
        ),
    },
)
