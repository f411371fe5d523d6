"""Rules of the file itself: keys, values, names and references."""

from typing import Final

from apigateway.rules.rule import Rule

KNOWN_KEY: Final = Rule("known-key", "A block holds only keys that have a meaning there.", "Gatelink")
REQUIRED_KEY: Final = Rule("required-key", "A key without a default is there.", "Gatelink")
VALUE: Final = Rule("value", "A value is of the type, the range and the shape that its key documents.", "Gatelink")
REFERENCE: Final = Rule("reference", "What is referred to by name stands in the file.", "Gatelink")
DISTINCT: Final = Rule("distinct", "A list names nothing twice.", "Gatelink")
RESOURCE_NAME: Final = Rule(
    "resource-name", "No two parts of the file make the same resource name.", "Pulumi documentation, Resource URNs"
)
REGION: Final = Rule(
    "region",
    "What must stand in the stack's Region, by its ARN, does: certificates, keys, load balancers, topics.",
    "AWS General Reference, Amazon Resource Names",
)
OWN_TAG: Final = Rule(
    "own-tag",
    "Project, Stack and Name are tags of Gatelink's own, in any case of letters.",
    "IAM User Guide, Tags for IAM resources",
)
TAG_COUNT: Final = Rule("tag-count", "At most 50 tags a resource, three of them Gatelink's.", "AWS General Reference")
NO_API: Final = Rule("no-api", "A stack holds an API.", "Gatelink", "warning")
IDLE_INTEGRATION: Final = Rule("idle-integration", "A named integration is used by a route.", "Gatelink", "warning")
