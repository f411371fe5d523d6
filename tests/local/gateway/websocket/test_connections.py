import asyncio
from typing import Any, TypeAlias
from urllib.parse import quote

import aiohttp
import boto3  # it has no type hints
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from botocore.config import Config
from botocore.exceptions import ClientError

from local.gateway.server import Gateway
from tests.local.gateway.backend import Backend, Received
from tests.local.gateway.conftest import Log, Serve
from tests.local.recordings import program

Answer: TypeAlias = dict[str, Any]


@pytest.fixture
async def gateway(serve: Serve) -> Gateway:
    made = program()
    api = made.websocket_api()
    parameters = {"integration.request.header.ConnectionId": "context.connectionId"}
    for key in ("$connect", "$default", "$disconnect"):
        made.websocket_route(api, key, parameters)
    return await serve(made)


def url(gateway: Gateway) -> str:
    result = gateway.endpoints.apis["chat"].connections_url
    assert result is not None
    return result


async def call(gateway: Gateway, operation: str, **arguments: object) -> Answer:
    """Call one operation of boto3's client in a thread."""

    def run() -> Answer:
        management = boto3.client(
            "apigatewaymanagementapi",
            endpoint_url=url(gateway),
            region_name="us-east-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",  # noqa: S106 - the gateway checks no signature
            config=Config(retries={"total_max_attempts": 1}),
        )
        try:
            answer: Answer = getattr(management, operation)(**arguments)
        finally:
            management.close()
        return answer

    return await asyncio.to_thread(run)


async def failure(gateway: Gateway, operation: str, **arguments: object) -> tuple[int, str]:
    with pytest.raises(ClientError) as raised:
        await call(gateway, operation, **arguments)
    error = raised.value.response
    return error["ResponseMetadata"]["HTTPStatusCode"], error["Error"]["Code"]


async def connect(
    gateway: Gateway, client: aiohttp.ClientSession, backend: Backend
) -> tuple[ClientWebSocketResponse, str]:
    socket = await client.ws_connect(gateway.endpoints.apis["chat"].endpoint, headers={"User-Agent": "test"})
    return socket, (await backend.next()).header("ConnectionId")


async def test_boto3_posts_gets_and_deletes(
    gateway: Gateway, client: aiohttp.ClientSession, backend: Backend, log: Log
) -> None:
    socket, connection_id = await connect(gateway, client, backend)
    await call(gateway, "post_to_connection", ConnectionId=connection_id, Data="hé".encode())
    assert await socket.receive_str(timeout=5) == "hé"
    got = await call(gateway, "get_connection", ConnectionId=connection_id)
    assert got["Identity"] == {"SourceIp": "127.0.0.1", "UserAgent": "test"}
    assert got["ConnectedAt"] <= got["LastActiveAt"]
    deleted, message = await asyncio.gather(
        call(gateway, "delete_connection", ConnectionId=connection_id), socket.receive(timeout=5)
    )
    assert deleted["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert (message.type, message.data, message.extra) == (WSMsgType.CLOSE, 1000, "Connection Closed Normally")
    assert (await backend.next()).header("ConnectionId") == connection_id
    for operation in ("get_connection", "delete_connection"):
        assert await failure(gateway, operation, ConnectionId=connection_id) == (410, "GoneException")
    posted = await failure(gateway, "post_to_connection", ConnectionId=connection_id, Data=b"x")
    assert posted == (410, "GoneException")
    assert await log.endings(gateway) == ["1000 Connection Closed Normally"]


async def test_a_connection_does_not_exist_during_connect(
    gateway: Gateway, client: aiohttp.ClientSession, backend: Backend
) -> None:
    errors: list[tuple[int, str]] = []

    async def post(request: Received) -> None:
        backend.on_request = None
        connection_id = request.header("ConnectionId")
        errors.append(await failure(gateway, "post_to_connection", ConnectionId=connection_id, Data=b"x"))

    backend.on_request = post
    async with client.ws_connect(gateway.endpoints.apis["chat"].endpoint):
        assert errors == [(410, "GoneException")]


async def test_a_backend_may_post_and_delete_while_it_handles_a_message(
    gateway: Gateway, client: aiohttp.ClientSession, backend: Backend, log: Log
) -> None:
    socket, connection_id = await connect(gateway, client, backend)

    async def answer(_: Received) -> None:
        backend.on_request = None
        await call(gateway, "post_to_connection", ConnectionId=connection_id, Data=b"pong")
        await call(gateway, "delete_connection", ConnectionId=connection_id)

    backend.on_request = answer
    await socket.send_str("ping")
    assert await socket.receive_str(timeout=5) == "pong"
    assert (await socket.receive(timeout=5)).data == 1000
    assert await log.endings(gateway) == ["1000 Connection Closed Normally"]


async def test_bodies_have_a_limit(gateway: Gateway, client: aiohttp.ClientSession, backend: Backend) -> None:
    socket, connection_id = await connect(gateway, client, backend)
    largest = b"x" * 131072
    await call(gateway, "post_to_connection", ConnectionId=connection_id, Data=largest)
    assert len(await socket.receive_str(timeout=5)) == 131072
    too_large = await failure(gateway, "post_to_connection", ConnectionId=connection_id, Data=largest + b"x")
    assert too_large == (413, "PayloadTooLargeException")
    await socket.close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/@connections/unknown", 410),
        ("GET", "/@connections/unknown%3D", 410),
        ("GET", "/%40connections/unknown", 410),
        ("DELETE", "/@connections/", 403),
        ("GET", "/@connections/a/b", 403),
    ],
)
async def test_paths(method: str, path: str, status: int, gateway: Gateway, client: aiohttp.ClientSession) -> None:
    async with client.request(method, url(gateway) + path) as answer:
        assert answer.status == status


async def test_ids_may_be_escaped_or_not_and_belong_to_a_stage(
    gateway: Gateway, client: aiohttp.ClientSession, backend: Backend
) -> None:
    socket, connection_id = await connect(gateway, client, backend)
    for escaped in (connection_id, quote(connection_id, safe="")):
        async with client.get(f"{url(gateway)}/@connections/{escaped}") as answer:
            assert answer.status == 200
    async with client.patch(f"{url(gateway)}/@connections/{connection_id}") as answer:
        assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (403, "ForbiddenException")
    other = url(gateway).removesuffix("/dev") + "/prod"
    async with client.get(f"{other}/@connections/{connection_id}") as answer:
        assert answer.status == 403
    await socket.close()
