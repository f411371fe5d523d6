import gzip
import json
import re
from base64 import b64encode
from typing import Any

import pytest

from local.gateway.traffic import Invoked
from local.recording import Json
from tests.local.gateway.http.apis import Client, calling, guarded, served, to_function
from tests.local.recordings import Program

TRACE = re.compile(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}")
TIME = re.compile(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000")
HEADERS = [
    ("X-Tenant", "a"),
    ("X-Tenant", "b"),
    ("Cookie", "one=1; two=2"),
    ("Accept", "*/*"),
    ("Accept-Encoding", "gzip"),
    ("User-Agent", "test"),
]


def without_times(event: dict[str, Any], time: str, epoch: str) -> dict[str, Any]:
    """Check what differs from request to request, and take it out."""
    context = event["requestContext"]
    assert TIME.fullmatch(context.pop(time))
    assert context.pop(epoch) > 1_700_000_000_000
    assert re.fullmatch(r"[A-Za-z0-9_-]{15}=", context.pop("requestId"))
    return event


async def test_an_event_of_version_2_0() -> None:
    made = calling(to_function("echoes"), "ANY /pets/{id}/{rest+}", stage="dev", tenant="acme")
    async with served(made) as client:
        port = client.port
        got = await client.send(
            "PUT", "/dev/pets/a%20b/c%2Fd?x=1&y=%C3%A9&x=2", [*HEADERS, ("Content-Type", "text/plain")], b"hello"
        )
    host = f"127.0.0.1:{port}"
    event = without_times(got.json, "time", "timeEpoch")
    assert TRACE.fullmatch(event["headers"].pop("x-amzn-trace-id"))
    assert event == {
        "version": "2.0",
        "routeKey": "ANY /pets/{id}/{rest+}",
        "rawPath": "/dev/pets/a b/c/d",
        "rawQueryString": "x=1&y=%C3%A9&x=2",
        "cookies": ["one=1", "two=2"],
        "headers": {
            "x-tenant": "a,b",
            "accept": "*/*",
            "user-agent": "test",
            "accept-encoding": "gzip",
            "content-type": "text/plain",
            "content-length": "5",
            "host": host,
            "x-forwarded-for": "127.0.0.1",
            "x-forwarded-port": str(port),
            "x-forwarded-proto": "http",
        },
        "queryStringParameters": {"x": "1,2", "y": "é"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "orders",
            "domainName": host,
            "domainPrefix": "orders",
            "http": {
                "method": "PUT",
                "path": "/dev/pets/a b/c/d",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "test",
            },
            "routeKey": "ANY /pets/{id}/{rest+}",
            "stage": "dev",
        },
        "body": "hello",
        "pathParameters": {"id": "a b", "rest": "c/d"},
        "isBase64Encoded": False,
        "stageVariables": {"tenant": "acme"},
    }


async def test_an_event_of_version_2_0_leaves_out_what_the_request_lacks() -> None:
    async with served(calling(to_function("echoes"), "$default")) as client:
        event = (await client.send("GET", "/")).json
    assert set(event) == {
        "version",
        "routeKey",
        "rawPath",
        "rawQueryString",
        "headers",
        "requestContext",
        "isBase64Encoded",
    }
    assert (event["routeKey"], event["rawPath"], event["rawQueryString"]) == ("$default", "/", "")
    assert (event["isBase64Encoded"], event["headers"]["content-length"]) == (False, "0")
    assert "content-type" not in event["headers"]


async def test_an_event_of_version_1_0() -> None:
    made = calling(to_function("echoes", "1.0"), "ANY /pets/{id}/{rest+}", stage="dev", tenant="acme")
    async with served(made) as client:
        port = client.port
        got = await client.send(
            "PUT", "/dev/pets/a%20b/c?x=1&y=%C3%A9&x=2", [*HEADERS, ("Content-Type", "text/plain")], b"hello"
        )
    host = f"127.0.0.1:{port}"
    event = without_times(got.json, "requestTime", "requestTimeEpoch")
    event["requestContext"].pop("extendedRequestId")
    assert TRACE.fullmatch(event["headers"].pop("X-Amzn-Trace-Id"))
    assert list(event["multiValueHeaders"]) == sorted(event["multiValueHeaders"])
    event["multiValueHeaders"].pop("X-Amzn-Trace-Id")
    assert event == {
        "version": "1.0",
        "resource": "/pets/{id}/{rest+}",
        "path": "/dev/pets/a b/c",
        "httpMethod": "PUT",
        "headers": {
            "Content-Length": "5",
            "Content-Type": "text/plain",
            "Host": host,
            "User-Agent": "test",
            "X-Forwarded-For": "127.0.0.1",
            "X-Forwarded-Port": str(port),
            "X-Forwarded-Proto": "http",
            "X-Tenant": "b",
            "accept": "*/*",
            "accept-encoding": "gzip",
            "cookie": "one=1; two=2",
        },
        "multiValueHeaders": {
            "Content-Length": ["5"],
            "Content-Type": ["text/plain"],
            "Host": [host],
            "User-Agent": ["test"],
            "X-Forwarded-For": ["127.0.0.1"],
            "X-Forwarded-Port": [str(port)],
            "X-Forwarded-Proto": ["http"],
            "X-Tenant": ["a", "b"],
            "accept": ["*/*"],
            "accept-encoding": ["gzip"],
            "cookie": ["one=1; two=2"],
        },
        "queryStringParameters": {"x": "2", "y": "é"},
        "multiValueQueryStringParameters": {"x": ["1", "2"], "y": ["é"]},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "orders",
            "domainName": host,
            "domainPrefix": "orders",
            "httpMethod": "PUT",
            "identity": {
                "accessKey": None,
                "accountId": None,
                "caller": None,
                "cognitoAmr": None,
                "cognitoAuthenticationProvider": None,
                "cognitoAuthenticationType": None,
                "cognitoIdentityId": None,
                "cognitoIdentityPoolId": None,
                "principalOrgId": None,
                "sourceIp": "127.0.0.1",
                "user": None,
                "userAgent": "test",
                "userArn": None,
            },
            "path": "/dev/pets/a b/c",
            "protocol": "HTTP/1.1",
            "resourceId": "ANY /pets/{id}/{rest+}",
            "resourcePath": "/pets/{id}/{rest+}",
            "stage": "dev",
        },
        "pathParameters": {"id": "a b", "rest": "c"},
        "stageVariables": {"tenant": "acme"},
        "body": "hello",
        "isBase64Encoded": False,
    }


