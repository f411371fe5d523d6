"""Resource policies of REST APIs, written by hand and made."""

import datetime as dt
import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.paths import Location
from apigateway.policy_elements import ACTION_GRAMMAR, RESOURCE_GRAMMAR
from apigateway.resource_policies import (
    advise_policy_paths,
    advise_policy_region,
    advise_resource_policy,
    caller_policy,
    check_resource_policy,
    invoke_policy,
    policy_text,
    private_policy,
)
from apigateway.rest_resources import RestRouteKey

from .test_rest_resources import route_keys

API = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3"
EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
FROM_OUTSIDE = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": ["execute-api:Invoke"],
    "Resource": [f"{API}/*"],
    "Condition": {"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}},
}


def one(**changes: object) -> dict[str, object]:
    """Return a policy of the one statement that allows everybody, with changes; None takes an element away."""
    statement = {name: value for name, value in {**EVERYBODY, **changes}.items() if value is not None}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.mark.parametrize(
    "policy",
    [
        one(),
        one(Effect="Deny", Sid="no"),
        one(Principal={"AWS": ["123456789012", "arn:aws:iam::123456789012:role/a"], "Service": "events.amazonaws.com"}),
        one(Principal=None, NotPrincipal={"AWS": "123456789012"}, Effect="Deny"),
        one(Condition={"ForAnyValue:StringLikeIfExists": {"aws:PrincipalOrgID": "o-1"}, "Bool": {"aws:x": True}}),
        {"Statement": EVERYBODY, "Id": "x"},
        {"Version": "2012-10-17", "Statement": [EVERYBODY, FROM_OUTSIDE]},
    ],
)
def test_a_sound_policy(policy: Mapping[str, object]) -> None:
    assert list(check_resource_policy(policy)) == []


S0: Location = ("Statement", 0)


@pytest.mark.parametrize(
    ("policy", "at", "message"),
    [
        ({"Version": "2012-10-17"}, (), 'needs "Statement"'),
        ({"Statement": []}, ("Statement",), "must be a list of statements, got []"),
        ({"Statement": "x"}, ("Statement",), 'must be a list of statements, got "x"'),
        ({"Statement": ["x"]}, S0, 'must be a statement, got "x"'),
        ({**one(), "Statements": []}, (), 'does not know "Statements"; did you mean "Statement"?'),
        ({**one(), "Version": "2012"}, ("Version",), 'must be "2012-10-17", in quotes, got "2012"'),
        (
            {**one(), "Version": dt.date(2012, 10, 17)},
            ("Version",),
            'must be "2012-10-17", in quotes, got "2012-10-17"',
        ),
        (one(effect="Allow"), S0, 'does not know "effect"; did you mean "Effect"?'),
        (one(Effect=None), S0, 'needs "Effect"'),
        (one(Effect="allow"), (*S0, "Effect"), 'must be "Allow" or "Deny", got "allow"'),
        (one(Effect=["Allow"]), (*S0, "Effect"), 'must be "Allow" or "Deny", got ["Allow"]'),
        (one(Principal=None), S0, 'needs "Principal"'),
        (one(NotAction="*"), S0, 'has "Action" and "NotAction", of which one is allowed'),
        (
            one(Principal="123456789012"),
            (*S0, "Principal"),
            'must be "*" or a mapping such as {"AWS": "123456789012"}, got "123456789012"',
        ),
        (one(Principal={"aws": "*"}), (*S0, "Principal"), 'does not know "aws"; did you mean "AWS"?'),
        (
            one(Principal={"AWS": [12345678901]}),
            (*S0, "Principal", "AWS", 0),
            'must be text, got 12345678901; write "012345678901", in quotes',
        ),
        (one(Principal={"AWS": True}), (*S0, "Principal", "AWS"), "must be text, got true"),
        (one(Action=[]), (*S0, "Action"), "must not be empty"),
        (
            one(Action=["execute-api:Invoke", "s3:Get"]),
            (*S0, "Action", 1),
            f'not an action on an API, got "s3:Get"; {ACTION_GRAMMAR}',
        ),
        (one(Resource="x"), (*S0, "Resource"), f'not a resource of an API, got "x"; {RESOURCE_GRAMMAR}'),
        (one(Condition=[]), (*S0, "Condition"), "must be a mapping of operators, got []"),
        (
            one(Condition={"StringNotEqual": {"aws:SourceVpce": "vpce-1"}}),
            (*S0, "Condition"),
            '"StringNotEqual" is not an operator of a condition; did you mean "StringNotEquals"?',
        ),
        (
            one(Condition={"IpAddress": "192.0.2.0/24"}),
            (*S0, "Condition", "IpAddress"),
            'must be a mapping of condition keys, got "192.0.2.0/24"',
        ),
    ],
)
def test_what_is_wrong_about_a_policy(policy: Mapping[str, object], at: Location, message: str) -> None:
    assert list(check_resource_policy(policy)) == [(at, message)]


