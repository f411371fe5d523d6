"""Resource policies of REST APIs: who may call an API, from where, and through which VPC endpoint.

From the AWS pages "Control access to a REST API with API Gateway resource policies", "API Gateway resource policy
examples", "How API Gateway resource policies affect authorization workflow", "Control access for invoking an API" and
"Private REST APIs in API Gateway", and from the "IAM JSON policy elements reference".

A policy takes effect for a stage only with the next deployment. API Gateway expands ``execute-api:/stage/METHOD/path``
to the full ARN when it stores a policy, so what is read back is not what was written, and every deployment would find a
difference. What is made here for all calls of an API is ``*`` therefore, which is stored as it is: a policy is of one
API.
"""

import ipaddress
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from apigateway.arns import principal_arn
from apigateway.errors import ExpressionError, shown
from apigateway.json_path import JsonValue
from apigateway.paths import Location
from apigateway.policy_elements import ACTIONS, check_action, check_policy_principal, check_resource
from apigateway.rest_resources import RestRouteKey, choose_rest_route
from apigateway.suggest import nearest

Policy: TypeAlias = dict[str, JsonValue]
Finding: TypeAlias = tuple[Location, str]
"""A place in a policy, and what is to be said of it."""

_VERSIONS: Final = ("2012-10-17", "2008-10-17")
_POLICY_KEYS: Final = frozenset({"Id", "Statement", "Version"})
_STATEMENT_KEYS: Final = frozenset(
    {"Action", "Condition", "Effect", "NotAction", "NotPrincipal", "NotResource", "Principal", "Resource", "Sid"}
)
_PRINCIPAL_KEYS: Final = frozenset({"AWS", "CanonicalUser", "Federated", "Service"})
_OPERATORS: Final = frozenset(
    {"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "BinaryEquals", "Bool", "IpAddress", "NotIpAddress", "Null"}
    | {f"Date{name}" for name in ("Equals", "GreaterThan", "GreaterThanEquals", "LessThan", "LessThanEquals")}
    | {f"Numeric{name}" for name in ("Equals", "GreaterThan", "GreaterThanEquals", "LessThan", "LessThanEquals")}
    | {"DateNotEquals", "NumericNotEquals", "StringEquals", "StringEqualsIgnoreCase", "StringLike"}
    | {"StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike"}
)
_OPERATOR = re.compile(r"(?:ForAllValues:|ForAnyValue:)?(?P<name>[A-Za-z]+?)(?:IfExists)?")

_SHORT_PATH = re.compile(r"execute-api:/(?P<stage>[^/]+)(?:/(?P<method>[^/]*)/(?P<path>.*)|/.*)?")
_REGION_OF_RESOURCE = re.compile(r"arn:[^:]*:execute-api:(?P<region>[a-z0-9-]+):.*", re.DOTALL)
_WILD = re.compile(r"[*?{}$]")
_AFFIRMING = re.compile(r"(?:ForAnyValue:)?(?:String(?:Equals|EqualsIgnoreCase|Like)|Arn(?:Equals|Like))")
"""The operators under which a condition does not hold where its key is missing."""

_OF_ENDPOINTS: Final = frozenset({"aws:sourcevpc", "aws:sourcevpce"})
_OF_ADDRESSES: Final = frozenset({"aws:sourceip", "aws:vpcsourceip"})
_VARIABLE_SEGMENT = re.compile(r"(?<!\$)\{[^{}/]*\}")
"""A variable of a route; ``${aws:username}`` is one of IAM, which policies do have."""


def policy_text(policy: Mapping[str, object]) -> str:
    """Return a policy as the JSON that is given to AWS: without spaces, for each counts against the quota."""
    return json.dumps(policy, separators=(",", ":"), ensure_ascii=False, default=str)


def check_resource_policy(policy: Mapping[str, object]) -> Iterator[Finding]:
    """Say what is wrong about a policy that somebody wrote, all at once."""
    yield from _check_keys((), policy, _POLICY_KEYS)
    if "Version" in policy and policy["Version"] not in _VERSIONS:
        yield ("Version",), f'must be "{_VERSIONS[0]}", in quotes, got {_given(policy["Version"])}'
    if "Statement" not in policy:
        yield (), 'needs "Statement"'
    else:
        yield from _check_statements(policy["Statement"])


def advise_resource_policy(policy: Mapping[str, object], *, private: bool) -> Iterator[Finding]:
    """Say what is legal and still doubtful about a policy, ``private`` where it is a private API's."""
    statements = list(_statements(policy))
    if not any(statement.get("Effect") == "Allow" for _, statement in statements):
        yield (), "allows nobody: only callers of the API's own account get in, where a policy of theirs allows it"
    open_to_all = [at for at, statement in statements if _allows_everybody(statement)]
    if open_to_all and not any(_limits_everybody(statement) for _, statement in statements):
        yield open_to_all[0], 'allows everybody, and no "Condition" limits them'
    for at, statement in statements:
        yield from _advise_addresses((*at, "Condition"), statement.get("Condition"), private=private)
        if not private and statement.get("Effect") == "Allow":
            yield from _advise_endpoints((*at, "Condition"), statement.get("Condition"))
        yield from _advise_paths((*at, "Resource"), statement.get("Resource"))


def advise_policy_paths(
    policy: Mapping[str, object], routes: Collection[RestRouteKey], stages: Collection[str]
) -> Iterator[Finding]:
    """Say which resources name a stage or a route that the API has not; no ``stages`` where they are not known.

    A part with ``*`` or ``?`` stands for many, and of the full ARNs nothing is said: they may be another API's.
    """
    for at, statement in _statements(policy):
        resources = statement.get("Resource")
        for text in resources if isinstance(resources, list) else [resources]:
            if not isinstance(text, str) or not (match := _SHORT_PATH.fullmatch(text)):
                continue
            stage, method, path = match["stage"], match["method"], match["path"]
            if stages and not _WILD.search(stage) and stage not in stages:
                near = nearest(stage, stages)
                more = f"; did you mean {near}?" if near else f"; known: {', '.join(stages)}"
                yield (*at, "Resource"), f'"{shown(text)}" names no stage of the API{more}'
            elif method and not _WILD.search(method + path) and not choose_rest_route(routes, method, f"/{path}"):
                yield (
                    (*at, "Resource"),
                    f'"{shown(text)}" names no route of the API: none is called by {method} /{path}',
                )


def advise_policy_region(policy: Mapping[str, object], region: str) -> Iterator[Finding]:
    """Say which resources stand in another Region than the API, whose calls they match none of."""
    for at, statement in _statements(policy):
        resources = statement.get("Resource")
        for text in resources if isinstance(resources, list) else [resources]:
            match = _REGION_OF_RESOURCE.fullmatch(text) if isinstance(text, str) else None
            if match and match["region"] != region:
                yield (*at, "Resource"), f'"{shown(match[0])}" matches no call: the API stands in {region}'


def invoke_policy(
    principals: Iterable[str], partition: str, *, stage: str = "*", routes: Iterable[RestRouteKey] = ()
) -> Policy:
    """Allow accounts, roles and users to call some routes, or all of them where none is named.

    A caller of another account needs a policy of its own too, the one that :func:`caller_policy` returns; one of the
    API's account needs either. Whoever is not named and does not sign is kept out, even of a route without
    authorization.
    """
    arns: list[JsonValue] = [*dict.fromkeys(principal_arn(principal, partition) for principal in principals)]
    paths = _resource_paths(stage, routes)
    resources: JsonValue = "*" if paths == ["*"] else [f"execute-api:/{path}" for path in paths]
    return _policy(_statement("Allow", {"AWS": arns}, resources))


def caller_policy(execution_arn: str, *, stage: str = "*", routes: Iterable[RestRouteKey] = ()) -> Policy:
    """Return what a caller's own account has to allow it: the other side of :func:`invoke_policy`."""
    resources: list[JsonValue] = [f"{execution_arn}/{path}" for path in _resource_paths(stage, routes)]
    return _policy({"Effect": "Allow", "Action": ACTIONS[0], "Resource": resources})


def private_policy(vpc_endpoint_ids: Iterable[str], *, allow: Policy | None = None) -> Policy:
    """Limit a private API to some VPC endpoints, and there to what ``allow`` allows, or to everybody without it."""
    endpoints: list[JsonValue] = [*dict.fromkeys(vpc_endpoint_ids)]
    allowed = [_statement("Allow", "*", "*")] if allow is None else [dict(s) for _, s in _statements(allow)]
    denied = _statement("Deny", "*", "*")
    denied["Condition"] = {"StringNotEquals": {"aws:SourceVpce": endpoints}}
    return _policy(*allowed, denied)


def _statements(policy: Mapping[str, object]) -> Iterator[tuple[Location, Mapping[str, JsonValue]]]:
    """Yield the statements that are mappings, with their places."""
    written = policy.get("Statement")
    if isinstance(written, Mapping):
        yield ("Statement",), written
    elif isinstance(written, list):
        for index, statement in enumerate(written):
            if isinstance(statement, Mapping):
                yield ("Statement", index), statement


def _check_statements(written: object) -> Iterator[Finding]:
    if isinstance(written, Mapping):
        yield from _check_statement(("Statement",), written)
    elif isinstance(written, list) and written:
        for index, statement in enumerate(written):
            yield from _check_statement(("Statement", index), statement)
    else:
        yield ("Statement",), f"must be a list of statements, got {_given(written)}"


def _check_statement(at: Location, statement: object) -> Iterator[Finding]:
    if not isinstance(statement, Mapping):
        yield at, f"must be a statement, got {_given(statement)}"
        return
    yield from _check_keys(at, statement, _STATEMENT_KEYS)
    if "Effect" not in statement:
        yield at, 'needs "Effect"'
    elif statement["Effect"] not in ("Allow", "Deny"):
        yield (*at, "Effect"), f'must be "Allow" or "Deny", got {_given(statement["Effect"])}'
    yield from _check_element(at, statement, "Principal", _check_principals)
    yield from _check_element(at, statement, "Action", lambda place, value: _check_texts(place, value, check_action))
    yield from _check_element(
        at, statement, "Resource", lambda place, value: _check_texts(place, value, check_resource)
    )
    if "Condition" in statement:
        yield from _check_condition((*at, "Condition"), statement["Condition"])


def _check_element(
    at: Location,
    statement: Mapping[str, object],
    name: str,
    check: Callable[[Location, object], Iterator[Finding]],
) -> Iterator[Finding]:
    """Check ``Principal`` and the like, each of which can be turned round as ``NotPrincipal``."""
    written = [key for key in (name, f"Not{name}") if key in statement]
    if not written:
        yield at, f'needs "{name}"'
    if len(written) > 1:
        yield at, f'has "{written[0]}" and "{written[1]}", of which one is allowed'
    for key in written:
        yield from check((*at, key), statement[key])


def _check_principals(at: Location, value: object) -> Iterator[Finding]:
    if value == "*":
        return
    if not isinstance(value, Mapping) or not value:
        yield at, f'must be "*" or a mapping such as {{"AWS": "123456789012"}}, got {_given(value)}'
        return
    yield from _check_keys(at, value, _PRINCIPAL_KEYS)
    for key in sorted(_PRINCIPAL_KEYS & value.keys()):
        yield from _check_texts((*at, key), value[key], check_policy_principal if key == "AWS" else _take)


def _check_condition(at: Location, condition: object) -> Iterator[Finding]:
    if not isinstance(condition, Mapping):
        yield at, f"must be a mapping of operators, got {_given(condition)}"
        return
    for operator, keys in condition.items():
        match = _OPERATOR.fullmatch(str(operator))
        if not match or match["name"] not in _OPERATORS:
            yield at, f"{_given(operator)} is not an operator of a condition{_meant(str(operator), _OPERATORS)}"
        if not isinstance(keys, Mapping) or not keys:
            yield (*at, str(operator)), f"must be a mapping of condition keys, got {_given(keys)}"
        elif match and match["name"] in {"IpAddress", "NotIpAddress"}:
            for key in [key for key in keys if str(key).lower() in _OF_ADDRESSES]:
                yield from _check_texts((*at, str(operator), str(key)), keys[key], _check_range)


def _check_keys(at: Location, written: Mapping[str, object], known: frozenset[str]) -> Iterator[Finding]:
    for key in written:
        if key not in known:
            yield at, f"does not know {_given(key)}{_meant(str(key), known)}"


def _check_texts(at: Location, value: object, check: Callable[[str], None]) -> Iterator[Finding]:
    values = [((*at, index), text) for index, text in enumerate(value)] if isinstance(value, list) else [(at, value)]
    if not values:
        yield at, "must not be empty"
    for place, text in values:
        if not isinstance(text, str):
            is_number = isinstance(text, int) and not isinstance(text, bool)
            suggestion = f'; write "{text:012}", in quotes' if is_number else ""
            yield place, f"must be text, got {_given(text)}{suggestion}"
            continue
        try:
            check(text)
        except ExpressionError as error:
            yield place, str(error)


def _check_range(text: str) -> None:
    """Hold an address or a range of them against its grammar. Raises ``ExpressionError``."""
    if "${" in text:
        return
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ExpressionError(text, "not an address or a range", grammar="expected one such as 10.0.0.0/8") from None


def _take(_: str) -> None:
    """Take any text: principals that are services or identity providers are IAM's to judge."""


def _is_everybody(statement: Mapping[str, JsonValue]) -> bool:
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, Mapping) else principal
    return named == "*" or (isinstance(named, list) and "*" in named)


