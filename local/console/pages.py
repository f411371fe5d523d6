"""The files of the page, and the headers under which everything of the console is sent."""

from pathlib import Path
from typing import Final

from apigateway.mapping.data import Pairs
from local.picture import STYLE

_POLICY: Final = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""No script, style or connection but the console's own, and in nobody's frame."""

SAFE: Final[Pairs] = (
    ("Content-Security-Policy", _POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cache-Control", "no-store"),
)
"""Sent with every answer."""

_FOLDER = Path(__file__).parent / "static"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def safe_page(authority: str) -> Pairs:
    """Return the headers of the page itself; not every browser counts WebSockets to its own address to ``'self'``."""
    return (("Content-Security-Policy", f"{_POLICY}; connect-src 'self' ws://{authority}"), *SAFE[1:])


def read_pages() -> dict[str, tuple[str, bytes]]:
    """Return path, without its slash → type and content of each file: a table, so that no path leads out of it."""
    files = {file.name: (_TYPES[file.suffix], file.read_bytes()) for file in _FOLDER.iterdir()}
    return {"": files.pop("index.html"), "picture.css": (_TYPES[".css"], STYLE.encode()), **files}
