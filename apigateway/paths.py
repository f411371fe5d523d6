"""How a place in the stack file is written: ``apis.chat.routes["$connect"].integration.timeoutInMillis``."""

import json
import re
from typing import TypeAlias

Location: TypeAlias = tuple[int | str, ...]
"""The keys and list positions that lead to a place."""

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


def format_path(location: Location) -> str:
    """Join keys and list positions: a name of letters, digits, ``_`` and ``-`` after a dot, any other in brackets."""
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text


def join_paths(around: str, path: str) -> str:
    """Return a path within another one; either may be empty."""
    between = "." if around and path and not path.startswith("[") else ""
    return f"{around}{between}{path}"
