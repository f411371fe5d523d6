"""Holds a stack's configuration against the settings: what is wrong with it, and what there is to doubt.

Of ``local``, this alone knows the settings; the gateway is fed by the recording.
"""

from dataclasses import dataclass

from apigateway.errors import GatelinkError, SettingsError
from local.stack_file import StackConfig, misspelt_keys
from settings import find_warnings, load_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What there is to say of a stack file, a line each."""

    complaints: tuple[str, ...]
    warnings: tuple[str, ...]
    """None where there are complaints: they are looked for in a stack that is sound."""


def judge(config: StackConfig) -> Verdict:
    """Return every problem of a stack's settings, and where there is none, every warning."""
    file, region = config.file.name, config.values.get("aws:region")
    complaints = [f"{file}: {sentence}" for sentence in misspelt_keys(config)]
    problems = config.problems
    try:
        settings = load_settings(config.settings(), region)
    except SettingsError as error:
        problems += error.problems
    complaints += [f"{file}: {problem} [{problem.rule}]" for problem in problems]
    if complaints:
        return Verdict(complaints=tuple(complaints), warnings=())
    warnings = (f"{file}: warning: {warning} [{warning.rule}]" for warning in find_warnings(settings, region))
    return Verdict(complaints=(), warnings=tuple(warnings))


def check_soundness(config: StackConfig) -> tuple[str, ...]:
    """Return the warnings of a stack; raises ``GatelinkError`` with every problem where it has some."""
    verdict = judge(config)
    if verdict.complaints:
        raise GatelinkError("\n".join(verdict.complaints))
    return verdict.warnings
