"""What usage plans and API keys of an API must be to each other, and to the routes that ask for a key."""

from collections.abc import Iterator, Mapping
from typing import Final

from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rules import authorizers as authorizer_rules
from apigateway.rules import routes as rules

from .apis import WebSocketApi
from .authorizer_checks import KINDS
from .finding import check_distinct, names_of, problem_at
from .rest_apis import RestApi
from .rest_authorizers import RestCognitoAuthorizer
from .usage_plans import Quota, UsagePlan

_LAST_OFFSET: Final = {"DAY": 0, "WEEK": 6, "MONTH": 27}


def check_usage_plans(name: str, api: WebSocketApi | RestApi, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Check the API's usage plans, and that a key can be had where one is asked for."""
    at: Location = ("apis", name, "usagePlans")
    plan_of: dict[str, str] = {}
    for plan_name, plan in api.usage_plans.items():
        yield from _check_plan(plan, (*at, plan_name))
        for index, key in enumerate(plan.api_keys):
            first = plan_of.setdefault(key, plan_name)
            if first != plan_name:
                message = f"{key} is a key of the plan {first} too: a key has one plan of an API"
                yield problem_at(rules.USAGE_PLAN, message, *at, plan_name, "apiKeys", index)
    are_all_sound = names_of(raw, "apis", name, "usagePlans") == list(api.usage_plans)
    can_be_had = bool(plan_of) or not are_all_sound
    if isinstance(api, RestApi):
        yield from _check_rest_keys(api, ("apis", name, "routes"), can_be_had=can_be_had)
    else:
        yield from _check_key_required(api, ("apis", name), can_be_had=can_be_had)


def _check_plan(plan: UsagePlan, at: Location) -> Iterator[Problem]:
    if plan.throttling is None and plan.quota is None and not plan.api_keys:
        yield problem_at(rules.USAGE_PLAN, "must have throttling, quota or apiKeys", *at)
    if plan.quota is not None:
        yield from _check_offset(plan.quota, (*at, "quota", "offset"))
    yield from check_distinct(plan.api_keys, *at, "apiKeys")


def _check_offset(quota: Quota, at: Location) -> Iterator[Problem]:
    last = _LAST_OFFSET[quota.period]
    if quota.offset > last:
        expected = f"0 to {last}" if last else "0"
        yield problem_at(rules.USAGE_PLAN, f"must be {expected} for {quota.period}, got {quota.offset}", *at)


def _check_key_required(api: WebSocketApi, at: Location, *, can_be_had: bool) -> Iterator[Problem]:
    for key, route in api.routes.items():
        if not route.api_key_required or route.retired:
            continue
        place = (*at, "routes", key, "apiKeyRequired")
        if key != "$connect":
            message = "must be false: a WebSocket API asks for an API key on $connect only"
            yield problem_at(authorizer_rules.CONNECT_ONLY, message, *place)
        elif not can_be_had:
            message = "needs a usage plan of this API with apiKeys: nobody has a key to connect with"
            yield problem_at(rules.API_KEY, message, *place)
        if key == "$connect" and "authorizer" in api.api_key_selection_expression and route.authorization in KINDS:
            message = "reads the key from an authorizer, and $connect has none"
            yield problem_at(rules.API_KEY, message, *at, "apiKeySelectionExpression")


def _check_rest_keys(api: RestApi, at: Location, *, can_be_had: bool) -> Iterator[Problem]:
    """Check the routes that ask for a key; only a Lambda function can say the key of a caller."""
    for key, route in api.routes.items():
        if not route.api_key_required:
            continue
        place = (*at, key, "apiKeyRequired")
        if not can_be_had:
            message = "needs a usage plan of this API with apiKeys: nobody has a key to call with"
            yield problem_at(rules.API_KEY, message, *place)
        authorizer = api.authorizers.get(route.authorization)
        has_no_function = route.authorization in KINDS or isinstance(authorizer, RestCognitoAuthorizer)
        if api.api_key_source_type == "AUTHORIZER" and has_no_function:
            message = (
                "needs authorization by a REQUEST or TOKEN authorizer, which says the key where apiKeySourceType is "
                f'AUTHORIZER, got "{route.authorization}"'
            )
            yield problem_at(rules.API_KEY, message, *place)
