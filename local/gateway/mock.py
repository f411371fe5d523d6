"""What a MOCK integration answers: a status alone, which its request template says.

Source: "Set up mock integrations in API Gateway".
"""

import json
import re

from apigateway.errors import shown
from local.gateway.faults import INTERNAL, Faulted
from local.gateway.upstream import Answered

_LENIENT_STATUS = re.compile(
    r"""\s*\{(?:.*[,{])?\s*["']?statusCode["']?\s*:\s*(?P<status>[0-9]+)\s*[,}].*""", re.DOTALL
)


def mock_answer(body: bytes, untaken: str | None = None) -> Answered:
    """Return what a MOCK integration answers to the body that its request template made.

    ``untaken`` is the content type that no template took, where the body is as it came. Raises ``Faulted``.
    """
    text = body.decode("utf-8", "replace")
    status = _status_of(text)
    if status is None and untaken:
        reason = f"no request template takes {untaken}, so the body is as it came and has no statusCode"
        raise Faulted(INTERNAL, f'{reason}, got "{shown(text)}"')
    if status is None:
        reason = 'its request template must make {"statusCode": 200} or the like, with a whole number'
        raise Faulted(INTERNAL, f'{reason}, got "{shown(text)}"')
    return Answered(status=status, headers=(), body=b"")


def _status_of(text: str) -> int | None:
    try:
        made = json.loads(text)
    except (ValueError, RecursionError):
        # API Gateway also reads `{ statusCode: 200 }`, which is no JSON and stands in many a stack.
        match = _LENIENT_STATUS.fullmatch(text)
        return int(match["status"]) if match else None
    status = made.get("statusCode") if isinstance(made, dict) else None
    return status if isinstance(status, int) and not isinstance(status, bool) else None
