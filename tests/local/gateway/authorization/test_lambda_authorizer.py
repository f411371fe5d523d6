import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.arns import LambdaFunction
from apigateway.json_path import JsonValue
from apigateway.mapping.data import Pairs, RequestData
from local.functions import (
    Broken,
    Functions,
    HandlerName,
    Invocation,
    NoHandler,
    Raised,
    Returned,
    TookTooLong,
)
from local.gateway.authorization import lambda_authorizer
from local.gateway.authorization.issuers import Issuers
from local.gateway.authorization.lambda_authorizer import (
    Allowed,
    Asked,
    Decision,
    Denied,
    LambdaAuthorizers,
    Misanswered,
    Unauthorized,
    context_variables,
    identity_of,
)
from local.gateway.outside import NoCounterpartError, Outside
from local.gateway.upstream import Upstream
from local.topology.authorization import Identity, IdentityLocation, LambdaAuthorizer

End: TypeAlias = "Invocation | JsonValue"
"""How an invocation ends; a value stands for its return."""

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:who"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
API = "arn:aws:execute-api:us-east-1:123456789012:orders"
ARN = f"{API}/dev/GET/pets"
HEADER = Identity(location="header", name="Authorization")
REQUEST = LambdaAuthorizer(
    name="who-may", type="REQUEST", uri=URI, sources=(HEADER,), payload_format="1.0", simple=False, ttl=300
)
SIMPLE = replace(REQUEST, payload_format="2.0", simple=True)
TOKEN = replace(REQUEST, type="TOKEN", validation=re.compile("Bearer [a-z]+"))
NOT_WEIGHED = (
    'conditions of the policy of the authorizer "who-may" are not weighed: an Allow holds whatever they are, and a '
    "Deny does not"
)
WHO = 'the function "who" of the authorizer "who-may"'


def policy(effect: str = "Allow", resource: JsonValue = "*", **others: JsonValue) -> dict[str, JsonValue]:
    """Return the answer of a function that knows its caller."""
    statement: JsonValue = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource}
    return {"principalId": "me", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}, **others}


class Answering(Functions):
    """Gives each invocation the next of these ends, and the last one again and again."""

    def __init__(self, *ends: End) -> None:
        super().__init__({}, Path())
        self._ends = list(ends)
        self.asked: list[tuple[str, JsonValue, float]] = []

    async def invoke(self, function: LambdaFunction, event: JsonValue, *, timeout: float) -> Invocation:  # noqa: ASYNC109
        self.asked.append((function.arn, event, timeout))
        end = self._ends.pop(0) if len(self._ends) > 1 else self._ends[0]
        if isinstance(end, Returned | Raised | TookTooLong | Broken | NoHandler):
            return end
        return Returned(payload=json.dumps(end))


