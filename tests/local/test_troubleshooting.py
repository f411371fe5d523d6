"""docs/troubleshooting.md, section by section: the symptom is seen, the stack file is mended, and it is gone."""

import ast
import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import aiohttp
import pytest

from apigateway.errors import SettingsError
from local.aws import EmbeddedAws
from local.counterparts import resources_of
from local.functions import Functions, HandlerName
from local.gateway.authorization.issuers import Issuers
from local.gateway.server import Gateway
from local.recording import Json, Recording
from local.topology import Topology
from local.topology.reading import build_topology
from settings import load_settings
from tests.local.gateway.authorization.tokens import claims_of, signing_key, write_key_set
from tests.local.gateway.backend import Backend, Received
from tests.local.troubleshooting.page import (
    BASE,
    PAGE,
    Block,
    Section,
    anchor_of,
    base_settings,
    merged,
    read_snippet,
    sections,
)
from tests.local.troubleshooting.services import (
    Service,
    Surroundings,
    chooses_a_protocol,
    conflicts,
    greets,
    posts,
    taking,
    wants_a_token,
)
from tests.local.troubleshooting.transcripts import ACCESS_KEY, SECRET_KEY, Call, calls, replay
from tests.programs import Settings, only, run_program

CAUSES = [section for section in sections() if section.chapter != section.title]
ON_LAPTOPS = [section for section in CAUSES if section.chapter != "What only AWS shows"]
by_cause = pytest.mark.parametrize("section", CAUSES, ids=lambda section: section.title)

ONLY_ON_AWS = {
    "403: a public API called from inside a VPC": "a laptop has no VPC endpoint and no private DNS.",
    "REST 403: a private API": "which VPC endpoint a call came through is not known on a laptop.",
    "500: the certificate does not fit": "on a laptop no TLS is spoken to a service.",
    "503: a link that was idle for weeks": "a laptop has no VPC link that could go to sleep.",
}
"""Section → why no test shows its symptom."""

ISSUER = "https://id.shop.example/"
"""Whose token ``$TOKEN`` is."""

DOWN = "down"
EMPTY = "none"
ECHO = "echo"
SERVICES: dict[str, tuple[Service | str, Service | str]] = {
    "REST 500: the service is not reached": (DOWN, ECHO),
    "REST 500: no integration response takes the answer": (conflicts, conflicts),
    "REST 504: the integration times out": (taking(0.15), taking(0.15)),
    "HTTP 503: the service is not reached": (DOWN, ECHO),
    "HTTP 504: the integration times out": (taking(0.15), taking(0.15)),
    "WebSocket 401, 403: the service refuses": (wants_a_token, wants_a_token),
    "WebSocket 500: the service is not reached": (DOWN, DOWN),
    "WebSocket: the sub-protocol is not answered": (chooses_a_protocol, chooses_a_protocol),
    "WebSocket: Internal server error": (DOWN, ECHO),
    "WebSocket: Endpoint request timed out": (taking(0.15, b"done"), taking(0.15, b"done")),
    "WebSocket: the service does not know the connection": (greets, greets),
    "Connections 410: $connect still runs": (posts, posts),
    "502: the balancer has no answer": (DOWN, ECHO),
    "503: the balancer has no target": (EMPTY, ECHO),
    "504: the balancer waits no longer": (taking(1.2), taking(1.2)),
}
"""Section → the service behind the balancers, before and after. Elsewhere it is the built-in echo."""

REFUSED = {
    "REST 500: no integration response takes the answer": (
        "needs a response without a selectionPattern, for answers that no other one takes, such as 300; got 200, 404"
    ),
    "REST 500: a mock without a status": (
        r'must make {"statusCode": 200}, or the answer is 500; got "{\"status\": 200}"'
    ),
}
"""Section → why ``check`` refuses the file that has the symptom."""


def with_outputs(recording: Recording, name: str, **outputs: Json) -> Recording:
    """Return a recording in which AWS has something else for a resource than the program said."""
    return replace(
        recording,
        resources=tuple(
            replace(resource, outputs={**resource.outputs, **outputs})
            if resource.custom and resource.name == name
            else resource
            for resource in recording.resources
        ),
    )


