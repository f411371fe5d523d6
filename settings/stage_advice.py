"""What stages most likely should not hold: secrets."""

import re
from collections.abc import Iterator
from typing import Final

from apigateway.errors import Problem
from apigateway.rules import stages as rules

from .api_places import stages_with_places
from .apis import HttpApi, WebSocketApi
from .finding import Location, problem_at

_SECRET_NAME: Final = re.compile(
    r"passw(or)?d|secret|credential|token|(api|access|private|signing)_?key", re.IGNORECASE
)
_REFERENCE: Final = re.compile(r"(arn|https?):.*|/.*")
"""Where a secret is kept is none."""

# The beginnings that issuers give to keys so that they are found: access keys of AWS (IAM User Guide, "IAM
# identifiers"), tokens of GitHub and Slack, keys of Stripe, and any JSON Web Token.
_SECRET_VALUE: Final = re.compile(
    r"(AKIA|ASIA)[A-Z0-9]{16}|gh[opsur]_\w{36,}|github_pat_\w{22,}|xox[abprs]-[\w-]{10,}|sk_live_\w{10,}"
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]+"
)


def warn_of_stages(api: WebSocketApi | HttpApi, at: Location) -> Iterator[Problem]:
    """Warn of secrets in stage variables, and of logs that may hold some."""
    for place, stage in stages_with_places(api):
        for name, value in stage.variables.items():
            sign = "by its name" if _SECRET_NAME.search(name) and not _REFERENCE.fullmatch(value) else ""
            sign = "by its value" if _SECRET_VALUE.fullmatch(value) else sign
            if sign:
                message = f"looks like a secret {sign}: everybody who can read the API can read stage variables"
                yield problem_at(rules.VARIABLE_SECRET, message, *at, *place, "variables", name)
        if stage.data_trace:
            message = "logs whole messages, which may hold secrets"
            yield problem_at(rules.DATA_TRACE, message, *at, *place, "executionLogs", "dataTrace")