class Clock:
    """Stands still until a test sets it on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def outside(functions: Functions) -> Outside:
    """Return a world of functions alone: nothing else is reached from here."""
    return Outside(upstream=cast("Upstream", None), functions=functions, issuers=Issuers({}), aws=None)


def asked(
    authorizer: LambdaAuthorizer = REQUEST, *identity: str, arn: str = ARN, event: JsonValue = None, **variables: str
) -> Asked:
    return Asked(
        authorizer=authorizer,
        identity=identity or ("Bearer me",),
        event=lambda: event,
        arn=arn,
        stage_variables=variables,
    )


async def decision(end: End, authorizer: LambdaAuthorizer = REQUEST) -> Decision:
    return await LambdaAuthorizers(outside(Answering(end))).decide(asked(authorizer))


async def test_a_function_is_asked_with_its_event_and_ten_seconds() -> None:
    functions = Answering(policy())
    authorizers = LambdaAuthorizers(outside(functions))
    uri = URI.replace("function:who", "function:who-${stageVariables.env}:${stageVariables.alias}")
    await authorizers.decide(asked(replace(REQUEST, uri=uri), event={"type": "REQUEST"}, env="dev", alias="live"))
    assert functions.asked == [(f"{FUNCTION}-dev:live", {"type": "REQUEST"}, 10.0)]


@pytest.mark.parametrize(
    ("authorizer", "answer", "expected"),
    [
        (REQUEST, policy(), Allowed(principal="me", context={}, usage_key=None)),
        (
            REQUEST,
            policy(context={"tenant": "a", "level": 3, "admin": True, "none": None}, usageIdentifierKey="key-1"),
            Allowed(
                principal="me",
                context={"tenant": "a", "level": 3, "admin": True, "none": None},
                usage_key="key-1",
            ),
        ),
        (REQUEST, policy(principalId=7), Allowed(principal="7", context={}, usage_key=None)),
        (REQUEST, policy(principalId=None, context=None), Allowed(principal=None, context={}, usage_key=None)),
        (
            REQUEST,
            policy("Deny", context={"why": "late"}),
            Denied(
                principal="me",
                context={"why": "late"},
                explicit=True,
                reason=f'the policy of the authorizer "who-may" denies {ARN}',
            ),
        ),
        (
            REQUEST,
            policy(resource=f"{API}/prod/*"),
            Denied(
                principal="me",
                context={},
                explicit=False,
                reason=f'the policy of the authorizer "who-may" has no statement that allows {ARN}',
            ),
        ),
        (SIMPLE, {"isAuthorized": True}, Allowed(principal=None, context={}, usage_key=None)),
        (
            SIMPLE,
            {"isAuthorized": True, "context": {"roles": ["a", "b"], "of": {"x": 1}}},
            Allowed(principal=None, context={"roles": ["a", "b"], "of": {"x": 1}}, usage_key=None),
        ),
        (
            SIMPLE,
            {"isAuthorized": False, "context": {"why": "late"}},
            Denied(
                principal=None,
                context={"why": "late"},
                explicit=False,
                reason='the answer of the authorizer "who-may" says that the caller is not authorized',
            ),
        ),
        (SIMPLE, policy(context={"roles": []}), Allowed(principal="me", context={"roles": []}, usage_key=None)),
        (
            SIMPLE,
            policy(isAuthorized=False),
            Denied(
                principal=None,
                context={},
                explicit=False,
                reason='the answer of the authorizer "who-may" says that the caller is not authorized',
            ),
        ),
        (
            replace(SIMPLE, simple=False),
            policy(context={"roles": ["a"]}),
            Allowed(principal="me", context={"roles": ["a"]}, usage_key=None),
        ),
    ],
)
async def test_an_answer_decides(authorizer: LambdaAuthorizer, answer: JsonValue, expected: Decision) -> None:
    assert await decision(answer, authorizer) == expected


async def test_conditions_are_noted() -> None:
    statement: JsonValue = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"a": "true"}}}
    assert await decision({"policyDocument": {"Statement": statement}}) == Allowed(
        principal=None,
        context={},
        usage_key=None,
        notes=(NOT_WEIGHED,),
    )


@pytest.mark.parametrize(
    ("authorizer", "answer", "message"),
    [
        (REQUEST, None, "it must be an object, got nothing"),
        (REQUEST, "Unauthorized", "it must be an object, got a text"),
        (REQUEST, [policy()], "it must be an object, got a list"),
        (REQUEST, {}, "policyDocument must be an object, got null"),
        (REQUEST, {"isAuthorized": True}, "policyDocument must be an object, got null"),
        (
            REQUEST,
            policy("allow"),
            'policyDocument.Statement[0].Effect must be Allow or Deny, got "allow"',
        ),
        (REQUEST, policy(principalId={"sub": "secret"}), "principalId must be a text, got an object"),
        (REQUEST, policy(usageIdentifierKey=["secret"]), "usageIdentifierKey must be a text, got a list"),
        (REQUEST, policy(context="secret"), "context must be an object, got a text"),
        (REQUEST, policy(context=1), "context must be an object, got a number"),
        (
            REQUEST,
            policy(context={"roles": ["secret"]}),
            "context.roles must be a text, a number or a boolean, got a list",
        ),
        (
            REQUEST,
            policy("Deny", context={"of": {}}),
            "context.of must be a text, a number or a boolean, got an object",
        ),
        (SIMPLE, {}, "isAuthorized must be true or false, got nothing"),
        (SIMPLE, {"isAuthorized": "true"}, "isAuthorized must be true or false, got a text"),
        (SIMPLE, {"isAuthorized": 1}, "isAuthorized must be true or false, got a number"),
        (SIMPLE, {"isAuthorized": True, "context": False}, "context must be an object, got a boolean"),
        (SIMPLE, {"statusCode": 401}, "isAuthorized must be true or false, got nothing"),
    ],
)
async def test_a_wrong_answer_is_an_error_of_the_configuration(
    authorizer: LambdaAuthorizer, answer: JsonValue, message: str
) -> None:
    assert await decision(answer, authorizer) == Misanswered(
        kind="AUTHORIZER_CONFIGURATION_ERROR", reason=f"{WHO} gave a wrong answer: {message}"
    )


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (
            Raised(type="Exception", message="Unauthorized", trace=()),
            Unauthorized(reason=f"{WHO} raised Unauthorized"),
        ),
        (
            Raised(type="Exception", message="Unauthorized: expired", trace=("line 1",)),
            Misanswered(kind="AUTHORIZER_CONFIGURATION_ERROR", reason=f"{WHO} raised Exception: Unauthorized: expired"),
        ),
        (
            Raised(type="KeyError", message="'a'\nb", trace=()),
            Misanswered(kind="AUTHORIZER_CONFIGURATION_ERROR", reason=f"{WHO} raised KeyError: 'a'\\nb"),
        ),
        *(
            (
                Returned(payload=payload),
                Misanswered(
                    kind="AUTHORIZER_CONFIGURATION_ERROR", reason=f"{WHO} gave a wrong answer: it must be JSON"
                ),
            )
            for payload in ("", "allow", "[" * 100_000)
        ),
        (
            TookTooLong(seconds=10.0),
            Misanswered(kind="AUTHORIZER_FAILURE", reason=f"{WHO} took longer than 10 s"),
        ),
        (
            Broken(reason="the process ended with status 1"),
            Misanswered(kind="AUTHORIZER_CONFIGURATION_ERROR", reason=f"{WHO} broke: the process ended with status 1"),
        ),
    ],
)
async def test_a_function_that_does_not_answer(end: Invocation, expected: Decision) -> None:
    assert await decision(end) == expected


async def test_a_function_without_a_handler_has_no_counterpart() -> None:
    with pytest.raises(NoCounterpartError) as raised:
        await decision(NoHandler(name="who"))
    assert str(raised.value).startswith('the function "who" has no handler here: ')


async def test_a_uri_that_names_no_function_once_the_variables_are_in_it() -> None:
    uri = URI.replace("who", "${stageVariables.name}")
    assert await decision(policy(), replace(REQUEST, uri=uri)) == Misanswered(
        kind="AUTHORIZER_CONFIGURATION_ERROR", reason=f'the authorizer "who-may" must name a function, got "{uri}"'
    )


@pytest.mark.parametrize(
    ("token", "is_asked"), [("Bearer me", True), ("Bearer me too", False), ("a Bearer me", False), ("bearer me", False)]
)
async def test_a_token_of_another_form_is_not_asked_about(token: str, is_asked: bool) -> None:
    functions = Answering(policy())
    said = await LambdaAuthorizers(outside(functions)).decide(asked(TOKEN, token))
    assert bool(functions.asked) is is_asked
    assert isinstance(said, Allowed) is is_asked
    if not is_asked:
        assert said == Unauthorized(reason='the authorizer "who-may" wants a token that matches Bearer [a-z]+')


class Keeping:
    """An API's authorizers, and how often their functions were asked."""

    def __init__(self, *ends: End) -> None:
        self.functions = Answering(*ends)
        self.clock = Clock()
        self.authorizers = LambdaAuthorizers(outside(self.functions), self.clock)

    async def decide(self, authorizer: LambdaAuthorizer = REQUEST, *identity: str, arn: str = ARN) -> Decision:
        return await self.authorizers.decide(asked(authorizer, *identity, arn=arn))

    @property
    def times(self) -> int:
        return len(self.functions.asked)


