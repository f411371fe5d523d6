"""Which Python function stands for which Lambda function: ``orders=app:handler``."""

import contextlib
import re
from dataclasses import dataclass
from typing import Final

from apigateway.arns import LambdaFunction
from apigateway.errors import ExpressionError, GatewayError, shown

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""The name of a function, without its ARN (botocore ``lambda``: ``FunctionName``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerName:
    """A function of a module, both by name."""

    module: str
    """With its packages, as in ``handlers.orders``."""
    function: str

    def __str__(self) -> str:
        return f"{self.module}:{self.function}"


def parse_handler(text: str) -> tuple[str, HandlerName]:
    """Read one ``--lambda NAME=MODULE:FUNCTION``. Raises ``GatewayError``."""
    name, _, handler = text.partition("=")
    module, _, function = handler.partition(":")
    if not _NAME.fullmatch(name) or not _is_module(module) or not function.isidentifier():
        advice = _advice(name, handler)
        raise GatewayError(
            f'--lambda must be NAME=MODULE:FUNCTION, such as orders=app:handler, got "{shown(text)}"'
            + (f"; write {advice}" if advice else "")
        )
    return name, HandlerName(module=module, function=function)


def _is_module(text: str) -> bool:
    """Tell whether a text is a module's name; one that ends in ``.py`` is a file's."""
    return all(part.isidentifier() for part in text.split(".")) and not text.endswith(".py")


def _advice(name: str, handler: str) -> str:
    """Return what was meant, where an ARN, a file or Lambda's own ``app.handler`` was given; else nothing."""
    module, colon, function = handler.partition(":")
    if not colon:
        module, _, function = handler.rpartition(".")
    module = module.removesuffix(".py").removeprefix("./").replace("/", ".")
    with contextlib.suppress(ExpressionError):
        name = LambdaFunction.parse(name).name
    sound = _NAME.fullmatch(name) and _is_module(module) and function.isidentifier()
    return f"{name}={module}:{function}" if sound else ""
