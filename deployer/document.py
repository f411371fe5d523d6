"""IAM policy documents, put together from grants and no longer than AWS takes them.

IAM User Guide: "IAM and AWS STS quotas" (a managed policy may have 6,144 characters, not counting whitespace), "Grammar
of the IAM JSON policy language", "IAM JSON policy elements: Sid".
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from deployer.grants import Grant, Group

Statement: TypeAlias = dict[str, object]
Document: TypeAlias = dict[str, object]

MOST_CHARACTERS: Final = 6144
MOST_POLICIES: Final = 10
"""How many managed policies a role takes, as long as nobody has asked AWS for more."""

_GROUPS: Final[tuple[Group, ...]] = ("network", "balancers", "apis", "elsewhere", "roles", "logs")


def documents(grants: Iterable[Grant], *, read_only: bool = False) -> Mapping[str, Document]:
    """Return the policies by the end of their names, such as ``apis`` or, where one is not enough, ``apis-2``."""
    wanted = [grant for grant in grants if grant.reads or not read_only]
    found: dict[str, Document] = {}
    for group in _GROUPS:
        statements = _statements(grant for grant in wanted if grant.group == group)
        for number, part in enumerate(_fitting(statements), 1):
            found[group if number == 1 else f"{group}-{number}"] = _document(part)
    return found


def size(document: Document) -> int:
    """Return how many characters AWS counts."""
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False))


def _statements(grants: Iterable[Grant]) -> list[Statement]:
    """Make one statement of each purpose; raises ``ValueError`` where two do not go together."""
    purposes: dict[str, Grant] = {}
    for grant in grants:
        there = purposes.setdefault(grant.purpose, grant)
        if (there.reads, there.condition) != (grant.reads, grant.condition):
            raise ValueError(f"grants of {grant.purpose} differ in more than actions and resources")
        purposes[grant.purpose] = replace(
            there, actions=(*there.actions, *grant.actions), resources=(*there.resources, *grant.resources)
        )
    return [_statement(grant) for grant in purposes.values()]


def _statement(grant: Grant) -> Statement:
    condition = {
        operator: {key: _one_or_all(values) for key, values in keys.items()}
        for operator, keys in grant.condition.items()
    }
    statement: Statement = {
        "Sid": grant.purpose,
        "Effect": "Allow",
        "Action": sorted(set(grant.actions)),
        "Resource": sorted(_narrowest(grant.resources)),
    }
    return {**statement, "Condition": condition} if condition else statement


def _one_or_all(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _narrowest(resources: Sequence[str]) -> set[str]:
    """Leave out what another resource of the list takes in by its ``*`` at the end."""
    broad = {resource for resource in resources if resource.endswith("*")}
    return {
        resource
        for resource in resources
        if not any(resource != other and resource.startswith(other.removesuffix("*")) for other in broad)
    }


def _fitting(statements: Sequence[Statement]) -> Iterator[list[Statement]]:
    """Divide statements among documents; one that is too long by itself is divided by its resources."""
    part: list[Statement] = []
    for statement in (piece for whole in statements for piece in _pieces(whole)):
        if part and size(_document([*part, statement])) > MOST_CHARACTERS:
            yield part
            part = []
        part.append(statement)
    if part:
        yield part


def _pieces(statement: Statement) -> Iterator[Statement]:
    resources = statement["Resource"]
    if size(_document([statement])) <= MOST_CHARACTERS or not isinstance(resources, list) or len(resources) == 1:
        yield statement
        return
    half = len(resources) // 2
    for number, some in enumerate((resources[:half], resources[half:]), 1):
        yield from _pieces({**statement, "Sid": f"{statement['Sid']}{number}", "Resource": some})


def _document(statements: Sequence[Statement]) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}
