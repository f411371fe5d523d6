"""Where the APIs of a running gateway are: what clients and backends connect to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiEndpoint:
    """The addresses of one API."""

    endpoint: str
    """What a client calls, stage included: ``ws://127.0.0.1:8082/dev``; the ``$default`` stage has no path."""
    connections_url: str | None
    """What a backend gives boto3's ``apigatewaymanagementapi`` client as ``endpoint_url``; None for HTTP APIs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """The addresses of every API, by its name in the stack."""

    apis: Mapping[str, ApiEndpoint]

    def to_json(self) -> str:
        """Print the endpoints file."""
        apis: dict[str, dict[str, str]] = {}
        for name, api in self.apis.items():
            apis[name] = {"endpoint": api.endpoint}
            if api.connections_url is not None:
                apis[name]["connectionsUrl"] = api.connections_url
        return json.dumps({"apis": apis}, indent=2)
