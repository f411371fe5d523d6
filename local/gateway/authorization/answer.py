"""What the function of a Lambda authorizer answers: yes or no, or a policy, and what it tells of the caller.

Source: "Output from an API Gateway Lambda authorizer". That ``principalId`` may be missing is as clients have seen it.
Choices: an authorizer with simple answers takes a policy as well, where the answer has no ``isAuthorized``; a kind
stands for a value in what is said of a wrong answer, for the value itself may be a secret.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self, assert_never

from apigateway.errors import shown
from apigateway.json_path import JsonValue, render
from local.gateway.authorization.policy import Policy
from local.topology.authorization import LambdaAuthorizer


class AnswerError(Exception):
    """What the function answered is no answer; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a function said, which counts for every call of the same identity."""

    says: Policy | bool
    """A simple answer is yes or no."""
    principal: str | None
    context: Mapping[str, JsonValue]
    usage_key: str | None

    @classmethod
    def read(cls, payload: str, authorizer: LambdaAuthorizer) -> Self:
        """Read what a function returned. Raises AnswerError, or PolicyError for the policy in it."""
        content = _object(payload)
        context = _context(content.get("context"), authorizer)
        if authorizer.simple and not ("policyDocument" in content and "isAuthorized" not in content):
            authorized = content.get("isAuthorized")
            if not isinstance(authorized, bool):
                raise AnswerError(f"isAuthorized must be true or false, got {_kind(authorized)}")
            return cls(says=authorized, principal=None, context=context, usage_key=None)
        return cls(
            says=Policy.read(content.get("policyDocument")),
            principal=_text(content, "principalId"),
            context=context,
            usage_key=_text(content, "usageIdentifierKey"),
        )


def _object(payload: str) -> Mapping[str, JsonValue]:
    try:
        content: JsonValue = json.loads(payload)
    except (ValueError, RecursionError):  # a handler that returns bytes returns them as they are
        raise AnswerError("it must be JSON") from None
    if not isinstance(content, dict):
        raise AnswerError(f"it must be an object, got {_kind(content)}")
    return content


def _context(written: JsonValue, authorizer: LambdaAuthorizer) -> Mapping[str, JsonValue]:
    if written is None:
        return {}
    if not isinstance(written, dict):
        raise AnswerError(f"context must be an object, got {_kind(written)}")
    if authorizer.payload_format == "1.0":
        for key, value in written.items():
            if isinstance(value, list | dict):
                raise AnswerError(f"context.{shown(key)} must be a text, a number or a boolean, got {_kind(value)}")
    return written


def _text(content: Mapping[str, JsonValue], key: str) -> str | None:
    value = content.get(key)
    if isinstance(value, list | dict):
        raise AnswerError(f"{key} must be a text, got {_kind(value)}")
    return None if value is None else render(value)


def _kind(value: JsonValue) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            assert_never(value)
