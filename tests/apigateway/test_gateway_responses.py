"""Types, parameters and defaults of gateway responses."""

import json

import pytest
from botocore.loaders import Loader
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError
from apigateway.gateway_responses import (
    DEFAULT_STATUS,
    DEFAULT_TEMPLATES,
    NOT_CUSTOMISED,
    PARAMETER_GRAMMAR,
    VALUE_GRAMMAR,
    advise_response_template,
    advise_response_type,
    advise_response_value,
    check_response_parameter,
    check_response_type,
    check_response_value,
    default_type,
)

from .expressions import WORD, words

NO_TYPE = "not a type of gateway response"
NO_PARAMETER = "not a parameter of a gateway response"
NO_VALUE = "not a value of a gateway response's parameter"


def test_the_types_are_those_of_the_model() -> None:
    shapes = Loader().load_service_model("apigateway", "service-2")["shapes"]
    assert set(DEFAULT_STATUS) == set(shapes["GatewayResponseType"]["enum"])
    assert set(DEFAULT_STATUS) > NOT_CUSTOMISED


@pytest.mark.parametrize("name", sorted(DEFAULT_STATUS))
def test_a_type_and_the_default_behind_it(name: str) -> None:
    check_response_type(name)
    status, behind = DEFAULT_STATUS[name], default_type(name)
    assert (status is None) == (behind is None) == name.startswith("DEFAULT_")
    if status is not None:
        assert behind == ("DEFAULT_4XX" if status < 500 else "DEFAULT_5XX")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("DEFAULT_4xx", f'{NO_TYPE}, got "DEFAULT_4xx"; did you mean "DEFAULT_4XX"?'),
        ("5xx", f'{NO_TYPE}, got "5xx"; did you mean "DEFAULT_5XX"?'),
        ("access-denied", f'{NO_TYPE}, got "access-denied"; did you mean "ACCESS_DENIED"?'),
        ("THROTTLE", f'{NO_TYPE}, got "THROTTLE"; did you mean "THROTTLED"?'),
        ("404", f'{NO_TYPE}, got "404"; write RESOURCE_NOT_FOUND'),
        ("504", f'{NO_TYPE}, got "504"; write INTEGRATION_FAILURE or INTEGRATION_TIMEOUT'),
        ("418", f'{NO_TYPE}, got "418"; expected one of {", ".join(DEFAULT_STATUS)}'),
        ("", f'{NO_TYPE}, got ""; expected one of {", ".join(DEFAULT_STATUS)}'),
    ],
)
def test_what_is_not_a_type(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_response_type(text)
    assert str(raised.value) == message


def test_the_default_body_is_json_once_its_variable_is_filled() -> None:
    body = DEFAULT_TEMPLATES["application/json"].replace("$context.error.messageString", '"Forbidden"')
    assert json.loads(body) == {"message": "Forbidden"}


@given(words(WORD + "-.$"))
def test_a_parameter(name: str) -> None:
    check_response_parameter(f"gatewayresponse.header.{name}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f'{NO_PARAMETER}, got ""; {PARAMETER_GRAMMAR}'),
        ("gatewayresponse.header.", f'{NO_PARAMETER}, got "gatewayresponse.header."; {PARAMETER_GRAMMAR}'),
        (
            "Access-Control-Allow-Origin",
            (
                f'{NO_PARAMETER}, got "Access-Control-Allow-Origin"; {PARAMETER_GRAMMAR}; '
                "write gatewayresponse.header.Access-Control-Allow-Origin"
            ),
        ),
        (
            "method.response.header.X-A",
            f'{NO_PARAMETER}, got "method.response.header.X-A"; {PARAMETER_GRAMMAR}; write gatewayresponse.header.X-A',
        ),
        (
            "gatewayResponse.headers.X-A",
            f'{NO_PARAMETER}, got "gatewayResponse.headers.X-A"; {PARAMETER_GRAMMAR}; write gatewayresponse.header.X-A',
        ),
        ("header.X-A", f'{NO_PARAMETER}, got "header.X-A"; {PARAMETER_GRAMMAR}; write gatewayresponse.header.X-A'),
        ("gatewayresponse.header.a b", f'{NO_PARAMETER}, got "gatewayresponse.header.a b"; {PARAMETER_GRAMMAR}'),
        (
            "gatewayresponse.querystring.a",
            (
                'a response has headers and no path or query string, got "gatewayresponse.querystring.a"; '
                f"{PARAMETER_GRAMMAR}"
            ),
        ),
        (
            "gatewayresponse.path.a",
            f'a response has headers and no path or query string, got "gatewayresponse.path.a"; {PARAMETER_GRAMMAR}',
        ),
    ],
)
def test_what_is_not_a_parameter(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_response_parameter(text)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    "text",
    [
        "''",
        "'*'",
        "'default-src 'self''",
        "method.request.header.Origin",
        "method.request.querystring.q",
        "method.request.path.petId",
        "context.requestId",
        "context.authorizer.claims.sub",
        "stageVariables.origin",
    ],
)
def test_a_value(text: str) -> None:
    check_response_value(text)


