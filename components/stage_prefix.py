"""The stage's name, taken off the path that a backend behind an application load balancer gets.

By a VPC link of version 2, a request to the stage ``test`` reaches the backend as ``/test/path``. The AWS page "Private
integrations for REST APIs in API Gateway" has one cure: to override ``$context.requestOverride.path``, which a mapping
template can ("Override your API's request and response parameters and status codes for REST APIs"). So the template
makes the whole path of the integration's URI anew, variables and all, and passes the body on.
"""

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

from apigateway.mapping.rest import (
    ContextVariable,
    Destination,
    MethodBody,
    MethodParameter,
    RequestSource,
    StageVariable,
    Static,
)
from settings.integrations import Passthrough

_JSON: Final = "application/json"
_VARIABLE = re.compile(r"\$\{stageVariables\.(?P<stage>\w+)\}|(?<!\$)\{(?P<name>[A-Za-z0-9._-]+)\+?\}")
_SETS_PATH = re.compile(r"#set\s*\(\s*\$!?\{?context\.requestOverride\.path\b")
_PROPERTY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")

# What Velocity would read as its own in a text in double quotes; in a path the two spellings mean the same.
_ESCAPED: Final = {ord(mark): f"%{ord(mark):02X}" for mark in '"#$\\'}


def proxy_templates(
    path: str, mappings: Mapping[Destination, RequestSource], binary_media_types: Iterable[str]
) -> dict[str, str]:
    """Return the request templates of an integration that passes every body on.

    A template cannot take a body of a binary media type. So there is no ``$default`` where the API has such types, and
    no template of JSON where JSON is one of them: the stage's name then stays in the path.
    """
    binary = tuple(binary_media_types)
    template = f"{path_override(path, mappings)}\n$input.body"
    if any(fnmatchcase(_JSON, media_type) for media_type in binary):
        return {}
    return {_JSON: template} if binary else {_JSON: template, "$default": template}


def own_templates(
    templates: Mapping[str, str],
    passthrough: Passthrough,
    path: str,
    mappings: Mapping[Destination, RequestSource],
    binary_media_types: Iterable[str],
) -> dict[str, str]:
    """Return the request templates of an integration that has some of its own, each with the override before it.

    A template that makes the path itself is left alone. Bodies that are passed on as they are get a template that does
    just that; those that are refused are refused as before.
    """
    override = path_override(path, mappings)
    found = {key: text if _SETS_PATH.search(text) else f"{override}\n{text}" for key, text in templates.items()}
    passes_on = passthrough == "WHEN_NO_MATCH" or (passthrough == "WHEN_NO_TEMPLATES" and not templates)
    if not passes_on or "$default" in templates:
        return found
    return {**proxy_templates(path, mappings, binary_media_types), **found}


def path_override(path: str, mappings: Mapping[Destination, RequestSource]) -> str:
    """Return the line of a template that makes the path of an integration's URI, without the stage.

    ``path`` may end in a query string, which is not overridden; ``{name}`` is what ``integration.request.path.name``
    maps to it. Raises ``ValueError`` for a source that a template cannot read in one piece.
    """
    sources = {to.name: source for to, source in mappings.items() if to.location == "path"}
    text = path.partition("?")[0]
    parts, position = [], 0
    for match in _VARIABLE.finditer(text):
        parts.append(text[position : match.start()].translate(_ESCAPED))
        position = match.end()
        if match["stage"]:
            parts.append(_quiet(_property("stageVariables", match["stage"])))
        elif match["name"] in sources:
            parts.append(_value(sources[match["name"]], ends=text[position : position + 1] in ("", "/")))
        else:
            parts.append(match[0])
    parts.append(text[position:].translate(_ESCAPED))
    return f'#set($context.requestOverride.path = "{"".join(parts)}")'


def _value(source: RequestSource, *, ends: bool) -> str:
    """Return how a template reads a source; ``ends`` is true where nothing follows that could belong to the name."""
    match source:
        case MethodParameter(location="path", name=name):
            read = f"input.params().path.get('{name}')"
            return f"${read}" if ends else f"${{{read}}}"
        case MethodParameter(location="header" | "querystring" as location, name=name):
            return _quiet(f"input.params().{location}.get('{name}')")
        case MethodBody(path=path) if path is not None:
            return _quiet(f"input.path('$.{_quoted(str(path))}')")
        case ContextVariable(name=name):
            root, _, claim = name.partition("authorizer.claims.")
            return _quiet(_property("context.authorizer.claims", claim) if claim and not root else f"context.{name}")
        case StageVariable(name=name):
            return _quiet(_property("stageVariables", name))
        case Static(value=value):
            return value.translate(_ESCAPED)
        case _:
            raise ValueError(f"{source} is no part of a path that a template could make")


def _quiet(reference: str) -> str:
    """Write a reference of which nothing is printed where it has no value."""
    return f"$!{{{reference}}}"


def _property(root: str, name: str) -> str:
    return f"{root}.{name}" if _PROPERTY.fullmatch(name) else f"{root}['{name}']"


def _quoted(text: str) -> str:
    """Double the quotes of a text that stands in single quotes, amid a text in double ones."""
    return text.replace("'", "''").replace('"', '""')
