"""What the program may ask the provider, and what a laptop answers. A question that is not here is an error."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from apigateway.errors import RecordingError
from apigateway.link_zones import LINK_ZONE_IDS
from local.recorder.aws_values import Account


def _zones(account: Account) -> dict[str, Any]:
    """Return as many zones as the Region is known to have for VPC links, three elsewhere."""
    known = LINK_ZONE_IDS.get(account.region, tuple(f"{account.region}-az{number}" for number in (1, 2, 3)))
    names = [f"{account.region}{chr(ord('a') + index)}" for index in range(len(known))]
    return {"id": account.region, "names": names, "zoneIds": list(known)}


_ANSWERS: Final[Mapping[str, Callable[[Account], dict[str, Any]]]] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
    "aws:index/getRegion:getRegion": lambda account: {
        "id": account.region,
        "region": account.region,
        "name": account.region,
        "description": account.region,
        "endpoint": f"ec2.{account.region}.amazonaws.com",
    },
    "aws:index/getCallerIdentity:getCallerIdentity": lambda account: {
        "id": account.id,
        "accountId": account.id,
        "arn": f"arn:{account.partition}:iam::{account.id}:user/laptop",
        "userId": "AIDALAPTOPLAPTOPLAPT",
    },
    "aws:index/getPartition:getPartition": lambda account: {
        "id": account.partition,
        "partition": account.partition,
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    },
}


def answer(token: str, arguments: Mapping[str, object], account: Account) -> dict[str, Any]:
    """Answer one provider function, such as ``aws:index/getRegion:getRegion``; arguments narrow nothing here.

    Raises ``RecordingError`` for a function that has no answer without an AWS account.
    """
    if token not in _ANSWERS:
        known = ", ".join(sorted(name.rpartition(":")[2] for name in _ANSWERS))
        given = f"{token}({', '.join(sorted(arguments))})"
        raise RecordingError(f"the program asks the provider {given}, which has no answer on a laptop; known: {known}")
    return _ANSWERS[token](account)
