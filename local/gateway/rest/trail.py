"""What is known of one request to a REST API as it goes its way: every step adds to it, and a fault speaks of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from apigateway.json_path import JsonValue
from apigateway.mapping.data import RequestData
from local.gateway.rest.stream import Stream
from local.gateway.traffic import Exchange


@dataclass(slots=True, kw_only=True)
class Trail:
    """One request, from its arrival to its answer."""

    request: RequestData
    stream: Stream
    exchange: Exchange
    called: str
    """The path as a function is told it: without the stage, and with the mapping key of a custom domain name."""
    place: str = ""
    """Of the method's integration in the stack file, once the caller is let in: it is at fault from then on."""
    authorizer: Mapping[str, JsonValue] | None = None
    """What an authorizer said, as ``requestContext.authorizer`` has it; None where none was asked."""

    def learn(self, known: Mapping[str, str]) -> None:
        """Add variables to ``$context``."""
        if known:
            self.request = replace(self.request, context={**self.request.context, **known})