def test_all_that_is_wrong_is_said_at_once() -> None:
    policy = {"Statement": [{"Effect": "allow"}, {**EVERYBODY, "Resource": "execute-api:/prod/get/x"}]}
    assert [at for at, _ in check_resource_policy(policy)] == [
        ("Statement", 0, "Effect"),
        ("Statement", 0),
        ("Statement", 0),
        ("Statement", 0),
        ("Statement", 1, "Resource"),
    ]


OPEN = (S0, 'allows everybody, and no "Condition" limits them')
NOBODY = (
    (),
    "allows nobody: only callers of the API's own account get in, where a policy of theirs allows it",
)


@pytest.mark.parametrize(
    ("policy", "private", "findings"),
    [
        (one(), False, [OPEN]),
        (one(Principal={"AWS": ["*"]}), False, [OPEN]),
        (one(Principal={"AWS": "123456789012"}), False, []),
        (one(Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}), False, []),
        ({"Statement": [EVERYBODY, FROM_OUTSIDE]}, False, []),
        ({"Statement": [EVERYBODY, EVERYBODY]}, False, [OPEN]),
        (
            {"Statement": [EVERYBODY, {**EVERYBODY, "Effect": "Deny", "Resource": "execute-api:/*/POST/*"}]},
            False,
            [OPEN],
        ),
        (
            {
                "Statement": [
                    EVERYBODY,
                    {
                        "Effect": "Deny",
                        "NotPrincipal": {"AWS": "123456789012"},
                        "Action": "execute-api:Invoke",
                        "Resource": "execute-api:/*",
                    },
                ]
            },
            False,
            [],
        ),
        (one(Effect="Deny"), False, [NOBODY]),
        (
            {"Statement": [EVERYBODY, FROM_OUTSIDE]},
            True,
            [
                (
                    ("Statement", 1, "Condition", "NotIpAddress"),
                    "aws:SourceIp never matches on a private API; write aws:VpcSourceIp",
                )
            ],
        ),
        (
            one(Condition={"IpAddress": {"aws:vpcsourceip": "10.0.0.0/8"}}),
            False,
            [
                (
                    (*S0, "Condition", "IpAddress"),
                    "aws:vpcsourceip never matches on an API that is not private; write aws:SourceIp",
                )
            ],
        ),
        (
            one(Principal={"AWS": "123456789012"}, Resource=["execute-api:/prod/GET/${aws:username}/*"]),
            False,
            [],
        ),
        (
            one(Principal={"AWS": "123456789012"}, Resource=["execute-api:/prod/GET/pets/{petId}"]),
            False,
            [
                (
                    (*S0, "Resource"),
                    (
                        '"execute-api:/prod/GET/pets/{petId}" is held against the path of a call, which has no '
                        "variables; write execute-api:/prod/GET/pets/*"
                    ),
                )
            ],
        ),
    ],
)
def test_what_is_doubtful_about_a_policy(
    policy: Mapping[str, object], *, private: bool, findings: list[tuple[Location, str]]
) -> None:
    assert list(advise_resource_policy(policy, private=private)) == findings


@pytest.mark.parametrize("operator", ["StringEquals", "ForAnyValue:StringLike", "ArnLike"])
def test_endpoints_of_an_api_that_is_not_private(operator: str) -> None:
    policy = one(Condition={operator: {"aws:SourceVpce": "vpce-1"}})
    place = (*S0, "Condition", operator)
    doubt = "aws:SourceVpce never matches on an API that is not private: no call comes by an endpoint"
    assert list(advise_resource_policy(policy, private=False)) == [(place, doubt)]
    assert list(advise_resource_policy(policy, private=True)) == []


@pytest.mark.parametrize("operator", ["StringNotEquals", "StringEqualsIfExists", "ForAllValues:StringEquals", "Null"])
def test_conditions_that_hold_without_an_endpoint(operator: str) -> None:
    policy = one(Condition={operator: {"aws:SourceVpc": "vpc-1"}})
    assert list(advise_resource_policy(policy, private=False)) == []


@pytest.mark.parametrize("text", ["10.0.0.0/8", "10.0.0.1/8", "192.0.2.1", "2001:db8::/32", "${aws:PrincipalTag/ip}"])
def test_addresses_of_a_condition(text: str) -> None:
    assert list(check_resource_policy(one(Condition={"IpAddress": {"aws:SourceIp": text}}))) == []


@pytest.mark.parametrize("text", ["10.0.0.0/33", "10.0.0", "vpc-1", ""])
def test_what_is_no_address(text: str) -> None:
    policy = one(Condition={"NotIpAddress": {"aws:VpcSourceIp": ["10.0.0.0/8", text]}})
    message = f'not an address or a range, got "{text}"; expected one such as 10.0.0.0/8'
    place = (*S0, "Condition", "NotIpAddress", "aws:VpcSourceIp", 1)
    assert list(check_resource_policy(policy)) == [(place, message)]


