"""Quotas of API Gateway."""

from typing import Final

from apigateway.rules.rule import Rule

QUOTA: Final = Rule(
    "quota",
    "A stack keeps to the quotas that AWS does not raise.",
    "API Gateway Developer Guide, Amazon API Gateway quotas",
)
RAISABLE_QUOTA: Final = Rule(
    "raisable-quota",
    "A stack that goes beyond a quota that AWS raises needs it raised.",
    "API Gateway Developer Guide, Amazon API Gateway quotas",
    "warning",
)
