"""The page in a headless Chromium, used as a developer uses it."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.local.console.browser import Page, browse, find_browser
from tests.local.console.conftest import Show, Shown, two_apis
from tests.local.gateway.backend import response

BROWSER = find_browser()
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on PATH: the page is not tested")

ROW = "#rows .row"


@pytest.fixture(name="page")
async def _page() -> AsyncIterator[Page]:
    assert BROWSER is not None
    async with browse(BROWSER) as page:
        yield page
    assert page.problems == []


async def opened(page: Page, shown: Shown, *, width: int = 1280) -> None:
    """Open the console, and wait until it is live."""
    await page.open(shown.console.url, width=width)
    await page.until("document.querySelector('#state.live') && document.querySelector('#http-example').value !== ''")
    await page.until("document.querySelector('.gatelink-picture')")


async def call(shown: Shown, *paths: str, **headers: str) -> None:
    """Call the HTTP API."""
    for path in paths:
        async with shown.client.get(shown.endpoint("orders") + path, headers=headers) as answer:
            await answer.read()


def has_rows(count: int) -> str:
    return f"document.querySelectorAll('{ROW}').length === {count}"


def focused(selector: str) -> str:
    return f"document.activeElement === document.querySelector({json.dumps(selector)})"


async def test_a_request_from_the_box_is_seen_and_explained(show: Show, page: Page) -> None:
    shown = await show()
    shown.backend.answers.append(response(404, ("Content-Type", "application/json"), body=b'{"error": "<b>no</b>"}'))
    await opened(page, shown)
    await page.write("#http-path", "/items/9?page=2")
    await page.write("#http-headers", "Tenant: acme\nAuthorization: Bearer t1")
    await page.click("#http-send")
    await page.until("document.querySelector('#http-answer .status')")
    assert (await page.text("#http-answer h3")).split()[:3] == ["404", "Not", "Found"]
    assert await page.text("#http-answer pre") == '{"error": "<b>no</b>"}'
    assert (await shown.backend.next()).target == "/items/9?page=2"

    await page.until(has_rows(1))
    assert (await page.text(f"{ROW} .what")).split() == ["GET", "/items/9?page=2", "ANY", "/{proxy+}"]
    await page.click(ROW)
    await page.until("document.querySelector('.mappings')")
    cells = await page.run(
        "[...document.querySelectorAll('.mappings tbody tr')]"
        ".map((row) => [...row.cells].map((cell) => cell.innerText))"
    )
    assert cells == [
        ["overwrite:header.x-tenant", "$request.header.tenant", "acme"],
        ["overwrite:header.x-missing", "$request.querystring.nothing", "missing"],
        ["append:header.x-token", "$request.header.authorization", "•••"],
    ]
    assert await page.count("#panel-detail b b") == 0  # what was sent is text, and never markup
    assert "Bearer t1" not in await page.text("#panel-detail")
    await page.click(".mappings .mask")
    await page.until("document.querySelector('#panel-detail').innerText.includes('Bearer t1')")
    assert await page.count("#panel-detail .mask") == 0


async def test_an_exchange_is_edited_and_sent_again(show: Show, page: Page) -> None:
    shown = await show()
    await call(shown, "/items/9", Tenant="acme", Authorization="Bearer t1")
    await opened(page, shown)
    await page.click(ROW)
    await page.until("document.querySelector('.actions button')")
    await page.click(".actions button")
    await page.until(focused("#http-path"))
    headers = await page.run("document.querySelector('#http-headers').value")
    assert "Tenant: acme" in headers
    assert "Authorization: Bearer t1" in headers
    await page.write("#http-path", "/items/10")
    await page.press("Enter")
    await page.until(has_rows(2))
    await shown.backend.next()
    assert (await shown.backend.next()).header("Tenant") == "acme"


async def test_a_websocket_from_the_box(show: Show, page: Page) -> None:
    shown = await show()
    shown.backend.answers.extend([response(), response(body=b"pong")])
    await opened(page, shown)
    await page.click("#tab-socket")
    assert await page.run("document.querySelector('#socket-path').value") == "/dev?authToken=example"
    assert await page.run("document.querySelector('#socket-frame').value") == '{"action": "say"}'
    await page.click("#socket-connect")
    await page.until("!document.querySelector('#socket-send').disabled")
    await page.click("#socket-send")
    await page.until("document.querySelector('#socket-log .frame.in')")
    assert await page.text("#socket-log .frame.in pre") == "pong"

    await page.until("document.querySelector('#open').innerText === '1'")
    await page.click("#tab-connections")
    await page.write("[data-connection] input", "from the backend")
    await page.click("[data-connection] [type=submit]")
    await page.until("document.querySelector('#socket-log').textContent.includes('from the backend')")
    await page.click("[data-connection] form button[type=button]")
    await page.until("!document.querySelector('[data-connection]') && document.querySelector('#open').hidden")
    await page.until("document.querySelector('#socket-log').textContent.includes('closed 1000')")
    await page.until(has_rows(5))


async def test_a_refused_handshake_is_said(show: Show, page: Page) -> None:
    shown = await show()
    shown.backend.answers.append(response(401))
    await opened(page, shown)
    await page.click("#tab-socket")
    await page.click("#socket-connect")
    await page.until("document.querySelector('#socket-log .bad')")
    assert "the handshake was answered 401" in await page.text("#socket-log .bad")
    await page.until("document.querySelector('#socket-connect').innerText === 'Connect'")


async def test_filters_and_search(show: Show, page: Page) -> None:
    shown = await show()
    shown.backend.answers.extend([response(), response(500), response(404)])
    await call(shown, "/a", Tenant="acme")
    await call(shown, "/b", "/c")
    async with shown.client.ws_connect(shown.endpoint("chat")):
        pass
    await opened(page, shown)
    await page.until(has_rows(5))
    await page.click("#statuses .s5")
    await page.until(has_rows(1))
    assert "/b" in await page.text(ROW)
    await page.click("#statuses .s5")
    await page.until(has_rows(5))
    await page.click("#apis .chip:nth-child(2)")
    await page.until(has_rows(2))
    await page.click("#apis .chip:nth-child(2)")
    await page.click('[data-node="api:orders"] .frame')
    await page.until(has_rows(3))
    assert await page.text("#node") == "orders \N{MULTIPLICATION SIGN}"
    await page.click("#node .chip")
    await page.until(has_rows(5))
    assert await page.text('[data-node="api:orders"] > .tally') == "3"
    await page.click('[data-node="route:chat:$connect"] .hit')
    await page.until(has_rows(1))
    await page.click('[data-node="client"] .frame')
    await page.until(has_rows(5))
    await page.click('[data-node="backend:orders"] .frame')
    await page.until(has_rows(3))
    await page.click('[data-node="backend:orders"] .frame')
    await page.until(has_rows(5))

    await page.write("#search", "ACME")
    await page.until(has_rows(1))
    assert "/a" in await page.text(ROW)
    await call(shown, "/d", Tenant="acme")
    await page.until(has_rows(2))
    assert await page.text("#count") == "2 of 6"
    await page.write("#search", "nowhere")
    await page.until(has_rows(0))
    assert await page.text("#empty") == "Nothing that fits the filters."


async def test_the_picture_counts_how_far_requests_come(show: Show, page: Page) -> None:
    shown = await show()
    await opened(page, shown)
    await call(shown, "/a")
    await page.until("document.querySelector('[data-node=\"backend:orders\"].pulse')")
    async with shown.client.ws_connect(shown.endpoint("chat")) as socket:
        await socket.send_str('{"action": "unknown"}')
        await socket.receive(timeout=5)
    await page.until(has_rows(4))
    tallies = await page.run(
        "Object.fromEntries([...document.querySelectorAll('[data-node]')]"
        ".map((node) => [node.dataset.node, node.querySelector(':scope > .tally')?.textContent ?? '']))"
    )
    parts = ("api:orders", "route:orders:ANY /{proxy+}", "backend:orders", "api:chat", "route:chat:say", "backend:chat")
    # Of chat's three events, $connect alone led on: there is no $disconnect, and no route for the message.
    assert [tallies[part] for part in parts] == ["1", "1", "1", "3", "", "1"]


async def test_the_arrows_lead_from_the_search_into_the_list(show: Show, page: Page) -> None:
    shown = await show()
    await call(shown, "/a", "/b")
    await opened(page, shown)
    await page.until(has_rows(2))
    await page.press("/")
    await page.until(focused("#search"))
    await page.press("ArrowDown")
    await page.until(f"document.querySelector('{ROW}[aria-selected=true]')?.innerText.includes('/b')")
    await page.until(focused("#list"))
    await page.press("Enter")
    await page.until(focused("#panel-detail"))


async def test_everything_by_keyboard(show: Show, page: Page) -> None:
    shown = await show()
    await call(shown, "/a", "/b", "/c")
    await opened(page, shown)
    await page.until(has_rows(3))
    await page.press("/")
    await page.until(focused("#search"))
    await page.press("Escape")
    await page.until(focused("#list"))
    await page.press("ArrowDown")
    await page.until(f"document.querySelector('{ROW}[aria-selected=true]')?.innerText.includes('/c')")
    await page.press("ArrowDown")
    await page.press("ArrowDown")
    await page.until(f"document.querySelector('{ROW}[aria-selected=true]')?.innerText.includes('/a')")
    chosen = await page.run("document.querySelector('#list').getAttribute('aria-activedescendant')")
    assert await page.run(f"document.getElementById('{chosen}').getAttribute('aria-posinset')") == "3"
    await page.press("Home")
    await page.until("document.querySelector('#panel-detail h2')?.innerText.includes('/c')")
    await page.press("Enter")
    await page.until(focused("#panel-detail"))
    await page.press("Escape")
    await page.until(f"document.querySelector('#panel-detail').hidden && {focused('#list')}")

    reached = set()
    for _ in range(40):
        await page.press("Tab")
        reached.add(await page.run("document.activeElement.id || document.activeElement.closest('[id]')?.id"))
    assert {
        "addresses",
        "search",
        "apis",
        "statuses",
        "list",
        "tab-http",
        "http-api",
        "http-path",
        "http-send",
    } <= reached
    await page.run("document.querySelector('#tab-http').focus()")
    await page.press("ArrowRight")
    await page.until(f"{focused('#tab-socket')} && !document.querySelector('#panel-socket').hidden")


async def test_every_control_has_a_name_and_focus_is_seen(show: Show, page: Page) -> None:
    await opened(page, await show())
    nameless = await page.run(
        "[...document.querySelectorAll('button, input, select, textarea, [role=listbox], [role=button]')]"
        ".filter((node) => !(node.innerText || node.getAttribute('aria-label') || node.labels?.length))"
        ".map((node) => node.outerHTML)"
    )
    assert nameless == []
    await page.press("Tab")
    assert await page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"


async def test_an_edit_is_seen_at_once(show: Show, page: Page) -> None:
    shown = await show()
    await opened(page, shown)
    made = two_apis()
    pets = made.http_api("pets")
    made.http_route(pets, "GET /pets/{id}")
    await shown.swap(made)
    await page.until("document.querySelector('[data-node=\"route:pets:GET /pets/{id}\"]')")
    await page.until("document.querySelector('#addresses').innerText.includes('pets')")
    await page.until("document.querySelector('#http-api').options.length === 2")
    shown.console.refused("Pulumi.dev.yaml: apis.pets: <must> be")
    await page.until("document.querySelector('#notice pre').innerText.includes('<must> be')")
    await page.click("#notice .close")
    await page.until("document.querySelector('#notice').hidden")


async def test_a_thousand_lines_are_drawn_as_far_as_they_are_in_view(show: Show, page: Page) -> None:
    shown = await show()
    await opened(page, shown)
    await call(shown, *(f"/items/{number}" for number in range(200)))
    await page.until("document.querySelector('#count').innerText === '200'")
    assert await page.count(ROW) < 60
    await page.run("document.querySelector('#list').focus()")
    await page.press("End")
    await page.until(f"document.querySelector('{ROW}[aria-selected=true]')?.innerText.includes('/items/0')")
    await call(shown, "/more")
    await page.until("document.querySelector('#count').innerText === '201'")
    assert await page.count(f"{ROW}[aria-selected=true]") == 1


@pytest.mark.parametrize("width", [700, 1280])
async def test_it_fits(show: Show, page: Page, width: int) -> None:
    shown = await show()
    await call(shown, "/a-rather-long-path/" + "x" * 300)
    await opened(page, shown, width=width)
    await page.click(ROW)
    await page.until("document.querySelector('.mappings')")
    assert await page.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


async def test_it_finds_back_to_a_gateway_that_was_away(show: Show, page: Page) -> None:
    shown = await show()
    await opened(page, shown)
    await call(shown, "/a")
    await page.until(has_rows(1))
    port = int(shown.console.url.rpartition(":")[2])
    await shown.console.stop()
    await page.until("document.querySelector('#state.lost')")
    page.problems.clear()
    shown.console = type(shown.console)(shown.gateway, lambda: '<svg xmlns="http://www.w3.org/2000/svg"/>')
    await shown.console.start("127.0.0.1", port)
    await page.until(f"document.querySelector('#state.live') && {has_rows(0)}")
    page.problems.clear()  # the handshakes that nobody answered
    async with shown.client.ws_connect(shown.endpoint("chat")) as socket:
        assert isinstance(socket, aiohttp.ClientWebSocketResponse)
        await page.until(has_rows(1))