async def test_an_event_of_version_1_0_has_null_for_what_the_request_lacks() -> None:
    async with served(calling(to_function("echoes", "1.0"), "$default")) as client:
        event = (await client.send("GET", "/")).json
    empty = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "body")
    assert [event[name] for name in empty] == [None] * 5
    assert (event["resource"], event["requestContext"]["resourceId"]) == ("$default", "$default")
    assert "authorizer" not in event["requestContext"]


async def test_hops_before_the_gateway_are_kept() -> None:
    sent = {"X-Forwarded-For": "10.0.0.1", "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793"}
    async with served(calling(to_function("echoes"))) as client:
        headers = (await client.send("GET", "/x", sent)).json["headers"]
    assert headers["x-forwarded-for"] == "10.0.0.1, 127.0.0.1"
    assert headers["x-amzn-trace-id"].endswith(";Root=1-5759e988-bd862e3fe1be46a994272793")


ZIPPED = gzip.compress(b"{}", mtime=0)


@pytest.mark.parametrize(
    ("headers", "sent", "body", "is_base64"),
    [
        ({"Content-Type": "application/json; charset=utf-8"}, '{"é":1}'.encode(), '{"é":1}', False),
        ({"Content-Type": "Text/HTML"}, b"<p>", "<p>", False),
        ({"Content-Type": "application/xml"}, b"<p/>", "<p/>", False),
        ({"Content-Type": "application/javascript"}, b"1", "1", False),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=1", "YT0x", True),
        ({"Content-Type": "application/octet-stream"}, b"\x00\xff", "AP8=", True),
        ({}, b"hello", "aGVsbG8=", True),
        ({"Content-Type": "text/plain"}, b"\xff", "/w==", True),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, ZIPPED, b64encode(ZIPPED).decode(), True),
    ],
)
async def test_bodies(headers: dict[str, str], sent: bytes, body: str, is_base64: bool) -> None:
    async with served(calling(to_function("echoes"))) as client:
        event = (await client.send("POST", "/x", headers, sent)).json
    assert (event["body"], event["isBase64Encoded"]) == (body, is_base64)


def with_domain(key: str | None) -> Program:
    made = calling(to_function("echoes"), "GET /pets", stage="dev")
    made.add("aws:apigatewayv2/domainName:DomainName", "domain", {"domainName": "shop.example"})
    mapping: dict[str, Json] = {"domainName": "shop.example", "apiId": "orders", "stage": "dev"}
    if key is not None:
        mapping["apiMappingKey"] = key
    made.add("aws:apigatewayv2/apiMapping:ApiMapping", "mapping", mapping)
    return made


