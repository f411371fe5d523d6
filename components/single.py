"""Checks of what a program gives an API by itself; what a stack file gives is checked as a whole when it is read.

An API is refused before anything of it is registered, with every problem at once: those between the parts of its
settings, and what it needs beside them. What is only doubtful is logged as a warning.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pulumi

from apigateway.errors import Problem
from apigateway.paths import format_path
from settings import CloudMapBackend
from settings import HttpApi as HttpApiSpec
from settings import RestApi as RestApiSpec
from settings import WebSocketApi as WebSocketApiSpec
from settings.api_places import http_places, rest_places, websocket_places
from settings.single import check_one_api

from .backend_in_use import BackendInUse
from .defaults import region
from .doubts import tell
from .rest_integrations import RestReach

Ids = Mapping[str, pulumi.Input[str]]


def check_http_api(
    name: str, spec: HttpApiSpec, backends: Mapping[str, BackendInUse], link_id: pulumi.Input[str] | None
) -> None:
    """Check an HTTP API and that it has a VPC link if it needs one; raises ``SettingsError`` with every problem."""
    used = sorted({found.backend_name for _, found, keys in http_places(spec) if keys and found.backend_name})
    lacks = []
    if used and link_id is None:
        lacks.append(f"needs link_id, the id of an HttpVpcLink that leads to {', '.join(used)}")
    _check(name, spec, backends, lacks)


def check_websocket_api(name: str, spec: WebSocketApiSpec, backends: Mapping[str, BackendInUse], link_ids: Ids) -> None:
    """Check a WebSocket API and its ways to backends; raises ``SettingsError`` with every problem."""
    used = {found.backend_name for _, found, keys in websocket_places(spec) if keys and found.backend_name}
    lacks = [lack for backend in sorted(used & set(backends)) for lack in _lacks_of_v1(backend, backends, link_ids)]
    _check(name, spec, backends, lacks)


def check_rest_api(name: str, spec: RestApiSpec, reach: RestReach, endpoint_ids: Sequence[pulumi.Input[str]]) -> None:
    """Check a REST API, its ways to backends and from callers; raises ``SettingsError`` with every problem."""
    used = {found.backend_name for _, found, keys in rest_places(spec) if keys and found.backend_name}
    lacks: list[str] = []
    for backend in sorted(used & set(reach.backends)):
        in_use = reach.backends[backend]
        if isinstance(in_use.spec, CloudMapBackend) or in_use.spec.load_balancer == "network":
            lacks += _lacks_of_v1(backend, reach.backends, reach.link_ids)
            continue
        lacks += _lacks_a_url(backend, in_use)
        if reach.http_link_id is None:
            lacks.append(f"needs reach.http_link_id, the id of an HttpVpcLink that leads to {backend}")
        if in_use.load_balancer_arn is None:
            lacks.append(f"needs the load_balancer_arn of the backend {backend}, which its link is told")
    if spec.is_private and not endpoint_ids:
        lacks.append("needs vpc_endpoint_ids: a private API is called by a VPC endpoint")
    if endpoint_ids and not spec.is_private:
        lacks.append("goes without vpc_endpoint_ids, by which only a private API is called")
    _check(name, spec, reach.backends, lacks)


def _lacks_of_v1(name: str, backends: Mapping[str, BackendInUse], link_ids: Ids) -> Iterator[str]:
    """Say what is missing on the way by a v1 link."""
    yield from _lacks_a_url(name, backends[name])
    if name not in link_ids:
        yield f'needs link_ids["{name}"], the id of the RestVpcLink to that backend'


def _lacks_a_url(name: str, backend: BackendInUse) -> Iterator[str]:
    if not isinstance(backend.spec, CloudMapBackend) and backend.dns_name is None:
        yield f"needs the dns_name of the backend {name}, by which its listener is called"


def _check(
    name: str,
    spec: HttpApiSpec | WebSocketApiSpec | RestApiSpec,
    backends: Mapping[str, BackendInUse],
    lacks: Iterable[str],
) -> None:
    more = [Problem(format_path(("apis", name)), lack) for lack in lacks]
    tell(check_one_api(name, spec, {key: backend.spec for key, backend in backends.items()}, region(), more))
