"""``$input``, ``$util``, and what ``$context`` is made of.

From the AWS page "Variables for data transformations for API Gateway". Where it is silent: an empty body is ``{}``, and
a JSON path that leads nowhere gives an empty text, as observed on AWS.
"""

import base64
import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final
from urllib.parse import quote_plus, unquote, unquote_plus

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError

from apigateway.errors import TemplateError
from apigateway.json_path import MISSING, JsonDocument, JsonValue
from apigateway.mapping.data import RequestData
from local.gateway.templates.values import JsonArray, Tool, from_json, text_of

_STARTS_JSON: Final = ("{", "[", '"', "'")
_ENVIRONMENT: Final = JSONPathEnvironment()

# RFC 9535 allows fewer characters in a name after a dot than API Gateway's JSONPath: such a name goes into brackets.
_STEP: Final = re.compile(
    r"""(?P<bracket>\[(?:'[^']*'|"[^"]*"|[^\]'"])*\])|(?P<dots>\.\.?)(?P<name>[^\s.\[\]()*'"\\]+)(?!\()"""
)

_ESCAPES: Final = {
    "'": r"\'",
    '"': r"\"",
    "\\": r"\\",
    "/": r"\/",
    "\b": r"\b",
    "\n": r"\n",
    "\t": r"\t",
    "\f": r"\f",
    "\r": r"\r",
}


def nested(variables: Mapping[str, str]) -> dict[str, object]:
    """Make ``{"identity": {"sourceIp": …}}`` of ``identity.sourceIp``."""
    tree: dict[str, object] = {}
    for name, value in variables.items():
        *parents, last = name.split(".")
        branch = tree
        for parent in parents:
            below = branch.get(parent)
            if not isinstance(below, dict):
                below = branch[parent] = {}
            branch = below
        branch.setdefault(last, value)
    return tree


def input_of(request: RequestData, body: str | bytes, document: JsonDocument) -> Tool:
    """Make ``$input`` of a body, which is the request's or the response's, and of the request's parameters."""
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")

    @cache
    def content() -> object:
        return from_json(_content(text, document))

    @cache
    def parameters() -> dict[str, dict[str, str]]:
        return _parameters(request)

    return Tool(
        properties={"body": text or "{}"},
        methods={
            "json": lambda path: _json(_find(_content(text, document), path)),
            "params": lambda *name: _parameter(parameters(), *name) if name else parameters(),
            "path": lambda path: _find(content(), path),
        },
    )


def _content(text: str, document: JsonDocument) -> JsonValue:
    if not text.strip():
        return {}
    content = document.content
    if content is not MISSING:
        return content
    if text.lstrip().startswith(_STARTS_JSON):
        raise TemplateError("the body must be JSON", expression=text, body_is_not_json=True)
    return text


def _find(content: object, path: str) -> object:
    query = _compiled(path)
    if not isinstance(content, dict | list):
        return content if query.empty() else ""
    found: list[object] = list(query.findall(content))
    if query.singular_query():
        return found[0] if found else ""
    return JsonArray(found)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=1024)
def _compiled(path: str) -> JSONPath:
    try:
        query = _ENVIRONMENT.compile(_STEP.sub(_in_brackets, path if path.startswith("$") else f"$.{path}"))
    except JSONPathError as error:
        raise TemplateError("this is not a JSON path", expression=path) from error
    if not isinstance(query, JSONPath):  # two paths joined by an operator that is not API Gateway's
        raise TemplateError("this is not a JSON path", expression=path)
    return query


def _in_brackets(step: re.Match[str]) -> str:
    return step["bracket"] or f"{'..' if step['dots'] == '..' else ''}['{step['name']}']"


def _parameters(request: RequestData) -> dict[str, dict[str, str]]:
    return {
        "path": {name: unquote(value) for name, value in request.path_parameters.items()},
        "querystring": dict(request.query),  # of a repeated one the last value
        "header": dict(request.headers),
    }


def _parameter(parameters: Mapping[str, Mapping[str, str]], name: str) -> str:
    return next((values[name] for values in parameters.values() if name in values), "")


def _escape_java_script(value: object) -> str:
    """Escape as Java's ``StringEscapeUtils.escapeJavaScript``: single quotes too, which JSON does not know."""
    return "".join(_ESCAPES.get(char) or (char if " " <= char <= "~" else _escape(char)) for char in text_of(value))


def _escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[index : index + 2].hex().upper()}" for index in range(0, len(units), 2))


def _base64_decode(value: object) -> str:
    """Decode as Java's ``Base64``, which needs no padding."""
    return base64.b64decode(text_of(value) + "==").decode("utf-8", "replace")


def _url_encode(value: object) -> str:
    """Encode as Java's ``URLEncoder``, which leaves ``*`` and encodes ``~``."""
    return quote_plus(text_of(value).encode("utf-8", "replace"), safe="*").replace("~", "%7E")


UTIL: Final = Tool(
    methods={
        "base64Decode": _base64_decode,
        "base64Encode": lambda value: base64.b64encode(text_of(value).encode("utf-8", "replace")).decode("ascii"),
        "escapeJavaScript": _escape_java_script,
        "parseJson": lambda value: from_json(json.loads(text_of(value))),
        "urlDecode": lambda value: unquote_plus(text_of(value)),
        "urlEncode": _url_encode,
    }
)
"""``$util``."""
