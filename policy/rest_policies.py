"""What policies read in the resource policy of a REST API: whom it lets in, and how far a Deny takes that back.

From the AWS pages "Control access to a REST API with API Gateway resource policies", "API Gateway resource policy
examples" and "AWS JSON policy elements: Principal". A private API's usual policy allows everybody and then denies all
who do not come by its VPC endpoints, so that an Allow alone says little.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policy.model import Value
from policy.values import each, texts

_OF_AN_API = re.compile(r"arn:[^:]*:execute-api:[^:]*:[^:]*:[^/]*/", re.DOTALL)
_INVOKING = ("execute-api:invoke", "execute-api:*", "*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a policy."""

    allows: bool
    """It is an Allow, and not a Deny."""
    is_for_everybody: bool
    has_condition: bool
    names_the_others: bool
    """It has ``NotPrincipal``, and so is about all but those that it names."""
    resources: tuple[str, ...]
    """Beginning with ``execute-api:/``, whichever way they are written."""
    is_of_invoking: bool

    def takes_back(self, allow: "Statement") -> bool:
        """Tell whether this Deny limits everybody wherever an Allow lets them in."""
        return (
            not self.allows
            and self.is_of_invoking
            and (self.names_the_others or (self.is_for_everybody and self.has_condition))
            and all(any(_covers(pattern, text) for pattern in self.resources) for text in allow.resources)
        )


def statements(policy: Mapping[str, Value]) -> tuple[Statement, ...]:
    """Return the statements of a policy; one alone may stand without a list."""
    return tuple(_statement(one) for one in each(policy.get("Statement")) if isinstance(one, Mapping))


def open_allows(policy: Mapping[str, Value]) -> Iterator[Statement]:
    """Yield what lets everybody in, without a condition and with no Deny that limits them there."""
    found = statements(policy)
    for one in found:
        if (
            one.allows
            and (one.is_for_everybody or one.names_the_others)
            and not one.has_condition
            and not any(other.takes_back(one) for other in found)
        ):
            yield one


def knows_its_callers(policy: Mapping[str, Value]) -> bool:
    """Tell whether a policy lets in nobody but accounts, roles and users that it names, whatever the conditions are."""
    found = statements(policy)
    return bool(found) and not any(one.allows and (one.is_for_everybody or one.names_the_others) for one in found)


def _statement(written: Mapping[str, Value]) -> Statement:
    return Statement(
        allows=written.get("Effect") == "Allow",
        is_for_everybody="*" in _principals(written.get("Principal")),
        has_condition=bool(written.get("Condition")),
        names_the_others="NotPrincipal" in written,
        resources=tuple(_short(text) for text in texts(written.get("Resource"))),
        is_of_invoking=any(action.lower() in _INVOKING for action in texts(written.get("Action"))),
    )


def _principals(written: Value) -> list[str]:
    if isinstance(written, Mapping):
        return [text for named in written.values() for text in texts(named)]
    return texts(written)


def _short(resource: str) -> str:
    """Return a resource without the API, which is always the policy's own."""
    return "execute-api:/*" if resource == "*" else _OF_AN_API.sub("execute-api:/", resource, count=1)


def _covers(pattern: str, resource: str) -> bool:
    return bool(re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), resource, re.DOTALL))
