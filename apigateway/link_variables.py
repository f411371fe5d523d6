"""The stage variables by which the integrations of a REST API name their VPC links.

From the AWS page "Amazon API Gateway important notes": a method that goes while its integration names a VPC link
outright leaves an integration behind that keeps the link from being deleted; one that names the link by a stage
variable does not. So ``connectionId`` is ``${stageVariables.NAME}``, and every stage of the API carries the variable.
"""

import re
from hashlib import sha256
from typing import Final

from apigateway import limits

SHARED: Final = "vpcLink"
"""The variable of the one v2 link, which leads to every application load balancer."""

_PREFIX: Final = "vpcLink_"
_FOREIGN = re.compile(r"[^A-Za-z0-9_]")
_DIGEST_CHARACTERS: Final = 8


def link_variable(backend: str | None) -> str:
    """Return the name of the stage variable that holds the id of a backend's v1 link, or of the v2 link for None.

    A backend's name may be too long for a variable, or have characters that a variable's may not have: then part of
    its hash stands at the end, so that no two backends share a variable.
    """
    if backend is None:
        return SHARED
    plain = _FOREIGN.sub("_", backend)
    if plain == backend and len(_PREFIX + plain) <= limits.STAGE_VARIABLE_NAME_CHARACTERS:
        return _PREFIX + plain
    ending = "_" + sha256(backend.encode()).hexdigest()[:_DIGEST_CHARACTERS]
    return (_PREFIX + plain)[: limits.STAGE_VARIABLE_NAME_CHARACTERS - len(ending)] + ending


def is_link_variable(name: str) -> bool:
    """Tell whether a stage variable's name is kept for VPC links."""
    return name == SHARED or name.startswith(_PREFIX)
