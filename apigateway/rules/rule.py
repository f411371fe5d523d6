"""One rule: what must hold, and who says so."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that a stack file is held to.

    ``id`` is stable, so that a message can be looked up; ``text`` says what must hold; ``source`` names the AWS page
    or model that the rule comes from, or Gatelink where the rule is ours. A broken rule is an ``error`` where AWS
    would refuse the stack or serve something else than the file says, a ``warning`` where it is most likely not meant.
    """

    id: str
    text: str
    source: str
    severity: Severity = "error"
