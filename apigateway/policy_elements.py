"""The actions, resources and principals of a REST API's resource policy.

From the AWS pages "API Gateway resource policy examples" (the short form of a resource), "Control access for invoking
an API" (actions, and the parts of a resource) and "AWS JSON policy elements: Principal".
"""

import re
from typing import Final

from apigateway.arns import ACCOUNT, PARTITION, REGION
from apigateway.errors import ExpressionError
from apigateway.rest_resources import METHODS
from apigateway.suggest import nearest

ACTIONS: Final = ("execute-api:Invoke", "execute-api:InvalidateCache", "execute-api:ManageConnections")
"""The actions of the service ``execute-api``; the last one is for WebSocket APIs."""

ACTION_GRAMMAR: Final = "expected execute-api:Invoke, execute-api:InvalidateCache or execute-api:*"
RESOURCE_GRAMMAR: Final = (
    "expected execute-api:/STAGE/METHOD/PATH or arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH, each part "
    "perhaps *"
)
PRINCIPAL_GRAMMAR: Final = (
    'expected "*", an account id of 12 digits, or arn:aws:iam::ACCOUNT:root, …:role/NAME or …:user/NAME'
)

_SHORT_RESOURCE = re.compile(r"execute-api:/(?P<path>.*)", re.DOTALL)
_FULL_RESOURCE = re.compile(
    rf"arn:(?:{PARTITION}|\*):execute-api:(?:{REGION}|\*):(?:{ACCOUNT}|\*):(?P<api>[A-Za-z0-9*?]+)(?:/(?P<path>.*))?",
    re.DOTALL,
)
_PATH = re.compile(r"(?:execute-api:)?/?(?P<path>[^\s:]+/[^\s:]+|\*)")
_PRINCIPAL = re.compile(
    rf"\*|{ACCOUNT}|arn:{PARTITION}:iam::{ACCOUNT}:(?:root|(?:role|user)/[^\s*?]+)"
    rf"|arn:{PARTITION}:sts::{ACCOUNT}:(?:assumed-role|federated-user)/[^\s*?]+"
)


def check_action(text: str) -> None:
    """Hold an action of a resource policy against those of ``execute-api``. Raises ``ExpressionError``."""
    service, _, name = text.partition(":")
    is_wild = service.lower() == "execute-api" and ("*" in name or "?" in name)
    if text == "*" or is_wild or text.lower() in {action.lower() for action in ACTIONS}:
        return
    full = text if ":" in text else f"execute-api:{text}"
    near = nearest(full, ACTIONS) if text and full.startswith("execute-api:") else None
    suggestion = f'did you mean "{near}"?' if near else ""
    raise ExpressionError(text, "not an action on an API", grammar=ACTION_GRAMMAR, suggestion=suggestion)


def check_resource(text: str) -> None:
    """Hold a resource of a resource policy against its grammar. Raises ``ExpressionError``.

    What can match no call is refused too: a method that no call has, such as ``ANY``, and a part left out.
    """
    full = _FULL_RESOURCE.fullmatch(text)
    if text == "*" or (full and full["path"] is None and full["api"].endswith("*")):
        return
    match = full or _SHORT_RESOURCE.fullmatch(text)
    if not match:
        near = None if text.startswith("arn:") else _PATH.fullmatch(text)
        suggestion = f"write execute-api:/{near['path']}" if near else ""
        raise ExpressionError(text, "not a resource of an API", grammar=RESOURCE_GRAMMAR, suggestion=suggestion)
    path = match["path"] or ""
    _check_resource_path(text, text[: len(text) - len(path)].rstrip("/"), path)


def check_policy_principal(text: str) -> None:
    """Hold a principal of a resource policy against its grammar. Raises ``ExpressionError``."""
    if _PRINCIPAL.fullmatch(text):
        return
    suggestion = ""
    if text.startswith("arn:"):
        if "*" in text:
            suggestion = 'write "*" and put the pattern into a Condition on aws:PrincipalArn'
        elif ":group/" in text:
            suggestion = "a group is no principal, name its users or a role"
    reason = "not a principal of a resource policy"
    raise ExpressionError(text, reason, grammar=PRINCIPAL_GRAMMAR, suggestion=suggestion)


def _check_resource_path(text: str, root: str, path: str) -> None:
    """Refuse what is surely not meant; after a ``*``, which stands for slashes too, a part need not be a method."""
    parts = path.split("/", 2)
    stage, method = parts[0], parts[1] if len(parts) > 1 else ""
    if stage in METHODS:
        verb = "*" if stage == "ANY" else stage
        suggestion = f"write {root}/*/{'/'.join([verb, *parts[1:]])}"
        raise ExpressionError(text, "the stage is left out", suggestion=suggestion)
    is_open = bool({"*", "?"} & set(method if method.upper() in METHODS else stage + method))
    if method and method not in METHODS[:-1] and not is_open:
        near = "*" if method == "ANY" else nearest(method.upper(), METHODS[:-1])
        suggestion = f"write {'/'.join([root, stage, near, *parts[2:]])}" if near else ""
        raise ExpressionError(text, f'no call has the method "{method}"', suggestion=suggestion)
    if len(parts) < len(("stage", "method", "path")) and not is_open:
        suggestion = f"write {root}/{path.rstrip('/')}{'/' if path else ''}*"
        raise ExpressionError(text, "the path of the calls is left out", suggestion=suggestion)
