"""Models of REST APIs as schemas of an OpenAPI document, which API Gateway makes models of.

From the AWS pages "Data models for REST APIs" and "Amazon API Gateway important notes": a model's name is of letters
and digits, and one model refers to another as to a schema of the document. So a part of a model to which the model
itself refers, ``#/definitions/line``, becomes a schema of its own.
"""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from settings.routes import ApiModel


def schemas(models: Mapping[str, ApiModel]) -> dict[str, object]:
    """Return the schemas of some models by name, with those of their definitions."""
    found: dict[str, object] = {}
    for model, spec in sorted(models.items()):
        definitions = spec.schema_.get("definitions")
        parts = definitions if isinstance(definitions, dict) else {}
        names = _definition_names(model, parts, {*models, *found})
        whole = {key: value for key, value in spec.schema_.items() if key not in ("$schema", "definitions")}
        if spec.description is not None:
            whole.setdefault("description", spec.description)
        found[model] = _rewritten(whole, model, names)
        for part, schema in parts.items():
            found[names[part]] = _rewritten(schema, model, names)
    return found


def _definition_names(model: str, parts: Iterable[str], taken: set[str]) -> dict[str, str]:
    """Name each definition by its model and itself, in letters and digits; a number tells apart what is left alike."""
    names: dict[str, str] = {}
    for part in parts:
        words = re.findall(r"[A-Za-z0-9]+", part)
        wanted = model + "".join(word[0].upper() + word[1:] for word in words)
        name, number = wanted, 1
        while name in taken:
            number += 1
            name = f"{wanted}{number}"
        taken.add(name)
        names[part] = name
    return names


def _rewritten(value: object, model: str, names: Mapping[str, str]) -> object:
    """Return a schema whose references lead to the document's schemas."""
    match value:
        case {"$ref": str(reference), **rest}:
            others = {key: _rewritten(inner, model, names) for key, inner in rest.items()}
            return {"$ref": _reference(reference, model, names), **others}
        case dict():
            return {key: _rewritten(inner, model, names) for key, inner in value.items()}
        case list():
            return [_rewritten(inner, model, names) for inner in value]
        case _:
            return value


def _reference(reference: str, model: str, names: Mapping[str, str]) -> str:
    """Return where a reference of a model leads in the document: to a definition of the model, or to the model."""
    _, definition, part = reference.partition("#/definitions/")
    name = names[unquote(part).replace("~1", "/").replace("~0", "~")] if definition else model
    return f"#/components/schemas/{name}"
