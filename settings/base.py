"""What every settings model shares: frozen, camelCase in the file, no unknown keys, errors in plain words.

An error says what was expected and what was given; an unknown key names the nearest known one.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
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

from apigateway.arns import ACCOUNT, PARTITION, REGION
from apigateway.errors import ExpressionError, Problem, SettingsError, shown
from apigateway.paths import Location, format_path, join_paths
from apigateway.rules import RULES, Rule, stack_file
from apigateway.suggest import nearest

# Marks the parts of an error's location that name a branch of a union and not a key of the file.
BRANCH = "|"


def branch(name: str) -> Tag:
    """Label one branch of a union so that the label can be told from a key of the file."""
    return Tag(BRANCH + name)


def problem(message: str, rule: Rule = stack_file.VALUE) -> PydanticCustomError:
    """Make the error that carries a finished message and the rule that does not hold."""
    return PydanticCustomError(rule.id, "{message}", {"message": message})


def refuse(title: str, complaints: Iterable[tuple[Location, str]], rule: Rule, value: object) -> None:
    """Raise all complaints about one value at once, each with its place inside the value, if there are any."""
    details = [
        InitErrorDetails(type=problem(complaint, rule), loc=place, input=value) for place, complaint in complaints
    ]
    if details:
        raise ValidationError.from_exception_data(title, details)


def show(value: object) -> str:
    """Print a value of the file as its user would write it, cut where it gets long."""
    if _is_output(value):
        return "an output, which is not known in time"
    if isinstance(value, str):
        return json.dumps(shown(value), ensure_ascii=False)
    return shown(json.dumps(value, ensure_ascii=False, default=_plain))


def _plain(value: object) -> str:
    return "an output" if _is_output(value) else str(value)


def _is_output(value: object) -> bool:
    """Tell whether a program gives what Pulumi learns only in a deployment. Settings know nothing of Pulumi else."""
    return type(value).__module__ == "pulumi.output"


def not_text(value: object) -> str:
    """Say that a value is no text, and how YAML would take it for one."""
    is_scalar = isinstance(value, bool | int | float)
    return f"must be text, got {show(value)}" + (f'; write "{show(value)}" in quotes' if is_scalar else "")


_KINDS: Final = MappingProxyType(
    {
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "float_type": "a number",
        "bool_type": "true or false",
        "tuple_type": "a list",
        "dict_type": "a block of keys",
        "mapping_type": "a block of keys",
        "model_type": "a block of keys",
        "model_attributes_type": "a block of keys",
    }
)
"""What pydantic's error says that a value must be."""


def _explain(error: ErrorDetails, model: "type[Model]") -> str:
    """Say in one sentence what a pydantic error means to the one who wrote the file."""
    given = show(error["input"])
    match error["type"]:
        case rule if rule in RULES:
            return error["msg"]
        case "missing":
            return model.missing.get(str(error["loc"][-1]), "is required")
        case "extra_forbidden":
            return _unknown(str(error["loc"][-1]), model)
        case "string_type":
            return not_text(error["input"])
        case "string_too_short":
            return "must not be empty"
        case "string_too_long":
            return f"must be at most {error['ctx']['max_length']} characters, got {len(str(error['input']))}"
        case "literal_error":
            words = str(error["ctx"]["expected"]).replace("'", "")
            return f"must be {words}, got {given}"
        case kind if kind in _KINDS:
            return f"must be {_KINDS[kind]}, got {given}"
        case _:
            return f"{error['msg']}, got {given}"


def _unknown(key: str, model: "type[Model]") -> str:
    """Say what a key would mean elsewhere, or which one was probably meant."""
    known = [field.alias or name for name, field in model.model_fields.items()]
    near = nearest(key, known)
    more = f"did you mean {near}?" if near else f"known keys: {', '.join(sorted(known))}"
    return model.hints.get(key, f"unknown key; {more}")


def _rule_of(error: ErrorDetails, model: "type[Model]") -> Rule:
    match error["type"]:
        case "missing":
            return stack_file.REQUIRED_KEY
        case "extra_forbidden":
            return model.hint_rule if str(error["loc"][-1]) in model.hints else stack_file.KNOWN_KEY
        case kind:
            return RULES.get(kind, stack_file.VALUE)


def location_in(loc: Location, raw: Mapping[str, object]) -> Location:
    """Keep of pydantic's location what the file has or lacks: no union branches, no mark for a key itself.

    A key of the file may look like such a mark: a message's route key is any text.
    """
    location: list[int | str] = []
    block: object = raw
    for part in loc:
        match block, part:
            case Mapping(), _ if part in block:
                block = block[part]
            case list() | tuple(), int():
                block = block[part]
            case _, str() if part.startswith(BRANCH) or part == "[key]":
                continue
            case _:
                block = None
        location.append(part)
    return tuple(location)


