"""Names and tags.

Logical names are a contract: they are in every URN. Physical names are Pulumi's: the logical name, a hyphen and
seven random characters.
"""

import re
from collections.abc import Mapping
from hashlib import sha256

import pulumi

Tags = Mapping[str, pulumi.Input[str]]

_VARIABLE = re.compile(r"\{[^{}+]+(\+?)\}")

# Load balancers and target groups may have 32 characters, of which Pulumi's suffix takes eight.
_BALANCER_NAME_LENGTH = 24


def named(tags: Tags, name: str) -> dict[str, pulumi.Input[str]]:
    """Add the tag that the EC2 console shows as a resource's name."""
    return {**tags, "Name": name}


def balancer_name(name: str) -> str:
    """Return a logical name from which Pulumi can make a legal load balancer's or target group's name.

    Elastic Load Balancing takes letters, digits and hyphens, refuses a name that begins with ``internal-`` or with a
    hyphen, and allows 32 characters. A name that does not fit is cut and gets a hash, so that two stay two.
    """
    clean = re.sub(r"[^A-Za-z0-9-]", "-", name).strip("-")
    if clean == name and len(name) <= _BALANCER_NAME_LENGTH and not name.startswith("internal-"):
        return name
    digest = sha256(name.encode()).hexdigest()[:5]
    return f"{clean.removeprefix('internal-')[: _BALANCER_NAME_LENGTH - 6].strip('-')}-{digest}"


def http_route_name(api: str, route_key: str) -> str:
    """Return the logical name of an HTTP API's route: the API's name and the key without its one space.

    ``GET /items`` of ``orders`` is ``orders-GET/items``. The names of variables are left out, as in
    ``orders-GET/items/{}``: API Gateway takes two routes for one that differ in them alone, so a variable is renamed in
    place. A WebSocket API's keys are any text and stay as they are.
    """
    return f"{api}-{_VARIABLE.sub(_brackets, route_key.replace(' ', '', 1))}"


def _brackets(variable: re.Match[str]) -> str:
    return "{+}" if variable[1] else "{}"