def with_integration(recording: Recording, edit: Callable[[dict[str, dict[str, Json]]], object]) -> Recording:
    """Return a recording in which the integration of ``GET /pets`` is another."""
    body = only(recording, "aws:apigateway/restApi:RestApi").outputs["body"]
    document = json.loads(str(body))
    edit(document["paths"]["/pets"]["get"]["x-amazon-apigateway-integration"])
    return with_outputs(recording, "pets", body=json.dumps(document))


def with_stricter_groups(recording: Recording) -> Recording:
    """Return a recording in which the balancers' security groups let no link in."""
    strict = with_outputs(recording, "core", enforceSecurityGroupInboundRulesOnPrivateLinkTraffic="on")
    kept = (resource for resource in strict.resources if "securityGroupIngressRule" not in resource.type)
    return replace(strict, resources=tuple(kept))


EDITS: dict[str, Callable[[Recording], Recording]] = {
    "REST 500: no integration response takes the answer": lambda made: with_integration(
        made, lambda integration: integration["responses"].pop("default")
    ),
    "REST 500: a mock without a status": lambda made: with_integration(
        made, lambda integration: integration["requestTemplates"].update({"application/json": '{"status": 200}'})
    ),
    "500: a security group stops the link": with_stricter_groups,
}
"""Section → how AWS differs from what the program would make of a sound stack file: it cannot be brought to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a stack file says, and what is seen of it."""

    settings: Settings
    code: str
    """``app.py``, whose functions stand for Lambda functions; mostly empty."""
    console: Block


def situations(section: Section) -> list[Situation]:
    """Return the situations of a section: that of the symptom, and the mended one."""
    settings, code, found = base_settings(), "", []
    for block in section.blocks:
        match block.language:
            case "yaml":
                settings = merged(settings, read_snippet(block.text))
            case "python":
                code = block.text
            case _:
                found.append(Situation(settings=settings, code=code, console=block))
    return found


@cache
def recorded(settings: str) -> Recording:
    return run_program(json.loads(settings))


async def record(settings: Settings) -> Recording:
    """Run the program, in a thread where it may have an event loop of its own."""
    return await asyncio.to_thread(recorded, json.dumps(settings, sort_keys=True))


@contextlib.asynccontextmanager
async def served(
    recording: Recording, service: Service | str, code: str, around: Surroundings, directory: Path
) -> AsyncIterator[Gateway]:
    """Serve a recording, whose backends are all one service; time stands still for throttling."""
    backend = await Backend().start()

    async def on_request(request: Received) -> None:
        if not isinstance(service, str):
            backend.answers.append(await service(request, around))

    backend.on_request = on_request
    if service == DOWN:
        await backend.stop()
    urls = {} if service == ECHO else dict.fromkeys(("core", "web"), EMPTY if service == EMPTY else backend.url)
    topology = build_topology(recording)
    async with beyond(topology, code, directory) as (functions, issuers, aws):
        gateway = Gateway(
            topology, urls, first_port=0, functions=functions, issuers=issuers, aws=aws, clock=lambda: 0.0
        )
        await gateway.start()
        try:
            around.connections_url = gateway.endpoints.apis["chat"].connections_url or ""
            yield gateway
        finally:
            around.over.set()
            await gateway.stop()
            if service != DOWN:
                await backend.stop()


@contextlib.asynccontextmanager
async def beyond(
    topology: Topology, code: str, directory: Path
) -> AsyncIterator[tuple[Functions, Issuers, str | None]]:
    """Run what ``app.py`` has, know the issuer of the tokens, and start the embedded AWS where it is called."""
    (directory / "app.py").write_text(code, encoding="utf-8")
    names = [part.name for part in ast.parse(code).body if isinstance(part, ast.FunctionDef)]
    functions = Functions({name: HandlerName(module="app", function=name) for name in names}, directory)
    issuers = Issuers({ISSUER: str(write_key_set(directory / "jwks.json", signing_key()))})
    needed = resources_of(topology)
    aws = await EmbeddedAws.start() if needed else None
    try:
        if aws:
            await aws.provide(needed)
        yield functions, issuers, aws.endpoint if aws else None
    finally:
        await functions.stop()
        await issuers.close()
        if aws:
            await aws.stop()


