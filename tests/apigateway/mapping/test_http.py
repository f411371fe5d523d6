"""Evaluation of HTTP mappings, and which values suit which destinations."""

import json
from collections.abc import Mapping
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError
from apigateway.json_path import JsonPath
from apigateway.mapping.data import Pairs, RequestData, ResponseData
from apigateway.mapping.http import (
    ContextVariable,
    MappedRequest,
    MappedResponse,
    RequestBody,
    RequestDestination,
    RequestHeader,
    RequestMapping,
    RequestPath,
    ResponseDestination,
    ResponseMapping,
    Template,
    check_pair,
)


def request(
    *,
    headers: Pairs = (),
    query: Pairs = (),
    body: str | bytes = "",
    context: Mapping[str, str] | None = None,
) -> RequestData:
    return RequestData(
        headers=headers,
        query=query,
        path="/pets/a%2Fb",
        path_parameters={"id": "a%2Fb"},
        body=body,
        context=context or {"requestId": "r-1", "authorizer.claims.sub": "joe"},
        stage_variables={"tenant": "acme"},
    )


def response(*, status: int = 404, headers: Pairs = (), body: str | bytes = "") -> ResponseData:
    return ResponseData(
        status=status, headers=headers, body=body, context={"requestId": "r-1"}, stage_variables={"status": "418"}
    )


REQUEST: Final = request(
    headers=(("Accept", "a"), ("accept", "b"), ("X-Token", "t")),
    query=(("tag", "1"), ("Tag", "2"), ("tag", "3")),
    body='{"order": {"items": [{"id": 7}]}, "none": null}',
)


def test_a_template_holds_text_and_typed_variables() -> None:
    assert Template.parse("/v1${request.path}-${context.requestId}") == Template(
        parts=("/v1", RequestPath(), "-", ContextVariable(name="requestId"))
    )
    assert Template.parse("$request.header.Accept") == Template(parts=(RequestHeader(name="Accept"),), braced=False)
    assert Template.parse("${request.header.Accept}") == Template(parts=(RequestHeader(name="Accept"),))
    assert Template.parse("$request.body.a[0]").variables == (RequestBody(path=JsonPath.parse("a[0]")),)
    assert Template.parse("").parts == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$request.header.ACCEPT", "a,b"),
        ("$request.header.x-token", "t"),
        ("$request.header.missing", None),
        ("${request.header.missing}", None),
        ("[${request.header.missing}]", "[]"),
        ("${request.header.missing}${request.querystring.missing}", ""),
        ("$request.querystring.tag", "1,3"),
        ("$request.querystring.TAG", None),
        ("$request.path", "/pets/a%2Fb"),
        ("$request.path.id", "a%2Fb"),
        ("$request.path.missing", None),
        ("/v1${request.path}", "/v1/pets/a%2Fb"),
        ("$request.body", '{"order": {"items": [{"id": 7}]}, "none": null}'),
        ("$request.body.order.items[0].id", "7"),
        ("$request.body.order.items", '[{"id":7}]'),
        ("$request.body.order.items[*].id", "[7]"),
        ("$request.body.order.missing", None),
        ("$request.body.none", None),
        ("$context.requestId", "r-1"),
        ("$context.authorizer.claims.sub", "joe"),
        ("$context.authorizer.missing", None),
        ("$stageVariables.tenant", "acme"),
        ("$stageVariables.missing", None),
        ("'quoted'", "'quoted'"),
        ("", ""),
    ],
)
def test_a_request_template_is_evaluated(text: str, value: str | None) -> None:
    assert Template.parse(text).evaluate(REQUEST) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$response.header.etag", "1,2"),
        ("$response.header.missing", None),
        ("$response.body", '{"code": "E1"}'),
        ("$response.body.code", "E1"),
        ("${response.body.code}/${context.requestId}", "E1/r-1"),
        ("$stageVariables.status", "418"),
    ],
)
def test_a_response_template_is_evaluated(text: str, value: str | None) -> None:
    data = response(headers=(("ETag", "1"), ("etag", "2")), body=b'{"code": "E1"}')
    assert Template.parse(text, side="response").evaluate(data) == value


