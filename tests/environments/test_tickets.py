"""The function that docs/environments.md shows for prod's authorizer."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.programs import ROOT

ARN = "arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/$connect"


@pytest.fixture(name="check")
def _check() -> Callable[[object, object], Any]:
    page = (ROOT / "docs" / "environments.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(source, names)  # noqa: S102  (the page's own)
    found: Callable[[object, object], Any] = names["check"]
    return found


@pytest.mark.parametrize(("ticket", "effect"), [("t1", "Allow"), ("t2", "Deny")])
def test_the_function_lets_one_ticket_in(check: Callable[[object, object], Any], ticket: str, effect: str) -> None:
    answer = check({"queryStringParameters": {"ticket": ticket}, "methodArn": ARN}, None)
    assert answer["policyDocument"]["Statement"] == [
        {"Action": "execute-api:Invoke", "Effect": effect, "Resource": ARN}
    ]
    assert answer["principalId"] == "ada"
