"""IAM policy documents, as narrow as their use."""

import json
from collections.abc import Sequence


def trust_policy(service: str) -> str:
    """Let one AWS service assume a role."""
    return _document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def allow_policy(actions: Sequence[str], resources: Sequence[str]) -> str:
    """Allow actions on resources."""
    return _document({"Effect": "Allow", "Action": list(actions), "Resource": list(resources)})


def _document(statement: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, ensure_ascii=False)
