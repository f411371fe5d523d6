"""The nearest known word."""

import pytest

from apigateway.suggest import nearest


@pytest.mark.parametrize(
    ("word", "near"),
    [("conectionId", "connectionId"), ("STAGE", "stage"), ("stage", "stage"), ("xyzzy", None), ("", None)],
)
def test_nearest(word: str, near: str | None) -> None:
    assert nearest(word, {"connectionId", "stage", "status"}) == near


def test_nothing_is_near_when_nothing_is_known() -> None:
    assert nearest("stage", ()) is None
