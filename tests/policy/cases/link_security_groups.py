from policy.aws_types import LOAD_BALANCER, VPC_LINK
from policy.checks.link_security_groups import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

CASES = Cases(
    policy=POLICY,
    good={
        "balancer": (resource(LOAD_BALANCER, "chat", securityGroups=["sg-1"]),),
        "link": (resource(VPC_LINK, "http", securityGroupIds=["sg-2"]),),
        "in a first preview": (
            resource(LOAD_BALANCER, "chat", securityGroups=[UNKNOWN]),
            resource(VPC_LINK, "http", securityGroupIds=[UNKNOWN]),
        ),
        "link for REST APIs": (resource("aws:apigateway/vpcLink:VpcLink", "chat"),),
    },
    bad={
        "left out": (
            (resource(LOAD_BALANCER, "chat"), resource(VPC_LINK, "http")),
            [
                "chat: securityGroups must name a security group, got none",
                "http: securityGroupIds must name a security group, got none",
            ],
        ),
        "empty": (
            (resource(VPC_LINK, "http", securityGroupIds=[]),),
            ["http: securityGroupIds must name a security group, got none"],
        ),
    },
    undecided={
        "of another stack": (
            (resource(LOAD_BALANCER, "chat", securityGroups=UNKNOWN),),
            ["chat: securityGroups is not known"],
        )
    },
)