def _allows_everybody(statement: Mapping[str, JsonValue]) -> bool:
    return statement.get("Effect") == "Allow" and _is_everybody(statement) and not statement.get("Condition")


def _limits_everybody(statement: Mapping[str, JsonValue]) -> bool:
    """Tell whether a statement denies some of everybody: by a condition, or all but those that it names."""
    if statement.get("Effect") != "Deny":
        return False
    return "NotPrincipal" in statement or (_is_everybody(statement) and bool(statement.get("Condition")))


def _advise_addresses(at: Location, condition: JsonValue, *, private: bool) -> Iterator[Finding]:
    wrong, right = ("aws:SourceIp", "aws:VpcSourceIp") if private else ("aws:VpcSourceIp", "aws:SourceIp")
    for operator, keys in condition.items() if isinstance(condition, Mapping) else ():
        for key in keys if isinstance(keys, Mapping) else ():
            if str(key).lower() == wrong.lower():
                kind = "a private API" if private else "an API that is not private"
                yield (*at, operator), f"{key} never matches on {kind}; write {right}"


def _advise_endpoints(at: Location, condition: JsonValue) -> Iterator[Finding]:
    for operator, keys in condition.items() if isinstance(condition, Mapping) else ():
        for key in keys if isinstance(keys, Mapping) and _AFFIRMING.fullmatch(operator) else ():
            if key.lower() in _OF_ENDPOINTS:
                yield (
                    (*at, operator),
                    f"{key} never matches on an API that is not private: no call comes by an endpoint",
                )


