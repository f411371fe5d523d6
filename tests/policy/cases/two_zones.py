from dataclasses import replace

from policy.aws_types import LOAD_BALANCER, SUBNET
from policy.checks.two_zones import POLICY
from policy.model import UNKNOWN, Resource
from tests.policy.making import Cases, resource

A = resource(SUBNET, "network-private-a", availabilityZoneId="use1-az1")
ALSO_A = resource(SUBNET, "network-private-c", availabilityZoneId="use1-az1")
B = resource(SUBNET, "network-private-b", availabilityZone="us-east-1b")
ANYWHERE = resource(SUBNET, "anywhere")
ELSEWHERE = "urn:pulumi:dev::test::pulumi:pulumi:StackReference::network"


def balancer(*subnets: str) -> Resource:
    return resource(LOAD_BALANCER, "chat", subnets=subnets)


def first_preview(*subnets: Resource, ids: tuple[str, ...] = ()) -> Resource:
    unknown = (UNKNOWN,) * len(subnets)
    return replace(
        resource(LOAD_BALANCER, "chat", subnets=[*unknown, *ids]),
        property_dependencies={"subnets": tuple(subnet.urn for subnet in subnets)},
    )


def wholly_unknown(*urns: str) -> Resource:
    return replace(
        resource(LOAD_BALANCER, "chat", subnets=UNKNOWN), property_dependencies={"subnets": urns} if urns else {}
    )


CASES = Cases(
    policy=POLICY,
    good={
        "two zones": (balancer("network-private-a-id", "network-private-b-id"), A, B),
        "two zones in a first preview": (first_preview(A, B), replace(A, id=UNKNOWN), replace(B, id=UNKNOWN)),
        "two zones, the list not known": (wholly_unknown(A.urn, B.urn), A, B),
        "existing subnets": (balancer("subnet-1", "subnet-2"),),
        "one made here, one that exists": (balancer("network-private-a-id", "subnet-1"), A),
        "one made here in a preview, one that exists": (first_preview(A, ids=("subnet-1",)), replace(A, id=UNKNOWN)),
        "enough whatever the rest is": (wholly_unknown(A.urn, B.urn, ELSEWHERE), A, B),
    },
    bad={
        "one zone": (
            (balancer("network-private-a-id", "network-private-c-id"), A, ALSO_A),
            ["chat: subnets must lie in at least two zones, got use1-az1"],
        ),
        "one zone in a first preview": (
            (first_preview(A, ALSO_A), *(replace(one, id=UNKNOWN) for one in (A, ALSO_A, B))),
            ["chat: subnets must lie in at least two zones, got use1-az1"],
        ),
        "one zone, the list not known": (
            (wholly_unknown(A.urn), A, B),
            ["chat: subnets must lie in at least two zones, got use1-az1"],
        ),
        "one existing subnet": (
            (balancer("subnet-1"), A, B),
            ["chat: subnets must lie in at least two zones, got subnet-1"],
        ),
        "no subnets": (
            (resource(LOAD_BALANCER, "chat"), A, B),
            ["chat: subnets must lie in at least two zones, got none"],
        ),
    },
    undecided={
        "another stack's": ((wholly_unknown(),), ["chat: subnets is not known"]),
        "partly another stack's": ((wholly_unknown(A.urn, ELSEWHERE), A), ["chat: subnets is not known"]),
        "AWS chooses the zone": ((first_preview(A, ANYWHERE), A, ANYWHERE), ["chat: subnets is not known"]),
        "one of the list is not known": (
            (resource(LOAD_BALANCER, "chat", subnets=["network-private-a-id", UNKNOWN]), A),
            ["chat: subnets is not known"],
        ),
    },
)
