"""Deployments for tests, and what a policy allows."""

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from deployer.deployment import Deployed, Deployment
from deployer.document import Document, documents
from deployer.permissions import grants_of

ACCOUNT = "111122223333"


def deployed(kind: str, logical: str, /, arn: str = "", **inputs: object) -> Deployed:
    return Deployed(type=kind, name=logical, inputs=inputs, arn=arn)


def deployment(*resources: Deployed, region: str = "us-east-1", stack: str | None = "dev") -> Deployment:
    kinds = {resource.type: tuple(r for r in resources if r.type == resource.type) for resource in resources}
    return Deployment(region=region, account=ACCOUNT, project="gatelink", stack=stack, resources=kinds)


def any_of(*kinds: str) -> Deployment:
    """Return a deployment of types of which no resource is known."""
    return Deployment(
        region="us-east-1", account=ACCOUNT, project="gatelink", stack=None, resources=dict.fromkeys(kinds, ())
    )


def statements(found: Mapping[str, Document]) -> list[dict[str, Any]]:
    everything: list[dict[str, Any]] = []
    for document in found.values():
        listed = document["Statement"]
        assert isinstance(listed, list)
        everything += listed
    return everything


def statements_for(stack: Deployment, *, read_only: bool = False) -> list[dict[str, Any]]:
    return statements(documents(grants_of(stack), read_only=read_only))


def statement(stack: Deployment, sid: str) -> dict[str, Any]:
    (found,) = [statement for statement in statements_for(stack) if statement["Sid"] == sid]
    return found


def actions_of(found: Iterable[Mapping[str, Any]]) -> set[str]:
    return {action for statement in found for action in statement["Action"]}


def is_allowed(found: Iterable[Mapping[str, Any]], action: str, resource: str) -> bool:
    """Tell whether a policy allows an action on a resource, if all conditions are met."""
    return any(
        action in statement["Action"] and any(_takes(pattern, resource) for pattern in statement["Resource"])
        for statement in found
    )


def _takes(pattern: str, resource: str) -> bool:
    literal = re.sub(r"\$\{([*?$])\}", r"[\1]", pattern.replace("[", "[[]"))
    return fnmatchcase(resource, literal)
