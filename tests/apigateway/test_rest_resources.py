"""Route keys of REST APIs, the tree of resources, and the choice of a route."""

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError
from apigateway.rest_resources import (
    METHODS,
    SEGMENT_GRAMMAR,
    RestResource,
    RestRouteKey,
    advise_tree,
    check_tree,
    choose_rest_route,
    resource_tree,
)

from .expressions import WORD, words

NOT_A_KEY = "not a route key of a REST API"
GRAMMAR = 'expected "METHOD /path"'
ALL_METHODS = "expected one of GET, PUT, POST, DELETE, PATCH, OPTIONS, HEAD, ANY"


def parsed(keys: Sequence[str]) -> list[RestRouteKey]:
    return [RestRouteKey.parse(key) for key in keys]


def chosen(keys: Sequence[str], method: str, path: str) -> tuple[str, dict[str, str]] | None:
    found = choose_rest_route(parsed(keys), method, path)
    return None if found is None else (str(found[0]), found[1])


@st.composite
def route_keys(draw: Callable[[st.SearchStrategy[object]], object]) -> RestRouteKey:
    """Draw a key of static segments and variables, each variable of another name, perhaps a greedy one at the end."""
    statics = st.builds(str.__add__, words(WORD + ".-", at_most=3), st.text(WORD + ".-:", max_size=3))
    drawn = draw(st.lists(st.one_of(st.none(), statics), max_size=4))
    assert isinstance(drawn, list)
    segments = [f"{{v{index}}}" if static is None else static for index, static in enumerate(drawn)]
    path = "/".join([*segments, *(["{rest+}"] if draw(st.booleans()) else [])])
    return RestRouteKey.parse(f"{draw(st.sampled_from(METHODS))} /{path}")


