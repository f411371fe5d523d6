import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.mapping.data import Pairs
from local.gateway.headers import TRANSLATED, end_to_end, find, forwarded, safe_value, sift, trace_id, traced, without

PAIRS: Pairs = (("Host", "h"), ("X-A", "1"), ("x-a", "2"), ("TE", "trailers"))
NAMES = st.sampled_from(["Connection", "close", "X-A", "x-a", "Keep-Alive", "Forwarded", "X-Forwarded-For", "Via"])


def test_sift_parts_headers_by_name() -> None:
    assert sift(PAIRS, frozenset({"x-a", "none"})) == ((("Host", "h"), ("TE", "trailers")), {"x-a": ["1", "2"]})


@given(st.lists(st.tuples(NAMES, st.text(max_size=5))).map(tuple), st.frozensets(NAMES.map(str.lower)))
def test_sift_loses_nothing(pairs: Pairs, names: frozenset[str]) -> None:
    kept, taken = sift(pairs, names)
    assert kept == without(pairs, names)
    assert {name: find(pairs, name) for name in taken} == {name: values[0] for name, values in taken.items()}
    assert len(kept) + sum(map(len, taken.values())) == len(pairs)


@pytest.mark.parametrize(
    ("connection", "kept"),
    [
        ((), ["Host", "X-A", "x-a"]),
        (("close",), ["Host", "X-A", "x-a"]),
        (("Keep-Alive, X-a",), ["Host"]),
        (("close", "host"), ["X-A", "x-a"]),
    ],
)
def test_what_goes_on_to_the_next_hop(connection: tuple[str, ...], kept: list[str]) -> None:
    pairs = (*PAIRS, *(("connection", value) for value in connection))
    assert [name for name, _ in end_to_end(pairs)] == kept
    assert [name for name, _ in end_to_end(pairs, frozenset({"host"}))] == [name for name in kept if name != "Host"]


@pytest.mark.parametrize(
    ("pairs", "by", "value"),
    [
        ((), None, "for=10.0.0.9;host=shop.example;proto=http"),
        ((), "10.0.0.1", "by=10.0.0.1;for=10.0.0.9;host=shop.example;proto=http"),
        ((("X-Forwarded-For", ""),), None, "for=10.0.0.9;host=shop.example;proto=http"),
        (
            (
                ("x-forwarded-host", 'a"b\\c'),
                ("Forwarded", "for=a"),
                ("forwarded", "for=b"),
                ("X-Forwarded-For", "::1"),
            ),
            None,
            'for=a, for=b, for="[::1]";host="abc", for=10.0.0.9;host=shop.example;proto=http',
        ),
    ],
)
def test_forwarded(pairs: Pairs, by: str | None, value: str) -> None:
    assert forwarded(sift(pairs, TRANSLATED)[1], client="10.0.0.9", host="shop.example", by=by) == value


def test_trace_ids() -> None:
    own = r"1-[0-9a-f]{8}-[0-9a-f]{24}"
    assert re.fullmatch(rf"Root={own}", trace_id(None))
    assert re.fullmatch(rf"Self={own};Root=x", trace_id("Root=x"))
    (host, (name, value)) = traced((("Host", "h"), ("x-amzn-trace-id", "Root=x")))
    assert (host, name) == (("Host", "h"), "X-Amzn-Trace-Id")
    assert value.endswith(";Root=x")


@given(st.text(st.characters(codec=None), max_size=30))
def test_any_value_is_safe(value: str) -> None:
    safe = safe_value(value)
    assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", safe)
    assert safe.encode().decode() == safe
    assert safe_value(safe) == safe


@pytest.mark.parametrize(
    ("value", "safe"),
    [("plain", "plain"), ("a\tb", "a\tb"), ("a\r\n\r\nb", "a b"), ("a\x01b", "a b"), ("é", "é"), ("\ud800", "?")],
)
def test_values(value: str, safe: str) -> None:
    assert safe_value(value) == safe
