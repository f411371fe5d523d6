"""One line for every request and every event of a connection, in the order in which they end.

orders GET /orders/7 -> ANY /{proxy+}: 200 from orders in 12 ms
chat MESSAGE Sz9ABcdefghijk= -> sendMessage: 503 …
"""

import logging

from local.gateway.traffic import Exchange

log = logging.getLogger(__name__)


def write(exchange: Exchange) -> None:
    """Log an exchange that has ended: as a warning where there is a reason to look at it."""
    reasons = [*filter(None, [exchange.reason]), *exchange.notes]
    level = logging.WARNING if reasons else logging.INFO
    if log.isEnabledFor(level):
        log.log(level, "%s", _one_line(": ".join([_line(exchange), *filter(None, ["; ".join(reasons)])])))


def _line(exchange: Exchange) -> str:
    status = "no answer" if exchange.status is None else str(exchange.status)
    source = f" from {exchange.target}" if exchange.target else ""
    if exchange.answered_status not in (None, exchange.status):
        source += f", which answered {exchange.answered_status},"
    return (
        f"{exchange.api} {exchange.event} -> {exchange.route_key or 'no route'}: {status}{source} "
        f"in {exchange.seconds * 1000:.0f} ms"
    )


def _one_line(text: str) -> str:
    return text.encode("unicode_escape", "backslashreplace").decode() if not text.isprintable() else text
