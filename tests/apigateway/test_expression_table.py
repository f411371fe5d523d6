"""Mapping expressions of both dialects and both sides, good and bad, with the reason for each.

A good one is read and printed back to the same text. A bad one is answered with exactly the message that is written
here: its reason, the text itself, the grammar and the suggestion.
"""

from collections.abc import Callable
from typing import Final

import pytest

from apigateway.errors import ExpressionError
from apigateway.mapping import http, websocket
from tests.apigateway.expression_rows import Bad, proposals

SOURCE: Final = (
    "expected route.request.header|querystring|multivalueheader|multivaluequerystring.NAME, route.request.body.PATH, "
    "context.NAME, stageVariables.NAME or 'text' in single quotes"
)
DESTINATION: Final = "expected integration.request.header.NAME, ….querystring.NAME or ….path.NAME"
REQUEST_VALUE: Final = (
    "expected text, $request.header|querystring.NAME, $request.body, $request.body.PATH, $request.path, "
    "$request.path.NAME, $context.NAME or $stageVariables.NAME, in ${…} where it is a part of the value"
)
RESPONSE_VALUE: Final = (
    "expected text, $response.header.NAME, $response.body, $response.body.PATH, $context.NAME or "
    "$stageVariables.NAME, in ${…} where it is a part of the value"
)
REQUEST_KEY: Final = (
    "expected append|overwrite|remove:header.NAME, append|overwrite|remove:querystring.NAME or overwrite:path"
)
RESPONSE_KEY: Final = "expected append|overwrite|remove:header.NAME or overwrite:statuscode"
JSON_PATH: Final = "expected a JSON path such as order.items[0].id: names joined by dots, [0], ['name'], [*], [0:2]"
CONTEXT_NAME: Final = 'expected words of letters, digits and "_", joined by "."'

NO_SOURCE: Final = "not a source of a WebSocket API's mapping"
NO_DESTINATION: Final = "not a destination of a WebSocket API's mapping"
FOREIGN: Final = "a source of another kind of API, which an HTTP API would send as text"
NO_REQUEST_KEY: Final = "not a destination of an HTTP API's request mapping"
NO_RESPONSE_KEY: Final = "not a destination of an HTTP API's response mapping"

UNDER_RESPONSES: Final = 'it belongs under responseParameters, by the status: {"404": {"overwrite:statuscode": "403"}}'
NO_CLAIM: Final = '"authorizer.claims.cognito:groups" is not the name of a $context variable'

PARSERS: Final[dict[str, Callable[[str], object]]] = {
    "WebSocket source": websocket.parse_source,
    "WebSocket destination": websocket.Destination.parse,
    "HTTP request value": lambda text: http.Template.parse(text, side="request"),
    "HTTP response value": lambda text: http.Template.parse(text, side="response"),
    "HTTP request key": http.RequestDestination.parse,
    "HTTP response key": http.ResponseDestination.parse,
}


