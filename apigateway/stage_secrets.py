"""Stage variables that most likely hold a secret, by their names or by their values.

From the AWS pages "Using stage variables for HTTP APIs / WebSocket APIs" (no credentials in them).
"""

import binascii
import re
from base64 import b64decode
from typing import Final

_NAME: Final = re.compile(r"passw(or)?d|pwd|secret|credential|token|(api|access|private|signing)_?key", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"(arn|https?):.*|/.*")
"""Where a secret is kept is none."""

# The beginnings that issuers give to keys so that they are found: access keys of AWS (IAM User Guide, "IAM
# identifiers"), tokens of GitHub and Slack, keys of Stripe, and any JSON Web Token. As a header has them, "Bearer" is
# before (RFC 6750, section 2.1).
_VALUE: Final = re.compile(
    r"((?i:bearer) +)?((AKIA|ASIA)[A-Z0-9]{16}|gh[opsur]_\w{36,}|github_pat_\w{22,}|xox[abprs]-[\w-]{10,}"
    r"|sk_live_\w{10,}|eyJ[\w-]+\.[\w-]+\.[\w-]+)"
)
_BASIC: Final = re.compile(r"(?i:basic) +(?P<encoded>[A-Za-z0-9+/]+={0,2})")


def names_a_secret(name: str) -> bool:
    """Return whether a variable is called what secrets are called."""
    return bool(_NAME.search(name))


def sign_of_secret(name: str, value: str) -> str:
    """Return by what a variable looks like a secret, ``by its name`` or ``by its value``; nothing where it does not."""
    if _VALUE.fullmatch(value) or _is_basic(value):
        return "by its value"
    return "by its name" if names_a_secret(name) and not _REFERENCE.fullmatch(value) else ""


def _is_basic(value: str) -> bool:
    """Return whether a value is a name and a password as a header has them (RFC 7617, section 2)."""
    found = _BASIC.fullmatch(value)
    try:
        return found is not None and b":" in b64decode(found["encoded"], validate=True)
    except binascii.Error:
        return False
