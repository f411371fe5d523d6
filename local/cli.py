"""The command line: ``python -m local check | preview | graph | up | exec``.

Exit status: 0 when all is well, 1 when the stack or the program has problems, 2 when the command line is wrong, and
for ``exec`` the status of the command that was run.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from apigateway.errors import GatelinkError, GatewayError, SettingsError
from local.functions import parse_handler
from local.gateway.issuers import parse_key_set
from local.gateway.upstream import NO_TARGET
from local.picture import DEFAULT_LIMIT, FORMATS, draw
from local.recorder import record
from local.stack_file import StackConfig, misspelt_keys, parse_override, read_stack
from local.terminal import Machines, People, Terminal
from local.topology.reading import build_topology
from local.tree import print_recording
from local.up import UpOptions, run_command, serve
from settings import find_warnings, load_settings

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked for, apart from the command's own options."""

    directory: Path
    stack: str
    overrides: dict[str, str]
    config_file: Path | None
    stack_outputs: Path | None
    out: Console
    err: Console

    def config(self) -> StackConfig:
        """Read the stack's files as they are now."""
        return read_stack(
            self.directory,
            self.stack,
            overrides=self.overrides,
            config_file=self.config_file,
            outputs_file=self.stack_outputs,
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(words)
    command: Callable[[argparse.Namespace, Request], int] = options.command
    err = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        request = Request(
            directory=Path.cwd(),
            stack=options.stack,
            overrides=dict(parse_override(text) for text in options.config),
            config_file=options.config_file,
            stack_outputs=options.stack_outputs,
            out=Console(highlight=False, soft_wrap=True),
            err=err,
        )
        return command(options, request)
    except GatelinkError as error:
        err.print(str(error), style="red", markup=False)
        return 1


def check(_options: argparse.Namespace, request: Request) -> int:
    """Print every problem of the stack file, one a line, then the warnings."""
    config = request.config()
    return 0 if _is_sound(config, request) else 1


def preview(options: argparse.Namespace, request: Request) -> int:
    """Run the program without an engine and print what it would provision."""
    config = request.config()
    if not _is_sound(config, request, quiet=True):
        return 1
    recording = record(config)
    if options.json:
        sys.stdout.write(recording.to_json() + "\n")
    else:
        print_recording(recording, request.out)
    return 0


def graph(options: argparse.Namespace, request: Request) -> int:
    """Draw what the stack's APIs lead to, as SVG or as a Mermaid flowchart."""
    config = request.config()
    if not _is_sound(config, request, quiet=True):
        return 1
    recording = record(config)
    limit = None if options.all else DEFAULT_LIMIT
    picture = draw(recording, build_topology(recording), options.format, limit=limit)
    if options.output is None:
        sys.stdout.write(picture)
        return 0
    try:
        options.output.write_text(picture, encoding="utf-8")
    except OSError as error:
        raise GatelinkError(f"cannot write {options.output}: {error.strerror}") from None
    return 0


def up(options: argparse.Namespace, request: Request) -> int:
    """Preview, then serve every API until Ctrl-C."""
    if not _is_sound(request.config(), request, quiet=True):
        return 1
    terminal = _terminal(options, request.out)
    return asyncio.run(serve(_up_options(options, request), terminal))


def exec_(options: argparse.Namespace, request: Request) -> int:
    """Serve every API while a command runs, and end with its status; stdout is the command's."""
    if not _is_sound(request.config(), request, quiet=True):
        return 1
    terminal = _terminal(options, request.err)
    return asyncio.run(run_command(_up_options(options, request), options.words, terminal))


def _terminal(options: argparse.Namespace, console: Console) -> Terminal:
    return Machines(console) if options.json else People(console)


def _up_options(options: argparse.Namespace, request: Request) -> UpOptions:
    return UpOptions(
        read_config=partial(_sound_config, request),
        directory=request.directory,
        port=options.port,
        backends=_once("--backend", options.backend),
        handlers=_once("--lambda", options.function),
        key_sets=_once("--jwks", options.jwks),
        files=tuple(file for file in (request.config_file, request.stack_outputs) if file),
    )


def _once(option: str, given: Sequence[tuple[str, Value]]) -> dict[str, Value]:
    """Return what an option was given, by name; raises ``GatewayError`` for a name that was given twice."""
    names = [name for name, _ in given]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise GatewayError("\n".join(f"{option} {name} is given more than once" for name in twice))
    return dict(given)


def _is_sound(config: StackConfig, request: Request, *, quiet: bool = False) -> bool:
    """Print the problems of a stack's settings, or that there are none; say whether there are none."""
    complaints, warnings = _judge(config)
    for line in complaints:
        (request.err if quiet else request.out).print(line, markup=False)
    if complaints:
        return False
    for line in warnings:
        request.err.print(line, style="yellow", markup=False)
    if not quiet:
        request.out.print(f"{config.file.name}: no problems", markup=False)
    return True


def _sound_config(request: Request) -> StackConfig:
    """Read the stack's files as they are now; raises ``GatelinkError`` with what ``check`` says of them."""
    config = request.config()
    complaints, _ = _judge(config)
    if complaints:
        raise GatelinkError("\n".join(complaints))
    return config


def _judge(config: StackConfig) -> tuple[list[str], list[str]]:
    """Return a line for each problem of a stack's settings, and where there is none, one for each warning."""
    file, region = config.file.name, config.values.get("aws:region")
    complaints = [f"{file}: {sentence}" for sentence in misspelt_keys(config)]
    problems = config.problems
    try:
        settings = load_settings(config.settings(), region)
    except SettingsError as error:
        problems += error.problems
    complaints += [f"{file}: {problem} [{problem.rule}]" for problem in problems]
    if complaints:
        return complaints, []
    return [], [f"{file}: warning: {warning} [{warning.rule}]" for warning in find_warnings(settings, region)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local", description="Run the stack on this machine, without an AWS account or the Pulumi CLI."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--stack", default="dev", metavar="NAME", help="the stack: Pulumi.NAME.yaml (default: dev)")
    common.add_argument(
        "--config-file", type=Path, metavar="FILE", help="read the stack's configuration from this file instead"
    )
    common.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a configuration value that only the Pulumi CLI can read from the file; may be given several times",
    )
    running = argparse.ArgumentParser(add_help=False)
    running.add_argument(
        "--stack-outputs",
        type=Path,
        metavar="FILE",
        help="the outputs of other stacks that the program reads: a YAML or JSON file, a block for each stack",
    )
    serving = argparse.ArgumentParser(add_help=False)
    serving.add_argument(
        "--backend",
        action="append",
        default=[],
        type=_name_and_url,
        metavar="NAME=URL",
        help="send a backend's traffic to your process instead of the built-in echo, or to nobody (none); may be given "
        "several times",
    )
    serving.add_argument(
        "--lambda",
        dest="function",
        action="append",
        default=[],
        type=_argument(parse_handler),
        metavar="NAME=MODULE:FUNCTION",
        help="run a Lambda function's Python handler, of a module in this folder; may be given several times",
    )
    serving.add_argument(
        "--jwks",
        action="append",
        default=[],
        type=_argument(parse_key_set),
        metavar="ISSUER=FILE",
        help="the keys of an issuer of tokens, a file or a URL, where its own are out of reach; may be given several "
        "times",
    )
    serving.add_argument(
        "--port",
        type=_port,
        default=8080,
        metavar="N",
        help="the gateway's own port, where the console is, and which the APIs' ports follow (default: 8080); 0 for "
        "free ones",
    )
    serving.add_argument(
        "--json", action="store_true", help="print what happens as JSON, one object a line, with secrets masked"
    )

    def add(
        name: str, command: Callable[[argparse.Namespace, Request], int], *parents: argparse.ArgumentParser
    ) -> argparse.ArgumentParser:
        summary = (command.__doc__ or "").strip()
        added = commands.add_parser(name, help=summary, description=summary, parents=[common, *parents])
        added.set_defaults(command=command, stack_outputs=None)
        return added

    add("check", check)
    add("preview", preview, running).add_argument("--json", action="store_true", help="print the recording as JSON")
    drawing = add("graph", graph, running)
    drawing.add_argument("--format", choices=FORMATS, default="svg", help="the picture's language (default: svg)")
    drawing.add_argument("--output", type=Path, metavar="FILE", help="write to this file instead of standard output")
    drawing.add_argument("--all", action="store_true", help=f"every route, and not {DEFAULT_LIMIT} an API at most")
    add("up", up, running, serving)
    add("exec", exec_, running, serving).add_argument(
        "words", nargs="+", metavar="COMMAND", help="what to run, after --"
    )
    return parser


def _argument(parse: Callable[[str], tuple[str, Value]]) -> Callable[[str], tuple[str, Value]]:
    """Let argparse say what is wrong with an argument."""

    def read(text: str) -> tuple[str, Value]:
        try:
            return parse(text)
        except GatewayError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def _name_and_url(text: str) -> tuple[str, str]:
    name, equals, url = text.partition("=")
    if not name or not equals or not (url == NO_TARGET or url.startswith(("http://", "https://"))):
        raise argparse.ArgumentTypeError(f'must be NAME=URL with an http(s) URL, or NAME=none, got "{text}"')
    return name, url


def _port(text: str) -> int:
    if not text.isdigit() or not 0 <= int(text) <= 65000:
        raise argparse.ArgumentTypeError(f'must be a number from 0 to 65000, got "{text}"')
    return int(text)
