"""One line for every request and every event of a connection, in the order in which they end.

orders GET /orders/7 -> ANY /{proxy+}: 200 from orders in 12 ms
chat MESSAGE Sz9ABcdefghijk= -> sendMessage: 503 …
"""

import logging
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of one request or event when it ends."""

    api: str
    event: str
    """``GET /orders/7``, or an event and its connection: ``MESSAGE Sz9ABcdefghijk=``."""
    route_key: str | None
    status: int | None
    """What the client got, or for an event what the backend answered; None where nobody answered."""
    backend: str | None
    backend_status: int | None = None
    """What the backend answered, where a mapping made another status of it."""
    seconds: float
    reason: str | None
    """Why it did not end well."""


def write(entry: Entry) -> None:
    """Log one entry: as a warning where there is a reason to look at it."""
    status = "no answer" if entry.status is None else str(entry.status)
    source = f" from {entry.backend}" if entry.backend else ""
    if entry.backend_status not in (None, entry.status):
        source += f", which answered {entry.backend_status},"
    line = (
        f"{entry.api} {entry.event} -> {entry.route_key or 'no route'}: {status}{source} "
        f"in {entry.seconds * 1000:.0f} ms"
    )
    if entry.reason is None:
        log.info("%s", _one_line(line))
    else:
        log.warning("%s", _one_line(f"{line}: {entry.reason}"))


def _one_line(text: str) -> str:
    return text.encode("unicode_escape", "backslashreplace").decode() if not text.isprintable() else text
