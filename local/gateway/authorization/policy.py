"""What the policy of a Lambda authorizer says of one call, and the pattern language of every policy.

Sources: "Output from an API Gateway Lambda authorizer", "Policy evaluation logic" of the IAM guide (an explicit deny
outweighs every allow, and without an allow the answer is no) and its pages on the elements ``Version``, ``Statement``
(one, or a list), ``Effect``, ``Action`` (in any case) and ``Resource``, with ``NotAction`` and ``NotResource``.

An empty list of resources is a policy that allows nothing, as clients of APIs have seen. Two things are choices: a
condition of an Allow holds and one of a Deny does not, as for resource policies here, and a ``Principal`` is not
looked at, since whom the answer is about is what ``principalId`` says.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, Self, TypeAlias, cast

from apigateway.errors import shown
from apigateway.json_path import JsonValue, render

Verdict: TypeAlias = Literal["allowed", "denied", "explicitly denied"]
Effect: TypeAlias = Literal["Allow", "Deny"]

VERSIONS: Final = ("2012-10-17", "2008-10-17")
"""The versions of the policy language; the second one is what a policy without a version is of."""

_INVOKE: Final = "execute-api:invoke"


class PolicyError(Exception):
    """A document by which nothing can be decided."""


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """Hold a text against a pattern of a policy: ``*`` stands for any characters, ``/`` among them, ``?`` for one."""
    return _compiled(pattern).fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """An element such as ``Action``, or with ``Not`` before it."""

    texts: tuple[str, ...]
    negated: bool

    def cover(self, text: str) -> bool:
        """Tell whether a text is of those that the element is about."""
        return any(matches(pattern, text) for pattern in self.texts) != self.negated


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a policy."""

    effect: Effect
    actions: Patterns
    """In lower case."""
    resources: Patterns
    conditional: bool

    def is_about(self, arn: str) -> bool:
        """Tell whether a call of this method or route is what the statement is about."""
        return self.actions.cover(_INVOKE) and self.resources.cover(arn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy document, read once and then held against each call."""

    statements: tuple[Statement, ...]

    @classmethod
    def read(cls, document: JsonValue) -> Self:
        """Read a document. Raises PolicyError, with the place that is wrong."""
        content = _object("policyDocument", document)
        version = content.get("Version")
        if version is not None and version not in VERSIONS:
            raise PolicyError(f"policyDocument.Version must be {' or '.join(VERSIONS)}, got {_value(version)}")
        written = content.get("Statement")
        if isinstance(written, list):
            places = [(f"policyDocument.Statement[{index}]", statement) for index, statement in enumerate(written)]
        else:
            places = [("policyDocument.Statement", written)]
        return cls(statements=tuple(_statement(place, statement) for place, statement in places))

    def verdict(self, arn: str) -> Verdict:
        """Say what comes of a call of the method or route that the ARN names."""
        effects = {
            statement.effect
            for statement in self.statements
            if statement.is_about(arn) and not (statement.conditional and statement.effect == "Deny")
        }
        if "Deny" in effects:
            return "explicitly denied"
        return "allowed" if "Allow" in effects else "denied"

    def has_conditions(self, arn: str) -> bool:
        """Tell whether a statement about the call has a condition, which nothing here weighs."""
        return any(statement.conditional and statement.is_about(arn) for statement in self.statements)


def _statement(place: str, written: JsonValue) -> Statement:
    content = _object(place, written)
    effect = content.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise PolicyError(f"{place}.Effect must be Allow or Deny, got {_value(effect)}")
    actions = _patterns(place, content, "Action")
    return Statement(
        effect=cast("Effect", effect),
        actions=Patterns(texts=tuple(action.lower() for action in actions.texts), negated=actions.negated),
        resources=_patterns(place, content, "Resource"),
        conditional=bool(content.get("Condition")),
    )


def _patterns(place: str, statement: Mapping[str, JsonValue], element: str) -> Patterns:
    given = [name for name in (element, f"Not{element}") if name in statement]
    if len(given) != 1:
        amount = "both" if given else "neither"
        raise PolicyError(f"{place} must have either {element} or Not{element}, got {amount}")
    (name,) = given
    written = statement[name]
    values = written if isinstance(written, list) else [written]
    texts = tuple(value for value in values if isinstance(value, str))
    if len(texts) != len(values):
        raise PolicyError(f"{place}.{name} must be a text or a list of texts, got {_value(written)}")
    return Patterns(texts=texts, negated=name != element)


def _object(place: str, value: JsonValue) -> Mapping[str, JsonValue]:
    if not isinstance(value, dict):
        raise PolicyError(f"{place} must be an object, got {_value(value)}")
    return value


def _value(value: JsonValue) -> str:
    text = shown(render(value))
    return f'"{text}"' if isinstance(value, str) else text
