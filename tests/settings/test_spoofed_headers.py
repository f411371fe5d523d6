"""Headers of a WebSocket API that clients of another API may send to the same backend."""

import pytest

from tests.settings.examples import CHAT, CONNECT, FORWARD, ITEM, ORDERS, PROXY, REMOVED, Location
from tests.settings.findings import found

Changes = dict[Location, object]

AT = 'apis.orders.routes["GET /items/{id}"].integration.requestParameters'
REPLACED = "the backend has it from a WebSocket API, and here from any client that sends it"
ID: Changes = {(*FORWARD, "requestParameters"): {"integration.request.header.ConnectionId": "context.connectionId"}}
SHARED: Changes = {**ID, ITEM: {**PROXY, "backend": "chat"}}
MAPPED: Location = (*ITEM, "requestParameters")


def test_each_header_is_named_with_what_mends_it() -> None:
    more = {
        "integration.request.header.user": "context.authorizer.principalId",
        "integration.request.header.connectionid": "context.connectionId",
    }
    assert found({**SHARED, (*CONNECT, "requestParameters"): more}) == [
        (
            "spoofed-header",
            (
                f"{AT}: does not replace ConnectionId, user: {REPLACED}; "
                'write {"remove:header.ConnectionId": "", "remove:header.user": ""}'
            ),
        )
    ]


@pytest.mark.parametrize(
    "mapping", [{"remove:header.connectionid": ""}, {"overwrite:header.ConnectionId": "$context.requestId"}]
)
def test_a_header_that_is_removed_or_overwritten(mapping: dict[str, str]) -> None:
    assert found({**SHARED, MAPPED: mapping}) == []


@pytest.mark.parametrize(
    "mapping",
    [{"append:header.ConnectionId": "$context.requestId"}, {"remove:querystring.ConnectionId": ""}],
)
def test_a_mapping_that_leaves_what_the_client_sent(mapping: dict[str, str]) -> None:
    (warning,) = found({**SHARED, MAPPED: mapping})
    assert warning == (
        "spoofed-header",
        f'{AT}: does not replace ConnectionId: {REPLACED}; write {{"remove:header.ConnectionId": ""}}',
    )


def test_what_the_advice_says_mends_it() -> None:
    assert found({**SHARED, MAPPED: {"remove:header.ConnectionId": ""}}) == []


def test_a_header_that_no_mapping_may_touch() -> None:
    mapping = {"integration.request.header.Authorization": "context.authorizer.token"}
    (warning,) = found({**SHARED, (*FORWARD, "requestParameters"): mapping})
    assert warning == (
        "spoofed-header",
        (
            f"{AT}: does not replace Authorization: {REPLACED}; "
            "no mapping of an HTTP API changes Authorization: give it a backend of its own"
        ),
    )


@pytest.mark.parametrize(
    "changes",
    [
        ID,  # a backend each
        {ITEM: {**PROXY, "backend": "chat"}},  # no header
        {  # what a WebSocket client writes itself
            **SHARED,
            (*FORWARD, "requestParameters"): {"integration.request.header.room": "route.request.body.room"},
        },
        {  # no header of the request
            **SHARED,
            (*FORWARD, "requestParameters"): {"integration.request.querystring.id": "context.connectionId"},
        },
        {**SHARED, ITEM: {**PROXY, "integrationUri": "https://chat.example.com"}},
    ],
)
def test_nothing_to_say(changes: Changes) -> None:
    assert found(changes) == []


def test_a_network_load_balancer_before_an_application_load_balancer() -> None:
    before: Changes = {("backends", "chat", "target"): {"type": "alb", "backend": "orders"}}
    assert [rule for rule, _ in found({**ID, **before})] == ["spoofed-header"]


def proxied(**more: object) -> Changes:
    integration = {"integrationType": "HTTP_PROXY", "integrationMethod": "GET", "backend": "chat", **more}
    return {**ID, ("apis", "pets"): {"protocol": "REST", "routes": {"GET /pets": {"integration": integration}}}}


def test_a_rest_api_passes_headers_on_too() -> None:
    at = 'apis.pets.routes["GET /pets"].integration.requestParameters'
    assert found(proxied()) == [
        (
            "spoofed-header",
            (
                f"{at}: does not replace ConnectionId: {REPLACED}; "
                "write {integration.request.header.ConnectionId: \"''\"}"
            ),
        )
    ]
    assert found(proxied(requestParameters={"integration.request.header.ConnectionId": "''"})) == []


def test_a_rest_api_with_templates_sends_only_what_is_mapped() -> None:
    assert found(proxied(integrationType="HTTP", integrationResponses={"200": {}})) == []


def test_an_integration_that_no_route_uses_is_in_nobodys_way() -> None:
    changes: Changes = {**ID, (*ORDERS, "integrations", "spare"): {**PROXY, "backend": "chat"}}
    assert [rule for rule, _ in found(changes)] == ["idle-integration"]
    assert found({**SHARED, CHAT: REMOVED}) == []