async def test_an_answer_counts_for_its_time() -> None:
    keeping = Keeping(policy(), policy("Deny"))
    for now, times in ((0.0, 1), (299.9, 1), (300.0, 2), (599.0, 2)):
        keeping.clock.now = now
        said = await keeping.decide()
        assert (isinstance(said, Allowed), keeping.times) == (times == 1, times)


async def test_a_kept_policy_is_held_against_each_call() -> None:
    keeping = Keeping(policy(resource=f"{API}/dev/GET/*"))
    assert isinstance(await keeping.decide(), Allowed)
    assert isinstance(await keeping.decide(arn=f"{API}/dev/POST/pets"), Denied)
    assert isinstance(await keeping.decide(arn=f"{API}/dev/GET/pets/7"), Allowed)
    assert keeping.times == 1


async def test_a_kept_simple_answer_counts_for_every_call() -> None:
    keeping = Keeping({"isAuthorized": False})
    assert isinstance(await keeping.decide(SIMPLE), Denied)
    assert isinstance(await keeping.decide(SIMPLE, arn=f"{API}/dev/POST/orders"), Denied)
    assert keeping.times == 1


async def test_an_answer_is_for_an_identity_of_an_authorizer_at_a_stage() -> None:
    keeping = Keeping(policy())
    await keeping.decide(REQUEST, "a", "b")
    await keeping.decide(REQUEST, "a,b")
    await keeping.decide(REQUEST, "b", "a")
    await keeping.decide(replace(REQUEST, name="other"), "a", "b")
    await keeping.decide(REQUEST, "a", "b", arn=f"{API}/prod/GET/pets")
    assert keeping.times == 5
    await keeping.decide(REQUEST, "a", "b", arn=f"{API}/dev/$connect")
    assert keeping.times == 5


