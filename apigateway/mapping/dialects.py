"""One mapping, written in the dialects of WebSocket, HTTP and REST APIs: what errors suggest.

The dialects look alike and are often mixed up: ``route.request.header.X`` (WebSocket), ``$request.header.X`` (HTTP),
``method.request.header.X`` (REST). Here a text of any of them is rewritten for another. The result is a proposal: it
is shown only when the dialect that is asked for can parse it.
"""

import re
from collections.abc import Callable

from apigateway.context import is_mapping_variable
from apigateway.errors import ExpressionError

_READ = re.compile(
    r"""
    \$?(?P<brace>\{)?
    (?:
        (?:(?:route|method|integration)\.)?(?P<side>request|response)\.
        (?: (?P<body>body)(?:\.(?P<path>.+?))?
          | (?P<place>(?:multivalue)?(?:header|querystring)|path)\.(?P<name>[^{}]+?) )
      | (?P<shared>(?:context|stageVariables)\.[\w.]+)
    )
    (?(brace)\})
    """,
    re.VERBOSE,
)
_WRITE = re.compile(
    r"""
    (?: (?P<action>append|overwrite):
      | (?:(?:route|method|integration)\.(?P<side>request|response)\.) )
    (?P<place>header|querystring)\.(?P<name>\S+)
    """,
    re.VERBOSE,
)
_FOREIGN_TO_HTTP = re.compile(r"(?:route|method|integration)\.(?:request|response)\..*|stageVariables\.\w+", re.DOTALL)


def suggestion(text: str, rewritten: str | None, parse: Callable[[str], object]) -> str:
    """Propose a rewritten text when the dialect can parse it, else say what that dialect has against it.

    An error with a grammar adds nothing: the error that this suggestion is for shows the same one.
    """
    if rewritten is None or rewritten == text:
        return ""
    try:
        return f"write {parse(rewritten)}"
    except ExpressionError as error:
        return error.suggestion or ("" if error.grammar else error.reason)


def source_for_websocket(text: str) -> str | None:
    """Rewrite ``$request.header.X`` or ``method.request.header.X`` to ``route.request.header.X``, and so on."""
    match = _READ.fullmatch(text)
    if not match or match["side"] == "response" or match["place"] == "path":
        return None
    return match["shared"] or f"route.{_request_part(match, match['place'])}"


def source_for_http(text: str) -> str | None:
    """Rewrite ``route.request.header.X`` to ``$request.header.X``, and so on; a list becomes joined values."""
    match = _READ.fullmatch(text)
    if not match:
        return None
    place = match["place"].removeprefix("multivalue") if match["place"] else None
    return "$" + (match["shared"] or _request_part(match, place))


def destination_for_websocket(text: str) -> str | None:
    """Rewrite ``overwrite:header.X`` to ``integration.request.header.X``, and so on."""
    match = _WRITE.fullmatch(text)
    if not match or match["side"] == "response":
        return None
    return f"integration.request.{match['place']}.{match['name']}"


def destination_for_http(text: str) -> str | None:
    """Rewrite ``integration.request.header.X`` to ``overwrite:header.X``, and so on."""
    match = _WRITE.fullmatch(text)
    return f"{match['action'] or 'overwrite'}:{match['place']}.{match['name']}" if match else None


def is_foreign_to_http(text: str) -> bool:
    """Tell whether a value is wholly an expression of a WebSocket or REST mapping.

    ``context.X`` is one when X is a variable of either kind of API, else it is text such as ``context.html``.
    """
    root, _, name = text.partition(".")
    return _FOREIGN_TO_HTTP.fullmatch(text) is not None or (
        root == "context" and (is_mapping_variable("HTTP", name) or is_mapping_variable("WEBSOCKET", name))
    )


def _request_part(match: re.Match[str], place: str | None) -> str:
    if match["body"]:
        return f"{match['side']}.body" + (f".{match['path']}" if match["path"] else "")
    return f"{match['side']}.{place}.{match['name']}"