def test_a_request_template_cannot_be_evaluated_with_a_response() -> None:
    with pytest.raises(TypeError, match=r"^a template of the request's side was evaluated with a response$"):
        Template.parse("$request.path").evaluate(response())


def test_the_whole_body_is_text_even_when_it_is_not_utf_8() -> None:
    assert Template.parse("$request.body").evaluate(request(body=b"a\xffb")) == "a�b"


PADDING: Final = 100 * 1024 - len('{"a":"","b":1}')


@pytest.mark.parametrize("encode", [str, str.encode], ids=["text", "bytes"])
@pytest.mark.parametrize(("padding", "found"), [(0, "1"), (PADDING, "1"), (PADDING + 1, None), (3 * PADDING, None)])
def test_a_json_path_sees_the_first_100_kb_of_the_body(
    encode: type[str] | type[bytes], padding: int, found: str | None
) -> None:
    text = json.dumps({"a": "x" * padding, "b": 1}, separators=(",", ":"))
    body = text if encode is str else text.encode()
    assert Template.parse("$request.body.b").evaluate(request(body=body)) == found
    assert Template.parse("$request.body").evaluate(request(body=body)) == text


def test_the_100_kb_are_bytes_not_characters() -> None:
    body = json.dumps({"a": "é" * (PADDING // 2 + 1), "b": 1}, ensure_ascii=False, separators=(",", ":"))
    assert Template.parse("$request.body.b").evaluate(request(body=body)) is None


def test_a_body_that_only_white_space_makes_too_long_is_still_json() -> None:
    assert Template.parse("$request.body.b").evaluate(request(body='{"b": 1}' + " " * 200_000)) == "1"


def test_the_names_that_are_read_from_the_path() -> None:
    template = Template.parse("${request.path.name}/${request.path}/${request.path.id}/${request.header.x}")
    assert template.path_parameters() == ("name", "id")


def test_quotes_are_legal_but_doubtful() -> None:
    assert Template.parse("'x'").warning() == (
        "'x' is sent with its quotes: static text of an HTTP API's mapping is not quoted"
    )
    assert [Template.parse(text).warning() for text in ("x", "''", "it's", "'${request.path}'")] == [None] * 4


@pytest.mark.parametrize(
    ("destination", "text"),
    [
        ("remove:header.a", "''"),
        ("remove:header.a", ""),
        ("remove:querystring.a", "''"),
        ("append:header.a", "''"),
        ("overwrite:header.a", "x"),
        ("overwrite:path", "$request.path"),
    ],
)
def test_a_value_that_suits_its_destination(destination: str, text: str) -> None:
    check_pair(RequestDestination.parse(destination), Template.parse(text))


@pytest.mark.parametrize(
    ("destination", "text", "message"),
    [
        ("remove:header.a", "x", "remove:header.a takes no value, got \"x\"; expected ''"),
        ("remove:header.a", "$request.path", "remove:header.a takes no value, got \"$request.path\"; expected ''"),
        ("append:header.a", "", 'append:header.a needs a value of 1 to 512 characters, got ""'),
        ("overwrite:path", "", 'overwrite:path needs a value of 1 to 512 characters, got ""'),
    ],
)
def test_a_value_that_does_not_suit_its_destination(destination: str, text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_pair(RequestDestination.parse(destination), Template.parse(text))
    assert str(raised.value) == message


@pytest.mark.parametrize("text", ["200", "403", "599", "$stageVariables.status", "4${stageVariables.digits}"])
def test_a_status_code_is_of_200_to_599_or_read_from_a_variable(text: str) -> None:
    check_pair(ResponseDestination.parse("overwrite:statuscode"), Template.parse(text, side="response"))


@pytest.mark.parametrize("text", ["199", "600", "40", "4030", "'403'", "\uff14\uff10\uff13", "teapot"])
def test_a_fixed_status_code_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_pair(ResponseDestination.parse("overwrite:statuscode"), Template.parse(text, side="response"))
    assert str(raised.value) == f'not a status code, got "{text}"; expected 200 to 599'


def mapped(texts: dict[str, str], data: RequestData = REQUEST) -> MappedRequest:
    return RequestMapping.parse(texts).apply(data)


def test_an_empty_mapping_changes_nothing() -> None:
    assert mapped({}) == MappedRequest(headers=REQUEST.headers, query=REQUEST.query, path=None)


def test_headers_are_appended_overwritten_and_removed_whatever_their_case() -> None:
    others = (("X-Token", "t"),)
    accept = (("Accept", "a"), ("accept", "b"))
    assert mapped({"append:header.ACCEPT": "c"}).headers == (*accept, *others, ("ACCEPT", "c"))
    assert mapped({"append:header.x-new": "n"}).headers == (*accept, *others, ("x-new", "n"))
    assert mapped({"overwrite:header.aCCept": "c"}).headers == (*others, ("aCCept", "c"))
    assert mapped({"overwrite:header.x-new": "n"}).headers == (*accept, *others, ("x-new", "n"))
    assert mapped({"remove:header.ACCEPT": "''"}).headers == others
    assert mapped({"remove:header.x-new": ""}).headers == (*accept, *others)


def test_query_strings_are_appended_overwritten_and_removed_in_their_own_case() -> None:
    assert mapped({"append:querystring.tag": "4"}).query == (*REQUEST.query, ("tag", "4"))
    assert mapped({"overwrite:querystring.tag": "4"}).query == (("Tag", "2"), ("tag", "4"))
    assert mapped({"remove:querystring.tag": "''"}).query == (("Tag", "2"),)
    assert mapped({"remove:querystring.TAG": "''"}).query == REQUEST.query


def test_the_path_is_overwritten() -> None:
    assert mapped({"overwrite:path": "/v2${request.path}"}).path == "/v2/pets/a%2Fb"
    assert mapped({"overwrite:path": "$request.path.missing"}).path is None


def test_what_is_missing_leaves_its_destination_alone() -> None:
    texts = {
        "overwrite:header.Accept": "$request.header.missing",
        "append:header.x-new": "$request.querystring.missing",
        "overwrite:querystring.tag": "$context.error.message",
    }
    assert mapped(texts) == MappedRequest(headers=REQUEST.headers, query=REQUEST.query, path=None)


def test_every_value_is_read_from_the_original_request() -> None:
    texts = {
        "overwrite:header.X-Token": "$request.header.Accept",
        "overwrite:header.Accept": "$request.header.X-Token",
        "remove:querystring.tag": "''",
        "append:header.tags": "$request.querystring.tag",
        "overwrite:path": "/v2",
        "append:header.path": "$request.path",
    }
    result = mapped(texts)
    assert result.headers == (
        ("X-Token", "a,b"),
        ("Accept", "t"),
        ("tags", "1,3"),
        ("path", "/pets/a%2Fb"),
    )
    assert (result.query, result.path) == ((("Tag", "2"),), "/v2")


@given(st.permutations(["remove:header.Accept", "overwrite:header.accept", "append:header.ACCEPT"]))
def test_actions_on_one_header_have_one_order_however_they_are_written(actions: list[str]) -> None:
    values = {"remove": "''", "overwrite": "new", "append": "more"}
    result = mapped({action: values[action.partition(":")[0]] for action in actions})
    assert result.headers == (("X-Token", "t"), ("accept", "new"), ("ACCEPT", "more"))


def test_line_breaks_reach_query_and_path_but_never_a_header() -> None:
    texts = {
        "append:header.x": "$request.body.x",
        "append:querystring.x": "$request.body.x",
        "overwrite:path": "/${request.body.x}",
    }
    assert mapped(texts, request(body=r'{"x": "a\r\nEvil: 1\u0000"}')) == MappedRequest(
        headers=(("x", "a Evil: 1 "),), query=(("x", "a\r\nEvil: 1\0"),), path="/a\r\nEvil: 1\0"
    )


@given(st.text(), st.text())
def test_nothing_puts_a_line_break_into_a_header(first: str, second: str) -> None:
    data = request(context={"requestId": first, "identity.userAgent": second})
    result = mapped({"append:header.x": "${context.requestId}:${context.identity.userAgent}"}, data)
    assert not set("\r\n\0") & set(result.headers[0][1])


def test_one_action_on_one_header_twice_is_refused() -> None:
    with pytest.raises(ExpressionError) as raised:
        RequestMapping.parse({"append:header.X": "1", "append:header.x": "2"})
    assert str(raised.value) == 'the same header is mapped by append:header.X, got "append:header.x"'


def test_a_request_mapping_prints_what_it_read() -> None:
    texts = {"remove:header.a": "", "overwrite:path": "$request.path", "append:querystring.b": "${context.stage}"}
    assert RequestMapping.parse(texts).as_dict() == texts


def test_a_mapping_that_does_not_fit_is_refused_when_it_is_read() -> None:
    with pytest.raises(ExpressionError, match=r"^remove:header\.a takes no value"):
        RequestMapping.parse({"remove:header.a": "b"})
    with pytest.raises(ExpressionError, match=r"^a response mapping cannot read the request"):
        ResponseMapping.parse({"200": {"append:header.a": "$request.path"}})


RESPONSES: Final = {
    "404": {"overwrite:statuscode": "403", "remove:header.Server": "''", "append:header.x-id": "$context.requestId"},
    "500": {"overwrite:statuscode": "$stageVariables.status", "overwrite:header.x-error": "$response.body.message"},
    "200": {},
}


def test_a_response_is_mapped_by_its_status_code() -> None:
    mapping = ResponseMapping.parse(RESPONSES)
    headers = (("server", "nginx"), ("X-Id", "0"))
    assert mapping.as_dict() == RESPONSES
    assert mapping.apply(response(status=404, headers=headers)) == MappedResponse(
        status=403, headers=(("X-Id", "0"), ("x-id", "r-1"))
    )
    assert mapping.apply(response(status=500, headers=headers, body=rb'{"message": "a\nb"}')) == MappedResponse(
        status=418, headers=(*headers, ("x-error", "a b"))
    )
    for status in (200, 201):
        assert mapping.apply(response(status=status, headers=headers)) == MappedResponse(status=status, headers=headers)


@pytest.mark.parametrize("body", ['{"code": 99}', '{"code": "teapot"}', "{}", ""])
def test_a_status_code_that_is_missing_or_out_of_range_at_run_time_is_not_set(body: str) -> None:
    mapping = ResponseMapping.parse({"404": {"overwrite:statuscode": "$response.body.code"}})
    assert mapping.apply(response(body=body)) == MappedResponse(status=404, headers=())


@pytest.mark.parametrize("status", ["199", "600", "5xx", "", "default"])
def test_only_a_status_code_has_response_mappings(status: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        ResponseMapping.parse({status: {}})
    assert str(raised.value) == f'not a status code, got "{status}"; expected 200 to 599'


def test_a_request_mapping_says_what_each_entry_came_to() -> None:
    mapping = RequestMapping.parse(
        {
            "append:header.x-tenant": "$request.header.tenant",
            "overwrite:querystring.who": "${request.header.tenant}!",
            "remove:header.cookie": "''",
            "append:header.x-gone": "$request.header.gone",
        }
    )
    explained = mapping.explain(request(headers=(("tenant", "acme"),)))
    assert [(one.destination, one.source, one.values) for one in explained] == [
        ("append:header.x-tenant", "$request.header.tenant", ("acme",)),
        ("overwrite:querystring.who", "${request.header.tenant}!", ("acme!",)),
        ("remove:header.cookie", "''", ()),
        ("append:header.x-gone", "$request.header.gone", ()),
    ]


def test_a_response_mapping_says_it_for_the_status_that_came() -> None:
    mapping = ResponseMapping.parse({"404": {"overwrite:statuscode": "403"}, "500": {"remove:header.x": "''"}})
    assert [(one.destination, one.source, one.values) for one in mapping.explain(response(status=404))] == [
        ("overwrite:statuscode", "403", ("403",))
    ]
    assert mapping.explain(response(status=200)) == ()
