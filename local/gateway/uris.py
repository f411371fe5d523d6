"""What the URI of an integration or an authorizer names once the stage variables are in it: a function or a URL."""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from apigateway.arns import LambdaFunction
from apigateway.errors import ExpressionError
from local.gateway.faults import CONFIGURATION, Faulted

_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")
_AUTHORITY = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?")


def function_named(uri: str, stage_variables: Mapping[str, str]) -> LambdaFunction | None:
    """Return the function of a URI once the stage variables are in it; None where that is no function."""
    try:
        return LambdaFunction.parse(with_stage_variables(uri, stage_variables))
    except ExpressionError:
        return None


def url_named(uri: str, stage_variables: Mapping[str, str]) -> SplitResult | None:
    """Return the URL of a URI once the stage variables are in it; None where that is no URL."""
    return _url(with_stage_variables(uri, stage_variables))


@lru_cache(maxsize=256)
def _url(text: str) -> SplitResult | None:
    try:
        url = urlsplit(text)
        is_url = url.scheme in {"http", "https"} and bool(_AUTHORITY.fullmatch(url.netloc)) and url.port != 0
    except ValueError:
        return None
    return url if is_url else None


def with_stage_variables(uri: str, stage_variables: Mapping[str, str]) -> str:
    """Put the stage variables into a URI; one that the stage does not have is empty."""
    if "$" not in uri:
        return uri
    return _VARIABLE.sub(lambda match: stage_variables.get(match[1], ""), uri)


def integration_url(uri: str, stage_variables: Mapping[str, str]) -> SplitResult:
    """Return the URL of a URI. Raises ``Faulted`` where the stage's variables make none of it."""
    url = url_named(uri, stage_variables)
    if url is None:
        text = with_stage_variables(uri, stage_variables)
        raise Faulted(CONFIGURATION, f'its URI must be a URL once the stage variables are in it, got "{text}"')
    return url
