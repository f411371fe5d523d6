"""``--host``: who can call the APIs, and who can never open the console."""

import asyncio
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.local.command import run, up
from tests.programs import copy_stack

ANOTHER_ADDRESS = "127.0.0.2"
"""All of 127.0.0.0/8 is this machine's, on Linux: it stands for an address that others can reach."""


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    """The dev stack in a folder of the test's own."""
    copy_stack(tmp_path, "dev")
    return tmp_path


async def is_open(url: str) -> bool:
    """Say whether the port of a URL is open at the other address."""
    try:
        _, writer = await asyncio.open_connection(ANOTHER_ADDRESS, urlsplit(url).port)
    except OSError:
        return False
    writer.close()
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no second loopback address")
async def test_the_apis_listen_where_they_are_told_and_nothing_else_does(project: Path) -> None:
    async with up(project, "--host", "0.0.0.0") as running, aiohttp.ClientSession() as client:
        orders = running.apis["orders"]["endpoint"]
        assert urlsplit(orders).hostname == "127.0.0.1"
        assert "the APIs listen on 0.0.0.0: other machines may call them" in running.banner
        async with client.get(f"{orders.replace('127.0.0.1', ANOTHER_ADDRESS)}/hello") as answer:
            assert answer.status == 200
        console = next(line.split()[1] for line in running.banner.splitlines() if line.startswith("console"))
        assert not await is_open(console)
    async with up(project) as running:
        assert not await is_open(running.apis["orders"]["endpoint"])


async def test_an_address_of_another_machine_is_refused_with_a_way_out(project: Path) -> None:
    done = await run(project, "up", "--port", "0", "--host", "192.0.2.1")
    assert done.status == 1
    reason = "Cannot assign requested address" if sys.platform == "linux" else "Can't assign requested address"
    assert done.err.splitlines()[-1] == (
        f'port 0 for API "orders" cannot be opened on 192.0.2.1: {reason}: give --host an address of this machine'
    )


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
async def test_an_address_may_be_of_version_6(project: Path) -> None:
    async with up(project, "--host", "::1") as running, aiohttp.ClientSession() as client:
        orders = running.apis["orders"]["endpoint"]
        assert urlsplit(orders).hostname == "::1"
        async with client.get(f"{orders}/hello") as answer:
            assert answer.status == 200
