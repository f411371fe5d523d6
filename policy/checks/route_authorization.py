"""Routes ask who calls."""

from collections.abc import Iterator

from policy.aws_types import API, ROUTE
from policy.model import UNKNOWN, Finding, Resource, Severity, Stack, StackPolicy, Undecided, Violation
from policy.wording import given


def _check(stack: Stack) -> Iterator[Finding]:
    for route in stack.of_type(ROUTE):
        yield from _check_route(stack, route)
    for api in stack.of_type(API):
        if api.at("protocolType") == "WEBSOCKET":
            yield from _check_connect(stack, api)


def _check_route(stack: Stack, route: Resource) -> Iterator[Finding]:
    authorization, key = route.at("authorizationType"), route.at("routeKey")
    if authorization is not UNKNOWN and authorization not in (None, "", "NONE"):
        return
    api = stack.referred(route, "apiId", API)
    match api.at("protocolType") if api else UNKNOWN:
        case "HTTP":
            # A browser shows no credentials in a preflight request, so an authorizer would refuse them all.
            is_asked = not (isinstance(key, str) and key.startswith("OPTIONS "))
            expected = "AWS_IAM, JWT or CUSTOM"
        case "WEBSOCKET":
            # Who may connect may send: API Gateway authorizes no route but this one.
            is_asked = key in ("$connect", UNKNOWN)
            expected = "AWS_IAM or CUSTOM"
        case _:
            yield Undecided(resource=route, property="apiId")
            return
    if not is_asked:
        return
    if key is UNKNOWN:
        yield Undecided(resource=route, property="routeKey")
    elif authorization is UNKNOWN:
        yield Undecided(resource=route, property="authorizationType")
    else:
        message = f"authorizationType must be {expected}, got {given(authorization)}"
        if route.at("apiKeyRequired") is True:
            message += "; apiKeyRequired counts calls and says nothing of who makes them"
        yield Violation(resource=route, message=message)


def _check_connect(stack: Stack, api: Resource) -> Iterator[Finding]:
    """Find an API without the one route that can authorize: it lets everybody connect."""
    keys = [route.at("routeKey") for route in stack.referring(ROUTE, "apiId", api)]
    if "$connect" not in keys and UNKNOWN not in keys:
        message = "routes must have $connect, which alone can authorize, got none: everybody can connect"
        yield Violation(resource=api, message=message)


POLICY = StackPolicy(
    id="route-authorization",
    title="Routes ask who calls: every route of an HTTP API but OPTIONS, and $connect of a WebSocket API.",
    severity=Severity.MEDIUM,
    rationale=(
        "What such a route leads to is open to the Internet. An API key is no way out: it counts calls for usage "
        "plans and is shared with every client that has it."
    ),
    remedy=(
        "Give the route `authorization`: the name of one of the API's `authorizers`, or `AWS_IAM`. A WebSocket API "
        "needs it on `$connect`, and needs that route. Exempt what is to be public, and say why."
    ),
    rule_sets=("Security Hub APIGateway.8", "Checkov CKV_AWS_309", "cdk-nag AwsSolutions-APIG4"),
    check=_check,
)