class Model(BaseModel):
    """The base of every block of the stack file.

    A program makes one by the names of its fields, or by :meth:`of` as it stands in a file. Both raise
    ``SettingsError`` with every problem of the block.
    """

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

    if not TYPE_CHECKING:  # a type checker knows a constructor for each model, by its fields

        def __init__(self, **values: object) -> None:
            self._read(values, self)

        # Of a file, pydantic makes the blocks without this constructor; it would call another one for each of them.
        __init__.__pydantic_base_init__ = True

    @classmethod
    def of(cls, block: Mapping[str, object], *, place: str = "") -> Self:
        """Make the block from what stands in a file: keys and values, mappings and route keys as text.

        Problems are named within ``place``: ``apis.orders`` says which of several APIs has them.
        """
        return cls._read(block, place=place)

    @classmethod
    def _read(cls, values: Mapping[str, object], instance: Self | None = None, place: str = "") -> Self:
        try:
            found: Self = cls.__pydantic_validator__.validate_python(values, self_instance=instance)
        except ValidationError as failure:
            problems = (
                Problem(join_paths(place, format_path(location_in(error["loc"], values))), error["msg"], error["type"])
                for error in failure.errors()
            )
            raise SettingsError(tuple(problems)) from None
        return found

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
class ForEditors:
    """Says of a text only what an editor is told: the pattern or the words of all legal texts, and an example."""

    pattern: str = ""
    example: str = ""
    words: tuple[str, ...] = ()

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        words = {"enum": list(self.words)} if self.words else {}
        return handler(schema) | _for_editors(self.pattern, self.example) | words


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
    pattern: str = ""
    """What an editor can see of the grammar: it takes every legal text."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._read, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string"} | _for_editors(self.pattern, self.example)

    def _read(self, value: object) -> object:
        if isinstance(value, self.kind) and not isinstance(value, str):
            return value
        if not isinstance(value, str):
            raise problem(not_text(value))
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

_KEY_ID = "0a1b2c3d-4e5f-6789-0abc-def012345678"
_ACM = rf"arn:{PARTITION}:acm:{REGION}:{ACCOUNT}:certificate/[A-Za-z0-9-]+"
_ACM_EXAMPLE = f"arn:aws:acm:us-east-1:123456789012:certificate/{_KEY_ID}"

KmsKeyArn = Annotated[
    str,
    Shaped(
        rf"arn:{PARTITION}:kms:{REGION}:{ACCOUNT}:key/[A-Za-z0-9-]+",
        "the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID",
        example=f"arn:aws:kms:us-east-1:123456789012:key/{_KEY_ID}",
    ),
]
"""A key by its id: an alias may come to stand for another one."""

ListenerCertificateArn = Annotated[
    str,
    Shaped(
        rf"{_ACM}|arn:{PARTITION}:iam::{ACCOUNT}:server-certificate/\S+",
        "the ARN of a certificate in ACM, arn:aws:acm:REGION:ACCOUNT:certificate/ID, or of one in IAM",
        example=_ACM_EXAMPLE,
    ),
]
"""A certificate that a load balancer takes."""

TopicArn = Annotated[
    str,
    Shaped(
        rf"arn:{PARTITION}:sns:{REGION}:{ACCOUNT}:[A-Za-z0-9_-]{{1,256}}(\.fifo)?",
        "the ARN of an SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME",
        example="arn:aws:sns:us-east-1:123456789012:alarms",
    ),
]

PolicyArn = Annotated[
    str,
    Shaped(
        rf"arn:{PARTITION}:iam::({ACCOUNT}|aws):policy/([!-.0-~]+/)*[A-Za-z0-9_+=,.@-]{{1,128}}",
        "the ARN of a managed policy in IAM, arn:aws:iam::ACCOUNT:policy/NAME",
        example="arn:aws:iam::123456789012:policy/gatelink-boundary",
    ),
]
"""A managed policy: of an account, or one of AWS's own."""


def certificate_arn(rule: Rule) -> Shaped:
    """Hold a text to the shape of a certificate's ARN in ACM, under the rule of what it is for."""
    words = "the ARN of a certificate in ACM, arn:aws:acm:REGION:ACCOUNT:certificate/ID"
    return Shaped(_ACM, words, rule, _ACM_EXAMPLE)


def switch_branch(value: object) -> str:
    """Name the branch of what is false, or a block of keys."""
    return f"{BRANCH}off" if isinstance(value, bool) else f"{BRANCH}on"


def switch(block: str = "a block of keys") -> BeforeValidator:
    """Refuse what is neither false nor a block, by both."""

    def check(value: object) -> object:
        if value is False or isinstance(value, Mapping | Model):
            return value
        raise problem(f"must be false or {block}, got {show(value)}")

    return BeforeValidator(check)


def kind_by(
    key: str,
    words: tuple[str, ...],
    rule: Rule,
    elsewhere: Callable[[object], str] = lambda _: "",
    other_names: tuple[str, ...] = (),
) -> BeforeValidator:
    """Name the key that says a block's kind where it is missing, misspelt or wrong: nothing else can be judged then.

    ``elsewhere`` says where a word belongs that is not of ``words``; ``other_names`` are what others call the key.
    """

    def check(value: object) -> object:
        if not isinstance(value, Mapping) or value.get(key) in words:
            return value
        if key in value:
            at, broken = key, rule
            given = value[key]
            near = nearest(given.upper(), words) if isinstance(given, str) else None
            more = elsewhere(given) or (f"; did you mean {near}?" if near else "")
            known = f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
            message = f"must be {known}, got {show(given)}{more}"
        else:
            written = [other for other in value if isinstance(other, str)]
            called = [other for other in other_names if other in written]
            near_keys = called or get_close_matches(key, written, n=1, cutoff=0.85)
            at, broken, message = key, stack_file.REQUIRED_KEY, "is required"
            if near_keys:
                at, broken, message = near_keys[0], stack_file.KNOWN_KEY, f"unknown key; did you mean {key}?"
        detail = InitErrorDetails(type=problem(message, broken), loc=(at,), input=value)
        raise ValidationError.from_exception_data("kind", [detail])

    return BeforeValidator(check)
