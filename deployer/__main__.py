"""Prints what an identity needs to deploy a stack, as IAM policies.

``python -m deployer --stack NAME`` prints the policies for exactly that stack as one JSON object, each by its name;
``--read-only`` those that a preview needs.

Exit status: 0 when all is well, 1 when the stack has problems, 2 when the command line is wrong.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from apigateway.errors import GatelinkError
from deployer.deployment import Deployed, Deployment
from deployer.document import MOST_POLICIES
from deployer.doubts import doubts
from deployer.permissions import UnknownTypeError
from deployer.policies import EXAMPLE_ACCOUNT, EXAMPLE_REGION, policies
from local.recorder import record
from local.recording import Recording
from local.stack_file import parse_override, read_stack
from local.stack_options import outputs_option, stack_options

_ENGINE: Final = "pulumi:"


def deployment_of(recording: Recording, region: str, account: str) -> Deployment:
    """Return what a recording deploys: every resource of a provider's."""
    found: dict[str, list[Deployed]] = defaultdict(list)
    for resource in recording.resources:
        if resource.custom and not resource.type.startswith(_ENGINE):
            arn = resource.outputs.get("arn")
            found[resource.type].append(
                Deployed(
                    type=resource.type,
                    name=resource.name,
                    inputs=resource.inputs,
                    arn=arn if isinstance(arn, str) else "",
                )
            )
    return Deployment(
        region=region,
        account=account,
        project=recording.project,
        stack=recording.stack,
        resources={kind: tuple(resources) for kind, resources in found.items()},
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return _print_stack(options)
    except (GatelinkError, UnknownTypeError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _print_stack(options: argparse.Namespace) -> int:
    config = read_stack(
        Path.cwd(),
        options.stack,
        overrides=dict(parse_override(text) for text in options.config),
        config_file=options.config_file,
        outputs_file=options.stack_outputs,
    )
    own_region = config.values.get("aws:region")
    region: str = options.region or own_region or EXAMPLE_REGION
    account: str = options.account or EXAMPLE_ACCOUNT
    deployment = deployment_of(record(config), region, account)
    found = policies(deployment, read_only=options.read_only)
    for doubt in doubts(
        deployment, config.settings(), account=options.account, region=own_region, read_only=options.read_only
    ):
        sys.stderr.write(f"{doubt}\n")
    if len(found) > MOST_POLICIES:
        sys.stderr.write(
            f"these are {len(found)} policies and a role takes {MOST_POLICIES}: ask AWS to raise the quota\n"
        )
    sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deployer",
        description="Print the IAM policies that an identity needs to deploy a stack.",
        parents=[stack_options(), outputs_option()],
    )
    parser.add_argument("--read-only", action="store_true", help="only what a preview needs")
    parser.add_argument("--account", type=_account, metavar="N", help="the AWS account that is deployed to")
    parser.add_argument("--region", type=_region, metavar="R", help="the Region (default: the stack's aws:region)")
    return parser


def _account(text: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", text):
        raise argparse.ArgumentTypeError(f'must be twelve digits, got "{text}"')
    return text


def _region(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-[0-9]", text):
        raise argparse.ArgumentTypeError(f'must be a Region such as us-east-1, got "{text}"')
    return text


if __name__ == "__main__":
    sys.exit(main())
