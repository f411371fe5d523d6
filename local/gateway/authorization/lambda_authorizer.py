"""Asks the function of a Lambda authorizer whether a caller may call, and keeps what it answers.

Sources: "Use API Gateway Lambda authorizers", "Output from an API Gateway Lambda authorizer", "Control access to HTTP
APIs with AWS Lambda authorizers" and "Quotas for configuring and running an HTTP API" (ten seconds for the function);
``ResetAuthorizersCache`` of botocore ``apigatewayv2`` and ``FlushStageAuthorizersCache`` of ``apigateway``: an answer
is kept for a stage. What a function's exception leads to is as clients have seen it.

Choices, where AWS says nothing:

- the ten seconds count for REST and WebSocket APIs too, and a function that takes longer is a failure of the authorizer
  where all else that goes wrong is one of its configuration;
- only an answer that decides is kept: not an ``Unauthorized``, nor a failure;
- a value of a header or query string that is given several times is all of its values, joined by commas;
- a token must match the whole of ``identityValidationExpression``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Final, Literal, TypeAlias, assert_never

from apigateway.errors import shown
from apigateway.json_path import JsonValue, render
from apigateway.mapping.data import RequestData, values_of
from local.functions import Broken, Raised, Returned, TookTooLong
from local.gateway.authorization.answer import Answer, AnswerError
from local.gateway.authorization.policy import PolicyError
from local.gateway.invoking import invoke
from local.gateway.outside import Outside
from local.gateway.uris import function_named
from local.topology.authorization import Identity, LambdaAuthorizer

Clock: TypeAlias = Callable[[], float]
"""Tells the time in seconds, from whenever."""

LONGEST: Final = 10.0
"""Seconds that the function has."""

MOST_KEPT: Final = 10_000
"""Answers that are kept for one API; with one more the oldest goes, so that new tokens all day fill no memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that an authorizer is asked about."""

    authorizer: LambdaAuthorizer
    identity: tuple[str, ...]
    """What :func:`identity_of` found."""
    event: Callable[[], JsonValue]
    """Makes what the function is given; not called where an answer is at hand."""
    arn: str
    """The method or route that is called: ``arn:aws:execute-api:us-east-1:123456789012:orders/dev/GET/pets``."""
    stage_variables: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The caller may call."""

    principal: str | None
    """Who the caller is; None where the function does not say, as in a simple answer."""
    context: Mapping[str, JsonValue]
    """What the function lets the integration know, each value of the type that the function gave it."""
    usage_key: str | None
    """The API key that the call counts for (``usageIdentifierKey``)."""
    notes: tuple[str, ...] = ()
    """What was not weighed, for whoever looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """The caller may not: 403."""

    principal: str | None
    context: Mapping[str, JsonValue]
    explicit: bool
    """Whether a statement of a policy denies it, rather than none allowing it: a REST API words the two differently."""
    reason: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unauthorized:
    """The function does not know the caller, or the token is not of the form that the authorizer wants: 401."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Misanswered:
    """The function failed, or what it answered is no answer: 500."""

    kind: Literal["AUTHORIZER_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE"]
    """The gateway response that a REST API answers with."""
    reason: str


Decision: TypeAlias = Allowed | Denied | Unauthorized | Misanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    answer: Answer
    until: float


_Key: TypeAlias = tuple[LambdaAuthorizer, str, tuple[str, ...]]
"""An authorizer, the ARN of a stage, and the caller's identity."""


