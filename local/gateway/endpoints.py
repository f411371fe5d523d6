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
    host: str | None = None
    """The ``Host`` that a client has to send: the domain name of an API that answers by nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """The addresses of every API, by its name in the stack, and those of what runs beside them."""

    apis: Mapping[str, ApiEndpoint]
    aws: str | None = None
    """The endpoint of the embedded AWS, for ``--endpoint-url``; None where it does not run."""
    console: str | None = None
    """The page that shows what goes through the gateway; None where there is none."""

    def to_json(self) -> str:
        """Print the endpoints file."""
        apis: dict[str, dict[str, str]] = {}
        for name, api in self.apis.items():
            apis[name] = {"endpoint": api.endpoint}
            if api.connections_url is not None:
                apis[name]["connectionsUrl"] = api.connections_url
            if api.host is not None:
                apis[name]["host"] = api.host
        document: dict[str, object] = {"apis": apis}
        if self.aws is not None:
            document["aws"] = {"endpoint": self.aws}
        if self.console is not None:
            document["console"] = {"endpoint": self.console}
        return json.dumps(document, indent=2)
