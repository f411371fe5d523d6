"""Lambda functions for the tests of WebSocket APIs; each is served under its own name."""

import json
import os
import time
from typing import Any, NoReturn

NAMES = ("says", "returns", "raises", "exits", "sleeps", "judges")


def says(event: dict[str, Any], _context: object) -> object:
    """Return what the handshake or the message wants; a connection that ends wants nothing."""
    wanted = event["body"] if "body" in event else event.get("queryStringParameters", {}).get("says", "{}")
    return json.loads(wanted)


def returns(event: object, _context: object) -> object:
    """Return the event."""
    return event


def raises(event: dict[str, Any], _context: object) -> NoReturn:
    """Fail with the message that the event has."""
    raise LookupError(event.get("fail", "no such room"))


def exits(_event: object, _context: object) -> NoReturn:
    """End the process."""
    os._exit(3)


def sleeps(_event: object, _context: object) -> None:
    """Return too late."""
    time.sleep(60)


def judges(event: dict[str, Any], _context: object) -> object:
    """Decide by the query string ``auth``."""
    effect = event["queryStringParameters"]["auth"]
    if effect == "stranger":
        raise Exception("Unauthorized")  # noqa: TRY002 - as Lambda authorizers do
    if effect == "broken":
        raise ValueError("no database")
    return {
        "principalId": "ada",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}],
        },
        "context": {"tenant": "acme", "level": 3, "trusted": True, "event": json.dumps(event)},
        "usageIdentifierKey": event["queryStringParameters"].get("key"),
    }
