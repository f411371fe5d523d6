"""The command line: ``python -m local check | preview | policy | graph | up | exec``.

Exit status: 0 when all is well, 1 when the stack or the program has problems, or does not hold to a mandatory policy, 2
when the command line is wrong, and for ``exec`` the status of the command that was run.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console

from apigateway.errors import GatelinkError
from local.arguments import Command, make_parser, once
from local.json_lines import Machines
from local.picture import DEFAULT_LIMIT, draw
from local.policing import choose_rules, police
from local.policy_report import as_json, print_report
from local.recorder import record
from local.soundness import check_soundness, judge
from local.stack_file import StackConfig, parse_override, read_stack
from local.terminal import People, Terminal
from local.topology.reading import build_topology
from local.tree import print_recording
from local.up import UpOptions, run_command, serve


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
    options = make_parser(COMMANDS).parse_args(words)
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
    verdict = judge(config)
    for line in verdict.complaints:
        request.out.print(line, markup=False)
    if verdict.complaints:
        return 1
    _warn(verdict.warnings, request)
    request.out.print(f"{config.file.name}: no problems", markup=False)
    return 0


def preview(options: argparse.Namespace, request: Request) -> int:
    """Run the program without an engine and print what it would provision."""
    config = request.config()
    _warn(check_soundness(config), request)
    recording = record(config)
    if options.json:
        sys.stdout.write(recording.to_json() + "\n")
    else:
        print_recording(recording, request.out)
    return 0


def policy(options: argparse.Namespace, request: Request) -> int:
    """Hold what the program would provision against the policies, and print what does not hold."""
    rules = choose_rules(request.directory, request.stack, file=options.policy_config, strict=options.strict)
    config = request.config()
    _warn(check_soundness(config), request)
    with request.err.status(f"running the program for stack {request.stack} …"):
        recording = record(config)
    report = police(recording, rules.enforcement)
    if options.json:
        sys.stdout.write(as_json(report, request.stack, rules.source) + "\n")
    else:
        print_report(report, request.stack, rules.source, request.out)
    return 0 if report.passed else 1


def graph(options: argparse.Namespace, request: Request) -> int:
    """Draw what the stack's APIs lead to, as SVG or as a Mermaid flowchart."""
    config = request.config()
    _warn(check_soundness(config), request)
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
    terminal = _terminal(options, request.out)
    return asyncio.run(serve(_up_options(options, request), terminal))


def exec_(options: argparse.Namespace, request: Request) -> int:
    """Serve every API while a command runs, and end with its status; stdout is the command's."""
    terminal = _terminal(options, request.err)
    return asyncio.run(run_command(_up_options(options, request), options.words, terminal))


def _sound_config(request: Request) -> StackConfig:
    """Read the stack's files as they are now; raises ``GatelinkError`` with what ``check`` says of them."""
    config = request.config()
    check_soundness(config)
    return config


def _warn(warnings: Sequence[str], request: Request) -> None:
    for line in warnings:
        request.err.print(line, style="yellow", markup=False)


def _terminal(options: argparse.Namespace, console: Console) -> Terminal:
    return Machines(console) if options.json else People(console)


def _up_options(options: argparse.Namespace, request: Request) -> UpOptions:
    return UpOptions(
        read_config=partial(_sound_config, request),
        warnings=check_soundness(request.config()),
        directory=request.directory,
        host=options.host,
        port=options.port,
        backends=once("--backend", options.backend),
        handlers=once("--lambda", options.function),
        key_sets=once("--jwks", options.jwks),
        files=tuple(file for file in (request.config_file, request.stack_outputs) if file),
    )


COMMANDS: Final[Mapping[str, Command]] = {
    "check": check,
    "preview": preview,
    "policy": policy,
    "graph": graph,
    "up": up,
    "exec": exec_,
}
