"""Every error that Gatelink raises on purpose.

    GatelinkError
    ├── ExpressionError      text that is not of its grammar: a mapping, a route key, a selection expression
    ├── TemplateError        a mapping template that cannot be rendered for one request or response
    ├── SettingsError        the stack's settings have problems; carries all of them
    ├── StackFileError       a stack file or project file that is missing or cannot be read
    ├── RecordingError       the program could not be recorded
    ├── TopologyError        the recording does not describe a gateway that can be served
    ├── PolicyConfigError    a file that says how policies are enforced has problems; carries all of them
    └── GatewayError         the gateway cannot start, for example because a port is taken

A message names the place, what was expected and what was given.
"""

from dataclasses import dataclass, field

_LONGEST = 160


def one_line(text: str) -> str:
    """Return a text with its control characters escaped."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def shown(text: str) -> str:
    """Return a text as a message shows it: on one line, and cut where it gets long."""
    line = one_line(text)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


class GatelinkError(Exception):
    """The root: catch it to turn any of a user's mistakes into a message."""


class ExpressionError(GatelinkError):
    """Text that does not follow its grammar.

    Shown as ``<reason>, got "<expression>"; <grammar>``, with the suggestion, where there is one, at the end. The
    message is of one line, whatever the text is; :attr:`expression` is the whole of it.
    """

    def __init__(self, expression: str, reason: str, *, grammar: str = "", suggestion: str = "") -> None:
        self.expression = expression
        self.reason = reason
        self.grammar = grammar
        self.suggestion = suggestion
        parts = [f'{reason}, got "{shown(expression)}"', grammar, suggestion]
        super().__init__("; ".join(part for part in parts if part))

    def within(self, expression: str) -> "ExpressionError":
        """Return the error of a part of ``expression`` as an error of the whole."""
        return ExpressionError(expression, self.reason, grammar=self.grammar, suggestion=self.suggestion)


class TemplateError(GatelinkError):
    """A mapping template that cannot be rendered.

    Shown as ``line <line>: <reason>, got "<expression>"``, with as much of it as is known.
    """

    def __init__(
        self, reason: str, *, line: int | None = None, expression: str = "", body_is_not_json: bool = False
    ) -> None:
        self.reason = reason
        self.line = line
        self.body_is_not_json = body_is_not_json
        """Whether the sender of the body is at fault, and not the template."""
        place = "" if line is None else f"line {line}: "
        given = f', got "{shown(expression)}"' if expression else ""
        super().__init__(f"{place}{reason}{given}")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong, and where: ``apis.chat.routes["$connect"].integration.backend: …``."""

    path: str
    message: str
    rule: str = field(default="", compare=False)
    """The id of the rule that does not hold; see :mod:`apigateway.rules`."""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class SettingsError(GatelinkError):
    """All the problems of a stack's settings, in a stable order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class StackFileError(GatelinkError):
    """A project or stack file that is missing, does not parse, or holds what only the Pulumi CLI can read."""


class RecordingError(GatelinkError):
    """The program failed when it was run without an engine."""


class TopologyError(GatelinkError):
    """The recorded resources do not add up to an API that can be served."""


class PolicyConfigError(GatelinkError):
    """All the problems of a file of enforcement levels and exemptions, a line each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class GatewayError(GatelinkError):
    """The local gateway cannot be started as asked."""
