"""An authorizer that tells the API what its caller writes, line breaks and all."""

from typing import Any


def reflects(event: dict[str, Any], _context: object) -> object:
    """Let everybody in, with the query string ``e`` for a context."""
    text = event["queryStringParameters"]["e"]
    resource = event.get("routeArn") or event["methodArn"]
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": resource}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": text, "policyDocument": policy, "context": {"e": text}}
