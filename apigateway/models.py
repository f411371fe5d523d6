"""Models: the JSON Schemas that API Gateway holds a WebSocket API's messages against.

From the AWS pages "Data transformations for WebSocket APIs in API Gateway" and "Data models for REST APIs" (JSON Schema
draft 4) and the botocore model of ``apigatewayv2`` (``CreateModel``: the name, and 32 K for the schema). To a schema
that is not of draft 4 API Gateway answers "Invalid model schema specified", with the "Unsupported keyword(s)" where a
keyword is of another draft or of OpenAPI.

"Amazon API Gateway important notes" also lists keywords of draft 4 (``anyOf``, ``oneOf``, ``exclusiveMinimum``,
``additionalProperties``) that an OpenAPI import into a REST API drops, and of ``maxItems`` and ``minItems`` says that
validation goes without them. They are legal in a model that is made directly.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias
from urllib.parse import unquote

from apigateway.errors import ExpressionError
from apigateway.suggest import nearest

Place: TypeAlias = tuple[int | str, ...]
"""Where something stands in a schema: keywords, names and positions in lists."""

MODEL_NAME_CHARACTERS: Final = 128
"""The longest name of a model."""

MODEL_SCHEMA_CHARACTERS: Final = 32 * 1024
"""The longest schema, as compact JSON."""

DRAFT: Final = "http://json-schema.org/draft-04/schema#"
"""The one value of ``$schema``."""

TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")
"""The types of JSON Schema."""

_ONE_SCHEMA: Final = frozenset({"additionalItems", "additionalProperties", "items", "not"})
_SEVERAL_SCHEMAS: Final = frozenset({"allOf", "anyOf", "items", "oneOf"})
_NAMED_SCHEMAS: Final = frozenset({"definitions", "dependencies", "patternProperties", "properties"})
_BOOLEANS: Final = frozenset({"exclusiveMaximum", "exclusiveMinimum", "uniqueItems"})
_KEYWORDS: Final = (
    _ONE_SCHEMA
    | _SEVERAL_SCHEMAS
    | _NAMED_SCHEMAS
    | _BOOLEANS
    | {"$ref", "$schema", "default", "description", "enum", "format", "id", "maximum", "maxItems", "maxLength"}
    | {"maxProperties", "minimum", "minItems", "minLength", "minProperties", "multipleOf", "pattern", "required"}
    | {"title", "type"}
)
_DROPPED: Final[Mapping[str, object]] = {
    "additionalProperties": True,
    "anyOf": None,
    "exclusiveMinimum": False,
    "maxItems": None,
    "minItems": 0,
    "oneOf": None,
}
"""The keywords that an OpenAPI import drops, and the value with which a keyword says nothing."""

_INSTEAD: Final[dict[str, str]] = {
    "$comment": "description",
    "$defs": "definitions",
    "$id": "id",
    "const": "enum",
    "dependentRequired": "dependencies",
    "dependentSchemas": "dependencies",
    "nullable": "type",
}
"""What draft 4 has for some keywords of later drafts and of OpenAPI."""

_NAME = re.compile(r"[A-Za-z0-9]+")


def check_model_name(text: str) -> None:
    """Hold a model's name against its grammar. Raises ``ExpressionError``."""
    if _NAME.fullmatch(text) and len(text) <= MODEL_NAME_CHARACTERS:
        return
    words = re.findall(r"[A-Za-z0-9]+", text)
    proposal = words[0] + "".join(word[0].upper() + word[1:] for word in words[1:]) if words else ""
    raise ExpressionError(
        text,
        "not the name of a model",
        grammar=f"expected 1 to {MODEL_NAME_CHARACTERS} letters and digits",
        suggestion=f"write {proposal}" if proposal and len(proposal) <= MODEL_NAME_CHARACTERS else "",
    )


def check_model_schema(schema: Mapping[str, object]) -> Iterator[tuple[Place, str]]:
    """Yield what API Gateway would refuse in a schema, each with its place in it, such as ``("properties", "a")``."""
    length = len(json.dumps(schema, ensure_ascii=False, separators=(",", ":"), default=str))
    if length > MODEL_SCHEMA_CHARACTERS:
        yield (), f"must be at most {MODEL_SCHEMA_CHARACTERS:,} characters as compact JSON, got {length:,}"
    if "$schema" in schema and str(schema["$schema"]).removesuffix("#") != DRAFT.removesuffix("#"):
        yield ("$schema",), f"must be {_shown(DRAFT)}, got {_shown(schema['$schema'])}"
    yield from _problems((), schema, schema)


def dropped_keywords(schema: Mapping[str, object]) -> Iterator[Place]:
    """Yield the places of the keywords that have an effect and are lost where a schema is part of an OpenAPI document.

    The schema is one that :func:`check_model_schema` takes.
    """
    for keyword, value in schema.items():
        if keyword in _DROPPED:
            if value != _DROPPED[keyword]:
                yield (keyword,)
            continue
        for place, inner in _schemas_in(keyword, value):
            yield from ((keyword, *place, *deeper) for deeper in dropped_keywords(inner))


