from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from apigateway.json_path import JsonValue
from local.topology.reading.fields import Part
from local.topology.reading.models import PREFIX, complete_schema

NAMES = ("A", "B", "C", "D")
REFERENCES = st.sampled_from(NAMES).map(lambda name: {"$ref": PREFIX + name})
SCHEMAS = st.recursive(
    REFERENCES | st.just({"type": "string"}),
    lambda inner: st.fixed_dictionaries(
        {}, optional={"properties": st.dictionaries(st.sampled_from(("x", "y")), inner), "items": inner}
    ),
    max_leaves=6,
)


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (inner for key, inner in value.items() if key == "$ref")
        for inner in value.values():
            yield from references(inner)


@given(st.fixed_dictionaries(dict.fromkeys(NAMES, SCHEMAS)))
def test_every_reference_of_a_complete_schema_leads_into_it(schemas: dict[str, JsonValue]) -> None:
    complete = complete_schema(Part("schema", {"$ref": f"{PREFIX}A"}), schemas)
    assert isinstance(complete, dict)
    definitions = complete.get("definitions", {})
    assert isinstance(definitions, dict)
    assert set(references(complete)) == {f"#/definitions/{name}" for name in definitions}
