import re
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.json_path import JsonValue
from local.gateway.authorization.policy import Policy, PolicyError, matches

API = "arn:aws:execute-api:us-east-1:123456789012:orders"
ARN = f"{API}/dev/GET/pets/7"


def statement(effect: str = "Allow", **elements: JsonValue) -> dict[str, JsonValue]:
    made: dict[str, JsonValue] = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": "*"}
    for name in elements:
        made.pop(name.removeprefix("Not"), None)
    return {**made, **elements}


def document(*statements: JsonValue) -> dict[str, JsonValue]:
    return {"Version": "2012-10-17", "Statement": [*statements]}


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("*", "a/b\nc", True),
        ("a*", "a/b/c", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", True),
        ("a?c", "ac", False),
        ("a.c", "abc", False),
        ("a", "ab", False),
        ("a", "a\n", False),
        ("", "", True),
        ("${aws:username}", "me", False),
    ],
)
def test_a_pattern_knows_two_wildcards(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected


@given(st.text(), st.lists(st.text(), min_size=1))
def test_a_pattern_matches_whatever_stands_where_its_stars_are(fill: str, parts: list[str]) -> None:
    plain = [re.sub(r"[*?]", "", part) for part in parts]
    assert matches("*".join(plain), fill.join(plain))
    assert matches("?".join(plain), "\n".join(plain))


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        ([], "denied"),
        ([statement()], "allowed"),
        ([statement(Resource=ARN)], "allowed"),
        ([statement(Resource=[f"{API}/prod/*", f"{API}/dev/GET/*"])], "allowed"),
        ([statement(Resource=f"{API}/*/GET/pets/?")], "allowed"),
        ([statement(Resource=f"{API}/dev/POST/*")], "denied"),
        ([statement(Resource=f"{API}/dev/GET/pets")], "denied"),
        ([statement(Resource=ARN.upper())], "denied"),
        ([statement(Resource="execute-api:/dev/GET/*")], "denied"),
        ([statement(Resource=[])], "denied"),
        ([statement(NotResource=f"{API}/prod/*")], "allowed"),
        ([statement(NotResource=f"{API}/dev/*")], "denied"),
        ([statement(Action="EXECUTE-API:invoke")], "allowed"),
        ([statement(Action="execute-api:*")], "allowed"),
        ([statement(Action=["execute-api:ManageConnections", "execute-api:Inv?ke"])], "allowed"),
        ([statement(Action="execute-api:InvalidateCache")], "denied"),
        ([statement(Action="Invoke")], "denied"),
        ([statement(NotAction="execute-api:ManageConnections")], "allowed"),
        ([statement(NotAction="execute-api:*")], "denied"),
        ([statement("Deny")], "explicitly denied"),
        ([statement(), statement("Deny", Resource=ARN)], "explicitly denied"),
        ([statement("Deny", Resource=f"{API}/prod/*"), statement()], "allowed"),
        ([statement(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})], "allowed"),
        ([statement(), statement("Deny", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})], "allowed"),
        ([statement("Deny", Condition={}), statement()], "explicitly denied"),
        ([statement(Principal={"AWS": "210987654321"}, Sid="Me")], "allowed"),
    ],
)
def test_a_policy_decides_on_a_call(statements: list[JsonValue], verdict: str) -> None:
    assert Policy.read(document(*statements)).verdict(ARN) == verdict


@pytest.mark.parametrize(
    "written",
    [
        {"Statement": statement()},
        {"Version": "2012-10-17", "Statement": statement()},
        {"Version": "2008-10-17", "Id": "mine", "Statement": [statement()]},
    ],
)
def test_one_statement_needs_no_list_and_a_policy_no_version(written: JsonValue) -> None:
    assert Policy.read(written).verdict(ARN) == "allowed"


@given(
    st.lists(
        st.builds(statement, st.sampled_from(["Allow", "Deny"]), Resource=st.sampled_from(["*", ARN, API])), max_size=6
    )
)
def test_an_explicit_deny_outweighs_every_allow(statements: list[dict[str, JsonValue]]) -> None:
    about = [made["Effect"] for made in statements if made["Resource"] != API]
    expected = "explicitly denied" if "Deny" in about else "allowed" if about else "denied"
    assert Policy.read(document(*cast("list[JsonValue]", statements))).verdict(ARN) == expected


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (statement(Condition={"Bool": {"aws:SecureTransport": "true"}}), True),
        (statement("Deny", Condition={"Bool": {"aws:SecureTransport": "true"}}), True),
        (statement(Condition={"Bool": {"aws:SecureTransport": "true"}}, Resource=API), False),
        (statement(Condition={}), False),
        (statement(), False),
    ],
)
def test_conditions_are_told_of_where_they_are_about_the_call(made: JsonValue, expected: bool) -> None:
    assert Policy.read(document(made)).has_conditions(ARN) is expected


PLACE = "policyDocument.Statement[0]"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (None, "policyDocument must be an object, got null"),
        ("{}", 'policyDocument must be an object, got "{}"'),
        ([], "policyDocument must be an object, got []"),
        ({}, "policyDocument.Statement must be an object, got null"),
        ({"Statement": "Allow"}, 'policyDocument.Statement must be an object, got "Allow"'),
        ({"Statement": ["Allow"]}, f'{PLACE} must be an object, got "Allow"'),
        (
            {"Version": "2021-01-01", "Statement": []},
            'policyDocument.Version must be 2012-10-17 or 2008-10-17, got "2021-01-01"',
        ),
        ({"Version": 2, "Statement": []}, "policyDocument.Version must be 2012-10-17 or 2008-10-17, got 2"),
        (document(statement("allow")), f'{PLACE}.Effect must be Allow or Deny, got "allow"'),
        (document({}), f"{PLACE}.Effect must be Allow or Deny, got null"),
        (document({"Effect": "Allow"}), f"{PLACE} must have either Action or NotAction, got neither"),
        (
            document(statement(), {**statement(), "NotAction": "*"}),
            "policyDocument.Statement[1] must have either Action or NotAction, got both",
        ),
        (
            document({"Effect": "Deny", "Action": "*"}),
            f"{PLACE} must have either Resource or NotResource, got neither",
        ),
        (document(statement(Action=7)), f"{PLACE}.Action must be a text or a list of texts, got 7"),
        (
            document(statement(NotResource=["*", None])),
            f'{PLACE}.NotResource must be a text or a list of texts, got ["*",null]',
        ),
    ],
)
def test_a_document_that_decides_nothing_is_refused(written: JsonValue, message: str) -> None:
    with pytest.raises(PolicyError) as raised:
        Policy.read(written)
    assert str(raised.value) == message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["Statement", "Effect", "Action", "x"]), inner),
    max_leaves=8,
)


@given(JSON)
def test_any_document_is_read_or_refused(written: JsonValue) -> None:
    try:
        verdict = Policy.read(written).verdict(ARN)
    except PolicyError:
        return
    assert verdict in ("allowed", "denied", "explicitly denied")
