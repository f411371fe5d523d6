"""REST mappings: what is legal, what is answered to the rest, and what a legal one gives."""

import string
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError
from apigateway.json_path import JsonPath
from apigateway.mapping.data import Pairs, RequestData, ResponseData
from apigateway.mapping.rest import (
    ContextVariable,
    Destination,
    IntegrationBody,
    IntegrationHeader,
    IntegrationType,
    InvalidJsonError,
    MappedHeader,
    MappedParameter,
    MethodBody,
    MethodParameter,
    RequestMapping,
    RequestSource,
    ResponseDestination,
    ResponseMapping,
    ResponseSource,
    StageVariable,
    Static,
    check_distinct,
    check_header,
    check_headers,
    declared_parameter,
    evaluate,
    evaluate_response,
    parse_response_source,
    parse_source,
)
from apigateway.rest_context import MAPPING_VARIABLES
from tests.apigateway.expression_rows import Bad, proposals

REQUEST_SOURCE: Final = (
    "expected method.request.path|querystring|multivaluequerystring|header|multivalueheader.NAME, "
    "method.request.body, method.request.body.PATH, context.NAME, stageVariables.NAME or 'text' in single quotes"
)
RESPONSE_SOURCE: Final = (
    "expected integration.response.header|multivalueheader.NAME, integration.response.body, "
    "integration.response.body.PATH, context.NAME, stageVariables.NAME or 'text' in single quotes"
)
REQUEST_KEY: Final = "expected integration.request.path.NAME, ….querystring.NAME or ….header.NAME"
RESPONSE_KEY: Final = "expected method.response.header.NAME"
JSON_PATH: Final = "expected a JSON path such as order.items[0].id: names joined by dots, [0], ['name'], [*], [0:2]"
CONTEXT_NAME: Final = 'expected words of letters, digits and "_", joined by "."'

NO_REQUEST_SOURCE: Final = "not a source of a REST API's request mapping"
NO_RESPONSE_SOURCE: Final = "not a source of a REST API's response mapping"
NO_REQUEST_KEY: Final = "not a destination of a REST API's request mapping"
NO_RESPONSE_KEY: Final = "not a destination of a REST API's response mapping"
NO_RESPONSE_HERE: Final = "a request mapping cannot read the response"
NO_REQUEST_HERE: Final = "a response mapping cannot read the request"
NO_STAGE_VARIABLE: Final = 'a stage variable\'s name is of letters, digits and "_"'
NOT_AMID_TEXT: Final = "only an HTTP API's mapping has ${…} amid text"

PARSERS: Final[dict[str, Callable[[str], object]]] = {
    "request source": parse_source,
    "response source": parse_response_source,
    "request key": Destination.parse,
    "response key": ResponseDestination.parse,
}


GOOD: Final[dict[str, dict[str, str]]] = {
    "request source": {
        "method.request.path.petId": "a path variable of the resource",
        "method.request.path.proxy": "a greedy one, without its +",
        "method.request.querystring.page": "a query string",
        "method.request.multivaluequerystring.tag": "all values of a query string",
        "method.request.header.Authorization": "a header",
        "method.request.header.X-Api_Key.v1$": "a name holds letters, digits and . _ $ -",
        "method.request.multivalueheader.Accept": "all values of a header",
        "method.request.body": "the whole body",
        "method.request.body.petstore.pets[0].name": "a path into the body",
        "method.request.body.order['first item']": "a quoted name",
        "stageVariables.tenant_2": "a stage variable",
        "context.requestId": "a context variable",
        "context.resourcePath": "known to REST APIs alone",
        "context.identity.clientCert.validity.notAfter": "a dotted context variable",
        "context.authorizer.principalId": "the authorizer's principal",
        "context.authorizer.tenant": "any property that an authorizer returns",
        "context.authorizer.claims.cognito:groups": "a claim of a user pool",
        "context.requestOverride.header.X-Tenant": "an override that a template set",
        "'text'": "static text is quoted",
        "''": "empty static text blanks a header",
        "'$context.requestId'": "quoted, so it is text",
    },
    "response source": {
        "integration.response.header.ETag": "a header of the response",
        "integration.response.multivalueheader.Set-Cookie": "all values of a header",
        "integration.response.body": "the whole body",
        "integration.response.body.error.code": "a path into the body",
        "stageVariables.origin": "a stage variable",
        "context.error.message": "a context variable",
        "'*'": "static text is quoted",
        "''": "empty static text",
    },
    "request key": {
        "integration.request.path.petId": "a placeholder of the integration's URI",
        "integration.request.querystring.page": "a query string",
        "integration.request.header.X-Tenant.v1_$": "a header",
        "integration.request.querystring.content-length": "API Gateway's own as a header alone",
        "integration.request.header.Authorization": "legal, but for an AWS service",
    },
    "response key": {"method.response.header.Access-Control-Allow-Origin": "a header"},
}

