"""What backends do that break."""

from tests.local.gateway.wire import resetting, saying

OK = b"HTTP/1.1 200 OK\r\n"
LINES = b"x: 1\r\n" * 10_000

FAULTS = {
    "closes at once": saying(),
    "resets": resetting,
    "no HTTP": saying(b"\x00\xffgarbage\r\n\r\n"),
    "HTTP/0.9": saying(b"hello"),
    "half a head": saying(OK + b"x: 1"),
    "status of two digits": saying(b"HTTP/1.1 42 Odd\r\nContent-Length: 0\r\n\r\n"),
    "status of four digits": saying(b"HTTP/1.1 2000 Odd\r\nContent-Length: 0\r\n\r\n"),
    "status 0": saying(b"HTTP/1.1 000 Odd\r\nContent-Length: 0\r\n\r\n"),
    "100 alone": saying(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "102 alone": saying(b"HTTP/1.1 102 Processing\r\n\r\n"),
    "101": saying(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"),
    "length that is no number": saying(OK + b"Content-Length: ab\r\n\r\nab"),
    "negative length": saying(OK + b"Content-Length: -1\r\n\r\nab"),
    "two lengths": saying(OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc"),
    "length and chunks": saying(OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"),
    "too many headers": saying(OK + LINES + b"Content-Length: 0\r\n\r\n"),
    "too long a header": saying(OK + b"x: " + b"1" * 200_000 + b"\r\nContent-Length: 0\r\n\r\n"),
    "too long a reason": saying(b"HTTP/1.1 200 " + b"x" * 200_000 + b"\r\nContent-Length: 0\r\n\r\n"),
    "break in a header": saying(OK + b"x: 1\ry: 2\r\nContent-Length: 0\r\n\r\n"),
    "NUL in a header": saying(OK + b"x: 1\0\r\nContent-Length: 0\r\n\r\n"),
    "header without a colon": saying(OK + b"x\r\nContent-Length: 0\r\n\r\n"),
    "space in a name": saying(OK + b"x y: 1\r\nContent-Length: 0\r\n\r\n"),
    "raw bytes in a name": saying(OK + b"x\xff: 1\r\nContent-Length: 0\r\n\r\n"),
    "chunk of no size": saying(OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nab\r\n"),
}
"""Answers that are none."""

CUT = {
    "short body": saying(OK + b"Content-Length: 10\r\n\r\nhalf"),
    "half a chunk": saying(OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\nhalf"),
    "no last chunk": saying(OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"),
}
"""Answers that end too early."""
