"""What a template overrides: ``$context.requestOverride`` and ``$context.responseOverride``.

From the AWS page "Override your API's request and response parameters and status codes for REST APIs in API Gateway"
and, for the whole path, from "Private integrations for REST APIs in API Gateway".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from apigateway.errors import TemplateError
from apigateway.mapping.data import header_value
from local.gateway.templates.values import is_integer, text_of

_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_STATUSES: Final = range(200, 600)


class OverrideMap:
    """One level of an override. A member can be set once: API Gateway answers a second time with an error."""

    __slots__ = ("_members", "_name", "_settable", "_written")

    def __init__(self, name: str, members: Mapping[str, object], settable: frozenset[str] | None = None) -> None:
        self._name = name
        self._members = dict(members)
        self._settable = settable
        self._written: dict[str, object] = {}

    @property
    def written(self) -> Mapping[str, object]:
        """What the template has set."""
        return self._written

    def get(self, name: str) -> object:
        """Return a member, or None."""
        return self._members.get(name)

    def put(self, name: str, value: object) -> None:
        """Set a member. Raises ``TemplateError``."""
        if self._settable is not None and name not in self._settable:
            known = ", ".join(f'"{member}"' for member in sorted(self._settable | self._members.keys()))
            raise TemplateError(f'{self._name} has {known}, not "{name}"')
        if name in self._written:
            raise TemplateError(f"{self._name}.{name} may be overridden once only")
        self._members[name] = self._written[name] = value


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What a template has overridden, in the request to the backend or in the response to the client."""

    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    path: str | None = None
    """The whole path of the request."""
    status: int | None = None

    @classmethod
    def of_request(cls, override: "RequestOverride") -> Self:
        """Collect what the template has set for the request."""
        path = override.whole.written.get("path")
        return cls(
            headers=dict(_headers(override.header)),
            path_parameters={name: text_of(value) for name, value in _given(override.path)},
            query={name: _values(value) for name, value in _given(override.querystring)},
            path=None if path is None else text_of(path),
        )

    @classmethod
    def of_response(cls, override: "ResponseOverride") -> Self:
        """Collect what the template has set for the response; a status that is none is ignored."""
        status = override.whole.written.get("status")
        return cls(
            headers=dict(_headers(override.header)),
            status=status if is_integer(status) and status in _STATUSES else None,
        )

    @property
    def variables(self) -> Mapping[str, str]:
        """The request's overrides as ``$context`` variables, which the template of the response may read."""
        parts = {
            "header": {name: ",".join(values) for name, values in self.headers.items()},
            "path": self.path_parameters,
            "querystring": {name: ",".join(values) for name, values in self.query.items()},
        }
        whole = {} if self.path is None else {"requestOverride.path": self.path}
        return whole | {
            f"requestOverride.{part}.{name}": value for part, values in parts.items() for name, value in values.items()
        }


class RequestOverride:
    """``$context.requestOverride`` while a template runs."""

    __slots__ = ("header", "path", "querystring", "whole")

    def __init__(self, context: Mapping[str, object]) -> None:
        name, members = "$context.requestOverride", _map(context, "requestOverride")
        self.header = OverrideMap(f"{name}.header", _map(members, "header"))
        self.path = OverrideMap(f"{name}.path", _map(members, "path"))
        self.querystring = OverrideMap(f"{name}.querystring", _map(members, "querystring"))
        path = members["path"] if isinstance(members.get("path"), str) else self.path
        parts = {"header": self.header, "path": path, "querystring": self.querystring}
        self.whole = OverrideMap(name, parts, frozenset({"path"}))


class ResponseOverride:
    """``$context.responseOverride`` while a template runs."""

    __slots__ = ("header", "whole")

    def __init__(self, context: Mapping[str, object]) -> None:
        name, members = "$context.responseOverride", _map(context, "responseOverride")
        self.header = OverrideMap(f"{name}.header", _map(members, "header"))
        self.whole = OverrideMap(name, {"header": self.header}, frozenset({"status"}))


def _map(members: Mapping[str, object], name: str) -> Mapping[str, object]:
    member = members.get(name)
    return member if isinstance(member, dict) else {}


def _given(members: OverrideMap) -> Iterator[tuple[str, object]]:
    return ((name, value) for name, value in members.written.items() if value is not None)


def _values(value: object) -> tuple[str, ...]:
    return tuple(map(text_of, value)) if isinstance(value, list) else (text_of(value),)


def _headers(members: OverrideMap) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, value in _given(members):
        if not _HEADER_NAME.fullmatch(name):
            raise TemplateError("the name of an overridden header must be of letters, digits and -", expression=name)
        yield name, tuple(map(header_value, _values(value)))