@given(st.text(max_size=40))
def test_any_text_in_single_quotes_is_a_value(text: str) -> None:
    check_response_value(f"'{text}'")


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("", ""),
        ("'", ""),
        ("*", "; write '*'"),
        ('"*"', "; write '*'"),
        ("'*", "; write '*'"),
        ("https://example.com", "; write 'https://example.com'"),
        ("$context.requestId", "; write context.requestId"),
        ("${stageVariables.origin}", "; write stageVariables.origin"),
        ("$request.header.Origin", "; write method.request.header.Origin"),
        ("route.request.querystring.q", "; write method.request.querystring.q"),
        ("integration.response.header.ETag", "; there is no response of an integration to read here"),
        ("method.request.body", ""),
        ("method.request.multivalueheader.Origin", ""),
        ("context.", ""),
        ("stageVariables.a-b", ""),
    ],
)
def test_what_is_not_a_value(text: str, suggestion: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_response_value(text)
    assert str(raised.value) == f'{NO_VALUE}, got "{text}"; {VALUE_GRAMMAR}{suggestion}'


def test_one_type_cannot_be_customised() -> None:
    assert list(advise_response_type("REQUEST_TOO_LARGE")) == ["has no effect: clients see API Gateway's own response"]
    assert list(advise_response_type("THROTTLED")) == []


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("'*'", []),
        ("context.error.message", []),
        ("context.authorizer.claims.sub", []),
        ("stageVariables.origin", []),
        (
            "context.error.mesage",
            ['"error.mesage" is not a $context variable of REST APIs; did you mean "error.message"?'],
        ),
        ("context.responseLatency", ['"responseLatency" is a $context variable of access logs only']),
    ],
)
def test_a_doubtful_value(text: str, doubts: list[str]) -> None:
    check_response_value(text)
    assert list(advise_response_value(text)) == doubts


AS_IT_IS = (
    "is printed as it is written: a gateway response's template knows $context, $stageVariables and "
    "$method.request alone"
)


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        (DEFAULT_TEMPLATES["application/json"], []),
        (
            '{"a": "$context.requestId", "b": "${stageVariables.b}", "c": "$method.request.header.X-Y", "d": "$5 #1"}',
            [],
        ),
        ("see $context.domainName/#set and #end-of-page.", []),
        ("$input.body $input.body", [f'"$input.body" {AS_IT_IS}']),
        ("$!context.requestId", [f'"$!context.requestId" {AS_IT_IS}']),
        ("${util.urlEncode($a)}", [f'"${{util.urlEncode" {AS_IT_IS}', f'"$a" {AS_IT_IS}']),
        ("$method.request.body.a", [f'"$method.request.body.a" {AS_IT_IS}']),
        (
            "#set($a = 1)#if($a)x#{else}y#end",
            [f'"{word}" {AS_IT_IS}' for word in ("#set", "#if", "$a")],
        ),
        (
            "$context.eror.message",
            ['"eror.message" is not a $context variable of REST APIs; did you mean "error.message"?'],
        ),
    ],
)
def test_a_doubtful_template(text: str, doubts: list[str]) -> None:
    assert list(advise_response_template(text)) == doubts
