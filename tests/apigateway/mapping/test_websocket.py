"""Evaluation of WebSocket mappings, and what they ask of their route."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError
from apigateway.json_path import JsonPath
from apigateway.mapping.data import Pairs, RequestData
from apigateway.mapping.websocket import (
    BodyField,
    ContextVariable,
    Destination,
    MappedParameter,
    RequestMapping,
    RouteParameter,
    StageVariable,
    Static,
    check_route,
    evaluate,
    parse_source,
    route_parameter,
)


def request(*, headers: Pairs = (), query: Pairs = (), body: str | bytes = "") -> RequestData:
    return RequestData(
        headers=headers,
        query=query,
        path="/",
        path_parameters={},
        body=body,
        context={"connectionId": "L0SM9cOFvHcCIhw=", "authorizer.tenant": "acme"},
        stage_variables={"tenant": "globex"},
    )


def values(source: str, data: RequestData) -> tuple[str, ...]:
    return evaluate(parse_source(source), data)


def test_sources_are_typed_values() -> None:
    assert [
        parse_source("route.request.multivalueheader.Accept"),
        parse_source("route.request.body.order.items[0].id"),
        parse_source("stageVariables.tenant"),
        parse_source("context.identity.sourceIp"),
        parse_source("'text'"),
    ] == [
        RouteParameter(location="multivalueheader", name="Accept"),
        BodyField(path=JsonPath.parse("order.items[0].id")),
        StageVariable(name="tenant"),
        ContextVariable(name="identity.sourceIp"),
        Static(value="text"),
    ]
    assert Destination.parse("integration.request.path.room") == Destination(location="path", name="room")


HANDSHAKE: Final = request(
    headers=(("Accept", "a"), ("accept", "b"), ("Accept", "c"), ("x-token", "t")),
    query=(("tag", "1"), ("Tag", "2"), ("tag", "3"), ("empty", "")),
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("route.request.header.Accept", ("c",)),
        ("route.request.header.accept", ("b",)),
        ("route.request.header.X-Token", ("t",)),
        ("route.request.header.ACCEPT", ("c",)),
        ("route.request.header.missing", ()),
        ("route.request.multivalueheader.Accept", ("a,c",)),
        ("route.request.multivalueheader.ACCEPT", ("a,b,c",)),
        ("route.request.multivalueheader.missing", ()),
        ("route.request.querystring.tag", ("3",)),
        ("route.request.querystring.TAG", ()),
        ("route.request.querystring.empty", ("",)),
        ("route.request.multivaluequerystring.tag", ("1", "3")),
        ("route.request.multivaluequerystring.missing", ()),
        ("context.connectionId", ("L0SM9cOFvHcCIhw=",)),
        ("context.authorizer.tenant", ("acme",)),
        ("context.authorizer.missing", ()),
        ("context.messageId", ()),
        ("stageVariables.tenant", ("globex",)),
        ("stageVariables.missing", ()),
        ("'fixed'", ("fixed",)),
        ("''", ("",)),
    ],
)
def test_a_source_is_read_from_the_handshake(source: str, expected: tuple[str, ...]) -> None:
    assert values(source, HANDSHAKE) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"tenant": "acme"}', ("acme",)),
        (b'{"tenant": "acme"}', ("acme",)),
        ('{"tenant": ""}', ("",)),
        ('{"tenant": 7}', ("7",)),
        ('{"tenant": 1.50}', ("1.5",)),
        ('{"tenant": true}', ("true",)),
        ('{"tenant": {"id": [1, "b"]}}', ('{"id":[1,"b"]}',)),
        ('{"tenant": "größe"}', ("größe",)),
        ('{"tenant": null}', ()),
        ('{"other": 1}', ()),
        ("[1]", ()),
        ('"tenant"', ()),
        ("hello", ()),
        ("", ()),
        (b"\xff", ()),
    ],
)
def test_a_field_is_read_from_the_message(body: str | bytes, expected: tuple[str, ...]) -> None:
    assert values("route.request.body.tenant", request(body=body)) == expected


def test_a_mapping_leaves_out_what_is_missing_and_keeps_its_order() -> None:
    mapping = RequestMapping.parse(
        {
            "integration.request.querystring.tag": "route.request.multivaluequerystring.tag",
            "integration.request.header.auth": "route.request.querystring.authToken",
            "integration.request.header.ConnectionId": "context.connectionId",
            "integration.request.path.room": "'a/b'",
        }
    )
    assert mapping.apply(HANDSHAKE) == (
        MappedParameter(location="querystring", name="tag", values=("1", "3")),
        MappedParameter(location="header", name="ConnectionId", values=("L0SM9cOFvHcCIhw=",)),
        MappedParameter(location="path", name="room", values=("a/b",)),
    )


def test_line_breaks_reach_query_and_path_but_never_a_header() -> None:
    mapping = RequestMapping.parse(
        {f"integration.request.{place}.x": "route.request.body.x" for place in ("header", "querystring", "path")}
    )
    mapped = mapping.apply(request(body=r'{"x": "a\r\nEvil: 1\u0000"}'))
    assert [parameter.values for parameter in mapped] == [("a Evil: 1 ",), ("a\r\nEvil: 1\0",), ("a\r\nEvil: 1\0",)]


@given(st.text())
def test_no_message_can_put_a_line_break_into_a_header(text: str) -> None:
    mapping = RequestMapping.parse({"integration.request.header.x": "context.connectionId"})
    data = RequestData(
        headers=(),
        query=(),
        path="/",
        path_parameters={},
        body="",
        context={"connectionId": text},
        stage_variables={},
    )
    (parameter,) = mapping.apply(data)
    assert not set("\r\n\0") & set(parameter.values[0])


def test_one_header_cannot_be_mapped_twice() -> None:
    texts = {"integration.request.header.Tenant": "'a'", "integration.request.header.tenant": "'b'"}
    with pytest.raises(ExpressionError) as raised:
        RequestMapping.parse(texts)
    assert str(raised.value) == (
        'the same header is mapped by integration.request.header.Tenant, got "integration.request.header.tenant"'
    )


def test_query_strings_that_differ_in_case_are_two() -> None:
    texts = {"integration.request.querystring.A": "'1'", "integration.request.querystring.a": "'2'"}
    assert RequestMapping.parse(texts).as_dict() == texts


@pytest.mark.parametrize(
    ("source", "declared"),
    [
        ("route.request.querystring.authToken", "route.request.querystring.authToken"),
        ("route.request.header.Authorization", "route.request.header.Authorization"),
        ("route.request.multivalueheader.Accept", "route.request.header.Accept"),
        ("route.request.multivaluequerystring.tag", "route.request.querystring.tag"),
        ("route.request.body.tenant", None),
        ("context.connectionId", None),
        ("stageVariables.tenant", None),
        ("'text'", None),
    ],
)
def test_what_a_route_must_declare(source: str, declared: str | None) -> None:
    assert route_parameter(parse_source(source)) == declared


@pytest.mark.parametrize(
    ("source", "route_key", "reason"),
    [
        ("route.request.header.A", "$connect", None),
        (
            "route.request.header.A",
            "sendMessage",
            "route.request.header.A can be read on the $connect route only, not on sendMessage",
        ),
        (
            "route.request.multivaluequerystring.a",
            "$disconnect",
            "route.request.multivaluequerystring.a can be read on the $connect route only, not on $disconnect",
        ),
        ("route.request.body.a", "sendMessage", None),
        ("route.request.body.a", "$default", None),
        (
            "route.request.body.a",
            "$connect",
            "route.request.body.a cannot be read on the $connect route, which has no body",
        ),
        (
            "route.request.body.a",
            "$disconnect",
            "route.request.body.a cannot be read on the $disconnect route, which has no body",
        ),
        ("context.connectionId", "$disconnect", None),
        ("stageVariables.a", "$connect", None),
        ("'text'", "sendMessage", None),
    ],
)
def test_which_source_can_be_read_on_which_route(source: str, route_key: str, reason: str | None) -> None:
    assert check_route(parse_source(source), route_key) == reason


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding", "X-Amzn-Trace-Id", "Connection"])
def test_headers_that_frame_or_trace_the_request_cannot_be_mapped(name: str) -> None:
    with pytest.raises(ExpressionError) as error:
        Destination.parse(f"integration.request.header.{name}")
    assert str(error.value) == (
        f'the header {name} is API Gateway\'s own and cannot be mapped, got "integration.request.header.{name}"'
    )
    assert (
        str(Destination.parse(f"integration.request.querystring.{name}")) == f"integration.request.querystring.{name}"
    )


def test_a_mapping_says_what_each_entry_came_to() -> None:
    mapping = RequestMapping.parse(
        {
            "integration.request.header.tenant": "route.request.body.tenant",
            "integration.request.header.gone": "route.request.body.gone",
            "integration.request.querystring.source": "'websocket'",
        }
    )
    explained = mapping.explain(request(body='{"tenant":"acme"}'))
    assert [(one.destination, one.source, one.values) for one in explained] == [
        ("integration.request.header.tenant", "route.request.body.tenant", ("acme",)),
        ("integration.request.header.gone", "route.request.body.gone", ()),
        ("integration.request.querystring.source", "'websocket'", ("websocket",)),
    ]
