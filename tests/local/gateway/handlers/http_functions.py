"""Lambda functions for the tests of HTTP APIs; each is served under its own name."""

import json
import time
from typing import Any

NAMES = ("says", "echoes", "fails", "sleeps", "judges", "consents", "counts")

asked: list[object] = []


def says(event: dict[str, Any], _context: object) -> object:
    """Return what the body of a request says."""
    return json.loads(event["body"])


def echoes(event: dict[str, Any], _context: object) -> object:
    """Answer with the event."""
    return {"statusCode": 200, "body": json.dumps(event)}


def fails(_event: object, _context: object) -> None:
    """Fail."""
    raise LookupError("no such pet")


def sleeps(_event: object, _context: object) -> None:
    """Return too late."""
    time.sleep(60)


def judges(event: dict[str, Any], _context: object) -> object:
    """Answer an authorizer's question with a policy, by its token."""
    effect = event["headers"].get("token") or event["headers"].get("Token")
    if effect == "stranger":
        raise Exception("Unauthorized")  # noqa: TRY002 - as Lambda authorizers do
    if effect == "broken":
        raise ValueError("no database")
    if effect == "wordless":
        return {"principalId": "ada"}
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": effect,
        "Resource": event.get("routeArn") or event["methodArn"],
    }
    return {
        "principalId": "ada",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"tenant": "acme", "level": 3, "event": json.dumps(event)},
    }


def consents(event: dict[str, Any], _context: object) -> object:
    """Answer with yes or no."""
    return {"isAuthorized": event["identitySource"][0] == "yes", "context": {"roles": ["a", "b"]}}


def counts(event: dict[str, Any], _context: object) -> object:
    """Consent, and tell how often it was asked."""
    asked.append(event)
    return {"isAuthorized": True, "context": {"times": len(asked)}}
