"""The backend behind both sides, ``python -m bench.backend``: so light that it is not what is measured.

Answers 200 with a small body to any request that bears the mapped header, else 400. A request's body must have a
``Content-Length``, as the bodies of a message have; it is read and dropped.
"""

import asyncio
from typing import Final

from bench.processes import serve, until_told
from bench.stacks import MAPPED_HEADER, MAPPED_VALUE

END: Final = b"\r\n\r\n"
ANSWER: Final = b'{"items": [1, 2, 3], "next": null, "note": "an answer of about a hundred bytes, as many are"}'
_WANTED: Final = f"\r\n{MAPPED_HEADER}: {MAPPED_VALUE}\r\n".lower().encode()
_LENGTH: Final = b"\r\ncontent-length:"
_HEAD: Final = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(ANSWER)
_GOOD: Final = b"HTTP/1.1 200 OK\r\n" + _HEAD + ANSWER
_BAD: Final = b"HTTP/1.1 400 Bad Request\r\n" + _HEAD + ANSWER


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
        while self._transport:
            head, end, rest = self._received.partition(END)
            lines = (head + END).lower()
            length = content_length(lines)
            if not end or len(rest) < length:
                return
            self._received = rest[length:]
            self._transport.write(_GOOD if _WANTED in lines else _BAD)


def content_length(lines: bytes) -> int:
    """Return the length that a head in lower case tells of; 0 where it tells of none."""
    _, told, after = lines.partition(_LENGTH)
    return int(after.partition(b"\r\n")[0]) if told else 0


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Answering, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    await until_told(f"http://{host}:{port}")
    server.close()


if __name__ == "__main__":
    serve(_serve())
