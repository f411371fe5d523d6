"""IAM policy documents, as narrow as their use."""

import json
from collections.abc import Iterable, Sequence

Statement = tuple[Sequence[str], Sequence[str]]
"""Actions, and the resources that they are allowed on."""


def trust_policy(service: str) -> str:
    """Let one AWS service assume a role."""
    return _document([{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}])


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