@pytest.mark.parametrize(
    ("resource", "doubt"),
    [
        ("*", ""),
        ("execute-api:/*", ""),
        ("execute-api:/prod/*", ""),
        ("execute-api:/pr?d/GET/pets", ""),
        ("execute-api:/prod/GET/pets", ""),
        ("execute-api:/*/DELETE/pets/7", ""),
        ("execute-api:/prod/GET/p*", ""),
        ("execute-api:/prod/GET/cats/{id}", ""),
        (f"{API}/prd/GET/cats", ""),
        ("execute-api:/prd/*", "names no stage of the API; did you mean prod?"),
        ("execute-api:/test/GET/pets", "names no stage of the API; known: prod"),
        ("execute-api:/prod/POST/pets", "names no route of the API: none is called by POST /pets"),
        ("execute-api:/*/GET/cats", "names no route of the API: none is called by GET /cats"),
    ],
)
def test_stages_and_routes_that_a_policy_names(resource: str, doubt: str) -> None:
    routes = [RestRouteKey.parse("GET /pets"), RestRouteKey.parse("ANY /pets/{petId}")]
    found = list(advise_policy_paths(one(Resource=resource), routes, ["prod"]))
    assert found == ([((*S0, "Resource"), f'"{resource}" {doubt}')] if doubt else [])


def test_stages_that_are_not_known() -> None:
    assert list(advise_policy_paths(one(Resource=["execute-api:/prd/GET/"]), [RestRouteKey.parse("GET /")], [])) == []


def test_a_resource_in_another_region() -> None:
    policy = one(Resource=["*", f"{API}/*", f"{API}/*".replace("us-east-1", "eu-west-1"), "arn:aws:execute-api:*:*:*"])
    doubt = '"arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*" matches no call: the API stands in us-east-1'
    assert list(advise_policy_region(policy, "us-east-1")) == [((*S0, "Resource"), doubt)]


def test_both_sides_of_a_call_across_accounts() -> None:
    routes = [RestRouteKey.parse(key) for key in ("POST /pets", "ANY /pets/{petId}/toys", "GET /", "GET /{proxy+}")]
    callers = ["222233334444", "arn:aws-cn:iam::222233334444:role/caller", "222233334444"]
    paths = ["prod/*/pets/*/toys", "prod/GET/", "prod/GET/*", "prod/POST/pets"]
    assert invoke_policy(callers, "aws-cn", stage="prod", routes=routes) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": ["arn:aws-cn:iam::222233334444:root", "arn:aws-cn:iam::222233334444:role/caller"]},
                "Action": "execute-api:Invoke",
                "Resource": [f"execute-api:/{path}" for path in paths],
            }
        ],
    }
    assert caller_policy(API, stage="prod", routes=routes) == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": [f"{API}/{path}" for path in paths]}
        ],
    }


@pytest.mark.parametrize(
    ("stage", "path", "resource"), [("*", "*", "*"), ("prod", "prod/*", ["execute-api:/prod/*"])], ids=["*", "prod"]
)
def test_without_routes_every_call_is_allowed(stage: str, path: str, resource: object) -> None:
    text = policy_text(invoke_policy(["222233334444"], "aws", stage=stage))
    assert json.loads(text)["Statement"][0]["Resource"] == resource
    assert json.loads(policy_text(caller_policy(API, stage=stage)))["Statement"][0]["Resource"] == [f"{API}/{path}"]


DENIED = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}},
}


def test_a_private_api_is_limited_to_its_endpoints() -> None:
    policy = private_policy(["vpce-1", "vpce-2", "vpce-1"])
    assert policy == {"Version": "2012-10-17", "Statement": [{**EVERYBODY, "Resource": "*"}, DENIED]}
    assert list(advise_resource_policy(policy, private=True)) == []


def test_a_private_api_can_be_limited_to_callers_too() -> None:
    allow = invoke_policy(["222233334444"], "aws")
    before = policy_text(allow)
    statements = allow["Statement"]
    assert isinstance(statements, list)
    assert private_policy(["vpce-1", "vpce-2"], allow=allow) == {
        "Version": "2012-10-17",
        "Statement": [*statements, DENIED],
    }
    assert policy_text(allow) == before


@given(st.lists(route_keys(), max_size=4), st.sampled_from(["*", "prod"]))
def test_what_is_made_is_sound(routes: list[RestRouteKey], stage: str) -> None:
    allow = invoke_policy(["222233334444", "arn:aws:iam::222233334444:role/caller"], "aws", stage=stage, routes=routes)
    for policy in (allow, private_policy(["vpce-1"]), private_policy(["vpce-1"], allow=allow)):
        assert list(check_resource_policy(policy)) == []
        assert list(advise_resource_policy(policy, private=True)) == []
        assert json.loads(policy_text(policy)) == policy


ELEMENTS = ("Effect", "Principal", "NotPrincipal", "AWS", "Action", "Resource", "Condition", "Bool", "aws:SourceIp")
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from(["*", "Allow", "Deny", "execute-api:/{x}/*"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(ELEMENTS), inner, max_size=3)),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from(ELEMENTS), anything, max_size=6), max_size=3))
def test_any_statements_are_judged(statements: list[dict[str, object]]) -> None:
    policy = {"Statement": statements}
    for _, message in (*check_resource_policy(policy), *advise_resource_policy(policy, private=False)):
        assert message
