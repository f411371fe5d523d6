"""``docs/picture.md``, which shows the dev stack as a Mermaid flowchart."""

from local.picture import draw
from local.recorder import record
from local.stack_file import StackConfig
from local.topology.reading import build_topology

_PAGE = """\
# The dev stack as a picture

Generated from [Pulumi.dev.yaml](../Pulumi.dev.yaml) by `make docs`; do not edit. A request goes from left to right: the
API and its route, the VPC link, the listener that the link leads to, and what answers.

```mermaid
{chart}```

It is drawn from the recording and not from the stack file: what the program forgets is not there. A way that no request
would get through on AWS is dotted, and the box where it ends says why. For a stack of yours:

    python -m local graph --format mermaid
    python -m local graph --format svg --output stack.svg
    python -m local graph --config-file examples/custom-domain.yaml
"""


def picture_page(config: StackConfig) -> str:
    """Return the page for the dev stack's configuration."""
    recording = record(config)
    return _PAGE.format(chart=draw(recording, build_topology(recording), "mermaid"))
