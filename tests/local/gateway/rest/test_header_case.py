from dataclasses import replace

import pytest

from apigateway.mapping.data import Pairs
from apigateway.mapping.rest import parse_source
from local.gateway.rest.header_case import other_case
from tests.local.gateway.backend import Backend, response
from tests.local.gateway.conftest import Log
from tests.local.gateway.rest.apis import answering, api, custom, served

TENANT = "the request has Tenant, not tenant: a mapping counts the case of names"
ETAG = "the answer has ETag, not etag: a mapping counts the case of names"


@pytest.mark.parametrize(
    ("sources", "headers", "lines"),
    [
        (["method.request.header.tenant"], [("Tenant", "a")], [TENANT]),
        (["method.request.multivalueheader.tenant"] * 2, [("Tenant", "a")], [TENANT]),
        (["method.request.header.tenant"], [("tenant", "a"), ("Tenant", "b")], []),
        (["method.request.header.tenant"], [("host", "a")], []),
        (["method.request.querystring.tenant", "context.stage", "'Tenant'"], [("Tenant", "a")], []),
    ],
)
def test_a_name_in_another_case_is_said_once(sources: list[str], headers: Pairs, lines: list[str]) -> None:
    assert list(other_case("the request", map(parse_source, sources), tuple(headers))) == lines


async def test_the_line_of_a_request_says_it(backend: Backend, log: Log) -> None:
    backend.answers.append(response(200, ("ETag", '"1"')))
    made = custom(
        answering(parameters={"method.response.header.etag": "integration.response.header.etag"}),
        parameters={"integration.request.header.tenant": "method.request.header.tenant"},
    )
    async with served(api(replace(made, method="GET")), backend) as client:
        answer, _ = await client.send(headers={"Tenant": "acme"})
    assert answer.status == 200
    assert "etag" not in answer.headers
    assert log.lines[0].endswith(f"ms: {TENANT}; {ETAG}")
