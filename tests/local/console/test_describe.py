from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import GatelinkError
from apigateway.json_path import JsonValue
from local.console.describe import LARGEST_BODY, body_json, describe, line_of, summarise, texts, weight
from local.gateway.traffic import Invoked
from tests.local.console.exchanges import data, exchange


def test_an_exchange_in_a_line() -> None:
    assert summarise(exchange(notes=["slow"])) == {
        "api": "orders",
        "protocol": "HTTP",
        "event": "GET /orders/7?token=t2&page=1",
        "at": "2025-11-22T06:37:22.123Z",
        "connectionId": None,
        "stage": "$default",
        "routeKey": "ANY /{proxy+}",
        "target": "orders",
        "status": 200,
        "milliseconds": 12.3,
        "reason": None,
        "notes": ["slow"],
    }


def test_an_exchange_in_full() -> None:
    detail = describe(exchange())
    assert line_of(detail) == summarise(exchange())
    assert detail["request"] == {
        "path": "/orders/7",
        "query": [["token", "t2"], ["page", "1"]],
        "headers": [["Authorization", "Bearer t1"], ["Tenant", "acme"]],
        "pathParameters": {"proxy": "orders/7"},
        "body": {"text": '{"a": 1}', "size": 8, "cut": False},
        "context": [["requestId", "r1"]],
        "stageVariables": [["tenant", "acme"]],
    }
    assert detail["requestMappings"] == {
        "rows": [
            {"destination": "overwrite:header.x-tenant", "source": "$request.header.Tenant", "values": ["acme"]},
            {"destination": "append:header.x-auth", "source": "$request.header.Authorization", "values": ["Bearer t1"]},
            {"destination": "overwrite:header.x-none", "source": "$request.header.None", "values": []},
        ],
        "problem": None,
    }
    assert detail["sent"] == {
        "method": "GET",
        "target": "/orders/7?token=t2",
        "headers": [["Cookie", "id=1"]],
        "body": {"text": "", "size": 0, "cut": False},
    }
    pong = {"text": "pong", "size": 4, "cut": False}
    assert detail["answered"] == {"status": 200, "headers": [["Set-Cookie", "id=2"], ["X-Seen", "1"]], "body": pong}
    assert detail["answeredMilliseconds"] == 11.0
    assert detail["responseMappings"] == {"rows": [], "problem": None}
    assert detail["client"] == {"status": 200, "headers": [["X-Seen", "1"]], "body": pong}


def test_what_did_not_take_place_is_none() -> None:
    nothing: dict[str, Any] = dict.fromkeys(
        ("request", "explain_request", "sent", "answered", "answered_status", "answered_seconds", "explain_response")
    )
    detail = describe(exchange(**nothing))
    assert (detail["request"], detail["sent"], detail["answered"], detail["answeredMilliseconds"]) == (None,) * 4
    assert detail["requestMappings"] == {"rows": [], "problem": None}


def test_an_answer_of_which_only_the_status_is_known() -> None:
    detail = describe(exchange(answered=None, answered_status=404))
    assert detail["answered"] == {"status": 404, "headers": [], "body": {"text": "", "size": 0, "cut": False}}


def test_mappings_that_cannot_be_read_again_say_why() -> None:
    def explain() -> tuple[()]:
        raise GatelinkError("the body is no JSON")

    mappings = describe(exchange(explain_request=explain))["requestMappings"]
    assert (mappings["rows"], mappings["problem"]) == ([], "the body is no JSON")


def test_a_function_is_described_by_its_event_with_long_texts_cut() -> None:
    event: JsonValue = {"body": "x" * (LARGEST_BODY + 1), "list": [1, None, "y"]}
    assert describe(exchange(sent=Invoked(function="resize", event=event)))["sent"] == {
        "function": "resize",
        "event": {"body": "x" * LARGEST_BODY + "…", "list": [1, None, "y"]},
    }


@pytest.mark.parametrize(
    ("body", "text", "size", "cut"),
    [
        (b"", "", 0, False),
        ("grün", "grün", 5, False),
        (b"\xff\x00", None, 2, False),
        (b"x" * (LARGEST_BODY + 1), "x" * LARGEST_BODY, LARGEST_BODY + 1, True),
        (b"x" * (LARGEST_BODY - 1) + "ü".encode(), "x" * (LARGEST_BODY - 1), LARGEST_BODY + 1, True),
        (b"\xff" + b"x" * LARGEST_BODY, None, LARGEST_BODY + 1, True),
        (b"x" + b"\xc3", None, 2, False),
    ],
)
def test_a_body_is_text_cut_where_a_character_ends(body: str | bytes, text: str | None, size: int, cut: bool) -> None:
    assert body_json(body) == {"text": text, "size": size, "cut": cut}


def test_what_was_no_utf_8_on_the_wire_can_be_sent_on() -> None:
    assert summarise(exchange(event="GET /\udcff"))["event"] == "GET /\\udcff"


def test_the_weight_of_each_body() -> None:
    assert weight(exchange()) == (4, 8, 0, 4)
    assert weight(exchange(request=None, sent=None, answered=None)) == (4, 0, 0, 0)
    assert weight(exchange(request=data(body="müde"))) == (4, 4, 0, 4)


def test_texts_join_names_and_values() -> None:
    found = set(texts(describe(exchange())))
    assert {"event: GET /orders/7?token=t2&page=1", "status: 200"} <= found
    assert "request: headers: Tenant: acme" in found


@given(st.binary(max_size=300))
def test_any_body_can_be_described(body: bytes) -> None:
    described = body_json(body)
    assert described["size"] == len(body)
    assert described["text"] is None or described["text"].encode() == body
