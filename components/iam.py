"""IAM policy documents, as narrow as their use."""

import json
from collections.abc import Iterable, Mapping, Sequence

Condition = Mapping[str, Mapping[str, str]]
"""Operator → key → value."""

Statement = tuple[Sequence[str], Sequence[str]]
"""Actions, and the resources that they are allowed on."""


def trust_policy(service: str, condition: Condition | None = None) -> str:
    """Let one AWS service assume a role, under a condition where the service sends what it asks for."""
    statement: dict[str, object] = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    return _document([statement | ({"Condition": condition} if condition else {})])


def allow_policy(actions: Sequence[str], resources: Sequence[str]) -> str:
    """Allow actions on resources."""
    return allow_policies([(actions, resources)])


def allow_policies(statements: Iterable[Statement]) -> str:
    """Allow the actions of each statement on its resources."""
    return _document(
        [{"Effect": "Allow", "Action": list(actions), "Resource": list(resources)} for actions, resources in statements]
    )


def _document(statements: list[dict[str, object]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, ensure_ascii=False)
