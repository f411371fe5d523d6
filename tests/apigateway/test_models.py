"""Names and schemas of models."""

from typing import Final

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError
from apigateway.models import TYPES, Place, check_model_name, check_model_schema, dropped_keywords

NAME: Final = "expected 1 to 128 letters and digits"


@pytest.mark.parametrize("name", ["order", "Order2", "2", "a" * 128])
def test_the_name_of_a_model(name: str) -> None:
    check_model_name(name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", f'not the name of a model, got ""; {NAME}'),
        ("order-item", f'not the name of a model, got "order-item"; {NAME}; write orderItem'),
        ("_order.v2", f'not the name of a model, got "_order.v2"; {NAME}; write orderV2'),
        ("größe", f'not the name of a model, got "größe"; {NAME}; write grE'),
        ("$", f'not the name of a model, got "$"; {NAME}'),
        ("a" * 199, f'not the name of a model, got "{"a" * 157}..."; {NAME}'),
    ],
)
def test_what_is_not_the_name_of_a_model(name: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_model_name(name)
    assert str(raised.value) == message


PET_STORE: Final[dict[str, object]] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "PetStoreModel",
    "type": "object",
    "required": ["price", "type"],
    "properties": {
        "id": {"type": "integer"},
        "type": {"type": "string", "enum": ["dog", "cat", "fish"]},
        "price": {"type": "number", "minimum": 25.0, "maximum": 500.0, "exclusiveMinimum": True},
    },
}


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        PET_STORE,
        {"$schema": "http://json-schema.org/draft-04/schema"},
        {"type": ["string", "null"], "anyOf": [{"minLength": 1}, {"pattern": "^a"}], "not": {"enum": [""]}},
        {
            "definitions": {"a/b": {"type": "string"}, "c d": {}},
            "items": [{"$ref": "#/definitions/a~1b"}, {"$ref": "#/definitions/c%20d"}, {"$ref": "#/items/0"}],
            "additionalItems": False,
        },
        {"properties": {"child": {"$ref": "#"}, "named": {"$ref": "#there", "id": "#there"}}},
        {"dependencies": {"a": ["b"], "b": {"required": ["c"]}}, "additionalProperties": {"type": "boolean"}},
        {"properties": {"const": {}, "$id": {}, "type": {"enum": [1, True, "1", None]}}, "default": {"const": 1}},
        {"enum": [{"const": 1}, ["$id"]]},
    ],
)
def test_a_schema_of_draft_4(schema: dict[str, object]) -> None:
    jsonschema.Draft4Validator.check_schema(schema)
    assert list(check_model_schema(schema)) == []


ONE_OF: Final = "must be one of array, boolean, integer, null, number, object, string, or a list of them"
NO_KEYWORD: Final = "not a keyword of JSON Schema draft 4"


@pytest.mark.parametrize(
    ("schema", "problems"),
    [
        (
            {"$schema": "https://json-schema.org/draft/2020-12/schema"},
            [
                (
                    ("$schema",),
                    (
                        'must be "http://json-schema.org/draft-04/schema#", '
                        'got "https://json-schema.org/draft/2020-12/schema"'
                    ),
                )
            ],
        ),
        ({"type": "strng"}, [(("type",), f'{ONE_OF}, got "strng"; did you mean "string"?')]),
        ({"type": ["string", "date"]}, [(("type",), f'{ONE_OF}, got "date"')]),
        ({"type": []}, [(("type",), f"{ONE_OF}, got []")]),
        ({"type": None}, [(("type",), f"{ONE_OF}, got null")]),
        ({"type": ["null", "null"]}, [(("type",), 'must not name a type twice, got ["null", "null"]')]),
        ({"$id": "x"}, [(("$id",), f'{NO_KEYWORD}; did you mean "id"?')]),
        (
            {"properties": {"a b": {"items": {"const": 1}}}},
            [(("properties", "a b", "items", "const"), f'{NO_KEYWORD}; did you mean "enum"?')],
        ),
        ({"anyOf": [{}, {"requierd": ["a"]}]}, [(("anyOf", 1, "requierd"), f'{NO_KEYWORD}; did you mean "required"?')]),
        ({"discriminator": "kind"}, [(("discriminator",), f"{NO_KEYWORD}")]),
        ({"required": []}, [(("required",), "must be a list of one or more names of properties, got []")]),
        (
            {"properties": {"a": {"required": True}}},
            [(("properties", "a", "required"), "must be a list of one or more names of properties, got true")],
        ),
        ({"required": ["a", "a"]}, [(("required",), 'must not hold the same twice, got ["a", "a"]')]),
        ({"enum": []}, [(("enum",), "must be a list of one or more values, got []")]),
        ({"enum": ["A", "A"]}, [(("enum",), 'must not hold the same twice, got ["A", "A"]')]),
        ({"exclusiveMinimum": 5}, [(("exclusiveMinimum",), "must be true or false in JSON Schema draft 4, got 5")]),
        ({"properties": []}, [(("properties",), "must be a map of names to schemas, got []")]),
        ({"properties": {"a": "string"}}, [(("properties", "a"), 'must be a schema, got "string"')]),
        ({"oneOf": {}}, [(("oneOf",), "must be a list of schemas, got {}")]),
        ({"allOf": []}, [(("allOf",), "must be a list of schemas, got []")]),
        ({"items": True}, [(("items",), "must be a schema, got true")]),
        ({"not": {"type": 1}}, [(("not", "type"), f"{ONE_OF}, got 1")]),
        (
            {"items": {"$ref": "https://apigateway.amazonaws.com/restapis/a1/models/Pet"}},
            [
                (
                    ("items", "$ref"),
                    (
                        'must be within the schema, such as "#/definitions/NAME", and not another model, '
                        'got "https://apigateway.amazonaws.com/restapis/a1/models/Pet"'
                    ),
                )
            ],
        ),
        (
            {"$ref": "Pet", "definitions": {}},
            [
                (
                    ("$ref",),
                    'must be within the schema, such as "#/definitions/NAME", and not another model, got "Pet"',
                ),
            ],
        ),
        ({"$ref": "#/definitions/Pet"}, [(("$ref",), 'must lead to a part of the schema, got "#/definitions/Pet"')]),
        ({"title": "x" * 32_768}, [((), "must be at most 32,768 characters as compact JSON, got 32,780")]),
    ],
)
def test_what_api_gateway_refuses(schema: dict[str, object], problems: list[tuple[Place, str]]) -> None:
    assert list(check_model_schema(schema)) == problems


