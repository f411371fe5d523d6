"""Rules of the network."""

from typing import Final

from apigateway.rules.rule import Rule

CIDR: Final = Rule(
    "cidr",
    "A VPC's range is written with its first address, is /16 to /28 (as small as its subnets allow), and is free.",
    "Amazon VPC User Guide, VPC CIDR blocks",
)
NEEDED: Final = Rule(
    "network-needed",
    "There is a network where a load balancer, or the VPC link for HTTP APIs and application load balancers, needs its "
    "subnets.",
    "Gatelink",
)
KIND: Final = Rule(
    "network-kind", "A network is new, existing or another stack's, and has the keys of its kind.", "Gatelink"
)
ZONES: Final = Rule(
    "link-zones",
    "Subnets stand in zones where VPC links exist.",
    "API Gateway Developer Guide, Availability of VPC links by Region",
)
SUBNETS: Final = Rule(
    "subnets", "An existing network has at least two subnets.", "Elastic Load Balancing User Guides, Subnets"
)
STACK_REFERENCE: Final = Rule(
    "stack-reference",
    "Another stack is named organization/project/stack.",
    "Pulumi documentation, Stack references",
)
ENDPOINT: Final = Rule(
    "vpc-endpoint",
    "A VPC endpoint names its service by the part after com.amazonaws.REGION.",
    "AWS PrivateLink Guide, AWS services that integrate with AWS PrivateLink",
)
NO_WAY_BACK: Final = Rule(
    "no-way-back",
    "The backends of a WebSocket API can call connectionsUrl, which is a public name.",
    "API Gateway Developer Guide, Use @connections commands in your backend service",
    "warning",
)
IDLE_PRIVATE_DNS: Final = Rule(
    "idle-private-dns",
    "privateDns is given for interface endpoints: a gateway endpoint has none.",
    "AWS PrivateLink Guide, Gateway endpoints",
    "warning",
)
CAPTURED_NAMES: Final = Rule(
    "captured-names",
    "Private DNS of an execute-api endpoint captures the names of public APIs too.",
    "API Gateway Developer Guide, Private REST APIs",
    "warning",
)
