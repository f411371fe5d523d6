"""The VPC links that a REST API's routes need, and the stage variables that hold them."""

from collections.abc import Iterator

from apigateway.link_variables import link_variable

from .api_places import rest_places
from .backends import LoadBalanced
from .rest_apis import RestApi
from .stack import Settings


def reached_backends(api: RestApi, settings: Settings) -> Iterator[tuple[str, LoadBalanced]]:
    """Yield the backends that routes of a REST API reach by a VPC link, each once."""
    for name in dict.fromkeys(spec.backend_name for _, spec, keys in rest_places(api) if keys):
        backend = settings.backends.get(name or "")
        if name is not None and isinstance(backend, LoadBalanced):
            yield name, backend


def link_variables(api: RestApi, settings: Settings) -> set[str]:
    """Return the stage variables that every stage has beside its own: those that hold the VPC links."""
    return {
        link_variable(name if backend.load_balancer == "network" else None)
        for name, backend in reached_backends(api, settings)
    }
