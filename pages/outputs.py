"""``docs/outputs.md``, from the contract. It stands here so that the wheel has the contract without it."""

from collections.abc import Iterator

from gatelink.outputs.contract import (
    BlockKind,
    Kind,
    ListKind,
    NamedKind,
    OutputInfo,
    StackOutputs,
    TextKind,
    outputs_of,
)

_HEAD = """\
# Outputs

Generated from [the contract](../gatelink/outputs/contract.py) by `make docs`; do not edit. Other projects read these
outputs of a Gatelink stack. A name stays as it is, and so does what it stands for; new outputs come beside the old, and
the last column says with which version of Gatelink.

## Reading them

In a Pulumi program in Python, with `gatelink` in its requirements:

```python
from gatelink.outputs.reading import GatelinkStack

gatelink = GatelinkStack("acme/gatelink/dev")
gatelink.backend("chat").target_group_arn  # pulumi.Output[str], as all of them
gatelink.api("chat").connections_url
gatelink.api("chat").stages("blue").endpoint  # of an API with several stages
gatelink.network.private_subnet_ids  # pulumi.Output[tuple[str, ...]]
gatelink.vpc_links.rest("chat")
gatelink.domain("api.example.com").target_domain_name
gatelink.version
gatelink.api("chat").values.apply(lambda api: api.domain_endpoint or api.endpoint)  # None is what it does not have
```

[examples/service](../examples/service) is a whole project that does so: it registers with a backend, and posts to the
connections of an API.

- An output is looked for when the program asks for it, so that what it does not read may be missing.
- An output that is missing or of another shape ends the program, in a preview too: the message names the stack, the
  output, the version that brings it, and the version that the stack was last deployed with. Where the other stack file
  has no backend, API, stage or domain of that name, it has the names that there are.

      the stack "acme/gatelink/dev" has no output "backends.orders.serviceArn", which version 0.1.0 of Gatelink brings;
      the stack was last deployed with 0.2.0; it is there where the backend is a Cloud Map service

- A stack that exists and was never deployed has no outputs. A preview goes on with unknown ones, and says so; an update
  ends.
- A stack that does not exist is the engine's to refuse, with `unknown stack "acme/gatelink/dev"`. On a laptop
  `--stack-outputs FILE` stands for the other stacks, and names one that the file does not have.
- A secret stays one, and no message shows it. Pulumi keeps for each top-level output whether it holds a secret.

### Testing a program

In Gatelink's repository, `python -m local preview --json > dev.json` writes what a stack exports, with made-up ids.
A test under Pulumi's mocks has it for the answer to a stack reference:

```python
import json
from pathlib import Path

import pulumi

from gatelink.outputs.reading import GatelinkStack

OUTPUTS = json.loads(Path("dev.json").read_text(encoding="utf-8"))["outputs"]


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        if args.typ == "pulumi:pulumi:StackReference":
            return args.name, {**args.inputs, "outputs": OUTPUTS, "secretOutputNames": []}
        return f"{args.name}-id", args.inputs

    def call(self, args):
        return {}


pulumi.runtime.set_mocks(Mocks(), project="service", stack="dev", preview=False)


@pulumi.runtime.test
def test_the_service_knows_its_backend():
    def check(arn):
        assert arn == OUTPUTS["backends"]["chat"]["targetGroupArn"]

    return GatelinkStack("acme/gatelink/dev").backend("chat").target_group_arn.apply(check)
```

### Without Pulumi

Elsewhere, as plain data: `pulumi stack output --json --stack acme/gatelink/dev`, in Python read by
`gatelink.outputs.parse`, which says all that is not of the contract at once. A reference in any other language reads
the same names.

Gatelink itself reads `vpcId`, `vpcCidr` and `privateSubnetIds` of another stack, Gatelink's or not, where the stack
file says `gatelink:network: {stack: acme/network/dev}`.
"""


def outputs_page() -> str:
    """Return the page: how to read the outputs, and a table for each block."""
    return "\n".join([_HEAD, *_tables(StackOutputs, "")])


def _tables(block: type, place: str) -> Iterator[str]:
    """Yield a block's table, and those of the blocks in it."""
    infos = outputs_of(block).values()
    yield f"## {f'`{place}`' if place else 'The outputs of a stack'}\n"
    yield "| output | is | where | since |"
    yield "|---|---|---|---|"
    for info in infos:
        yield f"| `{info.name}` | {_is(info)} | {info.when or 'always'} | {info.since} |"
    yield ""
    for info in infos:
        inner, suffix = _block_in(info.kind)
        if inner:
            yield from _tables(inner, f"{place}.{info.name}{suffix}" if place else f"{info.name}{suffix}")


def _is(info: OutputInfo) -> str:
    match info.kind:
        case ListKind():
            return f"a list: {info.about}"
        case TextKind() | BlockKind() | NamedKind():
            return info.about


def _block_in(kind: Kind) -> tuple[type | None, str]:
    """Return the block that a value is made of, and what follows the output's name in the name of its place."""
    match kind:
        case BlockKind(block=block):
            return block, ""
        case NamedKind(of=BlockKind(block=block)):
            return block, ".<name>"
        case _:
            return None, ""
