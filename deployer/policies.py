"""The policies of a deployment by name, and what stands for every deployment that there can be."""

from typing import Final

from deployer.deployment import Deployment
from deployer.document import Document, documents
from deployer.permissions import NEEDS, grants_of

EXAMPLE_ACCOUNT: Final = "123456789012"
"""The account that AWS's documentation uses, and a recording has."""

EXAMPLE_REGION: Final = "us-east-1"


def policies(deployment: Deployment, *, read_only: bool) -> dict[str, Document]:
    """Return the policies by name."""
    parts = [
        deployment.project,
        *([deployment.stack] if deployment.stack else []),
        "preview" if read_only else "deploy",
    ]
    found = documents(grants_of(deployment), read_only=read_only)
    return {"-".join([*parts, name]): document for name, document in found.items()}


def every_deployment(project: str) -> Deployment:
    """Return what any stack of a project may deploy, of which no name is known."""
    return Deployment(
        region=EXAMPLE_REGION,
        account=EXAMPLE_ACCOUNT,
        project=project,
        stack=None,
        resources=dict.fromkeys(NEEDS, ()),
    )
