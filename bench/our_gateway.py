"""Our side of the gateway's measurement, ``python -m bench.our_gateway BACKEND``: a recorded API, served.

As ``up`` serves it, but for the line of each request on the console: a terminal's speed is not the gateway's.
"""

import asyncio
import sys

from bench.processes import until_told
from bench.stacks import as_config, one_mapped_header
from local.gateway.server import Gateway
from local.recorder import record
from local.topology import build_topology


async def _serve(backend: str) -> None:
    topology = build_topology(record(as_config(one_mapped_header())))
    gateway = Gateway(topology, {"orders": backend}, first_port=0)
    endpoints = await gateway.start()
    try:
        await until_told(endpoints.apis["orders"].endpoint)
    finally:
        await gateway.stop()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
