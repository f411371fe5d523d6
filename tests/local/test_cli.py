"""The command line as a user meets it: a process, a project, real clients."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import boto3
import pytest
from aiohttp import web

from local.recording import Recording
from tests.local.command import Done, run, start, up
from tests.programs import ROOT, copy_stack


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    """The dev stack in a folder of the test's own."""
    copy_stack(tmp_path, "dev")
    return tmp_path


def edit(project: Path, old: str, new: str) -> None:
    file = project / "Pulumi.dev.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


async def test_check_is_content_with_the_dev_stack(project: Path) -> None:
    assert await run(project, "check") == Done(status=0, out="Pulumi.dev.yaml: no problems\n", err="")


async def test_check_prints_every_problem_with_its_place(project: Path) -> None:
    edit(project, "ConnectionId: context.connectionId", "ConnectionId: $context.connectionId")
    edit(project, "backend: orders", "backend: order")
    done = await run(project, "check")
    assert done.status == 1
    place = 'requestParameters["integration.request.header.ConnectionId"]'
    lines = done.out.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith(f"Pulumi.dev.yaml: apis.chat.integrations.forward.{place}: ")
    assert lines[0].endswith("write context.connectionId [websocket-source]")
    assert lines[3] == (
        'Pulumi.dev.yaml: apis.orders.routes["ANY /{proxy+}"].integration.backend: '
        'no backend "order" under backends; did you mean orders? [reference]'
    )


async def test_a_key_that_is_no_text_is_one_problem_among_others(project: Path) -> None:
    edit(project, '"404": {', "404: {")
    edit(project, "backend: orders", "backend: order")
    done = await run(project, "check")
    assert done.status == 1
    assert done.out.splitlines()[0] == (
        'Pulumi.dev.yaml: apis.orders.routes["ANY /{proxy+}"].integration.responseParameters: '
        'the key 404 must be text; write "404" [value]'
    )
    assert len(done.out.splitlines()) == 2


async def test_check_finds_a_misspelt_namespace(project: Path) -> None:
    edit(project, "gatelink:tags", "gatelnk:tags")
    assert await run(project, "check") == Done(
        status=1, out="Pulumi.dev.yaml: gatelnk:tags: is read by nothing; did you mean gatelink:tags?\n", err=""
    )


async def test_check_warns_of_what_aws_would_accept(project: Path) -> None:
    edit(project, "natGateways: single", "natGateways: none")
    done = await run(project, "check")
    assert (done.status, done.out) == (0, "Pulumi.dev.yaml: no problems\n")
    assert done.err.startswith(
        "Pulumi.dev.yaml: warning: network.natGateways: is none: no backend in this VPC can call"
    )


@pytest.mark.parametrize("command", [("check",), ("preview",), ("up",), ("exec", "true")])
async def test_an_unknown_stack_is_named_with_those_that_exist(project: Path, command: tuple[str, ...]) -> None:
    done = await run(project, command[0], "--stack", "prod", *command[1:])
    assert done == Done(
        status=1, out="", err='Pulumi.prod.yaml: not found: there is no stack "prod" here; stacks: dev\n'
    )


async def test_a_folder_without_a_project_is_told_so(tmp_path: Path) -> None:
    done = await run(tmp_path, "check")
    assert done == Done(
        status=1,
        out="",
        err="Pulumi.yaml: not found: a Gatelink project has one; run this in the project's folder\n",
    )


