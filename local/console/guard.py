"""Who may ask the console: a browser that shows the console's own page, and programs on this machine.

A foreign site that a developer has open in the same browser can reach loopback ports, too. It comes with a ``Host`` of
its own where its name has been pointed at this machine (DNS rebinding), and with its ``Origin`` where it sends
something or opens a WebSocket; browsers let no site forge either. WHATWG Fetch, "Origin header"; RFC 6455 §10.2.
"""

from collections.abc import Collection
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web

from local.console.pages import SAFE
from local.gateway.replies import Reply

_READING = frozenset({"GET", "HEAD"})


def refusal(request: web.BaseRequest, allowed: Collection[str]) -> Reply | None:
    """Return the answer to whoever may not ask; None where the request is all right."""
    hosts = request.headers.getall("Host", [])
    if len(hosts) != 1 or hosts[0].lower() not in allowed:
        return _forbidden("the console answers to its own address alone")
    changes = request.method not in _READING or request.headers.get("Upgrade", "").lower() == "websocket"
    origins = request.headers.getall("Origin", [])
    if changes and not all(_is_own(origin, allowed) for origin in origins):
        return _forbidden("another site may not use the console")
    return None


def _is_own(origin: str, allowed: Collection[str]) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return origin.lower() == f"http://{parts.netloc.lower()}" and parts.netloc.lower() in allowed


def _forbidden(reason: str) -> Reply:
    return Reply(
        status=HTTPStatus.FORBIDDEN,
        headers=(("Content-Type", "text/plain; charset=utf-8"), *SAFE),
        body=reason.encode(),
    )
