"""What is found in the sound stack with other values at some places: rules and lines."""

from collections.abc import Mapping

from apigateway.errors import Problem, SettingsError
from settings import find_warnings, load_settings
from tests.settings.examples import Location, changed


def found(changes: Mapping[Location, object], region: str = "us-east-1") -> list[tuple[str, str]]:
    """Return the rule and the line of each problem of a changed stack, or else of each warning."""
    problems: list[Problem] | tuple[Problem, ...]
    try:
        problems = find_warnings(load_settings(changed(changes), region), region)
    except SettingsError as error:
        problems = error.problems
    return [(problem.rule, str(problem)) for problem in problems]
