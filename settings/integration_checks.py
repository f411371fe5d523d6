"""What integrations must be to the routes that use them and to the backends that they lead to."""

from collections.abc import Iterable, Iterator, Mapping

from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rules import backends as backend_rules
from apigateway.rules import integrations as rules
from apigateway.rules import mappings, stack_file

from .apis import HttpApi, WebSocketApi
from .backends import CloudMapBackend
from .finding import names_of, problem_at, refer
from .integrations import HttpIntegration, WebSocketIntegration
from .stack import Settings


def check_backend_of(
    integration: WebSocketIntegration | HttpIntegration,
    at: Location,
    api: WebSocketApi | HttpApi,
    settings: Settings,
    raw: Mapping[str, object],
) -> Iterator[Problem]:
    """Check that the backend exists, and that the links of the API's kind lead to it."""
    name = integration.backend_name
    if name is None:
        return
    unknown = refer("backend", name, names_of(raw, "backends"), "backends")
    if unknown:
        yield problem_at(stack_file.REFERENCE, unknown, *at, "backend")
    backend = settings.backends.get(name)
    if backend is None or isinstance(api, HttpApi):
        return
    if isinstance(backend, CloudMapBackend):
        message = f'must be a backend with a network load balancer, got "{name}", a Cloud Map service'
        yield problem_at(backend_rules.CLOUD_MAP, message, *at, "backend")
        return
    if backend.load_balancer != "network":
        message = (
            f'must be a backend with a network load balancer, got "{name}", which has an {backend.load_balancer} '
            "load balancer: the VPC links that WebSocket APIs can use lead to network load balancers only"
        )
        yield problem_at(rules.LINKED_BACKEND, message, *at, "backend")
    port = backend.listens_on
    if port not in (80, 443) and port < 1024:
        message = f'must listen on port 80, 443 or 1024 to 65535 for a WebSocket API, got "{name}" on port {port}'
        yield problem_at(rules.LINKED_PORT, message, *at, "backend")


def check_headers(twice: Iterable[tuple[object, str]], at: Location) -> Iterator[Problem]:
    """Report each destination whose header another one maps too, its name in different cases."""
    for destination, reason in twice:
        yield problem_at(mappings.SAME_HEADER, reason, *at, str(destination))
