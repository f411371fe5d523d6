import pytest

from apigateway.json_path import JsonValue
from apigateway.mapping.data import Explained
from local.console.describe import describe, summarise
from local.console.masking import is_secret, masked, masked_summary, masked_text
from local.gateway.traffic import Invoked
from tests.local.console.exchanges import data, exchange


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "Proxy-Authorization",
        "Cookie",
        "set-cookie",
        "X-Amz-Security-Token",
        "authToken",
        "x-api-key",
        "apiKey",
        "client_secret",
        "password",
        "passwd",
        "X-Amz-Credential",
        "X-Amz-Signature",
        "session",
        "identitySource",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["Accept", "tenant", "ConnectionId", "Host", "x-request-id", "authorizer", "keys"])
def test_names_of_what_may_be_seen(name: str) -> None:
    assert not is_secret(name)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /pets", "GET /pets"),
        ("GET /pets?page=1", "GET /pets?page=1"),
        ("GET /pets?token=t1&page=1", "GET /pets?token=•••&page=1"),
        ("GET /pets?page=1&auth_token=t1", "GET /pets?page=1&auth_token=•••"),
        ("/x?token=&page", "/x?token=&page"),
        ("GET /back?code=4%2F0A&state=s", "GET /back?code=•••&state=s"),
        ("GET /pets?Code=1&zipcode=2&code_2=3", "GET /pets?Code=•••&zipcode=2&code_2=3"),
        ("token=t1", "token=t1"),
    ],
)
def test_values_in_a_query_string(text: str, shown: str) -> None:
    assert masked_text(text) == shown


def test_an_exchange_without_its_secrets() -> None:
    detail = masked(describe(exchange()))
    assert detail["masked"]
    assert detail["event"] == "GET /orders/7?token=•••&page=1"
    assert detail["request"] is not None
    assert detail["request"]["headers"] == [["Authorization", None], ["Tenant", "acme"]]
    assert detail["request"]["query"] == [["token", None], ["page", "1"]]
    assert [row["values"] for row in detail["requestMappings"]["rows"]] == [["acme"], None, []]
    assert detail["sent"] == {
        "method": "GET",
        "target": "/orders/7?token=•••",
        "headers": [["Cookie", None]],
        "body": {"text": "", "size": 0, "cut": False},
    }
    assert detail["answered"] is not None
    assert detail["answered"]["headers"] == [["Set-Cookie", None], ["X-Seen", "1"]]
    assert masked_summary(summarise(exchange()))["event"] == detail["event"]


@pytest.mark.parametrize(
    ("source", "is_masked"),
    [
        ("$request.querystring.code", True),
        ("of ${request.querystring.code}", True),
        ("method.request.querystring.code", True),
        ("$request.querystring.code_2", False),
        ("$request.header.code", False),
    ],
)
def test_an_authorization_code_in_a_query(source: str, is_masked: bool) -> None:
    row = Explained(destination="append:header.x-a", source=source, values=("4/0A",))
    sent = data(headers=(("code", "7"),), query=(("code", "4/0A"), ("page", "1")))
    detail = masked(describe(exchange(request=sent, explain_request=lambda: (row,))))
    assert detail["request"] is not None
    assert detail["request"]["query"] == [["code", None], ["page", "1"]]
    assert detail["request"]["headers"] == [["code", "7"]]
    assert detail["requestMappings"]["rows"][0]["values"] == (None if is_masked else ["4/0A"])


def test_an_authorization_code_in_an_event() -> None:
    event: JsonValue = {
        "rawQueryString": "code=4%2F0A",
        "queryStringParameters": {"code": "4/0A", "page": "1"},
        "multiValueQueryStringParameters": {"code": ["4/0A"], "page": ["1"]},
        "params": {"querystring": {"code": "4/0A"}, "header": {"code": "7"}},
        "code": 7,
    }
    sent = masked(describe(exchange(sent=Invoked(function="resize", event=event))))["sent"]
    assert sent == {
        "function": "resize",
        "event": {
            "rawQueryString": "code=•••",
            "queryStringParameters": {"code": "•••", "page": "1"},
            "multiValueQueryStringParameters": {"code": ["•••"], "page": ["1"]},
            "params": {"querystring": {"code": "•••"}, "header": {"code": "7"}},
            "code": 7,
        },
    }


def test_an_exchange_without_secrets_is_not_masked() -> None:
    plain = exchange(event="GET /", request=None, explain_request=None, sent=None, answered=None)
    assert masked(describe(plain)) == describe(plain)


def test_the_event_of_a_function_without_its_secrets() -> None:
    event: JsonValue = {
        "headers": {"authorization": "Bearer t1", "accept": "*/*"},
        "multiValueHeaders": {"Cookie": ["id=1", "id=2"]},
        "cookies": ["id=1"],
        "rawQueryString": "token=t1&page=1",
        "authorizationToken": "Bearer t1",
        "requestContext": {"authorizer": {"tenant": "acme"}, "time": 7, "session": {"id": "s1"}},
    }
    sent = masked(describe(exchange(sent=Invoked(function="resize", event=event))))["sent"]
    assert sent == {
        "function": "resize",
        "event": {
            "headers": {"authorization": "•••", "accept": "*/*"},
            "multiValueHeaders": {"Cookie": ["•••", "•••"]},
            "cookies": ["•••"],
            "rawQueryString": "token=•••&page=1",
            "authorizationToken": "•••",
            "requestContext": {"authorizer": {"tenant": "acme"}, "time": 7, "session": {"id": "•••"}},
        },
    }
