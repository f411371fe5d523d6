"""Names of stages, and their variables.

From the AWS pages "Amazon API Gateway important notes" (names of stages), "Using stage variables for WebSocket APIs /
HTTP APIs" and the botocore model of ``apigatewayv2`` (names and values of variables).
"""

import re
from typing import Literal

from apigateway import limits
from apigateway.context import Protocol
from apigateway.errors import ExpressionError

_STAGE = re.compile(r"[A-Za-z0-9_-]+")
_VARIABLE = re.compile(r"[A-Za-z0-9_]+")
_VALUE = re.compile(r"[A-Za-z0-9._:/?&=,-]+")


def check_stage_name(protocol: Protocol | Literal["REST"], name: str) -> None:
    """Hold a stage's name against its grammar; ``$default`` is for HTTP APIs only. Raises ``ExpressionError``."""
    if name == "$default" and protocol == "HTTP":
        return
    if name == "$default":
        raise ExpressionError(name, "only an HTTP API has a $default stage")
    if not _STAGE.fullmatch(name) or len(name) > limits.STAGE_NAME_CHARACTERS:
        grammar = f'expected 1 to {limits.STAGE_NAME_CHARACTERS} letters, digits, "-" and "_"'
        raise ExpressionError(name, "not the name of a stage", grammar=grammar)


def check_variable_name(name: str) -> None:
    """Hold a stage variable's name against its grammar. Raises ``ExpressionError``."""
    if not _VARIABLE.fullmatch(name) or len(name) > limits.STAGE_VARIABLE_NAME_CHARACTERS:
        grammar = f'expected 1 to {limits.STAGE_VARIABLE_NAME_CHARACTERS} letters, digits and "_"'
        raise ExpressionError(name, "not the name of a stage variable", grammar=grammar)


def check_variable_value(value: str) -> None:
    """Hold a stage variable's value against its grammar. Raises ``ExpressionError``.

    AWS's model also allows ``~`` and ``#``, its validator spaces instead; only what both allow is taken here.
    """
    if not _VALUE.fullmatch(value) or len(value) > limits.STAGE_VARIABLE_VALUE_CHARACTERS:
        grammar = f"expected 1 to {limits.STAGE_VARIABLE_VALUE_CHARACTERS} letters, digits and - . _ : / ? & = ,"
        raise ExpressionError(value, "not the value of a stage variable", grammar=grammar)
