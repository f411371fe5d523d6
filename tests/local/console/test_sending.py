"""What cannot be sent: nobody is where an API should be."""

import socket

import aiohttp
import pytest

from local.console.asked import AskedError, AskedRequest
from local.console.sending import Sender
from local.console.sockets import Relays
from local.gateway.endpoints import ApiEndpoint, Endpoints
from local.gateway.listening import listen


@pytest.fixture(name="nobody")
def _nobody() -> Endpoints:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return Endpoints(apis={"chat": ApiEndpoint(endpoint=f"ws://127.0.0.1:{port}/dev", connections_url=None)})


async def test_a_request_that_nobody_answers(nobody: Endpoints) -> None:
    sender = Sender(lambda: nobody)
    with pytest.raises(AskedError) as error:
        await sender.send(AskedRequest(api="chat", method="GET", path="/dev", headers=(), body=""))
    await sender.close()
    assert str(error.value).startswith("the request was not answered: Cannot connect to host 127.0.0.1:")


async def test_a_handshake_that_nobody_answers(nobody: Endpoints, client: aiohttp.ClientSession) -> None:
    sender = Sender(lambda: nobody)
    relays = Relays(sender)
    listening = await listen(relays.serve, "127.0.0.1", 0, "a test")
    async with client.ws_connect(f"http://{listening.authority}") as page:
        await page.send_json({"api": "chat", "path": "/dev"})
        refused = await page.receive_json(timeout=5)
    await listening.stop()
    await sender.close()
    assert (refused["type"], refused["status"]) == ("refused", None)
    assert refused["message"].startswith("the handshake was not answered: Cannot connect to host 127.0.0.1:")
