import asyncio
import io
import json
import logging
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from rich.console import Console

from local.gateway.endpoints import ApiEndpoint, Endpoints
from local.json_lines import Machines
from local.terminal import People, Started, Terminal
from tests.local.command import start
from tests.local.console.exchanges import exchange
from tests.programs import copy_stack

APIS = {
    "orders": ApiEndpoint(endpoint="http://127.0.0.1:8081", connections_url=None),
    "chat": ApiEndpoint(endpoint="ws://127.0.0.1:8082/dev", connections_url="http://127.0.0.1:8082/dev"),
}
ENDPOINTS = Endpoints(apis=APIS, aws="http://127.0.0.1:4566", console="http://127.0.0.1:8080")
STARTED = Started(
    endpoints=ENDPOINTS,
    answers=("backend chat: the built-in echo",),
    missing=("function resize has no handler here",),
    remarks=("pets: the conditions of its policy are not weighed here",),
    warnings=("Pulumi.dev.yaml: warning: x",),
    attempts=("curl http://127.0.0.1:8081/hello",),
    file=".local/endpoints.json",
)
SECRETS = ("t1", "t2", "id=1", "id=2")


def people(*, colours: bool = False, width: int = 200) -> tuple[People, io.StringIO]:
    out = io.StringIO()
    made = People(
        Console(file=out, force_terminal=colours, no_color=not colours, width=width, highlight=False, soft_wrap=True)
    )
    return made, out


def machines() -> tuple[Machines, io.StringIO]:
    out = io.StringIO()
    return Machines(Console(file=out)), out


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def told(**fields: Any) -> str:  # noqa: ANN401 - of any field
    """Return the line of an exchange, without the time of day."""
    terminal, out = people()
    terminal.started(STARTED)
    out.truncate(0)
    out.seek(0)
    terminal.exchanged(exchange(**fields))
    line = out.getvalue()
    assert re.match(r"\d\d:\d\d:\d\d ", line)
    assert line.count("\n") == 1
    return line[9:-1]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        (
            {"event": "GET /orders/7"},
            "200     12 ms orders GET /orders/7 → ANY /{proxy+}  orders",
        ),
        (
            {"event": "GET /x?token=t2&page=1", "seconds": 12.3456},
            "200  12346 ms orders GET /x?token=•••&page=1 → ANY /{proxy+}  orders",
        ),
        (
            {"api": "chat", "event": "MESSAGE a=", "route_key": "say", "target": "chat", "status": 500, "reason": "no"},
            "500     12 ms chat   MESSAGE a= → say  chat, which answered 200: no",
        ),
        (
            {"event": "GET /x", "route_key": None, "target": None, "status": 404, "reason": "no route takes GET /x"},
            "404     12 ms orders GET /x → no route: no route takes GET /x",
        ),
        (
            {"event": "OPTIONS /x", "route_key": None, "target": None, "status": 204, "notes": ["a preflight"]},
            "204     12 ms orders OPTIONS /x: a preflight",
        ),
        (
            {"api": "chat", "event": "DISCONNECT a= 1000", "route_key": "$disconnect", "target": None, "status": None},
            "---     12 ms chat   DISCONNECT a= 1000 → $disconnect",
        ),
        (
            {"event": "GET /", "notes": ["slow", "late"], "reason": "no\nanswer"},
            "200     12 ms orders GET / → ANY /{proxy+}  orders: no\\nanswer; slow; late",
        ),
        ({"event": "GET /\x1b[31m", "target": None}, "200     12 ms orders GET /\\x1b[31m → ANY /{proxy+}"),
    ],
)
def test_an_exchange_is_one_aligned_line(fields: dict[str, Any], line: str) -> None:
    assert told(**fields) == line


@pytest.mark.parametrize(
    ("status", "reason", "colour"),
    [
        (101, None, "32"),
        (200, None, "32"),
        (304, None, "36"),
        (404, None, "33"),
        (502, None, "31"),
        (None, "nobody", "31"),
        (None, None, "2"),
    ],
)
def test_a_status_has_its_colour(status: int | None, reason: str | None, colour: str) -> None:
    terminal, _ = people(colours=True)
    shown = "---" if status is None else status
    assert f" \033[{colour}m{shown}\033[0m " in terminal.line(exchange(status=status, reason=reason))


def test_there_is_no_colour_where_none_is_wanted() -> None:
    terminal, _ = people()
    assert "\033" not in terminal.line(exchange(status=500, reason="no"))


def test_the_banner() -> None:
    terminal, out = people()
    terminal.started(STARTED)
    assert [line.rstrip() for line in out.getvalue().splitlines()] == [
        "",
        "console  http://127.0.0.1:8080",
        "chat     ws://127.0.0.1:8082/dev",
        "         connectionsUrl http://127.0.0.1:8082/dev",
        "orders   http://127.0.0.1:8081",
        "aws      --endpoint-url http://127.0.0.1:4566",
        "backend chat: the built-in echo",
        "function resize has no handler here",
        "Pulumi.dev.yaml: warning: x",
        "pets: the conditions of its policy are not weighed here",
        "try curl http://127.0.0.1:8081/hello",
        "endpoints are in .local/endpoints.json; Ctrl-C stops",
    ]


