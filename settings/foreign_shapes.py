"""Mappings in the shapes of other tools, shown in the shape of this file.

CloudFormation writes ``{"404": {"ResponseParameters": [{"Destination": …, "Source": …}]}}``, Terraform a list of
blocks with ``status_code`` and ``mappings``.
"""

from collections.abc import Mapping

from .base import problem, show


def request_parameters(value: object) -> object:
    """Answer a list of pairs; let through what else stands under ``requestParameters``."""
    return _answered("a block of destinations and values", value, _pairs(value)) if isinstance(value, list) else value


def response_parameters(value: object) -> object:
    """Answer a list of blocks with a status code each; let through what else stands under ``responseParameters``."""
    if not isinstance(value, list):
        return value
    rewritten: dict[str, object] = {}
    for block in value:
        match _by_name(block):
            case {"statuscode": str() | int() as status, "mappings": mappings}:
                rewritten[str(status)] = mappings
            case {"statuscode": str() | int() as status, "responseparameters": list() as pairs}:
                rewritten[str(status)] = _pairs(pairs)
            case _:
                rewritten = {}
                break
    return _answered("a block of status codes", value, rewritten)


def mapping_of_status(value: object) -> object:
    """Answer a list of pairs, within ``ResponseParameters`` or not; let through what else a status code holds."""
    match value, _by_name(value):
        case list() as pairs, _:
            return _answered("a block of destinations and values", value, _pairs(pairs))
        case dict(), {"responseparameters": list() as pairs, **others} if not others:
            return _answered("a block of destinations and values", value, _pairs(pairs))
        case dict(), {"responseparameters": dict() as mapping, **others} if not others:
            return _answered("a block of destinations and values", value, mapping)
        case _:
            return value


def _pairs(items: list[object]) -> dict[str, object]:
    """Return a list of destinations and sources as a block; an empty one where it is a list of something else."""
    block: dict[str, object] = {}
    for item in items:
        match _by_name(item):
            case {"destination": str() as destination, "source": source}:
                block[destination] = source
            case _:
                return {}
    return block


def _by_name(block: object) -> dict[str, object]:
    """Return a block's values by their names as every tool could write them: ``status_code`` and ``StatusCode``."""
    named = block if isinstance(block, Mapping) else {}
    return {str(key).replace("_", "").lower(): value for key, value in named.items()}


def _answered(expected: str, given: object, rewritten: Mapping[str, object]) -> object:
    """Raise with the shape of this file; let through what is no mapping in any shape, which its type is answer to."""
    if not rewritten:
        return given
    raise problem(f"must be {expected}, got {show(given)}; write {show(rewritten)}")
