"""REST APIs as a test wants them, without a recording, and a gateway that serves them."""

import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

import aiohttp
from yarl import URL

from apigateway.json_path import JsonValue
from apigateway.mapping import rest
from apigateway.rest_resources import RestRouteKey
from local.functions import Functions, HandlerName
from local.gateway.authorization.issuers import Issuers
from local.gateway.server import Gateway
from local.gateway.traffic import Exchange
from local.topology import RestApi, Topology
from local.topology.authorization import Identity, LambdaAuthorizer, LambdaRequired, Open
from local.topology.calls import FunctionCall, NoCall, PrivateCall, Reached
from local.topology.domains import Domain
from local.topology.rest import GatewayResponse, IntegrationResponse, RestCall, RestIntegration, RestMethod
from local.topology.stages import Stage
from tests.local.gateway.backend import Backend
from tests.local.gateway.handlers import rest_functions

FOLDER = Path(rest_functions.__file__).resolve().parent
EXECUTION_ARN = "arn:aws:execute-api:us-east-1:123456789012:shop"
REACHED = Reached(backend="shop")


def private(uri: str = "http://shop.internal/{proxy}", *, stage_in_path: bool = False) -> PrivateCall:
    return PrivateCall(uri=uri, reach=REACHED, stage_in_path=stage_in_path)


def proxy(call: RestCall | None = None, parameters: Mapping[str, str] | None = None) -> RestIntegration:
    """Return an HTTP_PROXY integration that passes ``{proxy}`` on, where it is not told otherwise."""
    return RestIntegration(
        type="HTTP_PROXY",
        method="ANY",
        call=call or private(),
        request=rest.RequestMapping.parse(
            {"integration.request.path.proxy": "method.request.path.proxy"} if parameters is None else parameters
        ),
        templates={},
        passthrough="WHEN_NO_MATCH",
        content_handling=None,
        responses=(),
        timeout=5,
        streams=False,
    )


def custom(
    *responses: IntegrationResponse,
    parameters: Mapping[str, str] | None = None,
    templates: Mapping[str, str] | None = None,
    uri: str = "http://shop.internal/orders",
    method: str = "POST",
) -> RestIntegration:
    """Return an HTTP integration; without responses it has a default one of status 200."""
    return replace(
        proxy(private(uri), parameters or {}),
        type="HTTP",
        method=method,
        templates=templates or {},
        responses=responses or (answering(),),
    )


def mocked(*responses: IntegrationResponse, template: str = '{"statusCode": 200}') -> RestIntegration:
    return replace(
        custom(*responses, templates={"application/json": template, "$default": template}),
        type="MOCK",
        method="",
        call=NoCall(),
    )


def answering(
    status: int = 200,
    pattern: str | None = None,
    parameters: Mapping[str, str] | None = None,
    templates: Mapping[str, str] | None = None,
) -> IntegrationResponse:
    return IntegrationResponse(
        status=status,
        pattern=pattern,
        mapping=rest.ResponseMapping.parse(parameters or {}),
        templates=templates or {},
        content_handling=None,
    )


def of_function(
    *responses: IntegrationResponse,
    uri: str | None = None,
    parameters: Mapping[str, str] | None = None,
    templates: Mapping[str, str] | None = None,
) -> RestIntegration:
    """Return an AWS integration of the function "says"; without responses it has a default one of status 200."""
    return replace(
        custom(*responses, parameters=parameters, templates=templates),
        type="AWS",
        call=FunctionCall(uri=uri or invocation("says")),
        timeout=20,
    )


def of_proxied_function(name: str = "says", parameters: Mapping[str, str] | None = None) -> RestIntegration:
    return replace(of_function(uri=invocation(name), parameters=parameters), type="AWS_PROXY", responses=())


def invocation(name: str) -> str:
    """Return the invocation ARN of a function."""
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"


def asking(
    kind: Literal["TOKEN", "REQUEST"] = "TOKEN",
    *,
    name: str = "judges",
    sources: tuple[Identity, ...] = (Identity(location="header", name="Token"),),
    ttl: float = 0,
) -> LambdaRequired:
    """Return the authorization of a method by the function ``name``."""
    return LambdaRequired(
        authorizer=LambdaAuthorizer(
            name="door",
            type=kind,
            uri=invocation(name),
            sources=sources,
            payload_format="1.0",
            simple=False,
            ttl=ttl,
        )
    )


def method(key: str, integration: RestIntegration | None = None) -> RestMethod:
    return RestMethod(
        key=RestRouteKey.parse(key),
        authorization=Open(),
        api_key_required=False,
        parameters={},
        validates_parameters=False,
        validates_body=False,
        request_models={},
        integration=integration or proxy(),
    )


def api(*methods: RestMethod | RestIntegration, policy: Mapping[str, JsonValue] | None = None) -> RestApi:
    """Return an API of some methods; an integration alone stands for ``ANY /{proxy+}``."""
    made = [item if isinstance(item, RestMethod) else method("ANY /{proxy+}", item) for item in methods]
    return RestApi(
        name="shop",
        api_id="shop",
        execution_arn=EXECUTION_ARN,
        stages={"dev": Stage(name="dev", variables={"tenant": "acme"}, api_keys={"gold": "key-gold"})},
        methods={item.key: item for item in made},
        gateway_responses={},
        binary_media_types=(),
        minimum_compression_size=None,
        api_key_source="HEADER",
        policy=policy,
        is_private=False,
    )


def wording(
    status: int | None = None,
    parameters: Mapping[str, str] | None = None,
    templates: Mapping[str, str] | None = None,
) -> GatewayResponse:
    return GatewayResponse(status=status, parameters=parameters or {}, templates=templates or {})


class Client:
    """Calls the stage ``dev`` of one API; nothing is added to what a test sends."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self.base = base
        self.exchanges: list[Exchange] = []
        """What the gateway told of each request."""

    async def send(
        self,
        method: str = "GET",
        path: str = "/dev/x",
        headers: Mapping[str, str] | list[tuple[str, str]] | None = None,
        body: bytes | None = None,
    ) -> tuple[aiohttp.ClientResponse, bytes]:
        """Send one request, and return the whole answer."""
        async with self._session.request(
            method,
            URL(self.base + path, encoded=True),
            headers=headers,
            data=io.BytesIO(body) if body else None,
            allow_redirects=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        ) as answer:
            return answer, await answer.read()


@asynccontextmanager
async def served(
    api: RestApi,
    backend: Backend | str = "http://127.0.0.1:9",
    *,
    issuers: Issuers | None = None,
    aws: str | None = None,
    domains: tuple[Domain, ...] = (),
) -> AsyncIterator[Client]:
    """Serve an API; its private backend is the one of the test, or a URL.

    Its functions are those of ``rest_functions.py`` under their own names.
    """
    url = backend if isinstance(backend, str) else backend.url
    topology = Topology(http_apis=(), websocket_apis=(), rest_apis=(api,), backends=("shop",), domains=domains)
    functions = Functions(
        {name: HandlerName(module="rest_functions", function=name) for name in rest_functions.NAMES}, FOLDER
    )
    gateway = Gateway(topology, {"shop": url}, first_port=0, functions=functions, issuers=issuers, aws=aws)
    endpoints = await gateway.start()
    try:
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            client = Client(session, endpoints.apis[api.name].endpoint.removesuffix("/dev"))
            gateway.traffic.watch(client.exchanges.append)
            yield client
    finally:
        await gateway.stop()
        await functions.stop()