GOOD: Final[dict[str, dict[str, str]]] = {
    "WebSocket source": {
        "route.request.header.Authorization": "a header of the handshake",
        "route.request.header.X-Api_Key.v1$": "a name holds letters, digits and . _ $ -",
        "route.request.querystring.authToken": "a query string of the handshake",
        "route.request.multivalueheader.Accept": "all values of a header",
        "route.request.multivaluequerystring.tag": "all values of a query string",
        "route.request.body.tenant": "a field of the message",
        "route.request.body.order.items[0].id": "a path into the message",
        "route.request.body.order['first item']": "a quoted name",
        'route.request.body.order["first item"]': "a name in double quotes",
        "route.request.body.tenant-id": "a dash in a name after a dot",
        "route.request.body.2fa": "a name that begins with a digit",
        "route.request.body.items[*].id": "all items",
        "route.request.body.items[0:2]": "a slice",
        "route.request.body.items[-1]": "the last item",
        "stageVariables.tenant": "a stage variable",
        "stageVariables.tenant_2": "letters, digits and underscores",
        "context.connectionId": "a context variable",
        "context.identity.sourceIp": "a dotted context variable",
        "context.connectedAt": "known to WebSocket APIs alone",
        "context.authorizer.tenant": "any property that an authorizer returns",
        "context.authorizer.principalId": "the authorizer's principal",
        "'websocket'": "static text is quoted",
        "''": "empty static text",
        "'$context.connectionId'": "quoted, so it is text",
        "'two words, and a \"quote\"'": "anything but a single quote",
    },
    "WebSocket destination": {
        "integration.request.header.ConnectionId": "a header",
        "integration.request.querystring.source": "a query string",
        "integration.request.path.room": "a placeholder of the integration's URI",
        "integration.request.header.x-tenant.v1_$": "a name holds letters, digits and . _ $ -",
    },
    "HTTP request value": {
        "$request.header.Accept": "a header, alone and bare",
        "${request.header.Accept}": "a header, alone and in braces",
        "${request.header.a$b}": "a header's name is a token, in which $ is legal",
        "$request.querystring.page": "a query string",
        "${request.querystring.filter[name]}": "a query string's name may hold brackets",
        "$request.body": "the whole body",
        "$request.body.order.items[0].id": "a path into the body",
        "${request.body.order['first item']}": "a quoted name in the path",
        "$request.path": "the path without the stage",
        "$request.path.id": "a path parameter",
        "$request.path.proxy": "a greedy path parameter, without its +",
        "$context.requestId": "a context variable",
        "${context.identity.clientCert.validity.notAfter}": "a context variable with many words",
        "$context.authorizer.claims.sub": "a claim of a JWT",
        "$context.authorizer.tenant": "a property of a Lambda authorizer",
        "$context.integrationLatency": "mappings and logs share one list in HTTP APIs",
        "$stageVariables.tenant": "a stage variable",
        "${request.path.name} ${request.path.id}": "several variables, each in braces",
        "/v1${request.path}": "text and a variable",
        '{"id": "${request.path.id}"}': "braces that belong to the text",
        "${context.stage}${context.stage}": "two variables side by side",
        "static text": "text is not quoted",
        "'quoted'": "quotes are part of the text",
        "costs $5": "a $ that begins no name is text",
        "$": "a $ alone is text",
        "context.html": "not a context variable of any API, so it is text",
        "route.request": "not a whole expression of another dialect, so it is text",
        "see route.request.header.X": "an expression of another dialect amid text is text",
        "": "the empty value of a removal",
    },
    "HTTP response value": {
        "$response.header.ETag": "a header of the response",
        "${response.header.ETag}": "the same in braces",
        "$response.body": "the whole body",
        "$response.body.error.code": "a path into the body",
        "$context.error.message": "a context variable",
        "$stageVariables.tenant": "a stage variable",
        "403": "static text, here a status code",
        "${response.header.a}/${context.requestId}": "several variables",
    },
    "HTTP request key": {
        "append:header.x-request-id": "add a header",
        "overwrite:header.x-request-id": "replace a header",
        "remove:header.x-request-id": "drop a header",
        "append:querystring.page": "add a query string",
        "overwrite:querystring.page": "replace a query string",
        "remove:querystring.page": "drop a query string",
        "overwrite:querystring.filter[name]": "brackets in the name of a query string",
        "overwrite:path": "replace the path",
        "overwrite:header.Host": "not reserved",
        "overwrite:header.Content-Type": "not reserved",
        "append:header.Cookie": "not reserved",
        "append:header.X-Forwarded-Port": "not reserved, unlike its siblings",
        "append:header.x-amazing": "begins like x-amz-, but does not have the dash",
        "append:header.te-st": "TE is reserved as a whole name",
        "append:querystring.Authorization": "reserved as a header only",
    },
    "HTTP response key": {
        "append:header.x-error": "add a header",
        "overwrite:header.Content-Type": "replace a header",
        "remove:header.Server": "drop a header",
        "overwrite:statuscode": "replace the status code",
    },
}

