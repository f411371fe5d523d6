from policy.aws_types import EGRESS_RULE, INGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE
from policy.checks.security_group_descriptions import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

CASES = Cases(
    policy=POLICY,
    good={
        "a group": (resource(SECURITY_GROUP, "web", description="Load balancer of the backend web"),),
        "rules": (
            resource(INGRESS_RULE, "in", description="From the VPC link"),
            resource(EGRESS_RULE, "out", description="To the targets"),
            resource(SECURITY_GROUP_RULE, "old", description="To the targets"),
        ),
        "rules inside a group": (
            resource(SECURITY_GROUP, "web", description="Balancer", ingress=[{"description": "HTTPS"}], egress=[]),
        ),
    },
    bad={
        "a group": (
            (resource(SECURITY_GROUP, "web"),),
            ["web: description must say what it is for, got none"],
        ),
        "the provider's own words": (
            (
                resource(SECURITY_GROUP, "web", description="Managed by Pulumi"),
                resource(SECURITY_GROUP, "old", description="Managed by Terraform"),
            ),
            [
                'web: description must say what it is for, got "Managed by Pulumi"',
                'old: description must say what it is for, got "Managed by Terraform"',
            ],
        ),
        "rules": (
            (
                resource(INGRESS_RULE, "in"),
                resource(EGRESS_RULE, "out", description=""),
                resource(SECURITY_GROUP_RULE, "old"),
            ),
            [
                "in: description must say what it is for, got none",
                "out: description must say what it is for, got none",
                "old: description must say what it is for, got none",
            ],
        ),
        "rules inside a group": (
            (
                resource(
                    SECURITY_GROUP,
                    "web",
                    description="Balancer",
                    ingress=[{"description": "HTTPS"}, {"fromPort": 80}],
                    egress=[{"description": ""}],
                ),
            ),
            [
                "web: ingress[1].description must say what it is for, got none",
                "web: egress[0].description must say what it is for, got none",
            ],
        ),
    },
    undecided={
        "a rule": ((resource(INGRESS_RULE, "in", description=UNKNOWN),), ["in: description is not known"]),
        "rules inside a group, not known yet": (
            (resource(SECURITY_GROUP, "web", description="Balancer", ingress=UNKNOWN, egress=[UNKNOWN]),),
            ["web: ingress is not known", "web: egress[0].description is not known"],
        ),
    },
)
