"""The words of the command line: which options a command has, and what their texts have to be."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import TypeAlias, TypeVar

from apigateway.errors import GatewayError
from local.functions import parse_handler
from local.gateway.authorization.issuers import parse_key_set
from local.gateway.server import LOOPBACK
from local.gateway.upstream import NO_TARGET
from local.picture import DEFAULT_LIMIT, FORMATS
from local.stack_options import outputs_option, stack_options

Value = TypeVar("Value")
Command: TypeAlias = Callable[..., int]


def make_parser(commands_of: Mapping[str, Command]) -> argparse.ArgumentParser:
    """Return the parser; each command's docstring is its help."""
    parser = argparse.ArgumentParser(
        prog="python -m local", description="Run the stack on this machine, without an AWS account or the Pulumi CLI."
    )
    commands = parser.add_subparsers(metavar=f"{{{','.join(commands_of)}}}", required=True)

    common, running = stack_options(), outputs_option()
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
        "--host",
        type=_host,
        default=LOOPBACK,
        metavar="ADDRESS",
        help=f"the address that the APIs listen on (default: {LOOPBACK}, this machine alone); 0.0.0.0 lets containers "
        "and other machines call them",
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

    for name, command in commands_of.items():
        summary = (command.__doc__ or "").strip()
        shared = {"check": [], "preview": [running], "policy": [running], "graph": [running]}
        parents = [common, *shared.get(name, [running, serving])]
        added = commands.add_parser(name, help=summary, description=summary, parents=parents)
        added.set_defaults(command=command, stack_outputs=None)
        _add_own(name, added)
    return parser


def _add_own(name: str, parser: argparse.ArgumentParser) -> None:
    """Add the options that one command alone has."""
    match name:
        case "preview":
            parser.add_argument("--json", action="store_true", help="print the recording as JSON")
        case "policy":
            parser.add_argument("--json", action="store_true", help="print the report as JSON")
            enforced = parser.add_mutually_exclusive_group()
            enforced.add_argument(
                "--policy-config",
                type=Path,
                metavar="FILE",
                help="the levels and exemptions, a file such as --policy-pack-config of the Pulumi CLI takes (default: "
                "policy/config/NAME.json, where there is one)",
            )
            enforced.add_argument("--strict", action="store_true", help="every policy is mandatory, and nothing exempt")
        case "graph":
            parser.add_argument("--format", choices=FORMATS, default="svg", help="svg (the default) or mermaid")
            parser.add_argument(
                "--output", type=Path, metavar="FILE", help="write to this file instead of standard output"
            )
            parser.add_argument("--all", action="store_true", help=f"every route, not {DEFAULT_LIMIT} an API at most")
        case "exec":
            parser.add_argument("words", nargs="+", metavar="COMMAND", help="what to run, after --")
        case _:
            pass


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


def _host(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f'must be an IP address such as 0.0.0.0, got "{text}"') from None


def _port(text: str) -> int:
    if not text.isdigit() or not 0 <= int(text) <= 65000:
        raise argparse.ArgumentTypeError(f'must be a number from 0 to 65000, got "{text}"')
    return int(text)


def once(option: str, given: Sequence[tuple[str, Value]]) -> dict[str, Value]:
    """Return what an option was given, by name; raises ``GatewayError`` for a name that was given twice."""
    names = [name for name, _ in given]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise GatewayError("\n".join(f"{option} {name} is given more than once" for name in twice))
    return dict(given)
