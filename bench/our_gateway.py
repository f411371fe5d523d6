"""Our side of the gateway's measurements, ``python -m bench.our_gateway API BACKEND``: a recorded API, served.

As ``up`` serves it, with the line that is printed of each exchange, which goes nowhere here: a terminal's speed is not
the gateway's.
"""

import os
import sys
from pathlib import Path
from typing import TextIO

from rich.console import Console

from bench.processes import serve, until_told
from bench.stacks import as_config, served
from local.gateway.server import Gateway
from local.recorder import record
from local.terminal import People
from local.topology.reading import build_topology
from local.up import spare_the_collector


async def _serve(api: str, backend: str, nowhere: TextIO) -> None:
    topology = build_topology(record(as_config(served())))
    gateway = Gateway(topology, dict.fromkeys(topology.backends, backend), first_port=0)
    terminal = People(Console(file=nowhere))
    gateway.traffic.watch(terminal.exchanged)
    endpoints = await gateway.start()
    spare_the_collector()
    try:
        with terminal.logs():
            await until_told(endpoints.apis[api].endpoint)
    finally:
        await gateway.stop()


if __name__ == "__main__":
    with Path(os.devnull).open("w", encoding="utf-8") as file:
        serve(_serve(sys.argv[1], sys.argv[2], file))
