"""One mapping, written in the dialects of WebSocket, HTTP and REST APIs: what errors suggest.

The dialects look alike and are often mixed up: ``route.request.header.X`` (WebSocket), ``$request.header.X`` (HTTP),
``method.request.header.X`` (REST). Here a text of any of them is rewritten for another. The result is a proposal: it
is shown only when the dialect that is asked for can parse it.
"""

import re
from collections.abc import Callable
from typing import Final, Literal

from apigateway import rest_context
from apigateway.context import Protocol, is_mapping_variable
from apigateway.errors import ExpressionError
from apigateway.suggest import nearest

PLACES: Final = ("header", "querystring")
"""Where both a request and a mapping of each dialect have named values."""

_READ_PLACES: Final = (*PLACES, "multivalueheader", "multivaluequerystring", "path")
_ACTIONS: Final = ("append", "overwrite", "remove")
_OTHER_ACTIONS: Final = {"add": "append", "replace": "overwrite", "set": "overwrite", "delete": "remove"}

_READ = re.compile(
    r"""
    \$?(?P<brace>\{)?
    (?:
        (?:(?:route|method|integration)\.)?(?P<side>request|response)\.
        (?: (?P<body>body)(?:\.(?P<path>.+?))?
          | (?P<place>[A-Za-z]+)\.(?P<name>[^{}]+?) )
      | (?:event\.)?requestContext\.(?P<event>[\w.]+)
      | (?P<shared>(?:context|stageVariables)\.[\w.]+)
    )
    (?(brace)\})
    """,
    re.VERBOSE,
)
_WRITE = re.compile(
    r"""
    (?: (?P<action>[A-Za-z]+):
      | (?:(?:route|method|integration)\.(?P<side>request|response)\.) )?
    (?P<place>[A-Za-z]+)\.(?P<name>\S+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_STATUS = re.compile(r"(?:(?!remove)[a-z]+:)?status(?:_?code)?", re.IGNORECASE)
_ALONE = re.compile(r"\$?(?P<brace>\{)?(?P<name>[\w.]+)(?(brace)\})")
_FOREIGN_TO_HTTP = re.compile(r"(?:route|method|integration)\.(?:request|response)\..*|stageVariables\.\w+", re.DOTALL)


def suggestion(text: str, rewritten: str | None, parse: Callable[[str], object]) -> str:
    """Propose a rewritten text when the dialect can parse it, else say what that dialect has against it.

    An error with a grammar adds nothing: the error that this suggestion is for shows the same one.
    """
    if rewritten is None or rewritten == text:
        return ""
    try:
        proposal = str(parse(rewritten))
        return f"write {proposal}" if proposal.isprintable() else ""
    except ExpressionError as error:
        return error.suggestion or ("" if error.grammar else error.reason)


def source_for_websocket(text: str) -> str | None:
    """Rewrite ``$request.headers.X`` or ``method.request.header.X`` to ``route.request.header.X``, and so on."""
    match = _READ.fullmatch(text)
    if not match:
        return context_variable("WEBSOCKET", text)
    if match["shared"] or match["event"]:
        return _shared(match)
    part = _request_part(match, multivalue=True)
    return f"route.{part}" if part and match["side"] == "request" and not part.startswith("request.path") else None


def source_for_http(text: str) -> str | None:
    """Rewrite ``route.request.headers.X`` to ``$request.header.X``, and so on; a list becomes joined values."""
    variable = variable_for_http(text)
    return f"${variable}" if variable else None


def variable_for_http(text: str) -> str | None:
    """Rewrite ``method.request.header.X`` to ``request.header.X``: what stands after the ``$`` or in the braces."""
    match = _READ.fullmatch(text)
    if not match:
        return context_variable("HTTP", text)
    return _shared(match) or _request_part(match, multivalue=False)


def context_variable(protocol: Protocol, text: str) -> str | None:
    """Rewrite a variable's name alone, ``$connectionId`` or ``connectionId``, to ``context.connectionId``."""
    match = _ALONE.fullmatch(text)
    return f"context.{match['name']}" if match and is_mapping_variable(protocol, match["name"]) else None


def destination_for_websocket(text: str) -> str | None:
    """Rewrite ``overwrite:header.X`` to ``integration.request.header.X``, and so on."""
    match = _WRITE.fullmatch(text)
    if not match or (match["side"] or "").lower() == "response" or _action(match) == "remove":
        return None
    place = nearest(match["place"].lower(), (*PLACES, "path"))
    return f"integration.request.{place}.{match['name']}" if place else None


def destination_for_http(text: str) -> str | None:
    """Rewrite ``integration.request.header.X`` or ``set:headers.X`` to ``overwrite:header.X``, and so on."""
    if _STATUS.fullmatch(text):
        return "overwrite:statuscode"
    match = _WRITE.fullmatch(text)
    place = nearest(match["place"].lower(), PLACES) if match else None
    action = _action(match) if match else None
    return f"{action}:{place}.{match['name']}" if match and place and action else None


def is_foreign_to_http(text: str) -> bool:
    """Tell whether a value is wholly an expression of a WebSocket or REST mapping.

    ``context.X`` is one when X is a variable of either kind of API, else it is text such as ``context.html``.
    """
    root, _, name = text.partition(".")
    return _FOREIGN_TO_HTTP.fullmatch(text) is not None or (
        root == "context" and (is_mapping_variable("HTTP", name) or is_mapping_variable("WEBSOCKET", name))
    )


def _action(match: re.Match[str]) -> str | None:
    """Return what is done to a destination: a WebSocket API's mapping overwrites."""
    given = (match["action"] or "overwrite").lower()
    return _OTHER_ACTIONS.get(given) or nearest(given, _ACTIONS)


def _shared(match: re.Match[str]) -> str | None:
    return f"context.{match['event']}" if match["event"] else match["shared"]


def _request_part(match: re.Match[str], *, multivalue: bool) -> str | None:
    if match["body"]:
        return f"{match['side']}.body" + (f".{match['path']}" if match["path"] else "")
    place = nearest(match["place"], _READ_PLACES)
    if place is None:
        return None
    return f"{match['side']}.{place if multivalue else place.removeprefix('multivalue')}.{match['name']}"


_SHARED_WITH_REST = re.compile(r"\$?(?P<brace>\{)?(?P<name>(?:context|stageVariables)\.[^{}]+)(?(brace)\})")
_NEAR_STAGE_VARIABLE = re.compile(r"\$?(?P<brace>\{)?stage_?var(?:iable)?s?\.(?P<name>\w+)(?(brace)\})", re.IGNORECASE)
_REQUEST_ITSELF = re.compile(r"\$?(?P<brace>\{)?(?:(?:route|method)\.)?request\.(?P<what>path|method)(?(brace)\})")
_OF_THE_REQUEST: Final = {"path": "path", "method": "httpMethod"}
_GREEDY_NAME = re.compile(r"(?P<read>\$?(?:(?:route|method)\.)?request\.path\.[\w.-]+)\+")
_INPUT = re.compile(r"""\$input\.(?:body|(?:path|json)\((?P<q>['"])\$(?:\.(?P<path>[\w.\[\]*]+))?(?P=q)\))""")
_KEY_IN_BRACKETS = re.compile(r"\[(?P<quote>['\"])(?P<key>[A-Za-z_]\w*)(?P=quote)\]")


def side_read(text: str) -> str | None:
    """Return whether a source reads the ``request`` or the ``response``, in any dialect; None when neither."""
    match = _READ.fullmatch(text)
    return match["side"] if match else None


def source_for_rest(text: str, side: Literal["request", "response"]) -> str | None:
    """Rewrite ``$request.header.X`` to ``method.request.header.X``, and so on.

    None for what a mapping of this side cannot read.
    """
    if shared := _SHARED_WITH_REST.fullmatch(text):
        return shared["name"]
    if near := _NEAR_STAGE_VARIABLE.fullmatch(text):
        return f"stageVariables.{near['name']}"
    if whole := _REQUEST_ITSELF.fullmatch(text):
        return f"context.{_OF_THE_REQUEST[whole['what']]}" if side == "request" else None
    if of_template := _INPUT.fullmatch(text):
        body = "method.request.body" if side == "request" else "integration.response.body"
        return f"{body}.{of_template['path']}" if of_template["path"] else body
    text = _GREEDY_NAME.sub(r"\g<read>", text)
    match = _READ.fullmatch(_KEY_IN_BRACKETS.sub(r".\g<key>", text) if ".body[" in text else text)
    if not match:
        alone = _ALONE.fullmatch(text)
        return f"context.{alone['name']}" if alone and rest_context.is_mapping_variable(alone["name"]) else None
    if match["event"]:
        return _shared(match)
    part = _request_part(match, multivalue=True)
    if part is None or match["side"] != side:
        return None
    return f"method.{part}" if side == "request" else f"integration.{part}"


def destination_for_rest(text: str, side: Literal["request", "response"]) -> str | None:
    """Rewrite ``overwrite:header.X`` to ``integration.request.header.X`` or ``method.response.header.X``."""
    if side == "request":
        return destination_for_websocket(text)
    match = _WRITE.fullmatch(text)
    if not match or (match["side"] or "").lower() == "request" or _action(match) == "remove":
        return None
    return f"method.response.header.{match['name']}" if nearest(match["place"].lower(), ("header",)) else None


def sets_status(text: str) -> bool:
    """Tell whether a destination is the status of the response, as ``overwrite:statuscode`` of an HTTP API is."""
    return _STATUS.fullmatch(text) is not None
