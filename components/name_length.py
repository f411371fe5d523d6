"""Logical names that leave room for what Pulumi adds to them."""

from hashlib import sha256

_RANDOM = 8
"""A hyphen and seven random characters."""

_HASH = 6
"""A hyphen and five digits of a hash."""


def fitted(name: str, most: int) -> str:
    """Return a logical name from which Pulumi can make a physical one of at most so many characters.

    Pulumi refuses a longer one instead of cutting it. A name that does not fit is cut here and gets a hash, so that two
    stay two.
    """
    if len(name) + _RANDOM <= most:
        return name
    digest = sha256(name.encode()).hexdigest()[: _HASH - 1]
    return f"{name[: most - _RANDOM - _HASH]}-{digest}"
