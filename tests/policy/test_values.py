"""Values are taken apart without a word of what they should have been."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.model import UNKNOWN, Value
from policy.values import block, each, items, parsed, texts

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just(UNKNOWN),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('{"a": [1]}', {"a": [1]}),
        ({"a": 1}, {"a": 1}),
        ("[]", None),
        ('"a"', None),
        ("a", None),
        ("", None),
        (["a"], None),
        (None, None),
        (UNKNOWN, None),
    ],
)
def test_a_mapping_is_parsed(value: Value, expected: Value) -> None:
    assert parsed(value) == expected


@pytest.mark.parametrize(
    ("value", "as_items", "as_each", "as_texts"),
    [
        (["a", 1, "b"], ["a", 1, "b"], ["a", 1, "b"], ["a", "b"]),
        ("ab", (), ("ab",), ["ab"]),
        (1, (), (1,), []),
        ({"a": 1}, (), ({"a": 1},), []),
        (UNKNOWN, (), (UNKNOWN,), []),
        (None, (), (), []),
    ],
)
def test_lists(value: Value, as_items: Value, as_each: Value, as_texts: list[str]) -> None:
    assert (items(value), each(value), texts(value)) == (as_items, as_each, as_texts)


@given(VALUES)
def test_nothing_is_too_odd(value: Value) -> None:
    assert block(value) == (value if isinstance(value, dict) else {})
    assert items(value) == (value if isinstance(value, list) else ())
    assert all(isinstance(one, str) and one in each(value) for one in texts(value))
    assert parsed(value) is None or isinstance(parsed(value), dict)
