"""Lambda functions for the tests of REST APIs; each is served under its own name."""

import json
import os
import threading
from typing import Any, NoReturn

NAMES = ("says", "echoes", "raises", "exits", "hangs", "judges", "is_wrong")

asked: dict[str, int] = {}
"""How often a worker was asked about each token."""


def says(event: dict[str, Any], _context: object) -> object:
    """Return what the body of a request says, or the event itself where that is no request."""
    return json.loads(event["body"]) if "body" in event else event


def echoes(event: dict[str, Any], _context: object) -> object:
    """Answer with the event."""
    return {"body": json.dumps(event)}


def raises(event: dict[str, Any], _context: object) -> object:
    """Fail with the message that the event has."""
    raise LookupError(event.get("message", "no such pet"))


def exits(_event: object, _context: object) -> NoReturn:
    """End the process."""
    os._exit(3)


def hangs(_event: object, _context: object) -> object:
    """Never return."""
    return threading.Event().wait()


def judges(event: dict[str, Any], _context: object) -> object:
    """Decide by a token: its first word is the effect of the policy, or that of a mistake."""
    token = event.get("authorizationToken") or event["headers"].get("Token") or event["queryStringParameters"]["token"]
    asked[token] = asked.get(token, 0) + 1
    effect, _, resource = token.partition(" ")
    if effect == "stranger":
        raise Exception("Unauthorized")  # noqa: TRY002 - as Lambda authorizers do
    if effect == "broken":
        raise ValueError("no database")
    if effect == "wordless":
        return {"principalId": "ada"}
    return {
        "principalId": "ada",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource or event["methodArn"]},
            ],
        },
        "context": {"tenant": "acme", "level": 3, "trusted": True, "times": asked[token], "event": json.dumps(event)},
        "usageIdentifierKey": "gold" if effect == "Allow" else None,
    }


def is_wrong(_event: object, _context: object) -> object:
    """Answer an authorizer's question with what is no policy."""
    return {"principalId": "ada", "policyDocument": "yes"}
