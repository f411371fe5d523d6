"""Each rule of the reference has a change of the sound stack that breaks it, and what is said then, by that rule."""

import pytest

from apigateway.errors import Problem, SettingsError
from apigateway.rules import CHAPTERS, RULES
from settings import find_warnings, load_settings
from tests.settings.broken_apis import BROKEN_APIS
from tests.settings.broken_infrastructure import BROKEN_INFRASTRUCTURE, Broken
from tests.settings.broken_rest import BROKEN_REST
from tests.settings.broken_rest_surroundings import BROKEN_REST_SURROUNDINGS
from tests.settings.examples import changed

TABLES = (BROKEN_APIS, BROKEN_INFRASTRUCTURE, BROKEN_REST, BROKEN_REST_SURROUNDINGS)
BROKEN: dict[str, Broken] = {rule: broken for table in TABLES for rule, broken in table.items()}


def found(broken: Broken) -> list[Problem]:
    """Return the problems of a changed stack, or else its warnings."""
    changes, _ = broken
    try:
        return find_warnings(load_settings(changed(changes), "us-east-1"))
    except SettingsError as error:
        return list(error.problems)


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_named_with_its_place(rule: str) -> None:
    assert [(str(problem), problem.rule) for problem in found(BROKEN[rule])] == [(BROKEN[rule][1], rule)]


@pytest.mark.parametrize("rule", [rule for rule in BROKEN if RULES[rule].severity == "error"])
def test_an_error_keeps_the_stack_from_being_read(rule: str) -> None:
    with pytest.raises(SettingsError):
        load_settings(changed(BROKEN[rule][0]), "us-east-1")


@pytest.mark.parametrize("rule", [rule for rule in BROKEN if RULES[rule].severity == "warning"])
def test_a_warning_does_not(rule: str) -> None:
    load_settings(changed(BROKEN[rule][0]), "us-east-1")


def test_every_rule_can_be_broken() -> None:
    assert sorted(rule for table in TABLES for rule in table) == sorted(RULES)


def test_every_rule_has_an_id_of_its_own() -> None:
    assert len(RULES) == sum(len(rules) for rules in CHAPTERS.values())
