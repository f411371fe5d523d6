"""What is given to a component is held to what its args object takes, before anything is registered.

The types of the fields say what that is; a type checker finds the same and more, but not every program is run past one.
Without this, a wrong object would end in an ``AttributeError`` somewhere in the component, or in no error at all: where
an id is wanted, Pulumi takes a component too, and gives its URN for it.
"""

import dataclasses
import types
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from typing import Annotated, Final, ForwardRef, Literal, Union, get_args, get_origin

import pulumi

from apigateway.errors import Problem, SettingsError, shown
from apigateway.paths import format_path, join_paths
from apigateway.rules import stack_file
from settings.base import Model

_UNIONS: Final = (Union, types.UnionType)

_WORDS: Final[Mapping[object, str]] = {
    str: "text",
    int: "a whole number",
    bool: "True or False",
    type(None): "None",
    pulumi.Output: "an output",
    Mapping: "a dict",
    Sequence: "a list",
    tuple: "a tuple",
}

_SUCH_AS: Final = {
    "BackendInUse": ", such as Backend(…).in_use or existing_backend(…)",
    "NetworkInUse": ", such as Network(…).in_use",
}
"""Where the values come from that a program seldom makes by their class."""

_APIS: Final = ("HttpApi", "RestApi", "WebSocketApi")
"""The models that a component of the same name takes."""


def check_args(component: str, name: str, args: object, kind: type) -> None:
    """Hold the args object of a component to its fields.

    One that says ``is_checked`` is the stack file's program's, and is left alone. Raises ``SettingsError`` with a
    problem for each value of a wrong kind.
    """
    if isinstance(args, kind) and getattr(args, "is_checked", False) is True:
        return
    place = f'{component}("{name}")'
    if not isinstance(args, kind):
        found = list(_problems(kind, args, place, "args", ()))
    else:
        found = list(_problems_of_fields(args, place, ()))
    _refuse(found)


def check_fields(place: str, value: object) -> None:
    """Hold an object that a program makes by its fields to them, as :func:`check_args` does."""
    _refuse(list(_problems_of_fields(value, place, ())))


def check_values(place: str, **given: tuple[object, object]) -> None:
    """Hold the arguments of a function, each a value and its type, as :func:`check_args` does with fields."""
    _refuse([found for key, (value, hint) in given.items() for found in _problems(hint, value, place, key, ())])


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise SettingsError(tuple(problems))


def _problems_of_fields(value: object, place: str, at: tuple[int | str, ...]) -> Iterator[Problem]:
    for field in dataclasses.fields(value) if dataclasses.is_dataclass(value) else ():
        yield from _problems(field.type, getattr(value, field.name), place, field.name, at)


def _problems(
    hint: object, value: object, place: str, field: str, before: tuple[int | str, ...], *inside: int | str
) -> Iterator[Problem]:
    """Compare a value with a type; ``field`` is the argument that has it, ``inside`` the way in that argument."""
    branch = next((kind for kind in _branches(hint) if _is_of(kind, value)), None)
    if branch is None:
        at = format_path((*before, field, *inside))
        message = f"must be {_expected(hint)}, got {_given(value)}{_advice(hint, value, field)}"
        yield Problem(join_paths(place, at), message, stack_file.VALUE.id)
        return
    within = get_args(branch)
    match value:
        case Mapping():
            for key, item in value.items():
                yield from _problems(within[0], key, place, field, before, *inside, str(key))
                yield from _problems(within[1], item, place, field, before, *inside, str(key))
        case tuple() if get_origin(branch) is tuple:
            for index, (kind, item) in enumerate(zip(within, value, strict=True)):
                yield from _problems(kind, item, place, field, before, *inside, index)
        case list() | tuple():
            for index, item in enumerate(value):
                yield from _problems(within[0], item, place, field, before, *inside, index)
        case _:
            yield from _problems_of_fields(value, place, (*before, field, *inside))


def _branches(hint: object) -> Iterator[object]:
    """Yield what a type allows, each by itself."""
    if get_origin(hint) in _UNIONS:
        for kind in get_args(hint):
            yield from _branches(kind)
    elif isinstance(hint, ForwardRef):
        # In pulumi.Input, the only type here that names another one by a text.
        yield pulumi.Output
    elif get_origin(hint) is Annotated:
        yield from _branches(get_args(hint)[0])
    else:
        yield hint


def _is_of(kind: object, value: object) -> bool:
    """Tell whether a value is of one of the allowed kinds, whatever it holds."""
    origin = get_origin(kind) or kind
    if origin is Literal:
        return value in get_args(kind)
    if origin is tuple:
        return isinstance(value, tuple) and len(value) == len(get_args(kind))
    if origin is Sequence:
        return isinstance(value, list | tuple)
    if origin is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(origin, type) and isinstance(value, origin)


def _expected(hint: object) -> str:
    words = list(dict.fromkeys(_word(kind) for kind in _branches(hint) if get_origin(kind) is not Awaitable))
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _word(kind: object) -> str:
    origin = get_origin(kind) or kind
    if origin is Literal:
        return " or ".join(str(word) for word in get_args(kind))
    if origin in _WORDS:
        return _WORDS[origin]
    return _named(origin) if isinstance(origin, type) else str(origin)


def _named(kind: type) -> str:
    """Write a class as a program knows it."""
    name = kind.__name__
    if issubclass(kind, Model):
        return f"settings.{name}"
    if issubclass(kind, pulumi.Resource):
        return f"the {'component' if issubclass(kind, pulumi.ComponentResource) else 'resource'} {name}"
    return f"{'an' if name[0] in 'AEIOH' else 'a'} {name}{_SUCH_AS.get(name, '')}"


def _given(value: object) -> str:
    if isinstance(value, pulumi.Output):
        return "an output"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, Model | pulumi.Resource) or dataclasses.is_dataclass(value):
        return _named(type(value)).partition(",")[0]
    return f'"{shown(value)}"' if isinstance(value, str) else shown(repr(value))


def _advice(hint: object, value: object, field: str) -> str:
    """Say what to give instead, where the value has it or can be made into it."""
    if isinstance(value, type | str | pulumi.Output):
        return ""
    classes = [kind for kind in _branches(hint) if isinstance(kind, type)]
    in_use = getattr(value, "in_use", None)
    models = [kind for kind in classes if issubclass(kind, Model)]
    if in_use is not None and isinstance(in_use, tuple(classes)):
        return "; give its in_use"
    if str in classes:
        return next((f"; give its {part}" for part in _parts_like(field) if _has(value, part)), "")
    if models and isinstance(value, Mapping):
        return f"; make it with settings.{models[0].__name__}.of(…)"
    if models and type(value).__name__ in _APIS:
        return f"; the component {type(value).__name__} takes it"
    return ""


def _parts_like(field: str) -> Iterator[str]:
    """Yield what a value for a field may be called where it comes from: for ``link_ids`` ``link_id``, then ``id``."""
    words = field.removesuffix("s").split("_")
    for index in range(len(words)):
        part = "_".join(words[index:])
        yield from (part, f"in_use.{part}")


def _has(value: object, path: str) -> bool:
    """Tell whether a value has an attribute. Pulumi has an ``id`` for every component, but it is of nothing."""
    if path == "id" and isinstance(value, pulumi.ComponentResource):
        return False
    for name in path.split("."):
        value = getattr(value, name, None)
    return value is not None
