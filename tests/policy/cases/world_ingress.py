from policy.aws_types import INGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE
from policy.checks.world_ingress import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

CASES = Cases(
    policy=POLICY,
    good={
        "the network": (resource(INGRESS_RULE, "https", cidrIpv4="10.0.0.0/8", cidrIpv6="fc00::/7"),),
        "another group": (resource(INGRESS_RULE, "https", referencedSecurityGroupId="sg-1"),),
        "another group that is not known": (resource(INGRESS_RULE, "https", referencedSecurityGroupId=UNKNOWN),),
        "old": (resource(SECURITY_GROUP_RULE, "https", type="ingress", cidrBlocks=["10.0.0.0/16"]),),
        "the way out": (resource(SECURITY_GROUP_RULE, "out", type="egress", cidrBlocks=["0.0.0.0/0"]),),
        "the way out of a group": (resource(SECURITY_GROUP, "web", egress=[{"cidrBlocks": ["0.0.0.0/0"]}]),),
        "no rules": (resource(SECURITY_GROUP, "web"),),
        "no address": (resource(INGRESS_RULE, "https", cidrIpv4="anywhere"),),
    },
    bad={
        "everybody": (
            (resource(INGRESS_RULE, "https", cidrIpv4="0.0.0.0/0"),),
            ['https: cidrIpv4 must be a range of known callers, got "0.0.0.0/0"'],
        ),
        "everybody by IPv6": (
            (resource(INGRESS_RULE, "https", cidrIpv6="::/0"),),
            ['https: cidrIpv6 must be a range of known callers, got "::/0"'],
        ),
        "a half and an eighth": (
            (resource(INGRESS_RULE, "https", cidrIpv4="128.0.0.0/1", cidrIpv6="2000::/3"),),
            [
                'https: cidrIpv4 must be a range of known callers, got "128.0.0.0/1"',
                'https: cidrIpv6 must be a range of known callers, got "2000::/3"',
            ],
        ),
        "old": (
            (
                resource(
                    SECURITY_GROUP_RULE,
                    "https",
                    type="ingress",
                    cidrBlocks=["10.0.0.0/16", "0.0.0.0/0"],
                    ipv6CidrBlocks=["::/0"],
                ),
            ),
            [
                'https: cidrBlocks[1] must be a range of known callers, got "0.0.0.0/0"',
                'https: ipv6CidrBlocks[0] must be a range of known callers, got "::/0"',
            ],
        ),
        "inside a group": (
            (
                resource(
                    SECURITY_GROUP,
                    "web",
                    ingress=[
                        {"cidrBlocks": ["10.0.0.0/16"]},
                        {"ipv6CidrBlocks": ["::/0"], "cidrBlocks": ["0.0.0.0/0"]},
                    ],
                ),
            ),
            [
                'web: ingress[1].cidrBlocks[0] must be a range of known callers, got "0.0.0.0/0"',
                'web: ingress[1].ipv6CidrBlocks[0] must be a range of known callers, got "::/0"',
            ],
        ),
    },
    undecided={
        "a range of another stack": (
            (resource(INGRESS_RULE, "https", cidrIpv4=UNKNOWN),),
            ["https: cidrIpv4 is not known"],
        ),
        "old, not known yet": (
            (resource(SECURITY_GROUP_RULE, "https", type="ingress", cidrBlocks=UNKNOWN, ipv6CidrBlocks=[UNKNOWN]),),
            ["https: cidrBlocks is not known", "https: ipv6CidrBlocks[0] is not known"],
        ),
        "old, and perhaps the way out": (
            (resource(SECURITY_GROUP_RULE, "https", type=UNKNOWN, cidrBlocks=["0.0.0.0/0"]),),
            ["https: type is not known"],
        ),
        "inside a group, not known yet": (
            (resource(SECURITY_GROUP, "web", ingress=[UNKNOWN, {"cidrBlocks": UNKNOWN}]),),
            ["web: ingress[0] is not known", "web: ingress[1].cidrBlocks is not known"],
        ),
        "all of a group": ((resource(SECURITY_GROUP, "web", ingress=UNKNOWN),), ["web: ingress is not known"]),
    },
)