async def test_yaml_that_does_not_parse_is_shown_by_line(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text("config:\n  gatelink:apis: [\n", encoding="utf-8")
    done = await run(project, "check")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("Pulumi.dev.yaml:3:1: not YAML: ")


async def test_preview_prints_the_tree_the_counts_and_the_outputs(project: Path) -> None:
    done = await run(project, "preview")
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "gatelink (dev)"
    assert "└── gatelink:components:WebSocketApi chat" in lines
    assert "    ├── aws:apigatewayv2:Deployment chat" in lines
    assert ["5", "aws:apigatewayv2:Route"] in [line.split() for line in lines]
    assert "60 resources" in " ".join(done.out.split())
    assert "  vpcCidr: 10.20.0.0/16" in lines


async def test_preview_prints_the_recording_as_json(project: Path) -> None:
    done = await run(project, "preview", "--json")
    recording = Recording.from_json(done.out)
    assert (done.status, recording.project, recording.stack, len(recording.resources)) == (0, "gatelink", "dev", 68)


def refer_to_network(project: Path) -> None:
    """Make the program export what another stack's network is."""
    with (project / "__main__.py").open("a", encoding="utf-8") as file:
        file.write(
            "\nimport pulumi\npulumi.export('shared', pulumi.StackReference('acme/network/dev').get_output('vpcId'))\n"
        )


async def test_preview_reads_other_stacks_outputs_from_a_file(project: Path) -> None:
    refer_to_network(project)
    (project / "outputs.yaml").write_text("acme/network/dev: {vpcId: vpc-1}\n", encoding="utf-8")
    done = await run(project, "preview", "--stack-outputs", "outputs.yaml")
    assert (done.status, done.err) == (0, "")
    assert "  shared: vpc-1" in done.out.splitlines()


@pytest.mark.parametrize("command", [("preview",), ("up", "--port", "0"), ("exec", "--port", "0", "true")])
async def test_a_reference_to_a_stack_without_its_outputs_ends_the_run(project: Path, command: tuple[str, ...]) -> None:
    refer_to_network(project)
    assert await run(project, *command) == Done(
        status=1,
        out="",
        err='the program reads the outputs of the stack "acme/network/dev", which a laptop does not have: give them by '
        "--stack-outputs FILE, a YAML or JSON file such as "
        '{"acme/network/dev": {"vpcId": "vpc-0123456789abcdef0"}}\n',
    )


async def test_a_file_of_outputs_that_is_not_there(project: Path) -> None:
    assert await run(project, "preview", "--stack-outputs", "none.yaml") == Done(
        status=1, out="", err="none.yaml: not found: --stack-outputs must name a YAML or JSON file of stacks' outputs\n"
    )


async def test_up_swaps_in_an_edit_of_other_stacks_outputs(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    refer_to_network(project)
    outputs = tmp_path_factory.mktemp("elsewhere") / "outputs.json"
    outputs.write_text('{"acme/network/dev": {"vpcId": "vpc-1"}}', encoding="utf-8")
    async with up(project, "--stack-outputs", str(outputs)) as running:
        outputs.write_text('{"acme/network/prod": {"vpcId": "vpc-2"}}', encoding="utf-8")
        assert await running.line("acme/network/dev") == (
            'the program reads the outputs of the stack "acme/network/dev", which the file of --stack-outputs does not '
            "have; did you mean acme/network/prod?"
        )
        await running.line("the gateway goes on as before the edit")
        outputs.write_text('{"acme/network/dev": {"vpcId": "vpc-22"}}', encoding="utf-8")
        await running.line("edit swapped in")
        edit(project, "overwrite:header.x-request-id", "overwrite:header.x-seen-by")
        await running.line("edit swapped in")


@pytest.mark.parametrize("command", [("preview",), ("up",), ("exec", "true")])
async def test_nothing_runs_on_a_stack_with_problems(project: Path, command: tuple[str, ...]) -> None:
    edit(project, "cidr: 10.20.0.0/16", "cidr: 10.20.0.0/30")
    done = await run(project, *command)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("Pulumi.dev.yaml: network.cidr: is too small: a VPC must be /16 to /22")


async def test_up_serves_real_clients(project: Path) -> None:
    async with up(project) as running, aiohttp.ClientSession() as client:
        chat, orders = running.apis["chat"], running.apis["orders"]
        assert "└── gatelink:components:WebSocketApi chat" in running.banner
        assert chat["endpoint"] in running.banner
        assert orders["endpoint"] in running.banner

        async with client.get(f"{orders['endpoint']}/items/7?colour=red") as response:
            seen = await response.json()
        assert (seen["method"], seen["path"], seen["query"]) == ("GET", "/items/7", [["colour", "red"]])
        assert dict(seen["headers"])["x-request-id"] == response.headers["apigw-requestid"]

        async with client.ws_connect(f"{chat['endpoint']}?authToken=t1") as socket_:
            assert "→ $connect  chat" in await running.line("CONNECT")
            await socket_.send_str('{"action":"sendMessage","tenant":"acme"}')
            seen = json.loads(await socket_.receive_str())
            headers = dict(seen["headers"])
            assert (seen["method"], seen["path"], seen["query"]) == ("POST", "/message", [["source", "websocket"]])
            assert headers["tenant"] == "acme"
            connection = headers["ConnectionId"]

            api: Any = boto3.client(
                "apigatewaymanagementapi",
                endpoint_url=chat["connectionsUrl"],
                region_name="us-east-1",
                aws_access_key_id="local",
                aws_secret_access_key="local",  # noqa: S106 - any will do on a laptop
            )
            await asyncio.to_thread(api.post_to_connection, ConnectionId=connection, Data=b"hello")
            assert await socket_.receive_str() == "hello"
            found = await asyncio.to_thread(api.get_connection, ConnectionId=connection)
            assert found["Identity"]["SourceIp"] == "127.0.0.1"
            await asyncio.to_thread(api.delete_connection, ConnectionId=connection)
            assert (await socket_.receive()).type is aiohttp.WSMsgType.CLOSE
            with pytest.raises(api.exceptions.GoneException):
                await asyncio.to_thread(api.post_to_connection, ConnectionId=connection, Data=b"late")
            api.close()
        assert "chat CONNECT" not in await running.line("DISCONNECT", "$disconnect")


REST_API = """
    pets:
      protocol: REST
      resourcePolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: execute-api:Invoke
            Resource: execute-api:/*
            Condition: {IpAddress: {aws:SourceIp: 192.0.2.0/24}}
      routes:
        POST /pets:
          integration:
            integrationType: MOCK
            requestTemplates: {application/json: '{"statusCode": 200}'}
            integrationResponses: {"200": {}}
        GET /pets/{petId}:
          integration:
            integrationType: HTTP_PROXY
            integrationMethod: GET
            backend: orders
            path: /animals/{petId}
            requestParameters: {integration.request.path.petId: method.request.path.petId}
"""


async def test_up_serves_a_rest_api_and_shows_a_call_that_works(project: Path) -> None:
    edit(project, "  gatelink:apis:", f"  gatelink:apis:{REST_API.rstrip()}")
    async with up(project) as running, aiohttp.ClientSession() as client:
        pets = running.apis["pets"]
        assert f"\ntry curl {pets['endpoint']}/pets/1\n" in running.banner
        assert "\npets: the conditions of its policy are not weighed here\n" in running.banner
        async with client.get(f"{pets['endpoint']}/pets/1") as response:
            seen = await response.json()
        assert (seen["method"], seen["path"]) == ("GET", "/animals/1")


async def test_ctrl_c_ends_up_with_status_0_and_leaves_no_endpoints(project: Path) -> None:
    async with up(project) as running:
        port = int(running.apis["orders"]["endpoint"].rpartition(":")[2])
        running.process.send_signal(signal.SIGINT)
        out, err = await running.process.communicate()
        assert (running.process.returncode, err.decode()) == (0, "")
        assert out.decode() == "stopped\n"
        assert not (project / ".local" / "endpoints.json").exists()
    with socket.create_server(("127.0.0.1", port)):
        pass


async def test_up_swaps_in_an_edit_and_outlives_a_bad_one(project: Path) -> None:
    async with up(project) as running, aiohttp.ClientSession() as client:
        url = f"{running.apis['orders']['endpoint']}/items"
        edit(project, "overwrite:header.x-request-id", "overwrite:header.x-seen-by")
        assert await running.line("edit swapped in") == "edit swapped in: orders: 1 route"
        async with client.get(url) as response:
            assert "x-seen-by" in dict((await response.json())["headers"])
        edit(project, "protocol: HTTP\n      stage", "protocol: SOAP\n      stage")
        problem = 'Pulumi.dev.yaml: apis.orders.protocol: must be WEBSOCKET, HTTP or REST, got "SOAP" [protocol]'
        assert await running.line("Pulumi.dev.yaml") == problem
        await running.line("the gateway goes on as before the edit")
        async with client.get(url) as response:
            assert "x-seen-by" in dict((await response.json())["headers"])


async def test_an_emptied_file_and_one_that_breaks_the_reader_change_nothing(project: Path) -> None:
    text = (project / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    async with up(project) as running, aiohttp.ClientSession() as client:
        before = running.apis
        for broken, words in (
            ("", "the edited stack has no API; an empty file, perhaps"),
            (f"a: {'[' * 3000}{']' * 3000}", "Pulumi.dev.yaml: nested too deeply"),
        ):
            (project / "Pulumi.dev.yaml").write_text(broken, encoding="utf-8")
            assert await running.line(words) == words
            await running.line("the gateway goes on as before the edit")
            assert running.apis == before
        (project / "Pulumi.dev.yaml").write_text(text.replace("x-request-id", "x-again"), encoding="utf-8")
        await running.line("edit swapped in")
        async with client.get(f"{before['orders']['endpoint']}/x") as response:
            assert "x-again" in dict((await response.json())["headers"])


async def test_an_api_that_comes_back_is_found_where_it_was(project: Path) -> None:
    text = (project / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    without_orders = text[: text.index("    orders:\n      protocol: HTTP")]
    async with up(project) as running:
        before = running.apis
        (project / "Pulumi.dev.yaml").write_text(without_orders, encoding="utf-8")
        await running.line("edit swapped in")
        await running.line("connectionsUrl")
        assert running.apis == {"chat": before["chat"]}
        (project / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
        await running.line("edit swapped in")
        assert before["orders"]["endpoint"] in await running.line("orders")
        assert running.apis == before


async def test_another_gateways_endpoints_file_is_left_alone(project: Path) -> None:
    async with up(project) as first, up(project) as second:
        endpoints = second.apis
        first.process.send_signal(signal.SIGINT)
        await first.process.communicate()
        assert second.apis == endpoints


async def test_the_endpoints_file_goes_back_to_the_gateway_that_still_runs(project: Path) -> None:
    async with up(project) as first:
        endpoints = first.apis
        async with up(project) as second:
            assert second.apis != endpoints
        assert first.apis == endpoints
        assert (await run(project, "exec", "--port", "0", "--", "true")).status == 0
        assert first.apis == endpoints
    assert not (project / ".local" / "endpoints.json").exists()


async def test_a_backends_traffic_can_go_to_a_process_of_yours(project: Path) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"mine": request.path})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with up(project, "--backend", f"orders=http://127.0.0.1:{port}") as running:
            assert f"backend orders: http://127.0.0.1:{port}" in running.banner
            async with (
                aiohttp.ClientSession() as client,
                client.get(f"{running.apis['orders']['endpoint']}/x") as response,
            ):
                assert await response.json() == {"mine": "/x"}
    finally:
        await runner.cleanup()


async def test_a_backend_that_is_not_in_the_stack_is_refused(project: Path) -> None:
    done = await run(project, "up", "--port", "0", "--backend", "order=http://127.0.0.1:1")
    assert done.status == 1
    assert "order" in done.err
    assert "chat" in done.err
    assert "orders" in done.err
    assert not (project / ".local" / "endpoints.json").exists()


async def test_a_busy_port_is_named_with_a_way_out(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = await run(project, "up", "--port", str(port - 1))
    assert done.status == 1
    assert done.err == (
        f'port {port} for API "orders" is in use: give --port another number, or --port 0 for free ports\n'
    )
    assert not (project / ".local" / "endpoints.json").exists()


async def test_exec_gives_a_command_the_endpoints_and_takes_its_status(project: Path) -> None:
    program = (
        "import json, os, sys, urllib.request\n"
        "apis = json.load(open(os.environ['GATELINK_ENDPOINTS']))['apis']\n"
        "with urllib.request.urlopen(apis['orders']['endpoint'] + '/from-exec') as response:\n"
        "    print(json.load(response)['path'])\n"
        "sys.exit(7)\n"
    )
    done = await run(project, "exec", "--port", "0", "--", sys.executable, "-c", program)
    assert (done.status, done.out) == (7, "/from-exec\n")
    assert "orders GET /from-exec" in done.err
    assert not (project / ".local" / "endpoints.json").exists()


async def test_exec_that_is_told_to_stop_tells_its_command(project: Path) -> None:
    program = "import signal; print('waiting', flush=True); signal.pause()"
    process = await start(project, "exec", "--port", "0", "--", sys.executable, "-c", program)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"waiting\n"
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 128 + signal.SIGTERM
    assert not (project / ".local" / "endpoints.json").exists()


async def test_exec_of_a_command_that_is_not_there(project: Path) -> None:
    done = await run(project, "exec", "--port", "0", "--", "no-such-command")
    assert done.status == 1
    assert done == Done(status=1, out="", err="cannot run no-such-command: there is no such command\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "error: the following arguments are required: {check,preview,policy,graph,up,exec}"),
        (("up", "--port", "many"), 'error: argument --port: must be a number from 0 to 65000, got "many"'),
        (
            ("up", "--backend", "x"),
            'error: argument --backend: must be NAME=URL with an http(s) URL, or NAME=none, got "x"',
        ),
        (("up", "--host", "here"), 'error: argument --host: must be an IP address such as 0.0.0.0, got "here"'),
        (("exec",), "error: the following arguments are required: COMMAND"),
    ],
)
async def test_a_wrong_command_line(project: Path, words: tuple[str, ...], message: str) -> None:
    done = await run(project, *words)
    assert done.status == 2
    assert done.err.splitlines()[-1].endswith(message)


def test_without_the_requirements_it_says_what_is_missing() -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", "local", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == (
        "python -m local needs what requirements.txt lists, and rich is not here: run it as .venv/bin/python -m local, "
        "after `make up` has made .venv\n"
    )


async def test_config_must_be_key_and_value(project: Path) -> None:
    done = await run(project, "check", "--config", "nothing")
    assert done == Done(status=1, out="", err='--config must be KEY=VALUE, got "nothing"\n')


async def test_a_stack_is_read_from_any_file(project: Path) -> None:
    (project / "Pulumi.dev.yaml").rename(project / "elsewhere.yaml")
    edit_file = project / "elsewhere.yaml"
    done = await run(project, "check", "--config-file", "elsewhere.yaml")
    assert (done.status, done.out) == (0, "elsewhere.yaml: no problems\n")
    edit_file.write_text(edit_file.read_text(encoding="utf-8").replace("path: /connect", "path: connect"))
    done = await run(project, "check", "--config-file", "elsewhere.yaml")
    assert done.status == 1
    assert done.out.startswith('elsewhere.yaml: apis.chat.routes["$connect"].integration.path: must be a path')
    assert done.out.endswith("[integration-path]\n")
    done = await run(project, "check", "--config-file", "nowhere.yaml")
    assert (done.status, done.err) == (1, "nowhere.yaml: not found: --config-file must name a stack's configuration\n")


@pytest.fixture(name="begun")
def _begun(project: Path) -> Path:
    """A pipe that a program which hangs opens when it begins to."""
    pipe = project / "begun"
    os.mkfifo(pipe)
    return pipe


def hang(project: Path) -> None:
    program = "import time\nopen('begun', 'w').close()\ntime.sleep(300)\n"
    (project / "__main__.py").write_text(program, encoding="utf-8")


async def test_ctrl_c_ends_a_program_that_hangs(project: Path, begun: Path) -> None:
    hang(project)
    process = await start(project, "up", "--port", "0")
    await asyncio.to_thread(begun.read_text)
    process.send_signal(signal.SIGINT)
    out, _ = await process.communicate()
    assert (process.returncode, out.decode().splitlines()[-1]) == (0, "stopped")


async def test_ctrl_c_ends_an_edit_that_hangs(project: Path, begun: Path) -> None:
    async with up(project) as running:
        hang(project)
        await asyncio.to_thread(begun.read_text)
        running.process.send_signal(signal.SIGINT)
        out, _ = await running.process.communicate()
    assert (running.process.returncode, out.decode().splitlines()[-1]) == (0, "stopped")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--backend", "chat=http://h", "--backend", "chat=none"), "--backend chat is given more than once"),
        (("--lambda", "a=app:one", "--lambda", "a=app:two"), "--lambda a is given more than once"),
    ],
)
async def test_an_option_is_given_once_for_a_name(project: Path, words: tuple[str, ...], line: str) -> None:
    assert await run(project, "up", *words) == Done(status=1, out="", err=f"{line}\n")