def _schemas_in(keyword: str, value: object) -> Iterator[tuple[Place, Mapping[str, object]]]:
    """Yield the schemas that a keyword holds, each with its place there."""
    found: Iterable[tuple[Place, object]] = ()
    if keyword in _NAMED_SCHEMAS and isinstance(value, Mapping):
        found = (((str(name),), schema) for name, schema in value.items())
    elif keyword in _SEVERAL_SCHEMAS and isinstance(value, list):
        found = (((index,), schema) for index, schema in enumerate(value))
    elif keyword in _ONE_SCHEMA:
        found = [((), value)]
    yield from ((place, schema) for place, schema in found if isinstance(schema, Mapping))


def _problems(place: Place, schema: object, whole: Mapping[str, object]) -> Iterator[tuple[Place, str]]:
    if not isinstance(schema, Mapping):
        yield place, f"must be a schema, got {_shown(schema)}"
        return
    for keyword, value in schema.items():
        here = (*place, str(keyword))
        if keyword not in _KEYWORDS:
            yield here, f"not a keyword of JSON Schema draft 4{_instead(str(keyword))}"
        elif keyword in _BOOLEANS and not isinstance(value, bool):
            yield here, f"must be true or false in JSON Schema draft 4, got {_shown(value)}"
        elif keyword == "$ref":
            yield from ((here, problem) for problem in _wrong_reference(value, whole))
        elif keyword == "type":
            yield from ((here, problem) for problem in _wrong_type(value))
        elif keyword in {"enum", "required"}:
            yield from ((here, problem) for problem in _wrong_list(str(keyword), value))
        else:
            yield from _inner_problems(here, str(keyword), value, whole)


def _inner_problems(
    place: Place, keyword: str, value: object, whole: Mapping[str, object]
) -> Iterator[tuple[Place, str]]:
    """Go into the schemas that a keyword holds."""
    if keyword in _NAMED_SCHEMAS:
        if not isinstance(value, Mapping):
            yield place, f"must be a map of names to schemas, got {_shown(value)}"
            return
        for name, schema in value.items():
            if not (keyword == "dependencies" and isinstance(schema, list)):
                yield from _problems((*place, str(name)), schema, whole)
    elif keyword in _SEVERAL_SCHEMAS and isinstance(value, list) and value:
        for index, schema in enumerate(value):
            yield from _problems((*place, index), schema, whole)
    elif keyword in _SEVERAL_SCHEMAS - _ONE_SCHEMA:
        yield place, f"must be a list of schemas, got {_shown(value)}"
    elif keyword in _ONE_SCHEMA and not (keyword.startswith("additional") and isinstance(value, bool)):
        yield from _problems(place, value, whole)


def _wrong_type(value: object) -> Iterator[str]:
    names = value if isinstance(value, list) and value else [value]
    for name in names:
        if name not in TYPES:
            near = nearest(name, TYPES) if isinstance(name, str) else None
            suggestion = f'; did you mean "{near}"?' if near else ""
            yield f"must be one of {', '.join(TYPES)}, or a list of them, got {_shown(name)}{suggestion}"
    if _has_twins(names):
        yield f"must not name a type twice, got {_shown(value)}"


def _wrong_list(keyword: str, value: object) -> Iterator[str]:
    """Look at ``enum`` and ``required``, which draft 4 wants with at least one item and no two alike."""
    items: list[object] = value if isinstance(value, list) else []
    if not items or (keyword == "required" and not all(isinstance(name, str) for name in items)):
        what = "names of properties" if keyword == "required" else "values"
        yield f"must be a list of one or more {what}, got {_shown(value)}"
    elif _has_twins(items):
        yield f"must not hold the same twice, got {_shown(value)}"


def _wrong_reference(value: object, whole: Mapping[str, object]) -> Iterator[str]:
    if not isinstance(value, str) or not value.startswith("#"):
        yield f'must be within the schema, such as "#/definitions/NAME", and not another model, got {_shown(value)}'
    elif value.startswith("#/") and not _leads_to_something(value[2:], whole):
        yield f"must lead to a part of the schema, got {_shown(value)}"


def _leads_to_something(pointer: str, whole: Mapping[str, object]) -> bool:
    found: object = whole
    for token in pointer.split("/"):
        name = unquote(token).replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            return False
    return True


def _has_twins(values: list[object]) -> bool:
    texts = [json.dumps(value, sort_keys=True, default=str) for value in values]
    return len(set(texts)) < len(texts)


def _instead(keyword: str) -> str:
    near = _INSTEAD.get(keyword) or nearest(keyword, _KEYWORDS)
    return f'; did you mean "{near}"?' if near else ""


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
