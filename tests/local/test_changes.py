from dataclasses import replace

from local.changes import changes
from local.topology import RestApi, Topology
from local.topology.reading import build_topology
from tests.local.gateway.rest.apis import api, method
from tests.local.recordings import program


def serving(*apis: RestApi) -> Topology:
    return Topology(http_apis=(), websocket_apis=(), rest_apis=apis, backends=())


ONE, TWO = method("GET /a"), method("GET /b")


def test_what_an_edit_changes() -> None:
    before = serving(api(ONE, TWO))
    assert changes(before, before) == "nothing that is served has changed"
    assert changes(before, serving(api(ONE))) == "shop: 1 route"
    assert changes(before, serving(api(replace(ONE, api_key_required=True)))) == "shop: 2 routes"
    assert changes(before, serving(replace(api(ONE, TWO), is_private=True))) == "shop: the API itself"
    assert changes(before, serving(replace(api(), is_private=True))) == "shop: 2 routes and the API itself"
    assert changes(before, serving()) == "shop: gone"
    assert changes(serving(), before) == "shop: new"


def test_apis_of_the_other_kinds_count_as_well() -> None:
    made = program()
    made.http_route(made.http_api(), "$default")
    before = build_topology(made.recording())
    made.http_route("orders", "GET /a")
    made.two_way(made.websocket_route(made.websocket_api(), "$default"))
    assert changes(before, build_topology(made.recording())) == "chat: new, orders: 1 route"
