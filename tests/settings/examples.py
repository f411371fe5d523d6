"""A small sound stack, and ways to spoil it."""

import copy
from collections.abc import Mapping
from typing import Any, Final

import pytest

from apigateway.errors import SettingsError
from apigateway.rules import RULES
from settings import find_warnings, load_settings

Raw = dict[str, Any]
Location = tuple[str, ...]

REMOVED: Final = object()
"""As a change: the key goes."""

CHAT: Final = ("apis", "chat")
FORWARD: Final = (*CHAT, "integrations", "forward")
CONNECT: Final = (*CHAT, "routes", "$connect", "integration")
ORDERS: Final = ("apis", "orders")
ITEM: Final = (*ORDERS, "routes", "GET /items/{id}", "integration")

PROXY: Final = {"integrationType": "HTTP_PROXY", "integrationMethod": "POST"}

_SOUND: Raw = {
    "network": {"natGateways": "single"},
    "backends": {
        "chat": {"loadBalancer": "network", "listener": {"port": 80}},
        "orders": {"loadBalancer": "application", "listener": {"port": 80}},
    },
    "apis": {
        "chat": {
            "protocol": "WEBSOCKET",
            "integrations": {"forward": {**PROXY, "backend": "chat"}},
            "routes": {
                "$connect": {"integration": {**PROXY, "backend": "chat"}},
                "send": {"integration": "forward"},
                "$default": {"integration": "forward"},
            },
        },
        "orders": {
            "protocol": "HTTP",
            "routes": {"GET /items/{id}": {"integration": {**PROXY, "backend": "orders"}}},
        },
    },
}


def changed(changes: Mapping[Location, object]) -> Raw:
    """Return the sound stack with other values at some places; blocks on the way are made where they are missing."""
    raw = copy.deepcopy(_SOUND)
    for (*parents, key), value in changes.items():
        block = raw
        for parent in parents:
            block = block.setdefault(parent, {})
        if value is REMOVED:
            del block[key]
        else:
            block[key] = value
    return raw


def problems(raw: Mapping[str, object], region: str | None = None) -> list[str]:
    """Return every problem of a stack that has some, as it is printed."""
    with pytest.raises(SettingsError) as raised:
        load_settings(raw, region)
    assert all(problem.rule in RULES for problem in raised.value.problems)
    return [str(problem) for problem in raised.value.problems]


def problems_with(block: Location, keys: str, value: object) -> list[str]:
    """Return the problems of the sound stack with one other value, under a block at keys joined by dots."""
    return problems(changed({(*block, *keys.split(".")): value}))


def rules_of(raw: Mapping[str, object], region: str | None = None) -> list[str]:
    """Return the ids of the rules that a stack breaks, in the order of its problems."""
    with pytest.raises(SettingsError) as raised:
        load_settings(raw, region)
    return [problem.rule for problem in raised.value.problems]


def warnings(changes: Mapping[Location, object]) -> list[str]:
    """Return every warning about the sound stack with other values at some places, as it is printed."""
    return [str(warning) for warning in find_warnings(load_settings(changed(changes)))]
