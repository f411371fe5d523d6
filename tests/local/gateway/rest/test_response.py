import zlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace

import pytest

from local.topology import RestApi
from local.topology.calls import ContentHandling
from local.topology.rest import IntegrationResponse
from tests.local.gateway.backend import Backend, response
from tests.local.gateway.conftest import Log
from tests.local.gateway.rest.apis import answering, api, custom, mocked, proxy, served

PNG = b"\x89PNG\xff"


async def answered(
    made: RestApi,
    backend: Backend,
    answer: bytes,
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return the status, the headers without those of every answer, and the body that a client gets."""
    backend.answers.append(answer)
    async with served(made, backend) as client:
        got, body = await client.send(method, headers=headers)
    every = {"x-amzn-RequestId", "x-amz-apigw-id", "X-Amzn-Trace-Id", "Content-Length", "Date"}
    return got.status, [(name, value) for name, value in got.headers.items() if name not in every], body


async def test_a_proxy_passes_the_answer_on(backend: Backend) -> None:
    sent = response(
        201,
        ("Set-Cookie", "a=1"),
        ("Date", "yesterday"),
        ("Server", "nginx"),
        ("User-Agent", "u"),
        ("WWW-Authenticate", "Basic"),
        ("Authorization", "a"),
        ("Content-MD5", "m"),
        ("Max-Forwards", "1"),
        ("x-amzn-requestid", "theirs"),
        ("Via", "1.1 nginx"),
        ("Keep-Alive", "5"),
        ("Trailer", "X"),
        ("Host", "h"),
        ("Set-Cookie", "b=2"),
        ("Content-Type", "image/png"),
        body=PNG,
    )
    made = replace(api(proxy()), binary_media_types=("image/*",))
    assert await answered(made, backend, sent) == (
        201,
        [
            ("Set-Cookie", "a=1"),
            ("x-amzn-Remapped-Date", "yesterday"),
            ("x-amzn-Remapped-Server", "nginx"),
            ("x-amzn-Remapped-User-Agent", "u"),
            ("x-amzn-Remapped-WWW-Authenticate", "Basic"),
            ("x-amzn-Remapped-Authorization", "a"),
            ("x-amzn-Remapped-Content-MD5", "m"),
            ("x-amzn-Remapped-Max-Forwards", "1"),
            ("x-amzn-Remapped-x-amzn-requestid", "theirs"),
            ("Set-Cookie", "b=2"),
            ("Content-Type", "image/png"),
            ("x-amzn-Remapped-Content-Length", "5"),
        ],
        PNG,
    )


async def test_head_keeps_the_length(backend: Backend) -> None:
    backend.answers.append(response(200, ("Content-Length", "42")))
    async with served(api(proxy()), backend) as client:
        answer, body = await client.send("HEAD")
    assert (answer.headers["Content-Length"], body) == ("42", b"")
    assert answer.headers["x-amzn-Remapped-Content-Length"] == "42"


@pytest.mark.parametrize(
    ("headers", "types", "body"),
    [
        ([("Content-Type", "image/png")], (), b"\xef\xbf\xbdPNG\xef\xbf\xbd"),
        ([], ("image/png",), b"\xef\xbf\xbdPNG\xef\xbf\xbd"),
        ([("Content-Type", "image/png")], ("image/*",), PNG),
        ([], ("*/*",), PNG),
        ([("Content-Type", "text/html"), ("Content-Encoding", "gzip")], (), PNG),
    ],
)
async def test_a_proxy_passes_text_on_but_for_binary_types_and_what_is_compressed(
    headers: list[tuple[str, str]], types: tuple[str, ...], body: bytes, backend: Backend
) -> None:
    made = replace(api(proxy()), binary_media_types=types)
    assert (await answered(made, backend, response(200, *headers, body=PNG)))[2] == body


async def test_what_is_made_of_an_answer_has_the_trace_of_the_request(backend: Backend) -> None:
    parameters = {"method.response.header.X-Amzn-Trace-Id": "'mapped'"}
    backend.answers.append(response(200, ("X-Amzn-Trace-Id", "theirs")))
    async with served(api(custom(answering(200, None, parameters))), backend) as client:
        answer, _ = await client.send()
    sent = (await backend.next()).header("X-Amzn-Trace-Id")
    assert sent.startswith("Root=1-")
    assert answer.headers.getall("X-Amzn-Trace-Id") == [sent]


@pytest.mark.parametrize("theirs", [["theirs"], []])
async def test_what_a_proxy_passes_on_has_the_trace_of_the_backend(theirs: list[str], backend: Backend) -> None:
    backend.answers.append(response(200, *(("X-Amzn-Trace-Id", value) for value in theirs)))
    async with served(api(proxy()), backend) as client:
        answer, _ = await client.send()
    assert answer.headers.getall("X-Amzn-Trace-Id", []) == theirs


RESPONSES = (
    answering(404, "4\\d\\d", {"method.response.header.X-Id": "integration.response.header.X-Id"}),
    answering(
        201,
        None,
        {
            "method.response.header.X-Id": "integration.response.body.id",
            "method.response.header.X-Fixed": "'a'",
            "method.response.header.WWW-Authenticate": "integration.response.multivalueheader.X-Id",
        },
    ),
)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (
            response(200, ("X-Id", "1"), ("X-Id", "2"), ("Content-Type", "text/plain"), body=b'{"id": 7}'),
            (
                201,
                [
                    ("Content-Type", "application/json"),
                    ("X-Id", "7"),
                    ("X-Fixed", "a"),
                    ("x-amzn-Remapped-WWW-Authenticate", "1,2"),
                ],
                b'{"id": 7}',
            ),
        ),
        (response(418, ("X-Id", "1")), (404, [("Content-Type", "application/json"), ("X-Id", "1")], b"")),
        (response(500), (201, [("Content-Type", "application/json"), ("X-Fixed", "a")], b"")),
    ],
)
async def test_the_status_chooses_the_response(
    sent: bytes, expected: tuple[int, list[tuple[str, str]], bytes], backend: Backend, log: Log
) -> None:
    assert await answered(api(custom(*RESPONSES)), backend, sent) == expected
    if expected[0] == 404:
        assert "404 from shop, which answered 418, in" in log.lines[-1]


async def test_a_mapping_of_what_is_no_json(backend: Backend, log: Log) -> None:
    status, _, body = await answered(api(custom(*RESPONSES)), backend, response(200, body=b"{nothing"))
    assert (status, body) == (500, b'{"message": "Internal server error"}')
    assert log.lines[-1].endswith("a response mapping reads the integration's body, which is not JSON")


TYPED = answering(templates={"text/html": "<p>$input.path('$.a')</p>", "application/json": "[$input.json('$.a')]"})


@pytest.mark.parametrize(
    ("accept", "content_type", "body"),
    [
        (None, "application/json", b"[1]"),
        ("application/json", "application/json", b"[1]"),
        ("text/html;q=0.8, application/json", "text/html", b"<p>1</p>"),
        ("image/png", "application/json", b"[1]"),
    ],
)
async def test_the_client_chooses_the_template(
    accept: str | None, content_type: str, body: bytes, backend: Backend
) -> None:
    headers = {"Accept": accept} if accept else None
    got = await answered(api(custom(TYPED)), backend, response(body=b'{"a": 1}'), headers)
    assert got == (200, [("Content-Type", content_type)], body)


@pytest.mark.parametrize(
    ("templates", "expected"),
    [
        ({"text/html": "html", "$default": "default", "application/json": "json"}, ("application/json", b"default")),
        ({"text/html": "html", "text/csv": "csv"}, ("text/html", b"html")),
    ],
)
async def test_who_accepts_none_of_the_templates_gets_the_next_best(
    templates: Mapping[str, str], expected: tuple[str, bytes], backend: Backend
) -> None:
    backend.answers.append(response())
    async with served(api(custom(answering(templates=templates))), backend) as client:
        answer, body = await client.send(headers={"Accept": "image/png"})
    assert (answer.headers["Content-Type"], body) == expected


@pytest.mark.parametrize(
    ("status", "expected"), [("299", 299), ("599", 599), ("199", 200), ("600", 200), ("'299'", 200)]
)
async def test_a_template_overrides_status_and_headers(status: str, expected: int, backend: Backend) -> None:
    template = f"""#set($context.responseOverride.status = {status})
#set($context.responseOverride.header.x-a = "override")
#set($context.responseOverride.header.Content-Type = "text/csv")
$input.params('q') $context.requestOverride.header.X-R"""
    made = api(
        custom(
            answering(200, None, {"method.response.header.X-A": "'mapped'"}, {"$default": template}),
            templates={"application/json": "#set($context.requestOverride.header.X-R = 'r')"},
        )
    )
    backend.answers.append(response())
    async with served(made, backend) as client:
        answer, body = await client.send("POST", "/dev/x?q=1")
    assert (answer.status, body.strip()) == (expected, b"1 r")
    assert (answer.headers.getall("x-a"), answer.headers["Content-Type"]) == (["override"], "text/csv")


@pytest.mark.parametrize(
    ("template", "status"),
    [
        ('{"statusCode": 200}', 201),
        ('{"statusCode": 404, "more": {}}', 404),
        ("{ statusCode: 404 }", 404),
        ("{'x': 1, 'statusCode': 404,}", 404),
        ('#if($input.params("q") == "1"){"statusCode": 404}#else{"statusCode": 200}#end', 404),
        ('{"statusCode": 404.5}', 500),
        ('{"statusCode": true}', 500),
        ("[]", 500),
        ("", 500),
    ],
)
async def test_a_mock_answers_by_its_template(template: str, status: int) -> None:
    responses = (answering(404, "404"), answering(201))
    async with served(api(mocked(*responses, template=template))) as client:
        answer, _ = await client.send(path="/dev/x?q=1")
    assert answer.status == status


async def test_a_mock_may_take_its_status_from_the_body() -> None:
    made = api(replace(mocked(answering(404, "404"), answering(201)), templates={}))
    async with served(made) as client:
        answer, _ = await client.send("POST", body=b'{"statusCode": 404}')
    assert answer.status == 404


async def test_a_mock_without_a_template_for_the_type_says_so(log: Log) -> None:
    made = api(replace(mocked(), templates={"application/json": '{"statusCode": 200}'}))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with served(made) as client:
        answer, _ = await client.send("POST", headers=form, body=b"a=1")
    assert answer.status == 500
    assert log.lines[0].endswith(
        "no request template takes application/x-www-form-urlencoded, so the body is as it came and has no statusCode, "
        'got "a=1"'
    )


async def test_a_mock_answers_with_headers_and_a_body() -> None:
    parameters = {"method.response.header.Access-Control-Allow-Origin": "'*'"}
    made = api(mocked(answering(200, None, parameters, {"application/json": '{"at": "$context.resourcePath"}'})))
    async with served(made) as client:
        answer, body = await client.send("OPTIONS")
    assert (answer.headers["Access-Control-Allow-Origin"], body) == ("*", b'{"at": "/{proxy+}"}')


def converting(handling: ContentHandling | None, *types: str, templates: Mapping[str, str] | None = None) -> RestApi:
    chosen: IntegrationResponse = replace(answering(templates=templates), content_handling=handling)
    return replace(api(custom(chosen)), binary_media_types=types)


TEXT = b64encode(PNG)


@pytest.mark.parametrize(
    ("handling", "types", "content_type", "accept", "sent", "body"),
    [
        (None, (), "image/png", "image/png", PNG, b"\xef\xbf\xbdPNG\xef\xbf\xbd"),
        ("CONVERT_TO_TEXT", (), "image/png", "image/png", b"a", b"a"),
        ("CONVERT_TO_BINARY", (), "text/plain", "text/plain", TEXT, PNG),
        (None, ("image/png",), "text/plain", "text/plain", b"a", b"a"),
        (None, ("image/png",), "text/plain", "image/png, */*", TEXT, PNG),
        ("CONVERT_TO_TEXT", ("image/png",), "text/plain", "image/png", TEXT, TEXT),
        (None, ("image/png",), "image/png", "text/plain, image/png", PNG, TEXT),
        ("CONVERT_TO_BINARY", ("image/png",), "image/png", "text/plain", PNG, PNG),
        (None, ("image/png",), "image/png", "image/png", PNG, PNG),
        ("CONVERT_TO_TEXT", ("image/png",), "image/png", "image/png", PNG, TEXT),
    ],
)
async def test_conversions_of_an_answer(
    handling: ContentHandling | None,
    types: tuple[str, ...],
    content_type: str,
    accept: str,
    sent: bytes,
    body: bytes,
    backend: Backend,
) -> None:
    answer = response(200, ("Content-Type", content_type), body=sent)
    assert (await answered(converting(handling, *types), backend, answer, {"Accept": accept}))[2] == body


@pytest.mark.parametrize(
    ("made", "sent", "reason"),
    [
        (
            converting("CONVERT_TO_BINARY"),
            b"#",
            "the integration's answer: the body is to become binary and is not Base64: Only base64 data is allowed",
        ),
        (
            converting(None, "*/*", templates={"application/json": "$input.body"}),
            PNG,
            "the response template for application/json cannot take a binary body",
        ),
    ],
)
async def test_an_answer_that_cannot_be_converted(
    made: RestApi, sent: bytes, reason: str, backend: Backend, log: Log
) -> None:
    status, _, body = await answered(made, backend, response(body=sent))
    assert (status, body) == (500, b'{"message": "Internal server error"}')
    assert log.lines[-1].endswith(f'apis.shop.routes["ANY /{{proxy+}}"].integration: {reason}')


@pytest.mark.parametrize(
    ("least", "accept", "sent", "coding"),
    [
        (4, "gzip", response(body=b"text"), "gzip"),
        (0, "br;q=1, GZIP;q=0.5", response(body=b"text"), "gzip"),
        (0, "deflate", response(body=b"text"), "deflate"),
        (0, "deflate, gzip", response(body=b"text"), "gzip"),
        (0, "gzip;q=0.5, deflate;q=0.8", response(body=b"text"), "deflate"),
        (5, "gzip", response(body=b"text"), None),
        (None, "gzip", response(body=b"text"), None),
        (0, "br", response(body=b"text"), None),
        (0, "gzip;q=0", response(body=b"text"), None),
        (0, "gzip;q=much", response(body=b"text"), None),
        (0, None, response(body=b"text"), None),
        (0, "gzip", response(200, ("Content-Encoding", "br"), body=b"text"), "br"),
        (0, "gzip", response(204), None),
    ],
)
async def test_compression(
    least: int | None, accept: str | None, sent: bytes, coding: str | None, backend: Backend
) -> None:
    made = replace(api(proxy()), minimum_compression_size=least)
    _, headers, body = await answered(made, backend, sent, {"Accept-Encoding": accept} if accept else None)
    assert [value for name, value in headers if name == "Content-Encoding"] == ([coding] if coding else [])
    if coding in {"gzip", "deflate"}:
        assert zlib.decompress(body, zlib.MAX_WBITS | 32) == b"text"