@pytest.mark.parametrize(
    "end",
    [
        Raised(type="Exception", message="Unauthorized", trace=()),
        Raised(type="Exception", message="no", trace=()),
        TookTooLong(seconds=10),
        Broken(reason="gone"),
        {},
    ],
)
async def test_what_does_not_decide_is_not_kept(end: End) -> None:
    keeping = Keeping(end, policy())
    assert isinstance(await keeping.decide(), Unauthorized | Misanswered)
    assert isinstance(await keeping.decide(), Allowed)
    assert keeping.times == 2


async def test_nothing_is_kept_without_a_time_or_an_identity() -> None:
    keeping = Keeping(policy())
    for _ in range(2):
        await keeping.decide(replace(REQUEST, ttl=0))
        await keeping.authorizers.decide(replace(asked(), identity=()))
    assert keeping.times == 4


async def test_forgotten_answers_are_asked_for_anew() -> None:
    keeping = Keeping(policy())
    await keeping.decide()
    keeping.authorizers.forget()
    await keeping.decide()
    assert keeping.times == 2


async def test_an_answer_under_way_is_forgotten_too() -> None:
    started, goes_on = asyncio.Event(), asyncio.Event()

    class Waiting(Answering):
        async def invoke(self, function: LambdaFunction, event: JsonValue, *, timeout: float) -> Invocation:  # noqa: ASYNC109
            end = await super().invoke(function, event, timeout=timeout)
            started.set()
            await goes_on.wait()
            return end

    functions = Waiting(policy())
    authorizers = LambdaAuthorizers(outside(functions))
    first = asyncio.create_task(authorizers.decide(asked()))
    await started.wait()
    authorizers.forget()
    goes_on.set()
    assert isinstance(await first, Allowed)
    await authorizers.decide(asked())
    assert len(functions.asked) == 2


async def test_the_oldest_answer_goes_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lambda_authorizer, "MOST_KEPT", 2)
    keeping = Keeping(policy())
    for token in ("a", "b", "c", "c", "b"):
        await keeping.decide(REQUEST, token)
    assert keeping.times == 3
    await keeping.decide(REQUEST, "a")
    assert keeping.times == 4


def request(headers: Pairs = (), query: Pairs = ()) -> RequestData:
    return RequestData(
        headers=headers,
        query=query,
        path="/pets",
        path_parameters={},
        body="",
        context={"routeKey": "GET /pets", "empty": ""},
        stage_variables={"env": "dev", "empty": ""},
    )


