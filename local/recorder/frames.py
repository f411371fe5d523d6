"""Texts on a pipe, each with its length before it: what a program prints may hold any line."""

import asyncio
import struct
from typing import BinaryIO

_LENGTH = struct.Struct("!Q")


def write_frame(text: str) -> bytes:
    """Return a text as it goes onto the pipe."""
    body = text.encode()
    return _LENGTH.pack(len(body)) + body


def read_frame(pipe: BinaryIO) -> str | None:
    """Wait for the next text; None where the pipe has ended, in the middle of one perhaps."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    [length] = _LENGTH.unpack(head)
    body = pipe.read(length)
    return body.decode() if len(body) == length else None


async def receive_frame(pipe: asyncio.StreamReader) -> str | None:
    """Wait for the next text without blocking; None where the pipe has ended, in the middle of one perhaps."""
    try:
        [length] = _LENGTH.unpack(await pipe.readexactly(_LENGTH.size))
        return (await pipe.readexactly(length)).decode()
    except asyncio.IncompleteReadError:
        return None