def test_edits_and_the_end() -> None:
    terminal, out = people()
    terminal.swapped("orders: 1 route", ENDPOINTS, moved=False)
    terminal.refused("Pulumi.dev.yaml: [no]\nPulumi.dev.yaml: neither")
    terminal.stopped()
    assert out.getvalue().splitlines() == [
        "edit swapped in: orders: 1 route",
        "Pulumi.dev.yaml: [no]",
        "Pulumi.dev.yaml: neither",
        "the gateway goes on as before the edit",
        "stopped",
    ]
    terminal.swapped("pets: new", ENDPOINTS, moved=True)
    assert "orders   http://127.0.0.1:8081" in out.getvalue()


def test_an_old_terminal_gets_what_it_can_show() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    People(Console(file=out, no_color=True)).exchanged(exchange(event="GET /?token=t1"))
    assert b"GET /?token=\\u2022\\u2022\\u2022 -> ANY /{proxy+}" in raw.getvalue()


@pytest.mark.parametrize("make", [people, machines])
def test_what_is_logged_is_shown_meanwhile(make: Any) -> None:  # noqa: ANN401
    terminal, out = make()
    functions, exchanges = logging.getLogger("local.functions"), logging.getLogger("local.gateway.access_log")
    functions.warning("before")
    with terminal.logs():
        functions.warning("resize: %s", "hello")
        exchanges.warning("told already")
        try:
            int("ours")
        except ValueError:
            logging.getLogger("local.gateway.protocol").exception("a fault")
    functions.warning("after")
    text = out.getvalue()
    assert "resize: hello" in text
    assert "a fault" in text
    assert "ValueError: invalid literal for int() with base 10: 'ours'" in text
    assert not [word for word in ("before", "told already", "after") if word in text]
    assert exchanges.level == logging.NOTSET


def test_machines_get_an_object_a_line() -> None:
    terminal, out = machines()
    with terminal.recording("dev"):
        terminal.started(STARTED)
    with terminal.logs():
        logging.getLogger("local.functions").info("resize: hello")
    terminal.exchanged(exchange())
    terminal.swapped("orders: 1 route", ENDPOINTS, moved=True)
    terminal.refused("one\ntwo")
    terminal.stopped()
    started, log, went, swapped, refused, stopped = lines(out)
    where = json.loads(ENDPOINTS.to_json())
    assert started == {
        "type": "started",
        **where,
        "answers": ["backend chat: the built-in echo"],
        "missing": ["function resize has no handler here"],
        "remarks": ["pets: the conditions of its policy are not weighed here"],
        "warnings": ["Pulumi.dev.yaml: warning: x"],
        "try": ["curl http://127.0.0.1:8081/hello"],
        "file": ".local/endpoints.json",
    }
    assert log == {"type": "log", "level": "INFO", "message": "resize: hello"}
    assert (went["type"], went["api"], went["status"], went["masked"]) == ("exchange", "orders", 200, True)
    assert went["requestMappings"]["rows"][0]["destination"] == "overwrite:header.x-tenant"
    assert not [secret for secret in SECRETS if secret in json.dumps(went)]
    assert swapped == {"type": "swapped", "changes": "orders: 1 route", "moved": True, **where}
    assert refused == {"type": "refused", "problems": ["one", "two"]}
    assert stopped == {"type": "stopped"}


def test_both_are_terminals() -> None:
    kinds: list[Terminal] = [people()[0], machines()[0]]
    assert len(kinds) == 2


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    copy_stack(tmp_path, "dev")
    return tmp_path


async def test_up_for_machines_prints_nothing_else(project: Path) -> None:
    process = await start(project, "up", "--port", "0", "--json")
    assert process.stdout is not None

    async def following(kind: str) -> Any:  # noqa: ANN401 - JSON
        assert process.stdout is not None
        while (line := json.loads(await process.stdout.readline()))["type"] != kind:
            pass
        return line

    started = await following("started")
    assert set(started["apis"]) == {"chat", "orders"}
    written = json.loads((project / ".local" / "endpoints.json").read_text(encoding="utf-8"))
    assert written == {name: started[name] for name in ("apis", "aws", "console")}
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{started['apis']['orders']['endpoint']}/items/7?token=t1") as answer:
            assert answer.status == 200
        went = await following("exchange")
        assert (went["event"], went["routeKey"], went["target"]) == (
            "GET /items/7?token=•••",
            "ANY /{proxy+}",
            "orders",
        )
        async with client.get(started["console"]["endpoint"]) as page:
            assert "<title>Gatelink</title>" in await page.text()
        async with client.get(f"{started['console']['endpoint']}/picture.svg") as picture:
            assert 'data-node="route:orders:ANY /{proxy+}"' in await picture.text()
    process.terminate()
    rest, errors = await process.communicate()
    assert [json.loads(line)["type"] for line in rest.splitlines()] == ["stopped"]
    assert (process.returncode, errors) == (0, b"")


async def test_exec_for_machines_leaves_stdout_to_the_command(project: Path) -> None:
    process = await start(project, "exec", "--port", "0", "--json", "--", "echo", "mine")
    out, errors = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, out) == (0, b"mine\n")
    assert [json.loads(line)["type"] for line in errors.splitlines()] == ["started"]
