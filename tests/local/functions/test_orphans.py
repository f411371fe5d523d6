"""The gateway is killed: no worker outlives it."""

import asyncio
import signal
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.local.functions.conftest import Meeting, Write

ROOT = Path(__file__).resolve().parents[3]

GATEWAY = """
import asyncio, sys
from pathlib import Path
from apigateway.arns import LambdaFunction
from local.functions.handlers import HandlerName
from local.functions.pool import Functions

async def main():
    functions = Functions({"orders": HandlerName(module="app", function="handler")}, Path(sys.argv[1]))
    function = LambdaFunction.parse("arn:aws:lambda:eu-west-1:123456789012:function:orders")
    await functions.invoke(function, int(sys.argv[2]), timeout=60)
    await asyncio.Event().wait()

asyncio.run(main())
"""

HANDLER = """
import os, socket

def handler(event, context):
    global friend
    friend = socket.create_connection(("127.0.0.1", event))
    friend.sendall(b"%d\\n" % os.getpid())
    {then}
"""


@pytest.mark.parametrize("then", ["return 1", "friend.recv(1)", "while True: pass"])
async def test_a_worker_ends_with_the_gateway(write: Write, meeting: Meeting, tmp_path: Path, then: str) -> None:
    write(dedent(HANDLER).format(then=then))
    gateway = await asyncio.create_subprocess_exec(
        sys.executable, "-c", GATEWAY, str(tmp_path), str(meeting.port), cwd=ROOT
    )
    guest = await meeting.guest()
    gateway.send_signal(signal.SIGKILL)
    await gateway.wait()
    assert await guest.ended()
