"""Makes the graph of a topology: follows every route to what answers it."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, assert_never

from apigateway.rest_resources import RestRouteKey
from apigateway.route_keys import HttpRouteKey
from local.counterparts import Route
from local.picture import answering
from local.picture.graph import CLIENT, Edge, Graph, Node, Trace, distinct
from local.picture.ways import BalancerEntry, CloudMapEntry, Link, Way, Ways
from local.recording import Recording
from local.topology import Api, HttpApi, RestApi, Topology, WebSocketApi
from local.topology.authorization import (
    CognitoRequired,
    JwtRequired,
    LambdaRequired,
    Open,
    SignedCaller,
)
from local.topology.calls import ListenerCall, PrivateCall, Reached, Unreachable
from local.topology.http import HttpRoute
from local.topology.rest import RestMethod
from local.topology.websocket import WebSocketRoute

_DOMAINS_SHOWN = 3
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "ANY")
_NUMBERS = re.compile(r"([0-9]+)")


def graph_of(recording: Recording, topology: Topology) -> Graph:
    """Return the picture of a topology; the recording that it was read from has the names of links and balancers."""
    return _Builder(recording, topology).graph()


class _Builder:
    def __init__(self, recording: Recording, topology: Topology) -> None:
        self._topology = topology
        self._stack = recording.stack
        self._ways = Ways(recording)
        self._nodes: dict[str, Node] = {}
        self._edges: list[Edge] = []
        self._traces: list[Trace] = []

    def graph(self) -> Graph:
        self._nodes[CLIENT] = Node(id=CLIENT, kind="client", title="clients")
        for api in self._topology.apis:
            self._add_api(api)
        for name in self._topology.backends:
            self._nodes.setdefault(f"backend:{name}", answering.backend(name, is_used=False))
        return Graph(
            name=self._stack,
            nodes=tuple(self._nodes.values()),
            edges=distinct(self._edges),
            traces=tuple(self._traces),
        )

    def _add_api(self, api: Api) -> None:
        node = _api(api, tuple(self._domains(api)))
        self._nodes[node.id] = node
        self._edges.append(Edge(source=CLIENT, target=node.id))
        for key, route in _routes(api):
            row = _row(api, key, route)
            self._nodes[row.id] = row
            for way in self._follow(api, route):
                self._lead([row, *way])
                self._traces.append(Trace(api=api.name, route=key, nodes=(CLIENT, node.id, row.id, *_passed(way))))

    def _lead(self, way: list[Node]) -> None:
        """Add the parts of a way that is all drawn, what lies behind an obstacle included."""
        is_broken = any(node.kind == "obstacle" for node in way)
        for node in way:
            self._nodes.setdefault(node.id, node)
        self._edges += [Edge(source=one.id, target=other.id, is_broken=is_broken) for one, other in pairwise(way)]

    def _follow(self, api: Api, route: Route) -> Iterator[list[Node]]:
        """Yield the parts behind a route, in order."""
        match route.integration.call:
            case ListenerCall(reach=reach) | PrivateCall(reach=reach):
                way = self._way(api, route)
                link = [] if way.link is None else [_link(way.link)]
                entry = [] if way.entry is None else [_entry(way.entry)]
                match reach:
                    case Reached(backend=name):
                        yield [*link, *entry, answering.backend(name)]
                    case Unreachable(reason=reason):
                        beyond = [] if way.backend is None else [answering.backend(way.backend)]
                        yield [*link, answering.obstacle(reason), *beyond]
                    case _:
                        assert_never(reach)
            case call:
                yield from ([node] for node in answering.outside(api, route, call))

    def _way(self, api: Api, route: Route) -> Way:
        match route:
            case HttpRoute() | WebSocketRoute():
                return self._ways.of_integration(route.integration.id)
            case RestMethod():
                return self._ways.of_method(api, route.key)
            case _:
                assert_never(route)

    def _domains(self, api: Api) -> Iterator[str]:
        for domain in self._topology.domains:
            for mapping in domain.mappings:
                if mapping.api_id == api.api_id:
                    yield "/".join(filter(None, (domain.name, mapping.key)))


def _passed(way: list[Node]) -> tuple[str, ...]:
    """Return the ids of the parts that a request comes to: none behind an obstacle."""
    kinds = [node.kind for node in way]
    end = kinds.index("obstacle") + 1 if "obstacle" in kinds else len(way)
    return tuple(node.id for node in way[:end])


def _protocol(api: Api) -> Literal["HTTP", "WEBSOCKET", "REST"]:
    match api:
        case HttpApi():
            return "HTTP"
        case WebSocketApi():
            return "WEBSOCKET"
        case RestApi():
            return "REST"
        case _:
            assert_never(api)


def _api(api: Api, domains: tuple[str, ...]) -> Node:
    word = "stage" if len(api.stages) == 1 else "stages"
    hidden = len(domains) - _DOMAINS_SHOWN
    more = (f"… {hidden} more",) if hidden > 0 else ()
    shut = ("by its domain alone",) if api.by_domain_alone else ()
    private = ("private",) if isinstance(api, RestApi) and api.is_private else ()
    return Node(
        id=f"api:{api.name}",
        kind="api",
        title=api.name,
        lines=(f"{word} {', '.join(api.stages) or 'none'}", *domains[:_DOMAINS_SHOWN], *more, *shut),
        tags=(_protocol(api), *private),
        tip="\n".join((api.api_id, *domains[_DOMAINS_SHOWN:])),
        api=api.name,
    )


def _routes(api: Api) -> list[tuple[str, Route]]:
    """Return the routes by their keys, by path and then by method; a WebSocket API's own events come first."""
    match api:
        case HttpApi():
            return [(str(key), api.routes[key]) for key in sorted(api.routes, key=_place)]
        case WebSocketApi():
            order = {"$connect": 0, "$disconnect": 1, "$default": 3}
            keys = sorted(api.routes, key=lambda key: (order.get(key, 2), _in_order(key)))
            return [(key, api.routes[key]) for key in keys]
        case RestApi():
            return [(str(key), api.methods[key]) for key in sorted(api.methods, key=_place)]
        case _:
            assert_never(api)


