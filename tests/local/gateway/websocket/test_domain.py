"""Custom domain names of WebSocket APIs: the handshake, what a backend learns, and @connections."""

import pytest
from aiohttp import ClientWebSocketResponse

from local.recording import Json
from tests.local.gateway.backend import Backend
from tests.local.gateway.websocket.apis import Served, chat, of_function, served
from tests.local.recordings import Program

CONTEXT: dict[str, Json] = {
    "integration.request.header.ConnectionId": "context.connectionId",
    "integration.request.header.Domain": "context.domainName",
    "integration.request.header.Stage": "context.stage",
}


def by_domain(key: str | None, **inputs: Json) -> Program:
    made = chat(connect={"requestParameters": CONTEXT}, default={})
    made.change("chat", **inputs)
    made.add(
        "aws:apigatewayv2/domainName:DomainName",
        "domain",
        {"domainName": "ws.example", "domainNameConfiguration": {}},
    )
    made.add(
        "aws:apigatewayv2/apiMapping:ApiMapping",
        "mapping",
        {"apiId": "chat", "domainName": "ws.example", "stage": "dev", "apiMappingKey": key},
    )
    return made


def origin(url: str) -> str:
    """Return the scheme and the port of an address, without the path that a stage or a domain has."""
    return url.rpartition("/")[0]


async def connect(gateway: Served, path: str) -> ClientWebSocketResponse:
    url = f"{origin(gateway.url)}{path}"
    return await gateway.session.ws_connect(url, headers={"Host": "ws.example"})


async def status(gateway: Served, method: str, path: str, host: str = "ws.example") -> int:
    url = f"{origin(gateway.connections_url)}{path}"
    async with gateway.session.request(method, url, headers={"Host": host}, data=b"hi") as answer:
        return answer.status


@pytest.mark.parametrize(("key", "base"), [("live", "/live"), (None, "")])
async def test_handshake_and_connections_by_a_domain(key: str | None, base: str, backend: Backend) -> None:
    async with served(by_domain(key), backend) as gateway:
        socket = await connect(gateway, base or "/")
        received = await backend.next()
        assert (received.header("Domain"), received.header("Stage")) == ("ws.example", "dev")
        path = f"{base}/@connections/{received.header('ConnectionId')}"
        assert await status(gateway, "POST", path) == 200
        assert await socket.receive_str(timeout=5) == "hi"
        assert await status(gateway, "GET", path) == 200
        # The API's own address knows the same connection, under the stage.
        assert await status(gateway, "GET", f"/dev/@connections/{received.header('ConnectionId')}", "h") == 200
        assert await status(gateway, "DELETE", path) == 204
        assert (await socket.receive(timeout=5)).data == 1000


@pytest.mark.parametrize("path", ["/", "/other", "/live/dev", "/live/x", "/dev"])
async def test_paths_that_lead_nowhere(path: str, backend: Backend) -> None:
    async with served(by_domain("live"), backend) as gateway:
        assert await status(gateway, "GET", path) == 403


async def test_an_api_whose_own_address_is_shut(backend: Backend) -> None:
    async with served(by_domain("live", disableExecuteApiEndpoint=True), backend) as gateway:
        assert gateway.url.endswith("/live")  # where the domain leads, and not the stage
        assert await gateway.refused() == (403, {"message": "Forbidden"})
        await (await connect(gateway, "/live")).close()
        connection = (await backend.next()).header("ConnectionId")
        assert await status(gateway, "GET", f"/dev/@connections/{connection}", "h") == 403
        assert await status(gateway, "GET", f"/live/@connections/{connection}") == 410
        # A backend on a laptop has no DNS for the domain, and boto3 sends the Host of its endpoint.
        assert await status(gateway, "GET", f"/live/@connections/{connection}", "h") == 410
    assert gateway.exchanges[0].reason == (
        "the API's own address is shut (disableExecuteApiEndpoint): call it by its domain"
    )


async def test_the_event_of_a_function_names_the_domain() -> None:
    made = by_domain("live")
    made.change("chat $connect integration", requestParameters=None, **of_function("says"))
    async with served(made) as gateway:
        await (await connect(gateway, "/live")).close()
    context = gateway.given("CONNECT")["requestContext"]
    assert (context["domainName"], context["stage"]) == ("ws.example", "dev")
