"""Runs what a console block shows: each call by a client of ours that does what the command does."""

import asyncio
import io
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
import boto3
from aiohttp import WSMsgType
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from yarl import URL

ANYTHING = "…"
ACCESS_KEY, SECRET_KEY = "AKIDEXAMPLE", "secret"
_VARIABLE = re.compile(r"\$\{(?P<cut>\w+)%(?P<end>[^}]*)\}|\$(?P<name>\w+)")
_ZEROS = re.compile(r"head -c (?P<count>\d+) /dev/zero \| ")
_MANY = re.compile(r"> \((?P<count>[0-9,]+) characters\)")
_LETTERS = re.compile(r"\$\(head -c (?P<count>\d+) /dev/zero \| tr '\\0' x\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A command, and the lines that stand below it."""

    command: str
    shown: tuple[str, ...]


def calls(text: str) -> list[Call]:
    """Read the calls of a console block."""
    found = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *shown = part.removesuffix("\n").split("\n")
        found.append(Call(command=command, shown=tuple(shown)))
    return found


async def replay(call: Call, session: aiohttp.ClientSession, variables: Mapping[str, str]) -> None:
    """Make a call, and hold what comes back against what is shown."""
    zeros = _ZEROS.match(call.command)
    command = call.command[zeros.end() :] if zeros else call.command
    words = [_expanded(word, variables) for word in shlex.split(command)]
    match words:
        case ["curl", "-si", *options, "|", "grep", "-i", name]:
            headers = (await _fetch(options, b"", session)).headers
            assert [f"{key}: {value}" for key, value in headers if name in key.lower()] == list(call.shown)
        case ["curl", "-i", *options]:
            await _curl(options, b"\0" * int(zeros["count"]) if zeros else b"", call.shown, session)
        case ["npx", "wscat", "-c", url, *options]:
            await _wscat(url, options, call.shown, session)
        case ["aws", "apigatewaymanagementapi", "post-to-connection", *options]:
            await _post_to_connection(dict(zip(options[::2], options[1::2], strict=True)), call.shown)
        case _:
            raise AssertionError(f"no client does this: {call.command}")


def assert_like(got: str, shown: str) -> None:
    """Hold a text against one in which ``…`` stands for any."""
    pattern = ".*".join(map(re.escape, shown.split(ANYTHING)))
    assert re.fullmatch(pattern, got, re.DOTALL), f"shown: {shown!r}, got: {got!r}"


def _expanded(word: str, variables: Mapping[str, str]) -> str:
    if letters := _LETTERS.fullmatch(word):
        return "x" * int(letters["count"])

    def value(found: re.Match[str]) -> str:
        if found["cut"]:
            return variables[found["cut"]].removesuffix(found["end"])
        return variables[found["name"]]

    return _VARIABLE.sub(value, word)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fetched:
    status: str
    headers: tuple[tuple[str, str], ...]
    text: str


async def _curl(options: list[str], stdin: bytes, shown: tuple[str, ...], session: aiohttp.ClientSession) -> None:
    got = await _fetch(options, stdin, session)
    gap = shown.index("")
    status, *shown_headers = shown[:gap]
    assert f"HTTP/1.1 {got.status}" == status, got
    for line in shown_headers:
        name, _, value = line.partition(": ")
        assert (name.lower(), value) in [(key.lower(), given) for key, given in got.headers], got
    assert_like(got.text, "\n".join(shown[gap + 1 :]))


async def _fetch(options: list[str], stdin: bytes, session: aiohttp.ClientSession) -> _Fetched:
    method, url, body, headers, user = None, "", b"", {}, ""
    words = iter(options)
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-d" | "--data-binary":
                given = next(words)
                body = stdin if given == "@-" else given.encode()
            case "--aws-sigv4":
                assert next(words) == "aws:amz:us-east-1:execute-api"
            case "--user":
                user = next(words)
            case _:
                url = word
    if body:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    method = method or ("POST" if body else "GET")
    if user:
        request = AWSRequest(method=method, url=url, headers=headers)
        SigV4Auth(Credentials(*user.split(":")), "execute-api", "us-east-1").add_auth(request)
        headers = dict(request.headers.items())
    async with session.request(
        method, URL(url, encoded=True), headers=headers, data=io.BytesIO(body) if body else None
    ) as answer:
        return _Fetched(
            status=f"{answer.status} {answer.reason}",
            headers=tuple(answer.headers.items()),
            text=(await answer.read()).decode().removesuffix("\r\n"),
        )


async def _wscat(url: str, options: list[str], shown: tuple[str, ...], session: aiohttp.ClientSession) -> None:
    offered = tuple(options[1:]) if options[:1] == ["-s"] else ()
    try:
        socket = await session.ws_connect(url, protocols=offered)
    except aiohttp.WSServerHandshakeError as error:
        status = error.status
    else:
        status = HTTPStatus.SWITCHING_PROTOCOLS
    if status != HTTPStatus.SWITCHING_PROTOCOLS:
        assert shown == (f"error: Unexpected server response: {status}",)
        return
    async with socket:
        if offered and socket.protocol is None:
            assert shown == ("error: Server sent no subprotocol",)
            return
        assert shown[0] == "Connected (press CTRL+C to quit)"
        for line in shown[1:]:
            if many := _MANY.fullmatch(line):
                await socket.send_str("x" * int(many["count"].replace(",", "")))
            elif line.startswith("> "):
                await socket.send_str(line[2:])
            elif line.startswith("< "):
                assert_like(await _frame(socket), line[2:])
            else:
                closed = await socket.receive(timeout=5)
                assert line == f'Disconnected (code: {closed.data}, reason: "{closed.extra}")'
        if shown[-1].startswith("> "):
            await _stays_open(socket)


async def _stays_open(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Make sure that nothing came back, for messages are handled in order: the next frame is another message's."""
    await socket.send_str('{"action":"nothing of the kind"}')
    assert_like(await _frame(socket), '{"message":"Forbidden",…}')


async def _frame(socket: aiohttp.ClientWebSocketResponse) -> str:
    message = await socket.receive(timeout=5)
    assert message.type is WSMsgType.TEXT, message
    text: str = message.data
    return text


async def _post_to_connection(options: Mapping[str, str], shown: tuple[str, ...]) -> None:
    api: Any = boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=options["--endpoint-url"],
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )
    said = ""
    try:
        await asyncio.to_thread(
            api.post_to_connection, ConnectionId=options["--connection-id"], Data=options["--data"].encode()
        )
    except ClientError as error:
        said = str(error)
    assert_like(said, "\n".join(shown))
