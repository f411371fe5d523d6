"""The methods that Java's strings, lists, maps and numbers have: ``$text.length()``, ``$list.size()``.

Templates use them without ado, although API Gateway documents none but ``replaceAll``. The table holds those that make
sense in a template; of any other a call gives nothing, as in Velocity.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from apigateway.errors import TemplateError
from local.gateway.templates.arithmetic import equal
from local.gateway.templates.values import LONGEST, Entry, Method, Tool, put, text_of, too_long


def call(value: object, name: str, arguments: list[object]) -> object:
    """Return ``$value.name(arguments)``: None when there is no such method."""
    method = _method(value, name)
    if method is None:
        return None
    try:
        result = method(*arguments)
    except (TypeError, ValueError, LookupError, AttributeError, re.error) as error:
        given = ", ".join(f'"{argument}"' if isinstance(argument, str) else text_of(argument) for argument in arguments)
        raise TemplateError(f"{name} does not work with ({given})") from error
    if isinstance(result, str) and len(result) > LONGEST:
        raise too_long()
    return result


def _method(value: object, name: str) -> Method | None:
    if isinstance(value, Tool):
        return value.methods.get(name)
    own = next((methods for kind, methods in _METHODS if isinstance(value, kind)), {})
    method = own.get(name) or _OF_ALL.get(name)
    return None if method is None or value is None else lambda *arguments: method(value, *arguments)


def _substring(text: str, start: int, end: int | None = None) -> str:
    stop = len(text) if end is None else end
    if not 0 <= start <= stop <= len(text):
        raise IndexError(start)
    return text[start:stop]


def _replace(text: str, old: str, new: str) -> str:
    if len(text) + text.count(old) * (len(new) - len(old)) > LONGEST:
        raise too_long()
    return text.replace(old, new)


def _replace_all(text: str, pattern: str, replacement: str, count: int = 0) -> str:
    """Replace by a regular expression, with Java's replacement: ``$1`` is a group, and a backslash escapes."""
    length = 0

    def filled(found: re.Match[str]) -> str:
        nonlocal length
        new = re.sub(r"\\(.)|\$(\d)", lambda part: part[1] or found[int(part[2])] or "", replacement)
        length += len(new)
        if length > LONGEST:
            raise too_long()
        return new

    return re.sub(pattern, filled, text, count=count)


def _split(text: str, pattern: str, limit: int = 0) -> list[object]:
    """Split by a regular expression; Java drops the empty texts at the end when there is no limit."""
    parts = re.split(pattern, text, maxsplit=max(limit - 1, 0))
    while limit == 0 and len(parts) > 1 and not parts[-1]:
        parts.pop()
    return list(parts)


def _put(values: dict[str, object], key: object, member: object) -> object:
    before = values.get(text_of(key))
    put(values, key, member)
    return before


def _set(values: list[object], index: int, member: object) -> object:
    before, values[index] = values[index], member
    return before


def _add(values: list[object], member: object) -> bool:
    values.append(member)
    return True


def _contains(values: list[object], member: object) -> bool:
    return any(equal(value, member) for value in values)


_STRING: Final[Mapping[str, Method]] = {
    "charAt": lambda text, index: _substring(text, index, index + 1),
    "concat": lambda text, other: text + other,
    "contains": lambda text, other: other in text,
    "endsWith": lambda text, other: text.endswith(other),
    "equalsIgnoreCase": lambda text, other: text.lower() == text_of(other).lower(),
    "indexOf": lambda text, other, start=0: text.find(other, start),
    "isEmpty": lambda text: not text,
    "lastIndexOf": lambda text, other: text.rfind(other),
    "length": len,
    "matches": lambda text, pattern: re.fullmatch(pattern, text) is not None,
    "replace": _replace,
    "replaceAll": _replace_all,
    "replaceFirst": lambda text, pattern, replacement: _replace_all(text, pattern, replacement, 1),
    "split": _split,
    "startsWith": lambda text, other: text.startswith(other),
    "substring": _substring,
    "toLowerCase": lambda text: text.lower(),
    "toUpperCase": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
}

_LIST: Final[Mapping[str, Method]] = {
    "add": _add,
    "contains": _contains,
    "get": lambda values, index: values[index],
    "isEmpty": lambda values: not values,
    "remove": lambda values, index: values.pop(index),
    "set": _set,
    "size": len,
}

_MAP: Final[Mapping[str, Method]] = {
    "containsKey": lambda values, key: text_of(key) in values,
    "entrySet": lambda values: [Entry(key, value) for key, value in values.items()],
    "get": lambda values, key: values.get(text_of(key)),
    "getOrDefault": lambda values, key, default: values.get(text_of(key), default),
    "isEmpty": lambda values: not values,
    "keySet": list,
    "put": _put,
    "putAll": lambda values, others: values.update(others),
    "remove": lambda values, key: values.pop(text_of(key), None),
    "size": len,
    "values": lambda values: list(values.values()),
}

_ENTRY: Final[Mapping[str, Method]] = {
    "getKey": lambda entry: entry.key,
    "getValue": lambda entry: entry.value,
}

# The static methods are called on a number at hand: #set($Integer = 0) $Integer.parseInt("7")
_NUMBER: Final[Mapping[str, Method]] = {
    "doubleValue": float,
    "intValue": int,
    "longValue": int,
    "parseDouble": lambda _, text: float(text),
    "parseInt": lambda _, text: int(text),
    "parseLong": lambda _, text: int(text),
}

_METHODS: Final[tuple[tuple[type, Mapping[str, Method]], ...]] = (
    (str, _STRING),
    (list, _LIST),
    (dict, _MAP),
    (Entry, _ENTRY),
    (bool, {}),
    (int, _NUMBER),
    (float, _NUMBER),
)

_OF_ALL: Final[Mapping[str, Callable[..., object]]] = {
    "equals": equal,
    "toString": text_of,
}
