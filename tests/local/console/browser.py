"""A headless Chromium, driven over its DevTools protocol with aiohttp alone: no driver to install beside the browser.

https://chromedevtools.github.io/devtools-protocol/
"""

import asyncio
import base64
import contextlib
import itertools
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
SECONDS = 20
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--hide-scrollbars",
    "--no-first-run",
    "--no-default-browser-check",
    "--remote-debugging-port=0",
)
KEYS = {
    "Enter": (13, "\r"),
    "Escape": (27, ""),
    "Tab": (9, ""),
    "ArrowUp": (38, ""),
    "ArrowDown": (40, ""),
    "ArrowLeft": (37, ""),
    "ArrowRight": (39, ""),
    "Home": (36, ""),
    "End": (35, ""),
    "/": (191, "/"),
}
"""Key → its Windows code, and the text that it types."""


def find_browser() -> str | None:
    """Return the path of a browser; None where there is none on this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@dataclass(slots=True, kw_only=True, eq=False)
class Page:
    """One tab."""

    socket: aiohttp.ClientWebSocketResponse
    session: str = ""
    problems: list[str] = field(default_factory=list)
    """What the page's scripts threw, and what the browser refused or did not find."""
    waiting: dict[int, "asyncio.Future[dict[str, Any]]"] = field(default_factory=dict)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Call a method of the protocol."""
        number = next(self.numbers)
        self.waiting[number] = asyncio.get_running_loop().create_future()
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        await self.socket.send_json(message)
        return await asyncio.wait_for(self.waiting[number], SECONDS)

    async def listen(self) -> None:
        """Take what the browser says, until it goes."""
        async for message in self.socket:
            said = json.loads(message.data)
            if "id" in said:
                future = self.waiting.pop(said["id"])
                if future.done():
                    continue
                if "error" in said:
                    future.set_exception(AssertionError(said["error"]["message"]))
                else:
                    future.set_result(said["result"])
            elif said["method"] == "Runtime.exceptionThrown":
                details = said["params"]["exceptionDetails"]
                self.problems.append(details.get("exception", {}).get("description", details["text"]))
            elif said["method"] == "Log.entryAdded" and said["params"]["entry"]["level"] == "error":
                entry = said["params"]["entry"]
                self.problems.append(f"{entry['text']} {entry.get('url', '')}")

    async def open(self, url: str, *, width: int = 1280, height: int = 860, dark: bool = False) -> None:
        """Load a page, and wait until it has loaded."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])
        await self.call("Page.navigate", url=url)
        await self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    async def run(self, script: str) -> Any:  # noqa: ANN401 - JSON
        """Evaluate an expression, a promise to its end, and return its value."""
        answer = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"].get("exception", {}).get("description", script))
        return answer["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait until an expression is true; the page itself looks, again and again."""
        waiting = (
            f"new Promise((done) => {{ const end = Date.now() + {SECONDS * 900};"
            f"const look = () => {{ if ({condition}) done(true); else if (Date.now() > end) done(false);"
            "else setTimeout(look, 10); }; look(); })"
        )
        while True:
            try:
                assert await self.run(waiting), f"never true: {condition}"
            except AssertionError as error:
                # A page that is being loaded takes what runs in the old one away.
                if "context was destroyed" not in str(error) and "navigated or closed" not in str(error):
                    raise
            else:
                return

    async def text(self, selector: str) -> str:
        """Return the text of an element as it is seen."""
        node = f"document.querySelector({json.dumps(selector)})"
        return str(await self.run(f"{node}.innerText ?? {node}.textContent"))

    async def count(self, selector: str) -> int:
        """Return how many elements there are."""
        return int(await self.run(f"document.querySelectorAll({json.dumps(selector)}).length"))

    async def click(self, selector: str) -> None:
        """Press the mouse's button on the middle of an element, as a user does."""
        await self.until(f"document.querySelector({json.dumps(selector)})")
        box = await self.run(
            f"(() => {{ const node = document.querySelector({json.dumps(selector)});"
            "node.scrollIntoView({ block: 'nearest' });"
            "const box = node.getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.call(
                "Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", buttons=1, clickCount=1
            )

    async def press(self, key: str, *, shift: bool = False) -> None:
        """Press a key."""
        code, text = KEYS[key]
        common = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        await self.call("Input.dispatchKeyEvent", type="keyDown", **common, **({"text": text} if text else {}))
        await self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    async def write(self, selector: str, text: str) -> None:
        """Type a text into a field, in place of what is in it."""
        await self.run(f"document.querySelector({json.dumps(selector)}).select()")
        await self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        await self.call("Input.insertText", text=text)

    async def picture(self) -> bytes:
        """Return what is seen as a PNG."""
        shot = await self.call("Page.captureScreenshot", format="png")
        return base64.b64decode(shot["data"])


@contextlib.asynccontextmanager
async def browse(browser: str) -> AsyncIterator[Page]:
    """Start a browser of one's own with one empty tab; on the way out it ends, and its files go."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            browser,
            *OPTIONS,
            f"--user-data-dir={profile}",
            "about:blank",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            url = await asyncio.wait_for(_address(process), SECONDS)
            async with aiohttp.ClientSession() as client, client.ws_connect(url, max_msg_size=0) as socket:
                page = Page(socket=socket)
                listening = asyncio.create_task(page.listen())
                try:
                    await _attach(page)
                    yield page
                finally:
                    listening.cancel()
                    await asyncio.gather(listening, return_exceptions=True)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    said = ""
    while line := (await process.stderr.readline()).decode(errors="replace"):
        said += line
        if line.startswith("DevTools listening on "):
            return line.removeprefix("DevTools listening on ").strip()
    raise AssertionError(f"the browser ended: {said}")


async def _attach(page: Page) -> None:
    target = await page.call("Target.createTarget", url="about:blank")
    attached = await page.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
    page.session = attached["sessionId"]
    for domain in ("Page", "Runtime", "Log"):
        await page.call(f"{domain}.enable")
