"""The stack file as one typed value: everything under ``gatelink:``."""

from typing import Annotated, Literal

from apigateway.rules import stack_file

from .apis import Api, HttpApi, WebSocketApi
from .backends import BackendBlock
from .base import Model, Name, Shaped
from .network import NetworkBlock
from .one_of import OneOf

TagKey = Annotated[
    str,
    Shaped(
        r"(?!aws:)[\w\s.:/=+\-@]{1,128}",
        "up to 128 letters, digits, spaces and _.:/=+-@ without the prefix aws:",
        example="team",
    ),
]
TagValue = Annotated[
    str, Shaped(r"[\w\s.:/=+\-@]{0,256}", "up to 256 letters, digits, spaces and _.:/=+-@", example="edge")
]


class Settings(Model):
    """Everything under ``gatelink:`` in ``Pulumi.<stack>.yaml``."""

    tags: dict[TagKey, TagValue] = {}
    """On every taggable resource, with Project and Stack added."""

    account_logging: Annotated[Literal["create", "existing"], OneOf(stack_file.VALUE)] = "create"
    """API Gateway's account-wide CloudWatch role: one per account and Region. ``create`` makes it where a stage has
    logs that need it, and keeps it when the stack is destroyed; ``existing`` relies on another stack's."""

    network: NetworkBlock | None = None
    """A new VPC, an existing one or another stack's; needed by every backend."""

    backends: dict[Name, BackendBlock] = {}
    """Name → backend."""

    apis: dict[Name, Api] = {}
    """Name → API."""

    @property
    def rest_linked(self) -> tuple[str, ...]:
        """The backends that WebSocket APIs reach: each needs a v1 link of its own."""
        return self._linked(WebSocketApi)

    @property
    def http_linked(self) -> tuple[str, ...]:
        """The backends that HTTP APIs reach: one v2 link leads to all of them."""
        return self._linked(HttpApi)

    def _linked(self, kind: type[WebSocketApi] | type[HttpApi]) -> tuple[str, ...]:
        apis = (api for api in self.apis.values() if isinstance(api, kind))
        names = (integration.backend_name for api in apis for integration in api.used_integrations)
        return tuple(sorted({name for name in names if name is not None}))

    @property
    def makes_account_logging(self) -> bool:
        """Whether this stack makes the account's logging role: WebSocket stages with logs need it, HTTP ones do not."""
        websocket_apis = (api for api in self.apis.values() if isinstance(api, WebSocketApi))
        stages = (stage for api in websocket_apis for stage in api.all_stages)
        return self.account_logging == "create" and any(stage.has_logs for stage in stages)