@pytest.mark.parametrize(("key", "path"), [("v1/orders", "/v1/orders/pets"), (None, "/pets")])
async def test_paths_of_a_custom_domain_name(key: str | None, path: str) -> None:
    made = with_domain(key)
    async with served(made) as client:
        event = (await client.send("GET", path, {"Host": "shop.example"})).json
    assert (event["rawPath"], event["requestContext"]["http"]["path"]) == ("/dev/pets", "/dev/pets")
    assert (event["requestContext"]["domainName"], event["requestContext"]["domainPrefix"]) == ("shop.example", "shop")
    made.change("orders GET /pets integration", payloadFormatVersion="1.0")
    async with served(made) as client:
        event = (await client.send("GET", path, {"Host": "shop.example"})).json
    assert (event["path"], event["requestContext"]["path"]) == (path, path)


@pytest.mark.parametrize(("key", "is_lower"), [("v1/orders", True), ("v1", False)])
async def test_names_of_headers_by_a_mapping_key_of_several_levels(key: str, is_lower: bool) -> None:
    made = with_domain(key)
    made.change("orders GET /pets integration", payloadFormatVersion="1.0")
    async with served(made) as client:
        sent = [("Host", "shop.example"), ("X-Tenant", "A"), ("User-Agent", "test")]
        event = (await client.send("GET", f"/{key}/pets", sent)).json
    names = ["Content-Length", "Host", "User-Agent", "X-Amzn-Trace-Id", "X-Forwarded-For", "X-Forwarded-Port"]
    names += ["X-Forwarded-Proto", "X-Tenant"]
    expected = sorted(name.lower() for name in names) if is_lower else names
    got = [name for name in event["headers"] if not name.lower().startswith("accept")]
    assert got == [name for name in event["multiValueHeaders"] if not name.lower().startswith("accept")] == expected


async def asked(client: Client, headers: dict[str, str]) -> dict[str, Any]:
    got = await client.send("GET", "/dev/pets/7?x=1", headers)
    assert got.status == 200
    authorizer: dict[str, Any] = got.json["requestContext"]["authorizer"]
    return authorizer


def judged(version: str, **authorizer: Json) -> Program:
    made = calling(to_function("echoes", version), "GET /pets/{id}", stage="dev", tenant="acme")
    uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"
    asking: dict[str, Json] = {
        "authorizerType": "REQUEST",
        "authorizerUri": uri.format("arn:aws:lambda:us-east-1:123456789012:function:judges"),
        "identitySources": ["$request.header.token", "$request.querystring.x"],
        "authorizerPayloadFormatVersion": version,
        **authorizer,
    }
    return guarded(made, "GET /pets/{id}", asking, authorizationType="CUSTOM")


ARN = "arn:aws:execute-api:us-east-1:123456789012:orders/dev/GET/pets/7"


async def test_the_event_of_an_authorizer_of_version_2_0() -> None:
    async with served(judged("2.0")) as client:
        authorizer = await asked(client, {"token": "Allow"})
    event = json.loads(authorizer["lambda"].pop("event"))
    assert authorizer == {"lambda": {"tenant": "acme", "level": 3}}
    assert not {"body", "isBase64Encoded", "cookies"} & set(event)
    assert (event["version"], event["type"], event["routeArn"]) == ("2.0", "REQUEST", ARN)
    assert (event["identitySource"], event["routeKey"]) == (["Allow", "1"], "GET /pets/{id}")
    assert (event["rawPath"], event["pathParameters"]) == ("/dev/pets/7", {"id": "7"})
    assert (event["stageVariables"], event["queryStringParameters"]) == ({"tenant": "acme"}, {"x": "1"})
    assert "authorizer" not in event["requestContext"]


async def test_the_event_of_an_authorizer_of_version_1_0() -> None:
    async with served(judged("1.0")) as client:
        authorizer = await asked(client, {"token": "Allow"})
        sent = client.told[0].sent
    event = json.loads(authorizer.pop("event"))
    assert authorizer == {"claims": None, "scopes": None, "tenant": "acme", "level": 3}
    assert not {"body", "isBase64Encoded"} & set(event)
    assert (event["version"], event["type"], event["methodArn"]) == ("1.0", "REQUEST", ARN)
    assert (event["identitySource"], event["authorizationToken"]) == ("Allow,1", "Allow,1")
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/pets/{id}", "/dev/pets/7", "GET")
    assert (event["pathParameters"], event["requestContext"]["stage"]) == ({"id": "7"}, "dev")
    assert isinstance(sent, Invoked)
    assert sent.function == "echoes"
    assert json.loads(json.dumps(sent.event)) == sent.event
