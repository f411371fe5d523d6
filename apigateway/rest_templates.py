"""The content types under which templates and models of REST APIs stand.

From the AWS pages "Mapping templates for REST APIs in API Gateway" and "Method request behavior for payloads without
mapping templates for REST APIs in API Gateway". The template of a request is that of its ``Content-Type``
(``application/json`` where it has none), the template of a response that of the client's ``Accept``. ``$default`` takes
what no other key does.

From "Binary media types for REST APIs in API Gateway" and "Content type conversions in API Gateway": a body of a binary
media type is bytes, which no template takes before ``CONVERT_TO_TEXT`` has made text of them. Under ``*/*`` every body
is one, that of a request without a body too.
"""

import json
import re
from collections.abc import Collection
from fnmatch import fnmatchcase
from typing import Final

from apigateway.errors import ExpressionError

GRAMMAR: Final = "expected a content type such as application/json"
BINARY_GRAMMAR: Final = "expected a content type such as image/png, or */* for all"
_WORD: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_TYPE = re.compile(rf"{_WORD}/{_WORD}")
_WITH_PARAMETERS = re.compile(rf"(?P<type>{_WORD}/{_WORD})\s*;.*", re.DOTALL)

_SHORT: Final = {"json": "application/json", "xml": "application/xml", "text": "text/plain", "html": "text/html"}


def check_content_type(text: str) -> None:
    """Hold a content type against its grammar: type and subtype, without parameters. Raises ``ExpressionError``."""
    if _TYPE.fullmatch(text):
        return
    if match := _WITH_PARAMETERS.fullmatch(text):
        reason = "only the type counts, without what follows the semicolon"
        raise ExpressionError(text, reason, suggestion=f"write {match['type']}")
    meant = _SHORT.get(text.lower())
    suggestion = f"write {meant}" if meant else ""
    raise ExpressionError(text, "not a content type", grammar=GRAMMAR, suggestion=suggestion)


def check_binary_type(text: str) -> None:
    """Hold a binary media type against its grammar: a content type, or all of them. Raises ``ExpressionError``."""
    if text in {"*", "**", "*.*"}:
        raise ExpressionError(text, "not a content type", grammar=BINARY_GRAMMAR, suggestion="write */*")
    try:
        check_content_type(text)
    except ExpressionError as error:
        raise ExpressionError(
            text, error.reason, grammar=error.grammar and BINARY_GRAMMAR, suggestion=error.suggestion
        ) from None


def is_binary(key: str, binary_media_types: Collection[str]) -> bool:
    """Tell whether the bodies for which a template stands are bytes; those of ``$default`` are of any type."""
    content_type = "*/*" if key == "$default" else key
    return any(fnmatchcase(content_type.lower(), media_type.lower()) for media_type in binary_media_types)


def literal_status(template: str) -> object:
    """Return what a template without variables and directives makes of ``statusCode``; None where it is not that."""
    if "$" in template or "#" in template:
        return None
    try:
        made: object = json.loads(template)
    except ValueError:
        return None
    return made.get("statusCode") if isinstance(made, dict) else None


def check_template_key(text: str) -> None:
    """Hold the key of a template against its grammar: a content type or ``$default``. Raises ``ExpressionError``."""
    if text == "$default":
        return
    if text in {"default", r"\$default"}:
        raise ExpressionError(text, "not a content type", grammar=GRAMMAR, suggestion="write $default")
    check_content_type(text)