BAD: Final[dict[str, tuple[Bad, ...]]] = {
    "request source": (
        Bad("route.request.header.X", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.header.X"),
        Bad("method.request.path.proxy+", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.path.proxy"),
        Bad("$request.path.proxy+", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.path.proxy"),
        Bad("$input.body", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.body"),
        Bad("$input.path('$.a.b')", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.body.a.b"),
        Bad(
            '$input.params("x")',
            NO_REQUEST_SOURCE,
            REQUEST_SOURCE,
            "$input is of templates, write method.request.header.x or method.request.querystring.x or "
            "method.request.path.x",
        ),
        Bad("method.request.body.$.x", 'a JSON path is written without "$."', JSON_PATH),
        Bad(
            "route.request.multivaluequerystring.tag",
            NO_REQUEST_SOURCE,
            REQUEST_SOURCE,
            "write method.request.multivaluequerystring.tag",
        ),
        Bad("$request.header.X", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.header.X"),
        Bad("${request.querystring.page}", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.querystring.page"),
        Bad("$request.path.id", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.path.id"),
        Bad("$request.body", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.body"),
        Bad("$request.body.a[0].b", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.body.a[0].b"),
        Bad("$request.querystring.filter[x]", NO_REQUEST_SOURCE, REQUEST_SOURCE),
        Bad("$request.path", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write context.path"),
        Bad("${request.method}", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write context.httpMethod"),
        Bad("$request.paths", NO_REQUEST_SOURCE, REQUEST_SOURCE),
        Bad("stageVariable.tenant", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write stageVariables.tenant"),
        Bad("${stage_variables.tenant}", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write stageVariables.tenant"),
        Bad('method.request.body["a"]', NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.body.a"),
        Bad("$request.body['a']['b'][0]", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.body.a.b[0]"),
        Bad('"two words"', NO_REQUEST_SOURCE, REQUEST_SOURCE, "write 'two words'"),
        Bad('"requestId"', NO_REQUEST_SOURCE, REQUEST_SOURCE, "write 'requestId'"),
        Bad('"two\nlines"', NO_REQUEST_SOURCE, REQUEST_SOURCE),
        Bad('"it\'s"', NO_REQUEST_SOURCE, REQUEST_SOURCE),
        Bad("method.request.headers.X", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.header.X"),
        Bad("method.request.query.x", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.querystring.x"),
        Bad(
            "method.request.multiValueQueryString.x",
            NO_REQUEST_SOURCE,
            REQUEST_SOURCE,
            "write method.request.multivaluequerystring.x",
        ),
        Bad("$method.request.header.X", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.header.X"),
        Bad("integration.request.header.X", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write method.request.header.X"),
        Bad("method.request.header", NO_REQUEST_SOURCE, REQUEST_SOURCE),
        Bad("method.request.header.two words", NO_REQUEST_SOURCE, REQUEST_SOURCE),
        Bad("integration.response.header.X", NO_RESPONSE_HERE, REQUEST_SOURCE),
        Bad("$response.header.X", NO_RESPONSE_HERE, REQUEST_SOURCE),
        Bad("$context.requestId", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write context.requestId"),
        Bad("$requestId", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write context.requestId"),
        Bad(
            "requestId",
            NO_REQUEST_SOURCE,
            REQUEST_SOURCE,
            "write context.requestId, or 'requestId' for this very text",
        ),
        Bad(
            "event.requestContext.identity.sourceIp",
            NO_REQUEST_SOURCE,
            REQUEST_SOURCE,
            "write context.identity.sourceIp",
        ),
        Bad(
            "$context.authorizer.claims.cognito:groups",
            NO_REQUEST_SOURCE,
            REQUEST_SOURCE,
            "write context.authorizer.claims.cognito:groups",
        ),
        Bad("$context.authorizer.claims", NO_REQUEST_SOURCE, REQUEST_SOURCE, "name one claim"),
        Bad("${stageVariables.tenant}", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write stageVariables.tenant"),
        Bad("Bearer ${stageVariables.token}", NO_REQUEST_SOURCE, REQUEST_SOURCE, NOT_AMID_TEXT),
        Bad("true", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write 'true'"),
        Bad("two words", NO_REQUEST_SOURCE, REQUEST_SOURCE, "write 'two words'"),
        Bad("two\nlines", NO_REQUEST_SOURCE, REQUEST_SOURCE),
        Bad("", NO_REQUEST_SOURCE, REQUEST_SOURCE),
        Bad("'it's'", NO_REQUEST_SOURCE, REQUEST_SOURCE),
        Bad("1.5", NO_REQUEST_SOURCE, REQUEST_SOURCE),
        Bad("method.request.body.", '"" is not a JSON path', JSON_PATH),
        Bad("method.request.body.$.a", 'a JSON path is written without "$."', JSON_PATH),
        Bad("method.request.body.a[?(@.b)]", "a JSON path cannot hold a filter", JSON_PATH),
        Bad(
            "context.requestid",
            '"requestid" is not a $context variable of REST APIs',
            "",
            'did you mean "requestId"?',
        ),
        Bad("context.routeKey", '"routeKey" is a $context variable of WebSocket and HTTP APIs only'),
        Bad("context.status", '"status" is a $context variable of access logs only'),
        Bad("context.", '"" is not the name of a $context variable', CONTEXT_NAME),
        Bad(
            "context.authorizer.jwt.claims.sub",
            '"authorizer.jwt.claims.sub" is a $context variable of HTTP APIs only',
            "",
            'did you mean "authorizer.claims.sub"?',
        ),
        Bad("stageVariables.a-b", NO_STAGE_VARIABLE),
    ),
    "response source": (
        Bad("$response.header.ETag", NO_RESPONSE_SOURCE, RESPONSE_SOURCE, "write integration.response.header.ETag"),
        Bad("$response.body.a", NO_RESPONSE_SOURCE, RESPONSE_SOURCE, "write integration.response.body.a"),
        Bad('$input.json("$")', NO_RESPONSE_SOURCE, RESPONSE_SOURCE, "write integration.response.body"),
        Bad("$input.params('x')", NO_RESPONSE_SOURCE, RESPONSE_SOURCE),
        Bad("${response.body}", NO_RESPONSE_SOURCE, RESPONSE_SOURCE, "write integration.response.body"),
        Bad("method.response.header.X", NO_RESPONSE_SOURCE, RESPONSE_SOURCE, "write integration.response.header.X"),
        Bad(
            "integration.response.headers.x",
            NO_RESPONSE_SOURCE,
            RESPONSE_SOURCE,
            "write integration.response.header.x",
        ),
        Bad("integration.response.querystring.x", NO_RESPONSE_SOURCE, RESPONSE_SOURCE),
        Bad("method.request.header.Origin", NO_REQUEST_HERE, RESPONSE_SOURCE),
        Bad("$request.header.Origin", NO_REQUEST_HERE, RESPONSE_SOURCE),
        Bad("$request.path", NO_RESPONSE_SOURCE, RESPONSE_SOURCE),
        Bad('response.body["a"]', NO_RESPONSE_SOURCE, RESPONSE_SOURCE, "write integration.response.body.a"),
        Bad('"*"', NO_RESPONSE_SOURCE, RESPONSE_SOURCE, "write '*'"),
        Bad("*", NO_RESPONSE_SOURCE, RESPONSE_SOURCE, "write '*'"),
        Bad("integration.response.body.a..b", 'a JSON path cannot descend with ".."', JSON_PATH),
        Bad("context.connectionId", '"connectionId" is a $context variable of WebSocket APIs only'),
        Bad("stageVariables.", NO_STAGE_VARIABLE),
    ),
    "request key": (
        Bad("overwrite:header.x", NO_REQUEST_KEY, REQUEST_KEY, "write integration.request.header.x"),
        Bad("append:querystring.x", NO_REQUEST_KEY, REQUEST_KEY, "write integration.request.querystring.x"),
        Bad("remove:header.x", NO_REQUEST_KEY, REQUEST_KEY),
        Bad(
            "overwrite:path",
            NO_REQUEST_KEY,
            REQUEST_KEY,
            "the path stands in the integration's own key path, or in its integrationUri",
        ),
        Bad("method.request.header.x", NO_REQUEST_KEY, REQUEST_KEY, "write integration.request.header.x"),
        Bad("route.request.header.x", NO_REQUEST_KEY, REQUEST_KEY, "write integration.request.header.x"),
        Bad("integration.request.headers.x", NO_REQUEST_KEY, REQUEST_KEY, "write integration.request.header.x"),
        Bad("integration.request.body", NO_REQUEST_KEY, REQUEST_KEY),
        Bad("integration.request.header.two words", NO_REQUEST_KEY, REQUEST_KEY),
        Bad("method.response.header.x", NO_REQUEST_KEY, REQUEST_KEY, "it belongs under integrationResponses"),
        Bad(
            "overwrite:header.X-Amzn-Trace-Id",
            NO_REQUEST_KEY,
            REQUEST_KEY,
            "the header X-Amzn-Trace-Id is API Gateway's own and cannot be mapped",
        ),
        *(
            Bad(f"integration.request.header.{name}", f"the header {name} is API Gateway's own and cannot be mapped")
            for name in ("Content-Length", "transfer-encoding", "X-Amzn-Trace-Id", "X-Amzn-Apigateway-Api-Id")
        ),
    ),
    "response key": (
        *(
            Bad(
                f"method.response.header.{name}",
                f"the header {name} frames the response, which API Gateway does by the body that it sends",
            )
            for name in ("Content-Length", "transfer-encoding", "Connection")
        ),
        Bad("overwrite:header.x", NO_RESPONSE_KEY, RESPONSE_KEY, "write method.response.header.x"),
        Bad("append:header.x", NO_RESPONSE_KEY, RESPONSE_KEY, "write method.response.header.x"),
        Bad("remove:header.x", NO_RESPONSE_KEY, RESPONSE_KEY),
        Bad(
            "overwrite:statuscode",
            NO_RESPONSE_KEY,
            RESPONSE_KEY,
            "the status is the response's own key, or $context.responseOverride.status of its template",
        ),
        Bad("integration.response.header.x", NO_RESPONSE_KEY, RESPONSE_KEY, "write method.response.header.x"),
        Bad("method.response.headers.x", NO_RESPONSE_KEY, RESPONSE_KEY, "write method.response.header.x"),
        Bad("method.response.body", NO_RESPONSE_KEY, RESPONSE_KEY),
        Bad("overwrite:querystring.x", NO_RESPONSE_KEY, RESPONSE_KEY),
        Bad(
            "integration.request.header.x",
            NO_RESPONSE_KEY,
            RESPONSE_KEY,
            "it belongs under the integration's requestParameters",
        ),
    ),
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in GOOD.items() for text in texts])
def test_a_good_expression_is_printed_back(kind: str, text: str) -> None:
    assert str(PARSERS[kind](text)) == text


@pytest.mark.parametrize(("kind", "bad"), [(kind, bad) for kind, rows in BAD.items() for bad in rows])
def test_a_bad_expression_is_answered_with_its_reason_grammar_and_suggestion(kind: str, bad: Bad) -> None:
    with pytest.raises(ExpressionError) as raised:
        PARSERS[kind](bad.text)
    assert str(raised.value) == bad.message


def test_what_is_suggested_is_legal() -> None:
    found = list(proposals(BAD))
    assert len(found) > 25
    for kind, proposal in found:
        assert str(PARSERS[kind](proposal)) == proposal


def test_sources_are_typed_values() -> None:
    assert [
        parse_source("method.request.multivalueheader.Accept"),
        parse_source("method.request.body"),
        parse_source("method.request.body.order.items[0].id"),
        parse_source("stageVariables.tenant"),
        parse_source("context.identity.sourceIp"),
        parse_source("'text'"),
    ] == [
        MethodParameter(location="multivalueheader", name="Accept"),
        MethodBody(),
        MethodBody(path=JsonPath.parse("order.items[0].id")),
        StageVariable(name="tenant"),
        ContextVariable(name="identity.sourceIp"),
        Static(value="text"),
    ]
    assert [
        parse_response_source("integration.response.header.ETag"),
        parse_response_source("integration.response.body"),
    ] == [IntegrationHeader(location="header", name="ETag"), IntegrationBody()]


NAMES: Final = st.text(string.ascii_letters + string.digits + "._$-", min_size=1, max_size=12)
PATHS: Final = st.one_of(
    st.none(), st.sampled_from(["a", "order.items[0].id", "a['b c']", "items[*].id"]).map(JsonPath.parse)
)
SHARED: Final = st.one_of(
    st.text(string.ascii_letters + "_", min_size=1).map(lambda name: StageVariable(name=name)),
    st.sampled_from(sorted(MAPPING_VARIABLES)).map(lambda name: ContextVariable(name=name)),
    NAMES.map(lambda name: ContextVariable(name=f"requestOverride.header.{name}")),
    st.text(st.characters(exclude_characters="'")).map(lambda text: Static(value=text)),
)
REQUEST_SOURCES: Final[st.SearchStrategy[RequestSource]] = st.one_of(
    st.builds(
        lambda location, name: MethodParameter(location=location, name=name),
        st.sampled_from(("path", "querystring", "multivaluequerystring", "header", "multivalueheader")),
        NAMES,
    ),
    PATHS.map(lambda path: MethodBody(path=path)),
    SHARED,
)
RESPONSE_SOURCES: Final[st.SearchStrategy[ResponseSource]] = st.one_of(
    st.builds(
        lambda location, name: IntegrationHeader(location=location, name=name),
        st.sampled_from(("header", "multivalueheader")),
        NAMES,
    ),
    PATHS.map(lambda path: IntegrationBody(path=path)),
    SHARED,
)
DESTINATIONS: Final = st.builds(
    lambda location, name: Destination(location=location, name=name),
    st.sampled_from(("path", "querystring", "header")),
    NAMES,
)


@given(REQUEST_SOURCES)
def test_request_sources_are_read_back(source: RequestSource) -> None:
    assert parse_source(str(source)) == source


@given(RESPONSE_SOURCES)
def test_response_sources_are_read_back(source: ResponseSource) -> None:
    assert parse_response_source(str(source)) == source


@given(DESTINATIONS)
def test_request_destinations_are_read_back(destination: Destination) -> None:
    assert Destination.parse(str(destination)) == destination


@given(NAMES)
def test_response_destinations_are_read_back(name: str) -> None:
    destination = ResponseDestination(name=name)
    assert ResponseDestination.parse(str(destination)) == destination


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in PARSERS.values():
        try:
            outcome = str(parse(text))
        except ExpressionError as error:
            outcome = error.expression
        assert outcome == text


def request(body: str | bytes = "", *, headers: Pairs = (), query: Pairs = ()) -> RequestData:
    return RequestData(
        headers=headers,
        query=query,
        path="/pets/a%20b",
        path_parameters={"petId": "a%20b", "proxy": "x/y%2Fz"},
        body=body,
        context={"requestId": "c6af9ac6", "authorizer.claims.cognito:groups": "admin"},
        stage_variables={"tenant": "globex"},
    )


def response(body: str | bytes = "", *, headers: Pairs = ()) -> ResponseData:
    return ResponseData(
        status=200, headers=headers, body=body, context={"requestId": "c6af9ac6"}, stage_variables={"origin": "*"}
    )


REQUEST: Final = request(
    headers=(("Accept", "a"), ("accept", "b"), ("Accept", "c")),
    query=(("tag", "1"), ("Tag", "2"), ("tag", "3"), ("empty", "")),
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("method.request.path.petId", ("a b",)),
        ("method.request.path.proxy", ("x/y/z",)),
        ("method.request.path.missing", ()),
        ("method.request.querystring.tag", ("3",)),
        ("method.request.querystring.TAG", ()),
        ("method.request.querystring.empty", ("",)),
        ("method.request.multivaluequerystring.tag", ("1", "3")),
        ("method.request.multivaluequerystring.Tag", ("2",)),
        ("method.request.multivaluequerystring.missing", ()),
        ("method.request.header.Accept", ("c",)),
        ("method.request.header.accept", ("b",)),
        ("method.request.header.ACCEPT", ()),
        ("method.request.multivalueheader.Accept", ("a,c",)),
        ("method.request.multivalueheader.missing", ()),
        ("context.requestId", ("c6af9ac6",)),
        ("context.authorizer.claims.cognito:groups", ("admin",)),
        ("context.stage", ()),
        ("stageVariables.tenant", ("globex",)),
        ("stageVariables.missing", ()),
        ("'fixed'", ("fixed",)),
        ("''", ("",)),
    ],
)
def test_a_source_is_read_from_the_request(source: str, expected: tuple[str, ...]) -> None:
    assert evaluate(parse_source(source), REQUEST) == expected


@pytest.mark.parametrize(
    ("body", "whole", "field"),
    [
        ('{"a": "x"}', '{"a": "x"}', "x"),
        (b'{"a": 7}', '{"a": 7}', "7"),
        (' {"a": {"b": [1]}}', ' {"a": {"b": [1]}}', '{"b":[1]}'),
        ('{"a": ""}', '{"a": ""}', ""),
        ('{"a": null}', '{"a": null}', None),
        ('{"b": 1}', '{"b": 1}', None),
        ("[1]", "[1]", None),
        ('"a"', '"a"', None),
        ("", "{}", None),
        (b"", "{}", None),
        ("hello", "hello", None),
        ("12", "12", None),
        ("a=1&b={", "a=1&b={", None),
        (b"\xff", "\ufffd", None),
    ],
)
def test_a_body_is_text_or_json_by_its_first_character(body: str | bytes, whole: str, field: str | None) -> None:
    fields = () if field is None else (field,)
    assert evaluate(parse_source("method.request.body"), request(body)) == (whole,)
    assert evaluate(parse_source("method.request.body.a"), request(body)) == fields
    assert evaluate_response(parse_response_source("integration.response.body"), response(body)) == whole
    assert evaluate_response(parse_response_source("integration.response.body.a"), response(body)) == field


@pytest.mark.parametrize("body", ["{", "[1", '"a', "'a'", ' {"a": NaN}', b'{"a": "\xff"}'])
@pytest.mark.parametrize("part", ["", ".a"])
def test_a_body_that_begins_as_json_and_is_none_is_an_error(body: str | bytes, part: str) -> None:
    with pytest.raises(InvalidJsonError) as raised:
        evaluate(parse_source(f"method.request.body{part}"), request(body))
    assert (raised.value.status, raised.value.message) == (400, "Invalid JSON in request body")
    with pytest.raises(InvalidJsonError) as raised:
        evaluate_response(parse_response_source(f"integration.response.body{part}"), response(body))
    assert (raised.value.status, raised.value.message) == (500, "Internal server error")


def test_a_body_that_no_mapping_reads_may_be_anything() -> None:
    mapping = RequestMapping.parse({"integration.request.header.x": "'y'"})
    assert mapping.apply(request("{")) == (MappedParameter(location="header", name="x", values=("y",)),)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("integration.response.header.ETag", "2"),
        ("integration.response.header.etag", None),
        ("integration.response.multivalueheader.ETag", "1,2"),
        ("integration.response.multivalueheader.missing", None),
        ("context.requestId", "c6af9ac6"),
        ("context.stage", None),
        ("stageVariables.origin", "*"),
        ("stageVariables.missing", None),
        ("''", ""),
    ],
)
def test_a_source_is_read_from_the_response(source: str, expected: str | None) -> None:
    data = response(headers=(("ETag", "1"), ("ETag", "2")))
    assert evaluate_response(parse_response_source(source), data) == expected


def test_a_request_mapping_leaves_out_what_is_missing_and_keeps_its_order() -> None:
    texts = {
        "integration.request.querystring.tag": "method.request.multivaluequerystring.tag",
        "integration.request.header.auth": "method.request.querystring.token",
        "integration.request.header.Cookie": "''",
        "integration.request.path.id": "method.request.path.petId",
        "integration.request.header.id": "method.request.path.petId",
    }
    mapping = RequestMapping.parse(texts)
    assert list(mapping.as_dict().items()) == list(texts.items())
    assert mapping.declarations() == (
        "method.request.querystring.tag",
        "method.request.querystring.token",
        "method.request.path.petId",
    )
    assert mapping.apply(REQUEST) == (
        MappedParameter(location="querystring", name="tag", values=("1", "3")),
        MappedParameter(location="header", name="Cookie", values=("",)),
        MappedParameter(location="path", name="id", values=("a b",)),
        MappedParameter(location="header", name="id", values=("a b",)),
    )


def test_a_response_mapping_leaves_out_what_is_missing_and_keeps_its_order() -> None:
    texts = {
        "method.response.header.code": "integration.response.body.error.code",
        "method.response.header.etag": "integration.response.header.ETag",
        "method.response.header.Access-Control-Allow-Origin": "'*'",
    }
    mapping = ResponseMapping.parse(texts)
    assert list(mapping.as_dict().items()) == list(texts.items())
    assert mapping.apply(response('{"error": {"code": 7}}')) == (
        MappedHeader(name="code", value="7"),
        MappedHeader(name="Access-Control-Allow-Origin", value="*"),
    )


def test_line_breaks_never_reach_a_header() -> None:
    body = r'{"x": "a\r\nEvil: 1\u0000"}'
    requested = RequestMapping.parse(
        {f"integration.request.{place}.x": "method.request.body.x" for place in ("header", "querystring", "path")}
    )
    assert [item.values for item in requested.apply(request(body))] == [
        ("a Evil: 1 ",),
        ("a\r\nEvil: 1\0",),
        ("a\r\nEvil: 1\0",),
    ]
    answered = ResponseMapping.parse({"method.response.header.x": "integration.response.body.x"})
    assert answered.apply(response(body)) == (MappedHeader(name="x", value="a Evil: 1 "),)


@pytest.mark.parametrize(
    ("source", "declared"),
    [
        ("method.request.path.petId", "method.request.path.petId"),
        ("method.request.querystring.page", "method.request.querystring.page"),
        ("method.request.multivaluequerystring.tag", "method.request.querystring.tag"),
        ("method.request.header.Authorization", "method.request.header.Authorization"),
        ("method.request.multivalueheader.Accept", "method.request.header.Accept"),
        ("method.request.body", None),
        ("method.request.body.tenant", None),
        ("context.requestId", None),
        ("stageVariables.tenant", None),
        ("'text'", None),
    ],
)
def test_what_a_method_must_declare(source: str, declared: str | None) -> None:
    assert declared_parameter(parse_source(source)) == declared


def test_a_response_asks_the_method_for_no_parameter() -> None:
    assert declared_parameter(parse_response_source("integration.response.header.ETag")) is None


def test_a_name_is_declared_in_one_place_of_the_request() -> None:
    declarations = (
        "method.request.querystring.id",
        "method.request.header.a.id",
        "method.request.header.id",
        "method.request.header.Id",
        "method.request.querystring.id",
        "method.request.path.id",
    )
    taken = 'the name "id" is taken by method.request.querystring.id: it is unique across query string, header, path'
    assert list(check_distinct(declarations)) == [
        ("method.request.header.id", taken),
        ("method.request.path.id", taken),
    ]


def test_a_mapping_that_needs_one_name_in_two_places_is_refused() -> None:
    texts = {
        "integration.request.header.a": "method.request.multivalueheader.id",
        "integration.request.header.b": "method.request.path.id",
    }
    with pytest.raises(ExpressionError) as raised:
        RequestMapping.parse(texts)
    assert str(raised.value) == (
        'the name "id" is taken by method.request.header.id: it is unique across query string, header, path, '
        'got "method.request.path.id"'
    )


def test_one_name_may_go_to_several_places() -> None:
    texts = {f"integration.request.{place}.id": "method.request.path.id" for place in ("path", "querystring", "header")}
    assert RequestMapping.parse(texts).as_dict() == texts


def test_one_header_cannot_be_mapped_twice() -> None:
    with pytest.raises(ExpressionError) as raised:
        RequestMapping.parse({"integration.request.header.Tenant": "'a'", "integration.request.header.tenant": "'b'"})
    assert str(raised.value) == (
        'the same header is mapped by integration.request.header.Tenant, got "integration.request.header.tenant"'
    )
    with pytest.raises(ExpressionError) as raised:
        ResponseMapping.parse({"method.response.header.ETag": "'a'", "method.response.header.etag": "'b'"})
    assert str(raised.value) == (
        'the same header is mapped by method.response.header.ETag, got "method.response.header.etag"'
    )


def test_query_strings_that_differ_in_case_are_two() -> None:
    destinations = [Destination(location="querystring", name=name) for name in ("a", "A")]
    assert list(check_headers(destinations)) == []


@pytest.mark.parametrize("name", ["Authorization", "connection", "Expect", "Proxy-Authenticate", "TE"])
def test_headers_that_fail_every_request_to_an_aws_service(name: str) -> None:
    kinds: tuple[IntegrationType, ...] = ("HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY", "MOCK")
    header = Destination(location="header", name=name)
    assert {kind: check_header(header, kind) for kind in kinds} == {
        "HTTP": None,
        "HTTP_PROXY": None,
        "AWS": f"integration.request.header.{name} makes every request of an AWS integration fail with 500",
        "AWS_PROXY": f"integration.request.header.{name} makes every request of an AWS_PROXY integration fail with 500",
        "MOCK": None,
    }
    assert check_header(Destination(location="querystring", name=name), "AWS") is None
    assert check_header(Destination(location="header", name="X-Tenant"), "AWS") is None


def test_mappings_say_what_each_entry_came_to() -> None:
    asked = RequestMapping.parse(
        {
            "integration.request.querystring.tag": "method.request.multivaluequerystring.tag",
            "integration.request.header.gone": "method.request.header.gone",
        }
    ).explain(request(query=(("tag", "a"), ("tag", "b"))))
    assert [(one.destination, one.source, one.values) for one in asked] == [
        ("integration.request.querystring.tag", "method.request.multivaluequerystring.tag", ("a", "b")),
        ("integration.request.header.gone", "method.request.header.gone", ()),
    ]
    answered = ResponseMapping.parse(
        {
            "method.response.header.etag": "integration.response.header.etag",
            "method.response.header.gone": "integration.response.header.gone",
        }
    ).explain(response(headers=(("etag", "7"),)))
    assert [(one.destination, one.values) for one in answered] == [
        ("method.response.header.etag", ("7",)),
        ("method.response.header.gone", ()),
    ]
