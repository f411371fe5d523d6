"""What AWS accepts and yet is most likely not what the user wants."""

from collections.abc import Iterator

from apigateway.errors import Problem
from apigateway.resource_policies import advise_policy_region
from apigateway.rules import backends as backend_rules
from apigateway.rules import network as network_rules
from apigateway.rules import rest as rest_rules
from apigateway.rules import stack_file

from .api_advice import find_api_warnings
from .apis import WebSocketApi
from .backends import BalancedBackend
from .domain_advice import warn_of_domains
from .dropped_headers import warn_of_dropped_headers
from .finding import problem_at
from .limit_checks import warn_of_quotas
from .network import Network, NewNetwork
from .rest_apis import RestApi
from .spoofed_headers import warn_of_spoofed_headers
from .stack import Settings
from .stage_advice import warn_of_stages


def find_warnings(settings: Settings, region: str | None = None) -> list[Problem]:
    """Return every doubt about a stack that has no problems; ``region`` is the AWS Region, if it is known."""
    return [
        *([] if settings.apis else [problem_at(stack_file.NO_API, "holds no API, so nothing is served", "apis")]),
        *find_api_warnings(settings),
        *(found for name, api in settings.apis.items() for found in warn_of_stages(api, ("apis", name))),
        *(found for name, api in settings.apis.items() for found in warn_of_domains(api, ("apis", name))),
        *_warn_of_no_way_back(settings),
        *_warn_of_captured_names(settings),
        *_warn_of_balancer_logs(settings),
        *warn_of_dropped_headers(settings),
        *warn_of_spoofed_headers(settings),
        *warn_of_quotas(settings, region),
        *_warn_of_policy_regions(settings, region),
    ]


def _warn_of_policy_regions(settings: Settings, region: str | None) -> Iterator[Problem]:
    for name, api in settings.apis.items():
        if region is not None and isinstance(api, RestApi) and api.resource_policy is not None:
            for place, doubt in advise_policy_region(api.resource_policy, region):
                yield problem_at(rest_rules.POLICY_DOUBT, doubt, "apis", name, "resourcePolicy", *place)


def _warn_of_no_way_back(settings: Settings) -> Iterator[Problem]:
    """Warn where backends cannot call ``connectionsUrl``, which is a public name."""
    network = settings.network
    websocket_apis = [name for name, api in settings.apis.items() if isinstance(api, WebSocketApi)]
    if isinstance(network, NewNetwork) and network.nat_gateways == "none" and websocket_apis:
        names = ", ".join(websocket_apis)
        message = (
            f"is none: no backend in this VPC can call connectionsUrl of {names} (VPC endpoints serve "
            "private REST APIs only); set it to single or perZone, unless backends never post to a connection"
        )
        yield problem_at(network_rules.NO_WAY_BACK, message, "network", "natGateways")


def _warn_of_captured_names(settings: Settings) -> Iterator[Problem]:
    """Warn of private DNS that takes public names away, or that has no effect.

    Source: API Gateway Developer Guide, "Private REST APIs": with private DNS, the endpoint answers for every
    ``*.execute-api`` name of the Region, and answers public APIs with 403.
    """
    yield from _warn_of_an_endpoint_that_captures(settings)
    if not isinstance(settings.network, NewNetwork):
        return
    for index, endpoint in enumerate(settings.network.vpc_endpoints):
        at = ("network", "vpcEndpoints", index, "privateDns")
        if endpoint.is_gateway and endpoint.private_dns is not None:
            message = f"has no effect: the endpoint for {endpoint.service} is a gateway endpoint"
            yield problem_at(network_rules.IDLE_PRIVATE_DNS, message, *at)
        elif endpoint.service == "execute-api" and endpoint.private_dns:
            message = "captures the names of every API of the Region in this VPC, connectionsUrl included, with 403"
            yield problem_at(network_rules.CAPTURED_NAMES, message, *at)


def _warn_of_an_endpoint_that_captures(settings: Settings) -> Iterator[Problem]:
    """Warn where the endpoint of private APIs, whose private DNS is on, comes between backends and ``connectionsUrl``.

    Of an endpoint that the stack lists with ``privateDns`` nothing is said here: off, it is in nobody's way, and on, it
    has a warning of its own.
    """
    network = settings.network
    listed = network.vpc_endpoints if isinstance(network, NewNetwork) else ()
    if any(endpoint.service == "execute-api" and endpoint.private_dns is not None for endpoint in listed):
        return
    posting = [
        name
        for name, api in settings.apis.items()
        if isinstance(api, WebSocketApi) and any(spec.backend_name for spec in api.used_integrations)
    ]
    for name in settings.private_apis if posting else ():
        message = (
            "names no VPC endpoint, so that one in this VPC captures the names of every API of the Region: "
            f"connectionsUrl of {', '.join(posting)} answers backends there with 403; {_instead(network)}"
        )
        yield problem_at(network_rules.CAPTURED_NAMES, message, "apis", name, "endpointConfiguration", "vpcEndpointIds")


def _instead(network: Network | None) -> str:
    """Say how a private API is had without private DNS."""
    if isinstance(network, NewNetwork):
        return "give network.vpcEndpoints {service: execute-api, privateDns: false}"
    return "name an endpoint without private DNS"


def _warn_of_balancer_logs(settings: Settings) -> Iterator[Problem]:
    """Warn of access logs that stay empty."""
    for name, backend in settings.backends.items():
        if not isinstance(backend, BalancedBackend) or backend.access_logs is None:
            continue
        if backend.load_balancer == "network" and not backend.is_secure:
            message = "stay empty: a network load balancer logs connections to TLS listeners only, got TCP"
            yield problem_at(backend_rules.BALANCER_LOGS, message, "backends", name, "accessLogs")
