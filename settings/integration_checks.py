"""What integrations must be to the routes that use them and to the backends that they lead to."""

from collections.abc import Iterable, Iterator, Mapping

from apigateway.arns import LambdaFunction, ServiceUri
from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rules import backends as backend_rules
from apigateway.rules import integrations as rules
from apigateway.rules import mappings, stack_file
from apigateway.rules import rest as rest_rules

from .apis import Api, HttpApi, WebSocketApi
from .backends import Backend, CloudMapBackend, LoadBalanced
from .finding import names_of, problem_at, refer
from .integrations import HttpIntegration, WebSocketAwsIntegration, WebSocketIntegration
from .rest_apis import RestApi
from .rest_integrations import RestAwsIntegration, RestIntegration
from .stack import Settings


def check_backend_of(
    integration: WebSocketIntegration | HttpIntegration | RestIntegration,
    at: Location,
    api: Api,
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
    if backend is None:
        return
    match api:
        case WebSocketApi():
            yield from _check_reach_of_websocket(name, backend, (*at, "backend"))
        case RestApi():
            yield from _check_reach_of_rest(name, backend, (*at, "backend"))
        case HttpApi():
            return


def _check_reach_of_websocket(name: str, backend: Backend, at: Location) -> Iterator[Problem]:
    if isinstance(backend, CloudMapBackend):
        message = f'must be a backend with a network load balancer, got "{name}", a Cloud Map service'
        yield problem_at(backend_rules.CLOUD_MAP, message, *at)
        return
    if backend.load_balancer != "network":
        message = (
            f'must be a backend with a network load balancer, got "{name}", which has an {backend.load_balancer} '
            "load balancer: the VPC links that WebSocket APIs can use lead to network load balancers only"
        )
        yield problem_at(rules.LINKED_BACKEND, message, *at)
    yield from _check_port(name, backend, "a WebSocket API", at)


def _check_reach_of_rest(name: str, backend: Backend, at: Location) -> Iterator[Problem]:
    if isinstance(backend, CloudMapBackend):
        message = (
            f'must be a backend with a load balancer, got "{name}", a Cloud Map service: '
            "the VPC links of REST APIs lead to load balancers only"
        )
        yield problem_at(rest_rules.LINKED_BACKEND, message, *at)
        return
    yield from _check_port(name, backend, "a REST API", at)


def _check_port(name: str, backend: LoadBalanced, kind: str, at: Location) -> Iterator[Problem]:
    """Hold the port to what the URL of an integration can have."""
    port = backend.listens_on
    if port not in (80, 443) and port < 1024:
        message = f'must listen on port 80, 443 or 1024 to 65535 for {kind}, got "{name}" on port {port}'
        yield problem_at(rules.LINKED_PORT, message, *at)


def check_call(integration: WebSocketAwsIntegration | RestAwsIntegration, at: Location) -> Iterator[Problem]:
    """Check the call of an AWS integration: a service wants a role, and Lambda is called by POST."""
    match integration.integration_uri:
        case ServiceUri() as uri:
            if integration.credentials_arn is None:
                message = f'is required: "{uri.service}" is called with a role'
                yield problem_at(rules.CREDENTIALS, message, *at, "credentialsArn")
        case LambdaFunction():
            if integration.integration_method != "POST":
                message = f"must be POST, got {integration.integration_method}; API Gateway calls Lambda by POST"
                yield problem_at(rules.METHOD, message, *at, "integrationMethod")


def check_headers(twice: Iterable[tuple[object, str]], at: Location) -> Iterator[Problem]:
    """Report each destination whose header another one maps too, its name in different cases."""
    for destination, reason in twice:
        yield problem_at(mappings.SAME_HEADER, reason, *at, str(destination))