class LambdaAuthorizers:
    """Asks the authorizers of one API, and keeps their answers for as long as each authorizer says."""

    def __init__(self, outside: Outside, clock: Clock = monotonic) -> None:
        self._outside = outside
        self._clock = clock
        self._kept: dict[_Key, _Kept] = {}

    async def decide(self, asked: Asked) -> Decision:
        """Decide on a request. Raises NoCounterpartError where the function has no handler here."""
        authorizer = asked.authorizer
        if authorizer.validation and not all(map(authorizer.validation.fullmatch, asked.identity)):
            pattern = authorizer.validation.pattern
            return Unauthorized(reason=f'the authorizer "{authorizer.name}" wants a token that matches {pattern}')
        # An answer that is under way while everything is forgotten belongs to what is gone, and is kept there.
        kept = self._kept
        key = (authorizer, _stage_arn(asked.arn), asked.identity)
        answer = self._at_hand(key)
        if answer is None:
            said = await self._ask(asked)
            if not isinstance(said, Answer):
                return said
            answer = said
            if authorizer.ttl > 0 and asked.identity:
                if len(kept) >= MOST_KEPT:
                    del kept[next(iter(kept))]
                kept[key] = _Kept(answer=answer, until=self._clock() + authorizer.ttl)
        return _decision(answer, asked)

    def forget(self) -> None:
        """Ask anew from now on: the functions or the authorizers are others."""
        self._kept = {}

    def _at_hand(self, key: _Key) -> Answer | None:
        kept = self._kept.get(key)
        if kept is None or kept.until > self._clock():
            return kept.answer if kept else None
        del self._kept[key]
        return None

    async def _ask(self, asked: Asked) -> Answer | Unauthorized | Misanswered:
        authorizer = asked.authorizer
        function = function_named(authorizer.uri, asked.stage_variables)
        if function is None:
            why = f'the authorizer "{authorizer.name}" must name a function, got "{shown(authorizer.uri)}"'
            return Misanswered(kind="AUTHORIZER_CONFIGURATION_ERROR", reason=why)
        who = f'the function "{function.name}" of the authorizer "{authorizer.name}"'
        result = await invoke(self._outside, function, asked.event(), LONGEST)
        match result:
            case Returned(payload=payload):
                try:
                    return Answer.read(payload, authorizer)
                except (AnswerError, PolicyError) as error:
                    why = f"{who} gave a wrong answer: {error}"
            case Raised(message="Unauthorized"):
                return Unauthorized(reason=f"{who} raised Unauthorized")
            case Raised(type=kind, message=message):
                why = f"{who} raised {shown(f'{kind}: {message}')}"
            case TookTooLong(seconds=seconds):
                return Misanswered(kind="AUTHORIZER_FAILURE", reason=f"{who} took longer than {seconds:g} s")
            case Broken(reason=reason):
                why = f"{who} broke: {reason}"
            case _:
                assert_never(result)
        return Misanswered(kind="AUTHORIZER_CONFIGURATION_ERROR", reason=why)


def identity_of(sources: tuple[Identity, ...], data: RequestData) -> tuple[str, ...] | None:
    """Return what the sources hold; None where one of them is missing or empty, and then nobody is asked (401)."""
    found = tuple(_held(source, data) for source in sources)
    values = tuple(value for value in found if value)
    return values if len(values) == len(found) else None


def lacks_identity(authorizer: str, sources: tuple[Identity, ...]) -> str:
    """Say what :func:`identity_of` did not find."""
    wanted = " and ".join(f"{source.location} {source.name}" for source in sources)
    return f'the authorizer "{authorizer}" wants {wanted}, and the request lacks it or has it empty'


def context_variables(decision: Allowed | Denied) -> dict[str, str]:
    """Return what ``$context`` knows of a decision: ``authorizer.principalId`` and ``authorizer.<key>``.

    Numbers and booleans are as JSON prints them ("Output from an API Gateway Lambda authorizer"), and so are the lists
    and objects that an HTTP API takes; ``null`` is no value. The last two are choices.
    """
    variables = {f"authorizer.{key}": render(value) for key, value in decision.context.items() if value is not None}
    if decision.principal is not None:
        variables["authorizer.principalId"] = decision.principal
    return variables


def _held(source: Identity, data: RequestData) -> str | None:
    match source.location:
        case "header":
            name = source.name.lower()
            values = tuple(value for header, value in data.headers if header.lower() == name)
            return ",".join(values) if any(values) else None
        case "querystring":
            values = values_of(data.query, source.name)
            return ",".join(values) if any(values) else None
        case "context":
            return data.context.get(source.name)
        case "stageVariables":
            return data.stage_variables.get(source.name)
        case _:
            assert_never(source.location)


def _stage_arn(arn: str) -> str:
    return "/".join(arn.split("/", 2)[:2])


def _decision(answer: Answer, asked: Asked) -> Allowed | Denied:
    notes: tuple[str, ...] = ()
    if isinstance(answer.says, bool):
        verdict = "allowed" if answer.says else "denied"
        why = "says that the caller is not authorized"
    else:
        verdict = answer.says.verdict(asked.arn)
        why = f"{'denies' if verdict == 'explicitly denied' else 'has no statement that allows'} {asked.arn}"
        if answer.says.has_conditions(asked.arn):
            weighed = "an Allow holds whatever they are, and a Deny does not"
            notes = (
                f'conditions of the policy of the authorizer "{asked.authorizer.name}" are not weighed: {weighed}',
            )
    if verdict == "allowed":
        return Allowed(principal=answer.principal, context=answer.context, usage_key=answer.usage_key, notes=notes)
    says = "the answer" if isinstance(answer.says, bool) else "the policy"
    return Denied(
        principal=answer.principal,
        context=answer.context,
        explicit=verdict == "explicitly denied",
        reason=f'{says} of the authorizer "{asked.authorizer.name}" {why}',
        notes=notes,
    )
