from policy.aws_types import FLOW_LOG, VPC
from policy.checks.flow_logs import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, preview, resource

NETWORK = resource(VPC, "network", cidrBlock="10.0.0.0/16")
NEW = preview(NETWORK)


def log(name: str, traffic: Value) -> Resource:
    """Return a flow log of the network."""
    return resource(FLOW_LOG, name, vpcId="network-id", trafficType=traffic)


CASES = Cases(
    policy=POLICY,
    good={
        "all": (NETWORK, log("all", "ALL")),
        "all of it new": (NEW, preview(log("all", "ALL"), vpcId=NEW)),
        "what was refused": (NETWORK, log("accepted", "ACCEPT"), log("refused", "REJECT")),
        "enough in any case": (NETWORK, log("later", UNKNOWN), log("all", "ALL")),
        "no VPC": (resource(FLOW_LOG, "subnet", subnetId="subnet-1"),),
    },
    bad={
        "none": ((NETWORK,), ["network: flow log must be there, got none"]),
        "another VPC's": (
            (NEW, preview(log("all", "ALL"), vpcId=preview(resource(VPC, "other")))),
            ["network: flow log must be there, got none"],
        ),
        "what was accepted": (
            (NETWORK, log("accepted", "ACCEPT")),
            ['accepted: trafficType must be ALL or REJECT, got "ACCEPT"'],
        ),
    },
    undecided={
        "perhaps": ((NETWORK, log("accepted", "ACCEPT"), log("later", UNKNOWN)), ["later: trafficType is not known"])
    },
)
