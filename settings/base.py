"""What every settings model shares: frozen, camelCase in the file, no unknown keys, errors in plain words.

An error says what was expected and what was given; an unknown key names the nearest known one.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    Strict,
    StringConstraints,
    Tag,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, InitErrorDetails, PydanticCustomError, core_schema

from apigateway.errors import ExpressionError
from apigateway.rules import RULES, Rule, stack_file
from apigateway.suggest import nearest

# Marks the parts of an error's location that name a branch of a union and not a key of the file.
BRANCH = "|"

# What pydantic calls by Python's names, or names alone where a block would do as well.
_AS_WRITTEN = {"True": "true", "False": "false or a block of keys", "blocked": "blocked or a block of keys"}


def branch(name: str) -> Tag:
    """Label one branch of a union so that the label can be told from a key of the file."""
    return Tag(BRANCH + name)


def problem(message: str, rule: Rule = stack_file.VALUE) -> PydanticCustomError:
    """Make the error that carries a finished message and the rule that does not hold."""
    return PydanticCustomError(rule.id, "{message}", {"message": message})


def show(value: object) -> str:
    """Print a value of the file as its user would write it, cut where it gets long."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "..."


def _explain(error: ErrorDetails, model: "type[Model]") -> str:
    """Say in one sentence what a pydantic error means to the one who wrote the file."""
    given = show(error["input"])
    context = error.get("ctx", {})
    kinds = {
        "string_type": "text",
        "int_type": "a whole number",
        "float_type": "a number",
        "bool_type": "true or false",
        "tuple_type": "a list",
        "dict_type": "a block of keys",
        "mapping_type": "a block of keys",
        "model_type": "a block of keys",
        "model_attributes_type": "a block of keys",
    }
    match error["type"]:
        case rule if rule in RULES:
            return error["msg"]
        case "missing":
            return model.missing.get(str(error["loc"][-1]), "is required")
        case "extra_forbidden":
            key = str(error["loc"][-1])
            known = [field.alias or name for name, field in model.model_fields.items()]
            near = nearest(key, known)
            more = f"did you mean {near}?" if near else f"known keys: {', '.join(sorted(known))}"
            return model.hints.get(key, f"unknown key; {more}")
        case "literal_error":
            expected = str(context["expected"]).replace("'", "")
            return f"must be {_AS_WRITTEN.get(expected, expected)}, got {given}"
        case "string_too_short":
            return "must not be empty"
        case "string_too_long":
            return f"must be at most {context['max_length']} characters, got {len(str(error['input']))}"
        case kind if kind in kinds:
            return f"must be {kinds[kind]}, got {given}"
        case _:
            return f"{error['msg']}, got {given}"


def _rule_of(error: ErrorDetails, model: "type[Model]") -> Rule:
    match error["type"]:
        case "missing":
            return stack_file.REQUIRED_KEY
        case "extra_forbidden":
            return model.hint_rule if str(error["loc"][-1]) in model.hints else stack_file.KNOWN_KEY
        case kind:
            return RULES.get(kind, stack_file.VALUE)


class Model(BaseModel):
    """The base of every block of the stack file."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        use_attribute_docstrings=True,
    )

    hints: ClassVar[Mapping[str, str]] = {}
    """What to say of a key that is known elsewhere and has no meaning here."""

    hint_rule: ClassVar[Rule] = stack_file.KNOWN_KEY
    """The rule behind ``hints``."""

    missing: ClassVar[Mapping[str, str]] = {}
    """What to say of a key that is required, where there is more to say than that."""

    @model_validator(mode="wrap")
    @classmethod
    def _in_plain_words(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as failure:
            details = [
                InitErrorDetails(
                    type=problem(_explain(error, cls), _rule_of(error, cls)),
                    loc=error["loc"],
                    input=error["input"],
                )
                for error in failure.errors()
            ]
            raise ValidationError.from_exception_data(failure.title, details) from None


@dataclass(frozen=True, slots=True)
class Between:
    """Bounds a number at both ends, and names both when the number lies outside."""

    low: float
    high: float
    rule: Rule = stack_file.VALUE

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | {"minimum": self.low, "maximum": self.high}

    def _check(self, value: float) -> float:
        if not self.low <= value <= self.high:
            raise problem(f"must be {self.low} to {self.high}, got {value}", self.rule)
        return value


def _for_editors(pattern: str, example: str) -> JsonSchemaValue:
    """Return what a schema says of a text: the pattern, anchored at both ends, and an example."""
    anchored = {"pattern": f"^(?:{pattern})$" if "|" in pattern else f"^{pattern}$"} if pattern else {}
    return anchored | ({"examples": [example]} if example else {})


@dataclass(frozen=True, slots=True)
class Shaped:
    """Holds a text to a pattern; ``words`` say what is expected, for people, and ``example`` is such a text."""

    pattern: str
    words: str
    rule: Rule = stack_file.VALUE
    example: str = ""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | _for_editors(self.pattern, self.example)

    def _check(self, value: str) -> str:
        if not re.fullmatch(self.pattern, value):
            raise problem(f"must be {self.words}, got {show(value)}", self.rule)
        return value


@dataclass(frozen=True, slots=True)
class Parsed:
    """Reads a text of the file into a value that prints back to the same text.

    ``kind`` is the type of the value, so that a value given from Python passes as it is.
    """

    parse: Callable[[str], object]
    kind: type | tuple[type, ...]
    example: str
    """A legal text, for the editor."""
    rule: Rule

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._read, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "examples": [self.example]}

    def _read(self, value: object) -> object:
        if isinstance(value, self.kind) and not isinstance(value, str):
            return value
        if not isinstance(value, str):
            raise problem(f"must be text, got {show(value)}")
        try:
            return self.parse(value)
        except ExpressionError as error:
            raise problem(str(error), self.rule) from None


@dataclass(frozen=True, slots=True)
class Checked:
    """Holds a text of the file against a rule of :mod:`apigateway` that raises ``ExpressionError``.

    ``example`` is a legal text, ``pattern`` what an editor can see of the rule, and ``words`` all legal texts, where
    they are few.
    """

    check: Callable[[str], object]
    rule: Rule
    example: str = ""
    pattern: str = ""
    words: tuple[str, ...] = ()

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._hold, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        words = {"enum": list(self.words)} if self.words else {}
        return handler(schema) | _for_editors(self.pattern, self.example) | words

    def _hold(self, value: str) -> str:
        try:
            self.check(value)
        except ExpressionError as error:
            raise problem(str(error), self.rule) from None
        return value


Flag = Annotated[bool, Strict()]
Text = Annotated[str, StringConstraints(min_length=1)]
Port = Annotated[int, Strict(), Between(1, 65535)]
Name = Annotated[
    str,
    Shaped(r"[A-Za-z][A-Za-z0-9_-]{0,63}", "a name of up to 64 letters, digits, _ and - that begins with a letter"),
]
"""The name of a backend, an API or an integration: it becomes part of resource names."""
