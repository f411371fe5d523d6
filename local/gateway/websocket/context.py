"""The ``$context`` of a WebSocket connection and of its events.

Source: "API Gateway WebSocket API mapping template and access logging variable reference".
"""

from collections.abc import Iterator, Mapping
from time import time

from local.gateway.context import Client, new_id, request_variables


def milliseconds() -> int:
    """Return the time of day in milliseconds since 1970."""
    return int(time() * 1000)


def connection_variables(
    *, client: Client, api_id: str, stage: str, connection_id: str, connected_at: int
) -> dict[str, str]:
    """Return what every event of a connection has in its ``$context``; ``connected_at`` in milliseconds since 1970."""
    return {
        **client.variables,
        "apiId": api_id,
        "connectedAt": str(connected_at),
        "connectionId": connection_id,
        "messageDirection": "IN",
        "stage": stage,
    }


class EventContext(Mapping[str, str]):
    """``$context`` of one event of a connection; its ids and its time are made when something reads them."""

    __slots__ = ("_at", "_is_whole", "_known")

    def __init__(self, known: Mapping[str, str], *, event: str, at: float) -> None:
        self._known = {**known, "eventType": event}
        self._at = at
        self._is_whole = False

    def learn(self, known: Mapping[str, str]) -> None:
        """Add variables."""
        self._known.update(known)

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """Return a variable."""
        value = self._known.get(name)
        return self._whole().get(name, default) if value is None else value

    def __getitem__(self, name: str) -> str:
        return self._whole()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def _whole(self) -> dict[str, str]:
        if not self._is_whole:
            self._is_whole = True
            self._known.update(request_variables(new_id(), self._at))
            if self._known["eventType"] == "MESSAGE":
                self._known["messageId"] = new_id()
        return self._known
