"""Serves HTTP APIs for the tests of their handler: programs, and a gateway with everything that they reach."""

import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from local.functions import Functions, HandlerName
from local.gateway.authorization.issuers import Issuers
from local.gateway.server import Gateway
from local.gateway.traffic import Exchange
from local.recording import Json
from local.topology.reading import build_topology
from tests.local.gateway.handlers import http_functions
from tests.local.recordings import Program, program

FOLDER = Path(http_functions.__file__).resolve().parent
HANDLERS = {name: HandlerName(module="http_functions", function=name) for name in http_functions.NAMES}
AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer"
TEXT = {"Content-Type": "text/plain"}


def function_uri(name: str) -> str:
    """Return the invocation ARN of a function."""
    function = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"


def to_function(name: str, version: str = "2.0", **inputs: Json) -> dict[str, Json]:
    """Return what makes an integration one with a function."""
    return {
        "integrationType": "AWS_PROXY",
        "integrationUri": function_uri(name),
        "connectionType": "INTERNET",
        "payloadFormatVersion": version,
        **inputs,
    }


def to_url(uri: str, **inputs: Json) -> dict[str, Json]:
    """Return what makes an integration one with a public URL."""
    return {"integrationUri": uri, "connectionType": "INTERNET", **inputs}


def calling(
    inputs: Mapping[str, Json],
    key: str = "ANY /{proxy+}",
    parameters: dict[str, str] | None = None,
    *,
    stage: str = "$default",
    **variables: str,
) -> Program:
    """Return a program with one route whose integration has these inputs."""
    made = program()
    made.http_route(made.http_api(stage=stage, **variables), key, parameters, **inputs)
    return made


def guarded(made: Program, key: str, authorizer: Mapping[str, Json], **route: Json) -> Program:
    """Put an authorizer before a route."""
    made.add(AUTHORIZER, "keeper", {"apiId": "orders", **authorizer})
    made.change(f"orders {key}", authorizerId="keeper", **route)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """An answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - a test says what it expects
        """The body as JSON."""
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """Return the only value of a header, None where it has none."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) < 2
        return values[0] if values else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Calls a served API, and sees what the gateway tells of it."""

    gateway: Gateway
    session: aiohttp.ClientSession
    told: list[Exchange]

    @property
    def port(self) -> int:
        """The port of the API "orders"."""
        return urlsplit(self.gateway.endpoints.apis["orders"].endpoint).port or 0

    async def send(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | list[tuple[str, str]] | None = None,
        body: bytes | None = None,
    ) -> Got:
        """Send a request; the target is sent as it is."""
        url = URL(f"http://127.0.0.1:{self.port}{target}", encoded=True)
        async with self.session.request(
            method,
            url,
            headers=headers,
            data=io.BytesIO(body) if body else None,
            skip_auto_headers=("Content-Type",),
            allow_redirects=False,
        ) as answer:
            read = await answer.read()
            return Got(status=answer.status, headers=tuple(answer.headers.items()), body=read)


@asynccontextmanager
async def served(
    made: Program,
    backends: Mapping[str, str] | None = None,
    *,
    issuers: Issuers | None = None,
    aws: str | None = None,
) -> AsyncIterator[Client]:
    """Serve a program on free ports."""
    topology, functions = (
        build_topology(made.recording()),
        Functions(HANDLERS, FOLDER),
    )
    gateway = Gateway(topology, backends or {}, first_port=0, functions=functions, issuers=issuers, aws=aws)
    told: list[Exchange] = []
    gateway.traffic.watch(told.append)
    await gateway.start()
    try:
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            yield Client(gateway=gateway, session=session, told=told)
    finally:
        await gateway.stop()
        await functions.stop()