def identities(*sources: tuple[IdentityLocation, str]) -> tuple[Identity, ...]:
    return tuple(Identity(location=location, name=name) for location, name in sources)


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ((), ()),
        ([("header", "AUTHORIZATION")], ("Bearer me",)),
        ([("header", "x-many")], ("1,2",)),
        ([("header", "x-empty")], None),
        ([("header", "x-none")], None),
        ([("querystring", "q")], ("1",)),
        ([("querystring", "many")], ("1,2",)),
        ([("querystring", "Q")], None),
        ([("querystring", "empty")], None),
        ([("context", "routeKey")], ("GET /pets",)),
        ([("context", "empty")], None),
        ([("context", "stage")], None),
        ([("stageVariables", "env")], ("dev",)),
        ([("stageVariables", "empty")], None),
        ([("stageVariables", "other")], None),
        ([("stageVariables", "env"), ("querystring", "q")], ("dev", "1")),
        ([("stageVariables", "env"), ("querystring", "none")], None),
    ],
)
def test_an_identity_is_what_all_the_sources_hold(
    sources: list[tuple[IdentityLocation, str]], expected: tuple[str, ...] | None
) -> None:
    data = request(
        headers=(("authorization", "Bearer me"), ("X-Many", "1"), ("x-empty", ""), ("x-many", "2")),
        query=(("q", "1"), ("many", "1"), ("many", "2"), ("empty", "")),
    )
    assert identity_of(identities(*sources), data) == expected


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        (Allowed(principal=None, context={}, usage_key="key"), {}),
        (
            Allowed(
                principal="me",
                context={"text": "a", "number": 1, "part": 1.5, "yes": True, "no": False, "none": None},
                usage_key=None,
            ),
            {
                "authorizer.principalId": "me",
                "authorizer.text": "a",
                "authorizer.number": "1",
                "authorizer.part": "1.5",
                "authorizer.yes": "true",
                "authorizer.no": "false",
            },
        ),
        (
            Allowed(principal=None, context={"roles": ["a", 1], "of": {"x": None}}, usage_key=None),
            {"authorizer.roles": '["a",1]', "authorizer.of": '{"x":null}'},
        ),
        (
            Denied(principal="me", context={"principalId": "you"}, explicit=True, reason="no"),
            {"authorizer.principalId": "me"},
        ),
    ],
)
def test_the_context_knows_what_the_function_said(decided: Allowed | Denied, expected: dict[str, str]) -> None:
    assert context_variables(decided) == expected


ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(("isAuthorized", "policyDocument", "context", "principalId", "Statement"), inner),
        )
    ),
    max_leaves=10,
)


@given(ANSWERS, st.sampled_from([REQUEST, SIMPLE]))
def test_any_answer_decides_or_is_wrong(answer: JsonValue, authorizer: LambdaAuthorizer) -> None:
    async def decided() -> Decision:
        return await decision(answer, authorizer)

    said = asyncio.run(decided())
    assert isinstance(said, Allowed | Denied | Misanswered)
    if isinstance(said, Allowed | Denied):
        assert all(isinstance(value, str) for value in context_variables(said).values())


async def test_a_handler_of_ones_own(tmp_path: Path) -> None:
    tmp_path.joinpath("keeper.py").write_text(
        "def handler(event, context):\n"
        "    if event['authorizationToken'] != 'open':\n"
        "        raise Exception('Unauthorized')\n"
        "    statement = {'Effect': 'Allow', 'Action': 'execute-api:Invoke', 'Resource': event['methodArn']}\n"
        "    return {'principalId': 'me', 'policyDocument': {'Statement': [statement]}, 'context': {'n': 1}}\n"
    )
    functions = Functions({"who": HandlerName(module="keeper", function="handler")}, tmp_path)
    authorizers = LambdaAuthorizers(outside(functions))
    try:
        first, second = [
            await authorizers.decide(
                asked(REQUEST, token, event={"type": "TOKEN", "authorizationToken": token, "methodArn": ARN})
            )
            for token in ("open", "shut")
        ]
    finally:
        await functions.stop()
    assert first == Allowed(principal="me", context={"n": 1}, usage_key=None)
    assert second == Unauthorized(reason=f"{WHO} raised Unauthorized")
