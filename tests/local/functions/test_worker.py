import json
import math
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.functions.worker import Answer, Context, encode, invoke

CONTEXT = Context("id", "arn", 0)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_what_json_has_is_printed_as_json(value: object) -> None:
    assert encode(value) == json.dumps(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        ("né", '"n\\u00e9"'),
        ((1, 2), "[1, 2]"),
        (math.nan, "NaN"),
        (Decimal("1.10"), "1.10"),
        ({"total": [Decimal(3), Decimal("-0.5")], "text": "3"}, '{"total": [3, -0.5], "text": "3"}'),
        (Decimal("-NaN"), "NaN"),
        (b'{"a": 1}', '{"a": 1}'),
        (b"\xff", "\ufffd"),
    ],
)
def test_other_values_are_printed_as_lambda_prints_them(value: object, text: str) -> None:
    assert encode(value) == text


def circular() -> list[object]:
    value: list[object] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "Object of type datetime is not JSON serializable"),
        ({1, 2}, "Object of type set is not JSON serializable"),
        ({"a": b"b"}, "Object of type bytes is not JSON serializable"),
        ({(1, 2): 3}, "keys must be str, int, float, bool or None, not tuple"),
        (circular(), "Circular reference detected"),
    ],
)
def test_what_is_no_json_is_an_error_of_the_runtime(value: object, why: str) -> None:
    expected: Answer = {"raised": ["Runtime.MarshalError", f"Unable to marshal response: {why}", []]}
    assert invoke(lambda _event, _context: value, None, CONTEXT) == expected


def test_the_largest_payload_is_returned_and_no_larger_one() -> None:
    largest = "x" * (6_291_556 - 2)
    assert invoke(lambda _event, _context: largest, None, CONTEXT) == {"returned": f'"{largest}"'}
    assert invoke(lambda _event, _context: largest + "x", None, CONTEXT) == {
        "raised": [
            "Function.ResponseSizeTooLarge",
            "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
            [],
        ]
    }


def test_no_time_is_left_after_the_deadline() -> None:
    assert CONTEXT.get_remaining_time_in_millis() == 0
