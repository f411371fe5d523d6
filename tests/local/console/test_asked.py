import json
from typing import Any

import pytest

from local.console.asked import AskedError, AskedRequest, AskedSocket, read_request, read_socket

REQUEST: dict[str, Any] = {"api": "orders", "method": "GET", "path": "/x?a=%20b", "headers": [["A", "b"]], "body": "c"}
SOCKET: dict[str, Any] = {"api": "chat", "path": "/dev", "headers": [], "protocols": ["v1", "v2"]}


def test_a_request() -> None:
    expected = AskedRequest(api="orders", method="GET", path="/x?a=%20b", headers=(("A", "b"),), body="c")
    assert read_request(json.dumps(REQUEST)) == expected
    assert read_request('{"api": "orders", "method": "GET", "path": "/"}') == AskedRequest(
        api="orders", method="GET", path="/", headers=(), body=""
    )


def test_a_socket() -> None:
    expected = AskedSocket(api="chat", path="/dev", headers=(), protocols=("v1", "v2"))
    assert read_socket(json.dumps(SOCKET)) == expected


PAIRS = 'headers must be a list of pairs such as ["Accept", "text/html"]'


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"api": 7}, "api must be a text, got 7"),
        ({"method": ""}, 'method must be letters alone, got ""'),
        ({"method": "GET /"}, 'method must be letters alone, got "GET /"'),
        ({"path": "x"}, 'path must be a path that begins with "/", its other characters escaped, got "x"'),
        ({"path": "/ü"}, 'path must be a path that begins with "/", its other characters escaped, got "/\\u00fc"'),
        (
            {"path": "/a\r\nb"},
            'path must be a path that begins with "/", its other characters escaped, got "/a\\r\\nb"',
        ),
        ({"path": "/a b"}, 'path must be a path that begins with "/", its other characters escaped, got "/a b"'),
        ({"path": "/#a"}, 'path must be a path that begins with "/", its other characters escaped, got "/#a"'),
        ({"headers": {"A": "b"}}, PAIRS + ', got {"A": "b"}'),
        ({"headers": [["A"]]}, PAIRS + ', got ["A"]'),
        ({"headers": [["", "b"]]}, PAIRS + ', got ["", "b"]'),
        ({"headers": [["A", "b\r\nC: d"]]}, PAIRS + ', got ["A", "b\\r\\nC: d"]'),
        ({"headers": [["A\n", "b"]]}, PAIRS + ', got ["A\\n", "b"]'),
        ({"body": None}, "body must be a text, got null"),
    ],
)
def test_what_makes_no_sense_in_a_request(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(AskedError) as error:
        read_request(json.dumps(REQUEST | changed))
    assert str(error.value) == message


@pytest.mark.parametrize("protocols", ["v1", [1], None])
def test_what_makes_no_sense_as_sub_protocols(protocols: object) -> None:
    with pytest.raises(AskedError) as error:
        read_socket(json.dumps(SOCKET | {"protocols": protocols}))
    assert str(error.value) == f"protocols must be a list of texts, got {json.dumps(protocols)}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must be JSON"),
        ("{", "must be JSON"),
        ("[" * 100_000, "must be JSON"),
        ("[]", "what is asked must be an object, got []"),
    ],
)
def test_what_is_no_object(text: str, message: str) -> None:
    with pytest.raises(AskedError) as error:
        read_request(text)
    assert str(error.value) == message
