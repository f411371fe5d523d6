"""What is deployed, and where: as much as a policy can be narrowed by."""

from collections.abc import Mapping
from dataclasses import dataclass

ANY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """One resource of a stack: its logical name, the program's inputs, and the ARN that it has in a recording."""

    type: str
    name: str
    inputs: Mapping[str, object]
    arn: str = ""

    def text(self, key: str) -> str:
        """Return an input that is a text, empty where there is none."""
        value = self.inputs.get(key)
        return value if isinstance(value, str) else ""

    @property
    def physical_name(self) -> str:
        """The name in AWS: the program's, or what Pulumi makes of the logical name, a hyphen and random characters."""
        return self.text("name") or f"{literal(self.name)}-*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A stack in its place.

    ``resources`` has the type of everything that may be deployed. Without any resource of a type, as where a policy is
    for every stack there can be, its names and ARNs are not known, and the policy has ``*`` for them.
    """

    region: str
    account: str
    project: str
    stack: str | None
    """None for every stack of the project."""
    resources: Mapping[str, tuple[Deployed, ...]]

    @property
    def partition(self) -> str:
        """The partition that the Region belongs to."""
        prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
        return next((name for prefix, name in prefixes.items() if self.region.startswith(prefix)), "aws")

    def arn(self, service: str, resource: str, *, region: bool = True, account: bool = True) -> str:
        """Return an ARN in the deployment's Region and account, or without either."""
        where = self.region if region else ""
        whose = self.account if account else ""
        return f"arn:{self.partition}:{service}:{where}:{whose}:{resource}"

    def of_type(self, resource_type: str) -> tuple[Deployed, ...]:
        """Return the resources of a type that are known."""
        return self.resources.get(resource_type, ())

    def names(self, resource_type: str) -> tuple[str, ...]:
        """Return how the names of a type's resources look in AWS: any where none is known."""
        return tuple(sorted({resource.physical_name for resource in self.of_type(resource_type)})) or (ANY,)

    def texts(self, resource_type: str, key: str) -> tuple[str, ...]:
        """Return what the resources of a type have for an input, each once; nothing where none is known."""
        found = {resource.text(key) for resource in self.of_type(resource_type)}
        return tuple(sorted(found - {""}))


def literal(text: str) -> str:
    """Write a text so that a policy takes it as it is: ``*`` and ``?`` are wildcards, and ``${`` begins a variable.

    IAM User Guide, "IAM policy elements: Variables and tags".
    """
    return "".join(f"${{{letter}}}" if letter in "*?$" else letter for letter in text)
