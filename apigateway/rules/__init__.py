"""Every rule that a stack file is held to, by id: the checks refer to them, and ``docs/rules.md`` lists them."""

from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Final

from apigateway.rules import (
    authorizers,
    backends,
    domains,
    integrations,
    limits,
    mappings,
    network,
    rest,
    routes,
    stages,
)
from apigateway.rules import stack_file as stack_file
from apigateway.rules.rule import Rule

_CHAPTERS: Final[Mapping[str, ModuleType]] = {
    "The stack file": stack_file,
    "Network": network,
    "Backends": backends,
    "APIs and routes": routes,
    "Integrations": integrations,
    "Mappings": mappings,
    "REST APIs": rest,
    "Authorizers and callers": authorizers,
    "Stages": stages,
    "Domains": domains,
    "Limits": limits,
}


def _rules_of(chapter: ModuleType) -> tuple[Rule, ...]:
    return tuple(value for value in vars(chapter).values() if isinstance(value, Rule))


CHAPTERS: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {title: _rules_of(chapter) for title, chapter in _CHAPTERS.items()}
)
"""Title → rules, in the order in which the reference shows them."""

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.id: rule for rules in CHAPTERS.values() for rule in rules})
"""Every rule by its id."""

__all__ = ["CHAPTERS", "RULES", "Rule"]