async def make(call: Call, gateway: Gateway, session: aiohttp.ClientSession) -> None:
    """Make one call; where it is for a connection, there is one."""
    apis = gateway.endpoints.apis
    variables = {
        **{name.upper(): api.endpoint for name, api in apis.items()},
        "CONNECTIONS_URL": apis["chat"].connections_url or "",
        "TOKEN": signing_key().sign(claims_of(ISSUER, scope="orders/read")),
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
    }
    if "$CONNECTION_ID" not in call.command:
        await replay(call, session, variables)
        return
    async with session.ws_connect(apis["chat"].endpoint) as socket:
        await socket.send_str('{"action":"nothing of the kind"}')
        refused = await socket.receive_json(timeout=5)
        await replay(call, session, {**variables, "CONNECTION_ID": refused["connectionId"]})
        if not call.shown:
            assert await socket.receive_str(timeout=5)


@pytest.mark.parametrize("section", ON_LAPTOPS, ids=lambda section: section.title)
async def test_the_symptom_is_seen_and_goes(section: Section, tmp_path: Path) -> None:
    before, after = situations(section)
    well = await record(after.settings)
    if section.title in REFUSED:
        sick = well
    else:
        sick = await record(before.settings)
    if section.title in EDITS:
        sick = EDITS[section.title](sick)
    services = SERVICES.get(section.title, (ECHO, ECHO))
    async with aiohttp.ClientSession() as session:
        for recording, service, situation in zip((sick, well), services, (before, after), strict=True):
            async with served(recording, service, situation.code, Surroundings(session), tmp_path) as gateway:
                for call in calls(situation.console.text):
                    await make(call, gateway, session)


def test_every_section_is_tested_or_says_why_not() -> None:
    others = [section for section in CAUSES if section not in ON_LAPTOPS]
    assert {section.title for section in others} == set(ONLY_ON_AWS)
    assert set(SERVICES) | set(EDITS) | set(REFUSED) <= {section.title for section in ON_LAPTOPS}
    for section in others:
        said = " ".join(section.text.strip().partition("\n\n")[0].split())
        assert said == f"*Only AWS shows it: {ONLY_ON_AWS[section.title]}*"


@by_cause
def test_a_section_says_how_to_find_it_on_aws(section: Section) -> None:
    mark = "**On AWS:** " if section in ON_LAPTOPS else "**Check:** "
    assert " ".join(section.text.split()).count(mark) == 1


@by_cause
def test_what_a_section_shows_is_legal_or_said_not_to_be(section: Section) -> None:
    settings, found = base_settings(), []
    for block in section.blocks:
        if block.language == "yaml":
            settings = merged(settings, read_snippet(block.text))
            try:
                load_settings(settings, "us-east-1")
            except SettingsError as error:
                found.append(str(error).partition(": ")[2])
    refused = REFUSED.get(section.title)
    assert found == ([] if refused is None else [refused])
    assert refused is None or f"`{refused}`" in " ".join(section.text.split())


def test_the_tables_lead_to_every_section_and_nowhere_else() -> None:
    text = PAGE.read_text(encoding="utf-8")
    anchors = [section.anchor for section in CAUSES]
    assert len(set(anchors)) == len(anchors)
    tables = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    assert set(re.findall(r"\]\(#([^)]+)\)", tables)) == set(anchors)
    chapters = [anchor_of(name) for name in re.findall(r"^## (.*)$", text, re.MULTILINE)]
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= {*anchors, *chapters}


def test_the_stack_file_of_the_examples_is_sound() -> None:
    assert BASE in {section.title for section in sections()}
    assert set(load_settings(base_settings(), "us-east-1").apis) == {"pets", "shop", "chat"}
