"""Route keys and the choice of a route."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError
from apigateway.route_keys import (
    HttpRouteKey,
    choose_http_route,
    choose_websocket_route,
    parse_websocket_route_key,
)

from . import expressions

SEGMENT = "expected plain text, {name}, or {name+} as the last one"
METHODS = "expected one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, ANY"


def chosen(keys: Sequence[str], method: str, path: str) -> tuple[str, dict[str, str]] | None:
    found = choose_http_route([HttpRouteKey.parse(key) for key in keys], method, path)
    return None if found is None else (str(found[0]), found[1])


def test_the_parts_of_a_key() -> None:
    key = HttpRouteKey.parse("GET /pets/{id}/{rest+}")
    assert (key.method, key.path, key.variables, key.is_default) == (
        "GET",
        "/pets/{id}/{rest+}",
        ("id", "rest"),
        False,
    )
    default = HttpRouteKey.parse("$default")
    assert (default.method, default.path, default.variables, default.is_default) == ("$default", "", (), True)
    assert HttpRouteKey.parse("ANY /").variables == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'not a route key of an HTTP API, got ""; expected "METHOD /path" or "$default"'),
        ("/pets", 'not a route key of an HTTP API, got "/pets"; expected "METHOD /path" or "$default"'),
        (
            "get pets",
            'not a route key of an HTTP API, got "get pets"; expected "METHOD /path" or "$default"; write GET /pets',
        ),
        (
            "GET  /pets",
            'not a route key of an HTTP API, got "GET  /pets"; expected "METHOD /path" or "$default"; write GET /pets',
        ),
        ("GET", 'not a route key of an HTTP API, got "GET"; expected "METHOD /path" or "$default"'),
        ("GET /a b", 'not a route key of an HTTP API, got "GET /a b"; expected "METHOD /path" or "$default"'),
        ("$connect", 'not a route key of an HTTP API, got "$connect"; expected "METHOD /path" or "$default"'),
        ("get /pets", f'"get" is not a method of a route, got "get /pets"; {METHODS}; did you mean "GET"?'),
        ("TRACE /pets", f'"TRACE" is not a method of a route, got "TRACE /pets"; {METHODS}'),
        ("GET /pets/", 'the path ends with "/", got "GET /pets/"; write GET /pets'),
        ("GET /a//b", f'"" is not a segment of a path, got "GET /a//b"; {SEGMENT}'),
        ("GET /{a+}/b", '"{a+}" must be the last segment, got "GET /{a+}/b"'),
        ("GET /{a}/{a}", 'the variable "a" occurs twice, got "GET /{a}/{a}"'),
        ("GET /{a}.json", f'"{{a}}.json" is not a segment of a path, got "GET /{{a}}.json"; {SEGMENT}'),
        ("GET /{a b}", 'not a route key of an HTTP API, got "GET /{a b}"; expected "METHOD /path" or "$default"'),
        ("GET /{}", f'"{{}}" is not a segment of a path, got "GET /{{}}"; {SEGMENT}'),
        ("GET /a?b=c", f'"a?b=c" is not a segment of a path, got "GET /a?b=c"; {SEGMENT}'),
    ],
)
def test_what_is_not_a_route_key_of_an_http_api(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        HttpRouteKey.parse(text)
    assert str(raised.value) == message


PETS = (
    "$default",
    "ANY /{proxy+}",
    "GET /pets/{proxy+}",
    "ANY /pets/{proxy+}",
    "ANY /pets/{kind}/{id}",
    "GET /pets/{kind}/{id}",
    "GET /pets/dog/{id}",
    "GET /pets/{kind}/1",
    "ANY /pets/dog/1",
    "POST /pets/dog/2",
    "ANY /",
    "GET /",
    "OPTIONS /pets",
)


@pytest.mark.parametrize(
    ("method", "path", "key", "parameters"),
    [
        ("GET", "/pets/dog/1", "ANY /pets/dog/1", {}),
        ("GET", "/pets/dog/2", "GET /pets/dog/{id}", {"id": "2"}),
        ("POST", "/pets/dog/2", "POST /pets/dog/2", {}),
        ("PUT", "/pets/dog/2", "ANY /pets/{kind}/{id}", {"kind": "dog", "id": "2"}),
        ("GET", "/pets/cat/1", "GET /pets/{kind}/1", {"kind": "cat"}),
        ("GET", "/pets/cat/2", "GET /pets/{kind}/{id}", {"kind": "cat", "id": "2"}),
        ("GET", "/pets/a%2Fb/c%20d", "GET /pets/{kind}/{id}", {"kind": "a%2Fb", "id": "c%20d"}),
        ("GET", "/pets/cat", "GET /pets/{proxy+}", {"proxy": "cat"}),
        ("GET", "/pets/cat/1/2", "GET /pets/{proxy+}", {"proxy": "cat/1/2"}),
        ("GET", "/pets/cat/", "GET /pets/{proxy+}", {"proxy": "cat/"}),
        ("POST", "/pets/cat/1/2", "ANY /pets/{proxy+}", {"proxy": "cat/1/2"}),
        ("GET", "/pets", "ANY /{proxy+}", {"proxy": "pets"}),
        ("GET", "/pets/", "GET /pets/{proxy+}", {"proxy": ""}),
        ("POST", "/pets/", "ANY /pets/{proxy+}", {"proxy": ""}),
        ("OPTIONS", "/pets", "OPTIONS /pets", {}),
        ("HEAD", "/pets/dog/3", "ANY /pets/{kind}/{id}", {"kind": "dog", "id": "3"}),
        ("GET", "/", "GET /", {}),
        ("POST", "/", "ANY /", {}),
        ("GET", "", "GET /", {}),
        ("GET", "//", "ANY /{proxy+}", {"proxy": "/"}),
        ("GET", "/x/", "ANY /{proxy+}", {"proxy": "x/"}),
    ],
)
def test_the_most_specific_route_is_chosen(method: str, path: str, key: str, parameters: dict[str, str]) -> None:
    assert chosen(PETS, method, path) == (key, parameters)
    for seed in range(10):
        assert chosen(random.Random(seed).sample(PETS, len(PETS)), method, path) == (key, parameters)  # noqa: S311


@pytest.mark.parametrize(
    ("keys", "method", "path", "key"),
    [
        (("GET /pets/{proxy+}", "ANY /{proxy+}"), "GET", "/pets/1", "GET /pets/{proxy+}"),
        (("ANY /pets/{proxy+}", "GET /{proxy+}"), "GET", "/pets/1", "ANY /pets/{proxy+}"),
        (("ANY /pets/{proxy+}", "GET /{a}/{proxy+}"), "GET", "/pets/1", "ANY /pets/{proxy+}"),
        (("ANY /pets/{id}", "GET /pets/{proxy+}"), "GET", "/pets/1", "ANY /pets/{id}"),
        (("ANY /pets/dog", "GET /pets/{id}"), "GET", "/pets/dog", "ANY /pets/dog"),
        (("GET /{a}/x", "GET /y/{b}"), "GET", "/y/x", "GET /y/{b}"),
        (("GET /{b}", "GET /{a}"), "GET", "/x", "GET /{a}"),
        (("GET /a", "$default"), "GET", "/b", "$default"),
        (("GET /a", "$default"), "POST", "/a", "$default"),
        (("GET /a",), "POST", "/a", None),
        (("GET /a",), "GET", "/A", None),
        (("GET /a",), "GET", "/a/", None),
        (("GET /a",), "HEAD", "/a", None),
        (("GET /{a}",), "GET", "/", None),
        (("GET /{a+}",), "GET", "/", "GET /{a+}"),
        (("GET /{a+}", "ANY /"), "GET", "/", "ANY /"),
        (("GET /a/{b+}",), "GET", "/a", None),
        (("GET /a/{b+}",), "GET", "/a/", "GET /a/{b+}"),
        (("GET /a/{b+}", "GET /{c+}"), "GET", "/a", "GET /{c+}"),
        (("GET /a/{b}",), "GET", "/a/", None),
        (("ANY /a", "$default"), "TRACE", "/a", None),
        (("ANY /a", "$default"), "ANY", "/a", None),
        (("ANY /a", "$default"), "PROPFIND", "/a", None),
        ((), "GET", "/", None),
    ],
)
def test_precedence(keys: tuple[str, ...], method: str, path: str, key: str | None) -> None:
    found = [choice and choice[0] for choice in (chosen(keys, method, path), chosen(keys[::-1], method, path))]
    assert found == [key, key]


@given(st.data(), st.lists(expressions.http_route_keys, max_size=8), expressions.http_route_keys)
def test_the_order_of_the_keys_does_not_matter_and_a_key_takes_its_own_path(
    data: st.DataObject, others: list[HttpRouteKey], key: HttpRouteKey
) -> None:
    path = key.path.replace("{", "").replace("}", "") or "/"
    method = "GET" if key.method in {"ANY", "$default"} else key.method
    assert choose_http_route([key], method, path) is not None
    keys = [*others, key]
    first = choose_http_route(keys, method, path)
    second = choose_http_route(data.draw(st.permutations(keys)), method, path)
    assert first is not None
    assert first == second


@pytest.mark.parametrize("key", ["$connect", "$disconnect", "$default", "sendMessage", "a b", "a$b", "ping/1"])
def test_a_route_key_of_a_websocket_api(key: str) -> None:
    assert parse_websocket_route_key(key) == key


@pytest.mark.parametrize(
    ("key", "suggestion"),
    [("", ""), ("$", ""), ("$conect", '; did you mean "$connect"?'), ("$Default", '; did you mean "$default"?')],
)
def test_what_is_not_a_route_key_of_a_websocket_api(key: str, suggestion: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_websocket_route_key(key)
    assert str(raised.value) == (
        f'not a route key of a WebSocket API, got "{key}"; '
        f'expected $connect, $disconnect, $default or a key that does not begin with "$"{suggestion}'
    )


@pytest.mark.parametrize(
    ("keys", "selected", "key"),
    [
        ({"send", "$default"}, "send", "send"),
        ({"send", "$default"}, "Send", "$default"),
        ({"send", "$default"}, "", "$default"),
        ({"send"}, "other", None),
        ({"$connect", "$default"}, "$connect", "$default"),
        ({"$disconnect"}, "$disconnect", None),
        ({"$default"}, "$default", "$default"),
    ],
)
def test_the_choice_of_a_websocket_route(keys: set[str], selected: str, key: str | None) -> None:
    assert choose_websocket_route(keys, selected) == key
