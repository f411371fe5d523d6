"""The backend behind both sides, ``python -m bench.backend``: so light that it is not what is measured.

Answers 200 with a small body to any request without one of its own that bears the mapped header, else 400.
"""

import asyncio
from typing import Final

from bench.processes import until_told
from bench.stacks import MAPPED_HEADER, MAPPED_VALUE

END: Final = b"\r\n\r\n"
_WANTED: Final = f"\r\n{MAPPED_HEADER}: {MAPPED_VALUE}\r\n".lower().encode()
_BODY: Final = b'{"items": [1, 2, 3], "next": null, "note": "an answer of about a hundred bytes, as many are"}'
_HEAD: Final = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(_BODY)
_GOOD: Final = b"HTTP/1.1 200 OK\r\n" + _HEAD + _BODY
_BAD: Final = b"HTTP/1.1 400 Bad Request\r\n" + _HEAD + _BODY


class _Answering(asyncio.Protocol):
    """One connection; requests may arrive in pieces."""

    def __init__(self) -> None:
        self._received = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while END in self._received and self._transport:
            head, _, self._received = self._received.partition(END)
            self._transport.write(_GOOD if _WANTED in (head + END).lower() else _BAD)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Answering, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    await until_told(f"http://{host}:{port}")
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
