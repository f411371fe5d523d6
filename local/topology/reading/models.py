"""The models of an OpenAPI document as schemas that are complete in themselves.

In the document a schema refers to another by ``#/components/schemas/NAME``. A validator of one schema has no document,
so what it refers to, directly or not, goes with it under ``definitions``. The keywords that an import drops are dropped
here, too: AWS does not hold a body against them ("Amazon API Gateway important notes").
"""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from apigateway.errors import TopologyError
from apigateway.json_path import JsonValue
from apigateway.models import dropped_keywords
from local.topology.reading.fields import Part

PREFIX = "#/components/schemas/"
_INNER = "#/definitions/"


def complete_schema(part: Part, schemas: Mapping[str, JsonValue]) -> JsonValue:
    """Return the schema that a block's ``$ref`` names, as imported and complete in itself. Raises TopologyError."""
    schemas = {name: _imported(schema) for name, schema in schemas.items()}
    reference = part.text("$ref")
    name = reference.removeprefix(PREFIX)
    if not reference.startswith(PREFIX) or "/" in name:
        raise TopologyError(f'{part.place}: $ref must be {PREFIX}NAME, got "{reference}"')
    _check(part, reference, schemas)
    needed: dict[str, JsonValue] = {}
    wanted = [*_references(schemas[name])]
    while wanted:
        found = wanted.pop()
        _check(part, found, schemas)
        inner = found.removeprefix(PREFIX).partition("/")[0]
        if inner not in needed:
            needed[inner] = _rewritten(schemas[inner])
            wanted.extend(_references(schemas[inner]))
    schema = _rewritten(schemas[name])
    if not isinstance(schema, dict) or not needed:
        return schema
    return {**schema, "definitions": {inner: needed[inner] for inner in sorted(needed)}}


def _imported(schema: JsonValue) -> JsonValue:
    """Return what is left of a schema that was part of an OpenAPI document."""
    if not isinstance(schema, dict):
        return schema
    dropped = set(dropped_keywords(schema))

    def kept(place: tuple[int | str, ...], value: JsonValue) -> JsonValue:
        match value:
            case dict():
                inner = ((key, (*place, key), below) for key, below in value.items())
                return {key: kept(there, below) for key, there, below in inner if there not in dropped}
            case list():
                return [kept((*place, index), below) for index, below in enumerate(value)]
            case _:
                return value

    return kept((), schema)


def _check(part: Part, reference: str, schemas: Mapping[str, JsonValue]) -> None:
    if not _leads_to_something(reference, schemas):
        raise TopologyError(f'{part.place}: $ref leads to "{reference}", which the document does not have')


def _leads_to_something(reference: str, schemas: Mapping[str, JsonValue]) -> bool:
    if not reference.startswith(PREFIX):
        return False
    found: JsonValue = dict(schemas)
    for token in reference.removeprefix(PREFIX).split("/"):
        key = unquote(token).replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and key in found:
            found = found[key]
        elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            return False
    return True


def _references(value: JsonValue) -> Iterator[str]:
    """Yield what a schema refers to."""
    match value:
        case dict():
            reference = value.get("$ref")
            if isinstance(reference, str):
                yield reference
            for inner in value.values():
                yield from _references(inner)
        case list():
            for item in value:
                yield from _references(item)


def _rewritten(value: JsonValue) -> JsonValue:
    match value:
        case dict():
            return {
                key: _INNER + inner.removeprefix(PREFIX)
                if key == "$ref" and isinstance(inner, str) and inner.startswith(PREFIX)
                else _rewritten(inner)
                for key, inner in value.items()
            }
        case list():
            return [_rewritten(item) for item in value]
        case _:
            return value
