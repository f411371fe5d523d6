"""The stack file as one typed value: everything under ``gatelink:``."""

from collections.abc import Callable
from typing import Annotated, Literal

from apigateway.rules import stack_file

from .apis import Api, HttpApi, WebSocketApi
from .backends import BackendBlock, CloudMapBackend
from .base import Model, Name, PolicyArn, Shaped
from .network import NetworkBlock
from .one_of import OneOf
from .rest_apis import RestApi

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

    permissions_boundary: PolicyArn | None = None
    """The managed policy that bounds every role which is made here: what it does not allow, no policy of a role does.
    With it, the deployer may make no role without it. Left out: no boundary."""

    network: NetworkBlock | None = None
    """A new VPC, an existing one or another stack's; needed by every backend."""

    backends: dict[Name, BackendBlock] = {}
    """Name → backend."""

    apis: dict[Name, Api] = {}
    """Name → API."""

    @property
    def rest_linked(self) -> tuple[str, ...]:
        """The backends with a v1 link of their own: WebSocket APIs reach them, or REST APIs by a network balancer."""
        return self._linked(
            lambda api, name: isinstance(api, WebSocketApi) or (_is_rest(api) and self._is_network(name))
        )

    @property
    def http_linked(self) -> tuple[str, ...]:
        """The backends that the one v2 link leads to: HTTP APIs reach them, or REST APIs by an application balancer."""
        return self._linked(
            lambda api, name: isinstance(api, HttpApi) or (_is_rest(api) and not self._is_network(name))
        )

    def _linked(self, reaches: Callable[[Api, str], bool]) -> tuple[str, ...]:
        names = ((api, integration.backend_name) for api in self.apis.values() for integration in api.used_integrations)
        return tuple(sorted({name for api, name in names if name is not None and reaches(api, name)}))

    def _is_network(self, name: str) -> bool:
        """Tell whether a backend stands behind a network load balancer; one that is not there is taken for such."""
        backend = self.backends.get(name)
        return backend is None or (not isinstance(backend, CloudMapBackend) and backend.load_balancer == "network")

    @property
    def private_apis(self) -> tuple[str, ...]:
        """The private REST APIs that name no VPC endpoint, so that one is made for them."""
        return tuple(
            name
            for name, api in self.apis.items()
            if isinstance(api, RestApi) and api.is_private and not api.endpoint_configuration.vpc_endpoint_ids
        )

    @property
    def makes_account_logging(self) -> bool:
        """Whether this stack makes the account's logging role: WebSocket and REST stages with logs need it."""
        stages = (
            stage for api in self.apis.values() if isinstance(api, WebSocketApi | RestApi) for stage in api.all_stages
        )
        return self.account_logging == "create" and any(stage.has_logs for stage in stages)


def _is_rest(api: Api) -> bool:
    return isinstance(api, RestApi)
