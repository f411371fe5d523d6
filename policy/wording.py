"""Values as the messages of policies show them."""

import json

from apigateway.errors import shown
from policy.model import Value


def given(value: Value) -> str:
    """Return a value on one line, cut where it gets long: ``none``, ``true``, ``0``, ``"TLS_1_0"``."""
    if value is None or value == "":
        return "none"
    if isinstance(value, str):
        return f'"{shown(value)}"'
    return shown(json.dumps(value, ensure_ascii=False, default=str))
