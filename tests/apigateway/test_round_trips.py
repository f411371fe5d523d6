"""What is built from typed values is printed, read back to an equal value, and printed to the same text."""

from hypothesis import given
from hypothesis import strategies as st

from apigateway.json_path import JsonPath
from apigateway.mapping import http, websocket
from apigateway.route_keys import HttpRouteKey
from apigateway.selection import SelectionExpression

from . import expressions


@given(expressions.json_paths)
def test_json_paths(path: JsonPath) -> None:
    assert JsonPath.parse(str(path)) == path


@given(expressions.websocket_destinations)
def test_websocket_destinations(destination: websocket.Destination) -> None:
    assert websocket.Destination.parse(str(destination)) == destination


@given(expressions.websocket_sources)
def test_websocket_sources(source: websocket.Source) -> None:
    assert websocket.parse_source(str(source)) == source


@given(expressions.request_destinations)
def test_request_destinations(destination: http.RequestDestination) -> None:
    assert http.RequestDestination.parse(str(destination)) == destination


@given(expressions.response_destinations)
def test_response_destinations(destination: http.ResponseDestination) -> None:
    assert http.ResponseDestination.parse(str(destination)) == destination


@given(expressions.templates(expressions.request_variables))
def test_request_templates(template: http.Template) -> None:
    assert http.Template.parse(str(template), side="request") == template


@given(expressions.templates(expressions.response_variables))
def test_response_templates(template: http.Template) -> None:
    assert http.Template.parse(str(template), side="response") == template


@given(expressions.http_route_keys)
def test_http_route_keys(key: HttpRouteKey) -> None:
    again = HttpRouteKey.parse(str(key))
    assert (again, again.variables, str(again)) == (key, key.variables, str(key))


@given(expressions.selections)
def test_selection_expressions(expression: SelectionExpression) -> None:
    assert SelectionExpression.parse(str(expression)) == expression


@given(st.dictionaries(expressions.websocket_destinations.map(str), expressions.websocket_sources.map(str), max_size=4))
def test_a_websocket_mapping_keeps_its_texts_and_their_order(texts: dict[str, str]) -> None:
    distinct = {key.lower(): key for key in texts}
    texts = {key: texts[key] for key in distinct.values()}
    assert list(websocket.RequestMapping.parse(texts).as_dict().items()) == list(texts.items())