@pytest.mark.parametrize(
    ("text", "method", "path", "variables", "parts"),
    [
        ("GET /", "GET", "/", (), ()),
        ("GET /pets/{petId}", "GET", "/pets/{petId}", ("petId",), ("pets", "{petId}")),
        ("ANY /{proxy+}", "ANY", "/{proxy+}", ("proxy",), ("{proxy+}",)),
        ("HEAD /a/{b}/{c+}", "HEAD", "/a/{b}/{c+}", ("b", "c"), ("a", "{b}", "{c+}")),
        ("GET /a,b/,c", "GET", "/a,b/,c", (), ("a,b", ",c")),
        ("POST /v1.0/pets:batch", "POST", "/v1.0/pets:batch", (), ("v1.0", "pets:batch")),
    ],
)
def test_the_parts_of_a_key(
    text: str, method: str, path: str, variables: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    key = RestRouteKey.parse(text)
    assert (key.method, key.path, key.variables, key.parts) == (method, path, variables, parts)
    assert str(key) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f'{NOT_A_KEY}, got ""; {GRAMMAR}'),
        ("GET", f'{NOT_A_KEY}, got "GET"; {GRAMMAR}'),
        ("GET pets", f'{NOT_A_KEY}, got "GET pets"; {GRAMMAR}; write GET /pets'),
        ("get pets", f'{NOT_A_KEY}, got "get pets"; {GRAMMAR}; write GET /pets'),
        ("GET  /pets", f'{NOT_A_KEY}, got "GET  /pets"; {GRAMMAR}; write GET /pets'),
        ("GET /a b", f'{NOT_A_KEY}, got "GET /a b"; {GRAMMAR}'),
        ("/pets", f'{NOT_A_KEY}, got "/pets"; {GRAMMAR}; begin with a method or ANY'),
        ("/pets GET", f'{NOT_A_KEY}, got "/pets GET"; {GRAMMAR}'),
        (
            "$default",
            (
                f'{NOT_A_KEY}, got "$default"; {GRAMMAR}; '
                "$default belongs to HTTP APIs, write ANY /{proxy+} here, and ANY / for the root"
            ),
        ),
        ("$connect", f'{NOT_A_KEY}, got "$connect"; {GRAMMAR}; $connect belongs to WebSocket APIs'),
        ("get /pets", f'"get" is not a method of a REST API, got "get /pets"; {ALL_METHODS}; write GET /pets'),
        ("GTE /pets", f'"GTE" is not a method of a REST API, got "GTE /pets"; {ALL_METHODS}; write GET /pets'),
        (
            "GET,post|PUT /pets",
            (
                f'"GET,post|PUT" is not a method of a REST API, got "GET,post|PUT /pets"; {ALL_METHODS}; '
                "a route has one method, write GET /pets and POST /pets and PUT /pets"
            ),
        ),
        ("TRACE /pets", f'"TRACE" is not a method of a REST API, got "TRACE /pets"; {ALL_METHODS}'),
        ("GET /pets/", 'the path ends with "/", got "GET /pets/"; write GET /pets'),
        ("GET /a//b", f'"" is not a segment of a path, got "GET /a//b"; {SEGMENT_GRAMMAR}'),
        ("GET /pets/:id", f'":id" is not a segment of a path, got "GET /pets/:id"; {SEGMENT_GRAMMAR}; write {{id}}'),
        ("GET /pets/<id>", f'"<id>" is not a segment of a path, got "GET /pets/<id>"; {SEGMENT_GRAMMAR}; write {{id}}'),
        ("ANY /*", f'"*" is not a segment of a path, got "ANY /*"; {SEGMENT_GRAMMAR}; write {{proxy+}}'),
        ("ANY /{a*}", f'"{{a*}}" is not a segment of a path, got "ANY /{{a*}}"; {SEGMENT_GRAMMAR}; write {{a+}}'),
        (
            "GET /{a}.json",
            (
                f'"{{a}}.json" is not a segment of a path, got "GET /{{a}}.json"; {SEGMENT_GRAMMAR}; '
                "a variable is a whole segment"
            ),
        ),
        ("GET /{}", f'"{{}}" is not a segment of a path, got "GET /{{}}"; {SEGMENT_GRAMMAR}'),
        ("GET /{a:b}", f'"{{a:b}}" is not a segment of a path, got "GET /{{a:b}}"; {SEGMENT_GRAMMAR}'),
        ("GET /a%20b", f'"a%20b" is not a segment of a path, got "GET /a%20b"; {SEGMENT_GRAMMAR}'),
        ("GET /a;b", f'"a;b" is not a segment of a path, got "GET /a;b"; {SEGMENT_GRAMMAR}'),
        ("GET /a?b=c", f'"a?b=c" is not a segment of a path, got "GET /a?b=c"; {SEGMENT_GRAMMAR}'),
        ("GET /{a+}/b", '"{a+}" must be the last segment, for nothing is below it, got "GET /{a+}/b"'),
        ("GET /{a}/{a+}", 'the variable "a" occurs twice, got "GET /{a}/{a+}"'),
    ],
)
def test_what_is_not_a_route_key_of_a_rest_api(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        RestRouteKey.parse(text)
    assert str(raised.value) == message


@given(route_keys())
def test_a_key_round_trips(key: RestRouteKey) -> None:
    assert RestRouteKey.parse(str(key)) == key
    assert "/" + "/".join(key.parts) == key.path


@pytest.mark.parametrize(
    ("text", "reserved"),
    [("GET /ping", True), ("ANY /sping", True), ("GET /ping/x", False), ("GET /a/ping", False), ("GET /Ping", False)],
)
def test_a_path_that_api_gateway_answers_itself(text: str, *, reserved: bool) -> None:
    assert RestRouteKey.parse(text).is_reserved is reserved


def test_the_resources_of_some_routes() -> None:
    keys = ["POST /pets", "GET /pets/{petId}/toys", "GET /pets", "ANY /", "GET /food/{rest+}"]
    expected = (
        RestResource(path="/food", parent="/", part="food"),
        RestResource(path="/food/{rest+}", parent="/food", part="{rest+}"),
        RestResource(path="/pets", parent="/", part="pets"),
        RestResource(path="/pets/{petId}", parent="/pets", part="{petId}"),
        RestResource(path="/pets/{petId}/toys", parent="/pets/{petId}", part="toys"),
    )
    assert resource_tree(parsed(keys)) == expected
    assert resource_tree(parsed(keys[::-1])) == expected
    assert resource_tree(parsed(["GET /"])) == ()


@given(st.lists(route_keys(), max_size=8))
def test_a_parent_comes_before_its_children_and_every_route_finds_its_resource(keys: list[RestRouteKey]) -> None:
    made = {"/"}
    for resource in resource_tree(keys):
        assert resource.parent in made
        assert resource.path == f"{resource.parent.rstrip('/')}/{resource.part}"
        assert resource.path not in made
        made.add(resource.path)
    assert {key.path for key in keys} <= made


def test_routes_that_share_their_variables_are_sound() -> None:
    keys = ["GET /pets/{id}", "POST /pets/{id}", "GET /pets/{id}/toys/{toy}", "GET /pets/dog", "ANY /food/{proxy+}"]
    assert list(check_tree(parsed(keys))) == []
    assert list(advise_tree(parsed(keys))) == []


@pytest.mark.parametrize(
    ("keys", "key", "message"),
    [
        (("GET /a", "GET /a"), "GET /a", 'the route "GET /a" is there twice'),
        (
            ("GET /pets/{petId}", "GET /pets/{id}/toys"),
            "GET /pets/{id}/toys",
            '"{id}" and "{petId}" are both below /pets, where one variable is allowed; write GET /pets/{petId}/toys',
        ),
        (
            ("GET /{a}", "POST /{b}"),
            "POST /{b}",
            '"{b}" and "{a}" are both below /, where one variable is allowed; write POST /{a}',
        ),
        (
            ("GET /pets/{id}", "ANY /pets/{proxy+}"),
            "ANY /pets/{proxy+}",
            '"{proxy+}" and "{id}" are both below /pets, where one variable is allowed',
        ),
        (
            ("ANY /pets/{proxy+}", "GET /pets/{id}"),
            "GET /pets/{id}",
            '"{id}" and "{proxy+}" are both below /pets, where one variable is allowed; write GET /pets/{proxy+}',
        ),
        (
            ("ANY /pets/{proxy+}", "GET /pets/{id}/toys"),
            "GET /pets/{id}/toys",
            '"{id}" and "{proxy+}" are both below /pets, where one variable is allowed',
        ),
    ],
)
def test_routes_that_cannot_be_in_one_tree(keys: tuple[str, ...], key: str, message: str) -> None:
    assert [(str(at), text) for at, text in check_tree(parsed(keys))] == [(key, message)]


def test_each_route_is_told_of_one_thing() -> None:
    keys = parsed(["GET /{a}/x/{b}", "GET /{c}/x/{d}", "GET /{c}/x/{d}", "GET /{a}/x/{e}"])
    assert [str(key) for key, _ in check_tree(keys)] == ["GET /{c}/x/{d}", "GET /{c}/x/{d}", "GET /{a}/x/{e}"]


@pytest.mark.parametrize(
    ("keys", "key", "message"),
    [
        (
            ("GET /ping",),
            "GET /ping",
            "under a custom domain, /ping is API Gateway's own health check and the route is not called",
        ),
        (
            ("GET /pets", "GET /Pets"),
            "GET /Pets",
            "/Pets and /pets are two resources, because paths are case-sensitive",
        ),
        (
            ("GET /Pets/{id}", "GET /pets/{id}/toys"),
            "GET /pets/{id}/toys",
            "/pets and /Pets are two resources, because paths are case-sensitive",
        ),
    ],
)
def test_what_is_doubtful_about_some_routes(keys: tuple[str, ...], key: str, message: str) -> None:
    assert [(str(at), text) for at, text in advise_tree(parsed(keys))] == [(key, message)]


PETS = (
    "ANY /{proxy+}",
    "GET /pets",
    "OPTIONS /cors",
    "GET /pets/{kind}",
    "PATCH /pets/me",
    "ANY /pets/dog",
    "GET /pets/dog",
    "GET /pets/{kind}/{id}",
    "GET /pets/dog/{proxy+}",
)


@pytest.mark.parametrize(
    ("method", "path", "key", "parameters"),
    [
        ("GET", "/pets", "GET /pets", {}),
        ("GET", "/pets/", "GET /pets", {}),
        ("POST", "/pets", "ANY /{proxy+}", {"proxy": "pets"}),
        ("HEAD", "/pets", "ANY /{proxy+}", {"proxy": "pets"}),
        ("GET", "/cors", "ANY /{proxy+}", {"proxy": "cors"}),
        ("OPTIONS", "/cors", "OPTIONS /cors", {}),
        ("GET", "/Pets", "ANY /{proxy+}", {"proxy": "Pets"}),
        ("GET", "/pets/me", "GET /pets/{kind}", {"kind": "me"}),
        ("PATCH", "/pets/me", "PATCH /pets/me", {}),
        ("GET", "/pets/a%2Fb", "GET /pets/{kind}", {"kind": "a%2Fb"}),
        ("GET", "/pets/dog", "GET /pets/dog", {}),
        ("PUT", "/pets/dog", "ANY /pets/dog", {}),
        ("GET", "/pets/dog/1", "GET /pets/dog/{proxy+}", {"proxy": "1"}),
        ("GET", "/pets/dog/1/2/", "GET /pets/dog/{proxy+}", {"proxy": "1/2"}),
        ("GET", "/pets/cat/1", "GET /pets/{kind}/{id}", {"kind": "cat", "id": "1"}),
        ("GET", "/pets/cat/1/2", "ANY /{proxy+}", {"proxy": "pets/cat/1/2"}),
        ("POST", "/pets/dog/1", "ANY /{proxy+}", {"proxy": "pets/dog/1"}),
    ],
)
def test_the_most_specific_resource_with_the_method_is_chosen(
    method: str, path: str, key: str, parameters: dict[str, str]
) -> None:
    assert chosen(PETS, method, path) == (key, parameters)
    for seed in range(10):
        assert chosen(random.Random(seed).sample(PETS, len(PETS)), method, path) == (key, parameters)  # noqa: S311


@pytest.mark.parametrize(
    ("keys", "method", "path", "key"),
    [
        (("ANY /",), "GET", "", "ANY /"),
        (("GET /", "ANY /"), "GET", "/", "GET /"),
        (("ANY /pets/{id}", "GET /{proxy+}"), "GET", "/pets/1", "ANY /pets/{id}"),
        (("GET /{a}/x", "GET /y/{b}"), "GET", "/y/x", "GET /y/{b}"),
        (("GET /a/{rest+}", "GET /{x}/b"), "GET", "/a/b", "GET /a/{rest+}"),
        (("GET /a/c", "GET /{x}/b"), "GET", "/a/b", "GET /{x}/b"),
        (("GET /{b}", "GET /{a}"), "GET", "/x", "GET /{a}"),
        (("ANY /{proxy+}",), "GET", "/", None),
        (("ANY /a/{proxy+}",), "GET", "/a/", None),
        (("ANY /{proxy+}",), "GET", "//a", None),
        (("GET /{a}",), "GET", "/b/c", None),
        (("GET /a",), "HEAD", "/a", None),
        (("ANY /a",), "TRACE", "/a", None),
        ((), "GET", "/", None),
    ],
)
def test_precedence(keys: tuple[str, ...], method: str, path: str, key: str | None) -> None:
    found = [choice and choice[0] for choice in (chosen(keys, method, path), chosen(keys[::-1], method, path))]
    assert found == [key, key]


@given(st.data(), st.lists(route_keys(), max_size=8), route_keys())
def test_the_order_of_the_keys_does_not_matter_and_a_key_takes_its_own_path(
    data: st.DataObject, others: list[RestRouteKey], key: RestRouteKey
) -> None:
    path = key.path.replace("{", "").replace("}", "")
    method = "GET" if key.method == "ANY" else key.method
    assert choose_rest_route([key], method, path) is not None
    keys = [*others, key]
    first = choose_rest_route(keys, method, path)
    assert first is not None
    assert first == choose_rest_route(data.draw(st.permutations(keys)), method, path)
