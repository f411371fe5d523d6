"""The options by which every command is told of a stack: ``python -m local`` and ``python -m deployer`` alike."""

import argparse
from pathlib import Path


def stack_options() -> argparse.ArgumentParser:
    """Return the options that say which stack is meant, for every command that reads one."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--stack", default="dev", metavar="NAME", help="the stack: Pulumi.NAME.yaml (default: dev)")
    parser.add_argument(
        "--config-file", type=Path, metavar="FILE", help="read the stack's configuration from this file instead"
    )
    parser.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a configuration value that only the Pulumi CLI can read from the file; may be given several times",
    )
    return parser


def outputs_option() -> argparse.ArgumentParser:
    """Return the option of every command that runs the program."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--stack-outputs",
        type=Path,
        metavar="FILE",
        help="the outputs of other stacks that the program reads: a YAML or JSON file, a block for each stack",
    )
    return parser
