"""What ``Host`` may say to a server that is for this machine alone.

A foreign site that a developer has open in a browser can point a name of its own at this machine (DNS rebinding); its
requests then bear that name, for browsers let no site forge ``Host``.
"""

from typing import Final

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_HTTP_PORT: Final = 80


def authorities(host: str, port: int) -> frozenset[str]:
    """Return what ``Host`` may be where a server listens on an address; clients leave port 80 out."""
    names = LOOPBACK_NAMES | {f"[{host}]" if ":" in host else host}
    return frozenset(f"{name}:{port}" for name in names) | (names if port == _HTTP_PORT else frozenset())
