"""How a connection to a WebSocket API begins: the request of a client, read once.

Sources: "Set up a WebSocket API integration request in API Gateway" (the headers that a function gets with
``$connect``: the hops on the way have left theirs), "Set up a $connect route that requires a WebSocket subprotocol in
API Gateway", "Quotas for configuring and running a WebSocket API in API Gateway" (4,096 characters for the URL).
"""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from apigateway.mapping.data import Pairs
from local.gateway.context import Client, address_of, client_of, new_id
from local.gateway.headers import end_to_end, find, parse_query, read_pairs, with_hops, without
from local.gateway.websocket.context import connection_variables, milliseconds
from local.topology.stages import Stage

LONGEST_URL: Final = 4096
"""Characters of a URL."""

PROTOCOLS: Final = "sec-websocket-protocol"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """How a connection began."""

    stage: Stage
    connection_id: str
    client: Client
    headers: Pairs
    """The client's, but for those of its own hop, and those that the hops on the way add."""
    query: Pairs
    known: dict[str, str]
    """What is in ``$context`` of every event: what authorizer and API key tell of the caller is added."""

    def has(self, parameter: str) -> bool:
        """Tell whether a parameter such as ``route.request.querystring.authToken`` came with it."""
        location, _, name = parameter.removeprefix("route.request.").partition(".")
        if location == "header":
            return find(self.headers, name) is not None
        return any(key == name for key, _ in self.query)

    @property
    def protocols(self) -> list[str]:
        """The sub-protocols that the client offers."""
        offered = find(self.headers, PROTOCOLS)
        return [] if offered is None else [item.strip() for item in offered.split(",")]

    def doubt(self, chosen: str | None) -> str | None:
        """Say why the client will give up, where the sub-protocol that was chosen is none that it offers."""
        if not self.protocols or chosen in self.protocols:
            return None
        answered = "none" if chosen is None else f'"{chosen}"'
        return (
            f"the client offers the sub-protocols {', '.join(self.protocols)} and the backend chose {answered} in its "
            "header Sec-WebSocket-Protocol, so the client will give up"
        )


def read_handshake(request: web.BaseRequest, api_id: str, stage: Stage) -> Handshake:
    """Read the handshake with a stage."""
    raw = read_pairs(request.raw_headers)
    client, connection_id = client_of(request, raw), new_id()
    return Handshake(
        stage=stage,
        connection_id=connection_id,
        client=client,
        known=connection_variables(
            client=client,
            api_id=api_id,
            stage=stage.name,
            connection_id=connection_id,
            connected_at=milliseconds(),
        ),
        headers=with_hops(
            without(end_to_end(raw), {"content-length"}), client=client.source_ip, port=address_of(request)[1]
        ),
        query=parse_query(request.raw_path.partition("?")[2]),
    )