BAD: Final[dict[str, tuple[Bad, ...]]] = {
    "WebSocket source": (
        Bad("", "a mapping's value is of 1 to 512 characters, not 0", SOURCE),
        Bad(f"'{'x' * 511}'", "a mapping's value is of 1 to 512 characters, not 513", SOURCE),
        Bad("websocket", NO_SOURCE, SOURCE, "write 'websocket'"),
        Bad("application/json", NO_SOURCE, SOURCE, "write 'application/json'"),
        Bad("'it's'", NO_SOURCE, SOURCE),
        Bad('"double"', NO_SOURCE, SOURCE, "write '\"double\"'"),
        Bad("'open", NO_SOURCE, SOURCE),
        Bad("$request.header.Authorization", NO_SOURCE, SOURCE, "write route.request.header.Authorization"),
        Bad("${request.header.Authorization}", NO_SOURCE, SOURCE, "write route.request.header.Authorization"),
        Bad("request.header.Authorization", NO_SOURCE, SOURCE, "write route.request.header.Authorization"),
        Bad("method.request.header.X", NO_SOURCE, SOURCE, "write route.request.header.X"),
        Bad("method.request.querystring.x", NO_SOURCE, SOURCE, "write route.request.querystring.x"),
        Bad("method.request.multivalueheader.X", NO_SOURCE, SOURCE, "write route.request.multivalueheader.X"),
        Bad("integration.request.header.X", NO_SOURCE, SOURCE, "write route.request.header.X"),
        Bad("$request.body.tenant", NO_SOURCE, SOURCE, "write route.request.body.tenant"),
        Bad("method.request.body.a[0].b", NO_SOURCE, SOURCE, "write route.request.body.a[0].b"),
        Bad("$context.connectionId", NO_SOURCE, SOURCE, "write context.connectionId"),
        Bad("${context.connectionId}", NO_SOURCE, SOURCE, "write context.connectionId"),
        Bad("$stageVariables.tenant", NO_SOURCE, SOURCE, "write stageVariables.tenant"),
        Bad("$context.conectionId", NO_SOURCE, SOURCE, 'did you mean "connectionId"?'),
        Bad("$context.httpMethod", NO_SOURCE, SOURCE, '"httpMethod" is a $context variable of HTTP APIs only'),
        Bad("$request.body", NO_SOURCE, SOURCE, "name a field of it: route.request.body.PATH"),
        Bad("$request.path.id", NO_SOURCE, SOURCE),
        Bad("route.request.path.id", NO_SOURCE, SOURCE),
        Bad("$response.header.X", NO_SOURCE, SOURCE),
        Bad("web\nsocket", NO_SOURCE, SOURCE),
        Bad("context.a\nb", r'"a\nb" is not the name of a $context variable', CONTEXT_NAME),
        Bad("/rooms/${request.body.room}", NO_SOURCE, SOURCE, "only an HTTP API's mapping has ${…} amid text"),
        Bad("route.request.header.", NO_SOURCE, SOURCE),
        Bad("route.request.header", NO_SOURCE, SOURCE),
        Bad("route.request.header.two words", NO_SOURCE, SOURCE),
        Bad("route.request.headers.X", NO_SOURCE, SOURCE, "write route.request.header.X"),
        Bad("route.request.queryString.a", NO_SOURCE, SOURCE, "write route.request.querystring.a"),
        Bad("route.request.query.a", NO_SOURCE, SOURCE, "write route.request.querystring.a"),
        Bad("route.request.multiValueHeader.A", NO_SOURCE, SOURCE, "write route.request.multivalueheader.A"),
        Bad("route.request.cookie.a", NO_SOURCE, SOURCE),
        Bad("connectionId", NO_SOURCE, SOURCE, "write context.connectionId, or 'connectionId' for this very text"),
        Bad("$connectionId", NO_SOURCE, SOURCE, "write context.connectionId"),
        Bad("identity.sourceIp", NO_SOURCE, SOURCE, "write context.identity.sourceIp"),
        Bad("requestContext.connectionId", NO_SOURCE, SOURCE, "write context.connectionId"),
        Bad("event.requestContext.connectionId", NO_SOURCE, SOURCE, "write context.connectionId"),
        Bad("requestContext.conectionId", NO_SOURCE, SOURCE, 'did you mean "connectionId"?'),
        Bad("Route.request.header.X", NO_SOURCE, SOURCE),
        Bad("$request.header.a~b", NO_SOURCE, SOURCE),
        Bad(
            "route.request.body",
            "the whole body is not a source of a WebSocket API's mapping",
            "",
            "name a field of it: route.request.body.PATH",
        ),
        Bad("route.request.body.a..b", 'a JSON path cannot descend with ".."', JSON_PATH),
        Bad("route.request.body.$.a", 'a JSON path is written without "$."', JSON_PATH),
        Bad("route.request.body.items[?(@.id)]", "a JSON path cannot hold a filter", JSON_PATH),
        Bad("route.request.body.", '"" is not a JSON path', JSON_PATH),
        Bad("route.request.body.a[01]", '"a[01]" is not a JSON path', JSON_PATH),
        Bad("route.request.body.[0]", '"[0]" is not a JSON path', JSON_PATH),
        Bad("route.request.body.a b", '"a b" is not a JSON path', JSON_PATH),
        Bad(
            "context.conectionId",
            '"conectionId" is not a $context variable of WebSocket APIs',
            "",
            'did you mean "connectionId"?',
        ),
        Bad("context.xyzzy", '"xyzzy" is not a $context variable of WebSocket APIs'),
        Bad("context.httpMethod", '"httpMethod" is a $context variable of HTTP APIs only'),
        Bad("context.integrationLatency", '"integrationLatency" is a $context variable of access logs only'),
        Bad("context.", '"" is not the name of a $context variable', CONTEXT_NAME),
        Bad(
            "context.authorizer.tenant-id",
            '"authorizer.tenant-id" is not the name of a $context variable',
            CONTEXT_NAME,
        ),
        Bad(
            "context.authorizer.claims.sub",
            '"authorizer.claims.sub" is not a $context variable of WebSocket APIs',
        ),
        Bad("stageVariables.a-b", 'a stage variable\'s name is of letters, digits and "_"'),
    ),
    "WebSocket destination": (
        Bad("append:header.X", NO_DESTINATION, DESTINATION, "write integration.request.header.X"),
        Bad("overwrite:header.X", NO_DESTINATION, DESTINATION, "write integration.request.header.X"),
        Bad("append:querystring.x", NO_DESTINATION, DESTINATION, "write integration.request.querystring.x"),
        Bad("overwrite:querystring.a[b]", NO_DESTINATION, DESTINATION),
        Bad("remove:header.X", NO_DESTINATION, DESTINATION),
        Bad(
            "overwrite:path",
            NO_DESTINATION,
            DESTINATION,
            "the path stands in the integration's own key path, or in its integrationUri",
        ),
        Bad("integration.request.headers.x", NO_DESTINATION, DESTINATION, "write integration.request.header.x"),
        Bad("Integration.Request.Path.x", NO_DESTINATION, DESTINATION, "write integration.request.path.x"),
        Bad("set:header.x", NO_DESTINATION, DESTINATION, "write integration.request.header.x"),
        Bad("header.x", NO_DESTINATION, DESTINATION, "write integration.request.header.x"),
        Bad("method.request.header.X", NO_DESTINATION, DESTINATION, "write integration.request.header.X"),
        Bad("route.request.querystring.x", NO_DESTINATION, DESTINATION, "write integration.request.querystring.x"),
        Bad("integration.response.header.X", NO_DESTINATION, DESTINATION),
        Bad("integration.request.body.x", NO_DESTINATION, DESTINATION),
        Bad("integration.request.header.", NO_DESTINATION, DESTINATION),
        Bad("integration.request.header.two words", NO_DESTINATION, DESTINATION),
        Bad("integration.request.header.a\r\nb", NO_DESTINATION, DESTINATION),
        Bad("", NO_DESTINATION, DESTINATION),
    ),
    "HTTP request value": (
        Bad("x" * 513, "a mapping's value is of 1 to 512 characters, not 513", REQUEST_VALUE),
        Bad("route.request.header.X", FOREIGN, REQUEST_VALUE, "write $request.header.X"),
        Bad("method.request.header.X", FOREIGN, REQUEST_VALUE, "write $request.header.X"),
        Bad("method.request.path.id", FOREIGN, REQUEST_VALUE, "write $request.path.id"),
        Bad("route.request.multivalueheader.X", FOREIGN, REQUEST_VALUE, "write $request.header.X"),
        Bad("method.request.multivaluequerystring.x", FOREIGN, REQUEST_VALUE, "write $request.querystring.x"),
        Bad("route.request.body.a.b", FOREIGN, REQUEST_VALUE, "write $request.body.a.b"),
        Bad("method.request.body", FOREIGN, REQUEST_VALUE, "write $request.body"),
        Bad("context.requestId", FOREIGN, REQUEST_VALUE, "write $context.requestId"),
        Bad("context.authorizer.claims.sub", FOREIGN, REQUEST_VALUE, "write $context.authorizer.claims.sub"),
        Bad(
            "context.connectionId",
            FOREIGN,
            REQUEST_VALUE,
            '"connectionId" is a $context variable of WebSocket APIs only',
        ),
        Bad("stageVariables.tenant", FOREIGN, REQUEST_VALUE, "write $stageVariables.tenant"),
        Bad("integration.response.header.X", FOREIGN, REQUEST_VALUE, "a request mapping cannot read the response"),
        Bad("route.request.foo", FOREIGN, REQUEST_VALUE),
        Bad("$response.header.X", "a request mapping cannot read the response"),
        Bad("${response.body}", "a request mapping cannot read the response"),
        Bad("$foo", '"foo" is not a variable', REQUEST_VALUE),
        Bad("$foo\nbar", r'"foo\nbar" is not a variable', REQUEST_VALUE),
        Bad("${foo.bar}", '"foo.bar" is not a variable', REQUEST_VALUE),
        Bad("${}", '"" is not a variable', REQUEST_VALUE),
        Bad("$request", '"request" is not a variable', REQUEST_VALUE),
        Bad("$request.", '"request." is not a variable', REQUEST_VALUE),
        Bad("$request.header", '"request.header" is not a variable', REQUEST_VALUE),
        Bad(
            "$request.headers.X",
            '"request.headers.X" is not a variable',
            REQUEST_VALUE,
            'did you mean "request.header.X"?',
        ),
        Bad(
            "a ${request.query.x}",
            '"request.query.x" is not a variable',
            REQUEST_VALUE,
            'did you mean "request.querystring.x"?',
        ),
        Bad(
            "a $request.query.x",
            '"$request.query.x" is not a variable',
            REQUEST_VALUE,
            'did you mean "request.querystring.x"?',
        ),
        Bad(
            "$method.request.header.x",
            '"method.request.header.x" is not a variable',
            REQUEST_VALUE,
            'did you mean "request.header.x"?',
        ),
        Bad(
            "$requestContext.requestId",
            '"requestContext.requestId" is not a variable',
            REQUEST_VALUE,
            'did you mean "context.requestId"?',
        ),
        Bad("$requestId", '"requestId" is not a variable', REQUEST_VALUE, 'did you mean "context.requestId"?'),
        Bad("route.request.headers.X", FOREIGN, REQUEST_VALUE, "write $request.header.X"),
        Bad("$request.body.a[?(@.b)]", "a JSON path cannot hold a filter", JSON_PATH),
        Bad("$context.authorizer.claims.cognito:groups", NO_CLAIM, CONTEXT_NAME),
        Bad(
            "id $request.body.items[0]",
            '"$request.body.items" must be in braces, with all of its name, for it is not the whole value',
            REQUEST_VALUE,
        ),
        Bad("${request.header.two words}", '"request.header.two words" is not a variable', REQUEST_VALUE),
        Bad(
            "$requst.header.X",
            '"requst.header.X" is not a variable',
            REQUEST_VALUE,
            'did you mean "request.header.X"?',
        ),
        Bad(
            "$Context.requestId",
            '"Context.requestId" is not a variable',
            REQUEST_VALUE,
            'did you mean "context.requestId"?',
        ),
        Bad(
            "$request.path.name $request.path.id",
            '"$request.path.name" must be in braces, for it is not the whole value',
            "",
            "write ${request.path.name} ${request.path.id}",
        ),
        Bad(
            "/v1/$request.path.id",
            '"$request.path.id" must be in braces, for it is not the whole value',
            "",
            "write /v1/${request.path.id}",
        ),
        Bad(
            "$request.path.id/x",
            '"$request.path.id" must be in braces, for it is not the whole value',
            "",
            "write ${request.path.id}/x",
        ),
        Bad("price in $usd", '"$usd" is not a variable', REQUEST_VALUE),
        Bad("${request.header.X", '"${request.header.X" has no closing brace', REQUEST_VALUE),
        Bad("a ${request.path} ${", '"${" has no closing brace', REQUEST_VALUE),
        Bad(
            "$context.requesId",
            '"requesId" is not a $context variable of HTTP APIs',
            "",
            'did you mean "requestId"?',
        ),
        Bad("$context.connectionId", '"connectionId" is a $context variable of WebSocket APIs only'),
        Bad("$context.authorizer.claims", '"authorizer.claims" alone is always null', "", "name one claim"),
        Bad(
            "$context.authorizer.tenant-id",
            '"authorizer.tenant-id" is not the name of a $context variable',
            CONTEXT_NAME,
        ),
        Bad("$stageVariables.a-b", 'a stage variable\'s name is of letters, digits and "_"'),
        Bad("$request.body.a..b", 'a JSON path cannot descend with ".."', JSON_PATH),
        Bad("${request.body.items[?(@.id)]}", "a JSON path cannot hold a filter", JSON_PATH),
        Bad("${request.body.items[?@.id]}", "a JSON path cannot hold a filter", JSON_PATH),
    ),
    "HTTP response value": (
        Bad("$request.header.X", "a response mapping cannot read the request"),
        Bad("x${request.path}", "a response mapping cannot read the request"),
        Bad("integration.response.header.X", FOREIGN, RESPONSE_VALUE, "write $response.header.X"),
        Bad("integration.response.body.a", FOREIGN, RESPONSE_VALUE, "write $response.body.a"),
        Bad("route.request.header.X", FOREIGN, RESPONSE_VALUE, "a response mapping cannot read the request"),
        Bad("$response.path", '"response.path" is not a variable', RESPONSE_VALUE),
        Bad("$response.querystring.x", '"response.querystring.x" is not a variable', RESPONSE_VALUE),
        Bad("$response.body.a..b", 'a JSON path cannot descend with ".."', JSON_PATH),
        Bad("${response.header.X", '"${response.header.X" has no closing brace', RESPONSE_VALUE),
    ),
    "HTTP request key": (
        Bad("integration.request.header.X", NO_REQUEST_KEY, REQUEST_KEY, "write overwrite:header.X"),
        Bad("method.request.querystring.x", NO_REQUEST_KEY, REQUEST_KEY, "write overwrite:querystring.x"),
        Bad("integration.request.path.id", NO_REQUEST_KEY, REQUEST_KEY),
        Bad(
            "integration.request.header.Authorization",
            NO_REQUEST_KEY,
            REQUEST_KEY,
            '"Authorization" is a reserved header, which no mapping can change',
        ),
        Bad("badaction:header.x", NO_REQUEST_KEY, REQUEST_KEY),
        Bad("append:path", NO_REQUEST_KEY, REQUEST_KEY),
        Bad("overwrite:path.id", NO_REQUEST_KEY, REQUEST_KEY),
        Bad("remove:path", NO_REQUEST_KEY, REQUEST_KEY),
        Bad("overwrite:statuscode", NO_REQUEST_KEY, REQUEST_KEY, UNDER_RESPONSES),
        Bad("overwrite:status", NO_REQUEST_KEY, REQUEST_KEY, UNDER_RESPONSES),
        Bad("append:body", NO_REQUEST_KEY, REQUEST_KEY),
        Bad("header.X", NO_REQUEST_KEY, REQUEST_KEY, "write overwrite:header.X"),
        Bad("overwrite:Header.x", NO_REQUEST_KEY, REQUEST_KEY, "write overwrite:header.x"),
        Bad("replace:header.x", NO_REQUEST_KEY, REQUEST_KEY, "write overwrite:header.x"),
        Bad("set:headers.x", NO_REQUEST_KEY, REQUEST_KEY, "write overwrite:header.x"),
        Bad("add:queryString.x", NO_REQUEST_KEY, REQUEST_KEY, "write append:querystring.x"),
        Bad("delete:header.x", NO_REQUEST_KEY, REQUEST_KEY, "write remove:header.x"),
        Bad("append:header.", NO_REQUEST_KEY, REQUEST_KEY),
        Bad("append:header.two words", NO_REQUEST_KEY, REQUEST_KEY),
        Bad("append:header.a:b", NO_REQUEST_KEY, REQUEST_KEY),
        Bad("append:header.a\r\nb", NO_REQUEST_KEY, REQUEST_KEY),
        Bad("append:querystring.a\0b", NO_REQUEST_KEY, REQUEST_KEY),
        Bad("", NO_REQUEST_KEY, REQUEST_KEY),
        *(
            Bad(f"{action}:header.{name}", f'"{name}" is a reserved header, which no mapping can change')
            for action, name in (
                ("append", "access-control-allow-origin"),
                ("append", "Access-Control-Max-Age"),
                ("append", "apigw-requestid"),
                ("overwrite", "Authorization"),
                ("overwrite", "AUTHORIZATION"),
                ("overwrite", "Connection"),
                ("overwrite", "Content-Encoding"),
                ("overwrite", "Content-Length"),
                ("overwrite", "Content-Location"),
                ("overwrite", "Forwarded"),
                ("overwrite", "Keep-Alive"),
                ("overwrite", "Origin"),
                ("overwrite", "Proxy-Authenticate"),
                ("overwrite", "Proxy-Authorization"),
                ("remove", "TE"),
                ("remove", "Trailers"),
                ("remove", "Transfer-Encoding"),
                ("remove", "Upgrade"),
                ("append", "x-amz-date"),
                ("append", "X-Amzn-Trace-Id"),
                ("remove", "X-Forwarded-For"),
                ("remove", "X-Forwarded-Host"),
                ("remove", "X-Forwarded-Proto"),
                ("remove", "Via"),
            )
        ),
    ),
    "HTTP response key": (
        Bad("integration.response.header.X", NO_RESPONSE_KEY, RESPONSE_KEY, "write overwrite:header.X"),
        Bad("method.response.header.X", NO_RESPONSE_KEY, RESPONSE_KEY, "write overwrite:header.X"),
        Bad("append:statuscode", NO_RESPONSE_KEY, RESPONSE_KEY, "write overwrite:statuscode"),
        Bad("overwrite:status", NO_RESPONSE_KEY, RESPONSE_KEY, "write overwrite:statuscode"),
        Bad("overwrite:status_code", NO_RESPONSE_KEY, RESPONSE_KEY, "write overwrite:statuscode"),
        Bad("remove:statuscode", NO_RESPONSE_KEY, RESPONSE_KEY),
        Bad("append:overwrite.static", NO_RESPONSE_KEY, RESPONSE_KEY),
        Bad("overwrite:querystring.x", NO_RESPONSE_KEY, RESPONSE_KEY, "it belongs under requestParameters"),
        Bad("overwrite:path", NO_RESPONSE_KEY, RESPONSE_KEY, "it belongs under requestParameters"),
        Bad(
            "overwrite:header.access-control-allow-origin",
            '"access-control-allow-origin" is a reserved header, which no mapping can change',
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
    assert len(found) > 30
    for kind, proposal in found:
        assert str(PARSERS[kind](proposal)) == proposal