def _place(key: HttpRouteKey | RestRouteKey) -> tuple[bool, list[tuple[int, str]], int]:
    """Order routes by path, then by method as people name them; ``$default`` is the last."""
    return not key.path, _in_order(key.path), _METHODS.index(key.method) if key.method in _METHODS else 0


def _in_order(text: str) -> list[tuple[int, str]]:
    """Order texts with numbers in them as people do: ``v2`` before ``v10``."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBERS.split(text)]


def _row(api: Api, key: str, route: Route) -> Node:
    tags, locks, tips = list[str](), list[str](), [key]
    if isinstance(route, WebSocketRoute) and route.two_way:
        tags.append("two-way")
        tips.append("the answer goes back to the client")
    if not isinstance(route, HttpRoute) and route.api_key_required:
        locks.append("API key")
        tips.append("needs an API key")
    if not isinstance(route.authorization, Open):
        word, tip = _authorization(route.authorization)
        locks.append(word)
        tips.append(tip)
    return Node(
        id=f"route:{api.name}:{key}",
        kind="route",
        title=key,
        tags=tuple(tags),
        locks=tuple(locks),
        tip="\n".join(tips),
        api=api.name,
        keys=(key,),
    )


def _authorization(authorization: SignedCaller | JwtRequired | CognitoRequired | LambdaRequired) -> tuple[str, str]:
    """Return a word, and the whole."""
    match authorization:
        case SignedCaller():
            return "IAM", "needs a signature (AWS_IAM)"
        case JwtRequired(authorizer=jwt, scopes=scopes):
            return "JWT", f"needs a token of {jwt.issuer}{_scopes(scopes)}"
        case CognitoRequired(authorizer=pools, scopes=scopes):
            return "Cognito", f"needs a token of {', '.join(pools.user_pools)}{_scopes(scopes)}"
        case LambdaRequired(authorizer=function):
            return "Lambda", f"authorizer {function.name} asks {function.uri}"
        case _:
            assert_never(authorization)


def _scopes(scopes: tuple[str, ...]) -> str:
    return f" with one of the scopes {', '.join(scopes)}" if scopes else ""


def _link(link: Link) -> Node:
    return Node(
        id=f"link:v{link.version}:{link.name}", kind="link", title=link.name, lines=(f"VPC link v{link.version}",)
    )


def _entry(entry: BalancerEntry | CloudMapEntry) -> Node:
    match entry:
        case CloudMapEntry(service=service):
            return Node(id=f"service-registry:{service}", kind="entry", title=service, lines=("Cloud Map service",))
        case BalancerEntry():
            where = f":{entry.port}" if entry.port is not None else ""
            listens = " ".join(filter(None, (entry.protocol, where)))
            outside = ("outside the stack",) if entry.is_outside else ()
            return Node(
                id=f"listener:{entry.balancer}{where}",
                kind="entry",
                title=entry.balancer,
                lines=(" · ".join(filter(None, (f"{entry.kind} load balancer", listens))), *outside),
            )
        case _:
            assert_never(entry)