def test_every_problem_is_told_in_the_order_of_the_schema() -> None:
    schema = {"type": "objekt", "properties": {"b": {"typ": "string"}, "a": {"type": "text", "const": 1}}}
    assert [place for place, _ in check_model_schema(schema)] == [
        ("type",),
        ("properties", "b", "typ"),
        ("properties", "a", "type"),
        ("properties", "a", "const"),
    ]


names = st.text("ab/~ %", max_size=3)
schemas = st.recursive(
    st.one_of(
        st.just({}),
        st.sampled_from(TYPES).map(lambda name: {"type": name}),
        st.lists(st.integers(), min_size=1, unique=True).map(lambda values: {"enum": values}),
    ),
    lambda inner: st.one_of(
        st.dictionaries(names, inner, max_size=3).map(lambda properties: {"properties": properties}),
        st.lists(inner, min_size=1, max_size=3).map(lambda several: {"oneOf": several, "items": several}),
        inner.map(lambda one: {"not": one, "additionalProperties": one, "items": one}),
    ),
    max_leaves=6,
)


@given(schemas)
def test_what_draft_4_allows_is_allowed(schema: dict[str, object]) -> None:
    jsonschema.Draft4Validator.check_schema(schema)
    assert list(check_model_schema(schema)) == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=2),
        max_leaves=4,
    )
)
def test_a_keyword_may_hold_anything_without_a_crash(value: object) -> None:
    keywords = ("type", "enum", "required", "items", "properties", "oneOf", "$ref", "$schema", "not", "dependencies")
    for keyword in keywords:
        for place, _ in check_model_schema({keyword: value}):
            assert place[0] == keyword


@pytest.mark.parametrize(
    ("schema", "places"),
    [
        ({"type": "object", "properties": {"maxItems": {"type": "string"}, "a": {"$ref": "#"}}}, []),
        (
            {"additionalProperties": True, "exclusiveMinimum": False, "minItems": 0, "exclusiveMaximum": True},
            [],
        ),
        ({"enum": [{"maxItems": 1}], "default": {"oneOf": []}, "additionalItems": False}, []),
        (
            {
                "additionalProperties": {"anyOf": [{"minItems": 1}]},
                "anyOf": [{}],
                "oneOf": [{}],
                "exclusiveMinimum": True,
                "maxItems": 0,
                "minItems": 1,
            },
            [("additionalProperties",), ("anyOf",), ("oneOf",), ("exclusiveMinimum",), ("maxItems",), ("minItems",)],
        ),
        (
            {
                "definitions": {"a": {"items": {"minItems": 2}}},
                "properties": {"b": {"items": [{}, {"maxItems": 2}]}},
                "allOf": [{"not": {"oneOf": [{}]}}],
                "dependencies": {"c": ["d"], "e": {"additionalProperties": False}},
            },
            [
                ("definitions", "a", "items", "minItems"),
                ("properties", "b", "items", 1, "maxItems"),
                ("allOf", 0, "not", "oneOf"),
                ("dependencies", "e", "additionalProperties"),
            ],
        ),
    ],
)
def test_keywords_that_an_import_drops(schema: dict[str, object], places: list[tuple[int | str, ...]]) -> None:
    assert list(check_model_schema(schema)) == []
    assert list(dropped_keywords(schema)) == places
