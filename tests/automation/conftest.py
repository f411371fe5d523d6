"""An AWS on this machine for the engine's provider: the one that is named, else one of the tests' own."""

import os
from collections.abc import Iterator

import pytest
from moto.server import ThreadedMotoServer


@pytest.fixture
def endpoint() -> Iterator[str]:
    """Yield where AWS is; for a preview, which asks for zones, the Region and the account, any will do."""
    given = os.environ.get("GATELINK_TEST_ENDPOINT")
    if given:
        yield given
        return
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()
