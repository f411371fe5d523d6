"""The stack file as one typed value: everything under ``gatelink:``."""

from typing import Annotated, Literal

from .apis import Api, HttpApi, WebSocketApi
from .backends import Backend
from .base import Model, Name, Shaped
from .network import Network

TagKey = Annotated[
    str,
    Shaped(r"(?!aws:)[\w\s.:/=+\-@]{1,128}", "up to 128 letters, digits, spaces and _.:/=+-@ without the prefix aws:"),
]
TagValue = Annotated[str, Shaped(r"[\w\s.:/=+\-@]{0,256}", "up to 256 letters, digits, spaces and _.:/=+-@")]


class Settings(Model):
    """Everything under ``gatelink:`` in ``Pulumi.<stack>.yaml``."""

    tags: dict[TagKey, TagValue] = {}
    """On every taggable resource, with Project and Stack added."""

    account_logging: Literal["create", "existing"] = "create"
    """API Gateway's account-wide CloudWatch role: one per account and Region. ``create`` makes it where a stage has
    logs that need it, and keeps it when the stack is destroyed; ``existing`` relies on another stack's."""

    network: Network | None = None
    """A new VPC, or an existing one; needed by every backend with a load balancer made here."""

    backends: dict[Name, Backend] = {}
    """Name → backend."""

    apis: dict[Name, Api] = {}
    """Name → API."""

    @property
    def rest_linked(self) -> tuple[str, ...]:
        """The backends that WebSocket APIs reach: each needs a v1 link of its own."""
        apis = (api for api in self.apis.values() if isinstance(api, WebSocketApi))
        return tuple(sorted({api.integration_of(route).backend for api in apis for route in api.routes.values()}))

    @property
    def http_linked(self) -> tuple[str, ...]:
        """The backends that HTTP APIs reach: one v2 link leads to all of them."""
        apis = (api for api in self.apis.values() if isinstance(api, HttpApi))
        return tuple(sorted({api.integration_of(route).backend for api in apis for route in api.routes.values()}))

    @property
    def makes_account_logging(self) -> bool:
        """Whether this stack makes the account's logging role: WebSocket stages with logs need it, HTTP ones do not."""
        websocket_apis = (api for api in self.apis.values() if isinstance(api, WebSocketApi))
        return self.account_logging == "create" and any(api.stage.has_logs for api in websocket_apis)
