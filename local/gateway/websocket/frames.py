"""The frames of a client, held to API Gateway's limits at their headers: what is beyond them is never kept.

aiohttp has a limit for whole messages alone, and closes without reading on, so that a client which is still sending may
never see why. So a guard stands before aiohttp's reader. It lets bytes through as they come, and where a frame breaks a
rule it has the connection closed, reads on, and drops all up to the client's own close frame.

Sources: "Quotas for configuring and running a WebSocket API in API Gateway" (32 KB for a frame, 128 KB for a message),
"WebSocket API status codes" (1003, 1009), RFC 6455 §5 (frames; those of a client are masked).
"""

from collections.abc import Callable
from typing import Final, cast

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web
from aiohttp.http_websocket import WebSocketReader, WebSocketWriter

from apigateway import limits
from local.gateway.websocket.connections import Closing

LARGEST_FRAME: Final = 32 * 1024

BINARY: Final = Closing(code=WSCloseCode.UNSUPPORTED_DATA, reason="Binary messages are not supported")
TOO_BIG: Final = Closing(code=WSCloseCode.MESSAGE_TOO_BIG, reason="Message too long")
UNMASKED: Final = Closing(code=WSCloseCode.PROTOCOL_ERROR, reason="A client's frames must be masked")

_CONTINUATION, _BINARY, _CLOSE, _FIRST_CONTROL = 0x0, 0x2, 0x8, 0x8
_MASKED = 0x80
_SHORTEST_HEADER = 2
_SMALL_HEADER, _GREATEST_SMALL = 6, 125
_WHOLE_TEXT = 0x81
_LENGTH_BYTES = {126: 2, 127: 8}
"""How many bytes hold the length where the seven bits of the header do not."""


class RefusedFrameError(Exception):
    """A frame that ends the connection."""

    def __init__(self, closing: Closing) -> None:
        self.closing = closing
        super().__init__(closing.reason)


class FrameGuard:
    """Reads the headers of frames on their way to ``reader``; ``tell`` puts a message before whoever receives."""

    __slots__ = ("_header", "_is_refused", "_left", "_message", "_reader", "_tell")

    def __init__(self, reader: WebSocketReader, tell: Callable[[WSMessage, int], None]) -> None:
        self._reader = reader
        self._tell = tell
        self._header = bytearray()
        self._left = 0
        """Bytes of the present frame that are still to come."""
        self._message = 0
        """Bytes of the present message."""
        self._is_refused = False

    def feed_eof(self) -> None:
        """Pass on that the client is gone."""
        self._reader.feed_eof()

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        """Take what a client sent, in pieces of any size."""
        if self._is_between_messages and _is_small_message(data):
            return self._reader.feed_data(data)
        header, position, began = self._header, 0, 0
        while position < len(data):
            if self._left:
                step = min(self._left, len(data) - position)
                self._left -= step
                position += step
                continue
            if not header:
                began = position
            taken = data[position : position + _needed(header) - len(header)]
            header += taken
            position += len(taken)
            if len(header) == _needed(header):
                self._begin_frame(data[:began])
        return (False, b"") if self._is_refused else self._reader.feed_data(data)

    @property
    def _is_between_messages(self) -> bool:
        return not (self._left or self._header or self._is_refused)

    def _begin_frame(self, before: bytes) -> None:
        """Weigh a frame whose header is complete; ``before`` are the bytes of earlier ones that came with it."""
        header, opcode = self._header, self._header[0] & 0x0F
        extended = _LENGTH_BYTES.get(header[1] & 0x7F, 0)
        self._left = int.from_bytes(header[2 : 2 + extended]) if extended else header[1] & 0x7F
        refusal = self._refusal(opcode, masked=bool(header[1] & _MASKED))
        header.clear()
        if self._is_refused:
            if opcode == _CLOSE:
                self._tell(WSMessage(WSMsgType.CLOSE, 0, ""), 0)
        elif refusal is not None:
            self._is_refused = True
            self._reader.feed_data(before)
            self._tell(WSMessage(WSMsgType.ERROR, RefusedFrameError(refusal), None), 0)

    def _refusal(self, opcode: int, *, masked: bool) -> Closing | None:
        if not masked:
            return UNMASKED
        if opcode >= _FIRST_CONTROL:
            return None
        if opcode == _BINARY:
            return BINARY
        self._message = self._left + (self._message if opcode == _CONTINUATION else 0)
        return TOO_BIG if self._left > LARGEST_FRAME or self._message > limits.WEBSOCKET_MESSAGE_BYTES else None


def _is_small_message(data: bytes) -> bool:
    """Tell whether a piece is one whole frame with a short text, as most are: its length is in the second byte."""
    size = len(data) - _SMALL_HEADER
    return 0 <= size <= _GREATEST_SMALL and data[0] == _WHOLE_TEXT and data[1] == _MASKED | size


def _needed(header: bytearray) -> int:
    """Return the length of a header, as far as what is there of it says."""
    if len(header) < _SHORTEST_HEADER:
        return _SHORTEST_HEADER
    return _SHORTEST_HEADER + _LENGTH_BYTES.get(header[1] & 0x7F, 0) + (4 if header[1] & _MASKED else 0)


class GuardedSocket(web.WebSocketResponse):
    """aiohttp's WebSocket with the guard before its reader."""

    def _post_start(self, request: web.BaseRequest, protocol: str | None, writer: WebSocketWriter) -> None:
        super()._post_start(cast("web.BaseRequest", _Upgraded(request, self)), protocol, writer)

    def tell(self, message: WSMessage, size: int) -> None:
        """Put a message before whoever receives."""
        if self._reader is not None:
            self._reader.feed_data(message, size)


class _Upgraded:
    """What aiohttp's WebSocket asks of the request that it began with, once the handshake is done."""

    def __init__(self, request: web.BaseRequest, socket: GuardedSocket) -> None:
        self._protocol = request.protocol
        self._socket = socket

    @property
    def protocol(self) -> "_Upgraded":
        return self

    def set_parser(self, parser: WebSocketReader, data_received_cb: Callable[[], None] | None = None) -> None:
        guard = FrameGuard(parser, self._socket.tell)
        self._protocol.set_parser(cast("WebSocketReader", guard), data_received_cb)

    def keep_alive(self, val: bool) -> None:  # noqa: FBT001 - aiohttp's own
        self._protocol.keep_alive(val)