def _advise_paths(at: Location, resources: JsonValue) -> Iterator[Finding]:
    for text in resources if isinstance(resources, list) else [resources]:
        if isinstance(text, str) and _VARIABLE_SEGMENT.search(text):
            written = _VARIABLE_SEGMENT.sub("*", text)
            yield at, f'"{shown(text)}" is held against the path of a call, which has no variables; write {written}'


def _policy(*statements: Policy) -> Policy:
    return {"Version": _VERSIONS[0], "Statement": [*statements]}


def _statement(effect: str, principal: JsonValue, resources: JsonValue) -> Policy:
    return {"Effect": effect, "Principal": principal, "Action": ACTIONS[0], "Resource": resources}


def _resource_paths(stage: str, routes: Iterable[RestRouteKey]) -> list[str]:
    """Return what follows the API in its ARN, for each route; a ``*`` stands for a variable and for what is below."""
    paths = {
        f"{stage}/{'*' if key.method == 'ANY' else key.method}{_VARIABLE_SEGMENT.sub('*', key.path)}" for key in routes
    }
    return sorted(paths) or ["*" if stage == "*" else f"{stage}/*"]


def _meant(word: str, known: frozenset[str]) -> str:
    near = nearest(word, known)
    return f'; did you mean "{near}"?' if near else ""


def _given(value: object) -> str:
    return shown(json.dumps(value, ensure_ascii=False, default=str))
