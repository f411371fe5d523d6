"""The documents are what IAM takes, in form and length."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.document import MOST_CHARACTERS, documents, size
from deployer.grants import Grant
from deployer.permissions import NEEDS, grants_of
from tests.deployer.making import any_of, statements, statements_for

FORMS = {read_only: documents(grants_of(any_of(*NEEDS)), read_only=read_only) for read_only in (False, True)}
SID = re.compile(r"[A-Za-z0-9]+")
ACTION = re.compile(r"[a-z0-9-]+:[A-Z][A-Za-z0-9]+")
ARN = re.compile(r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:.+")
OPERATORS = {"StringEquals", "ForAllValues:StringEquals", "ArnEquals", "Null"}


ONE = Grant(group="apis", purpose="One", actions=("a:B",))


@pytest.mark.parametrize("read_only", [False, True])
def test_a_document_is_of_iams_grammar(read_only: bool) -> None:
    for document in FORMS[read_only].values():
        assert list(document) == ["Version", "Statement"]
        assert document["Version"] == "2012-10-17"
        assert size(document) <= MOST_CHARACTERS
        listed = statements({"": document})
        assert len({statement["Sid"] for statement in listed}) == len(listed)
        for statement in listed:
            assert set(statement) - {"Condition"} == {"Sid", "Effect", "Action", "Resource"}
            assert SID.fullmatch(statement["Sid"])
            assert statement["Effect"] == "Allow"
            assert [action for action in statement["Action"] if not ACTION.fullmatch(action)] == []
            assert [arn for arn in statement["Resource"] if arn != "*" and not ARN.fullmatch(arn)] == []
            assert set(statement.get("Condition", {})) <= OPERATORS
            for keys in statement.get("Condition", {}).values():
                for value in keys.values():
                    assert isinstance(value, str) or (len(value) > 1 and all(isinstance(item, str) for item in value))


def test_size_counts_what_aws_counts() -> None:
    assert size({"Version": "2012-10-17", "Statement": []}) == len('{"Version":"2012-10-17","Statement":[]}')


def test_grants_of_one_purpose_become_one_statement() -> None:
    found = documents(
        [replace(ONE, resources=("r/2", "r/1")), replace(ONE, actions=("a:A", "a:B"), resources=("r/1", "r/3"))]
    )
    assert found == {
        "apis": {
            "Version": "2012-10-17",
            "Statement": [
                {"Sid": "One", "Effect": "Allow", "Action": ["a:A", "a:B"], "Resource": ["r/1", "r/2", "r/3"]}
            ],
        }
    }


@pytest.mark.parametrize("more", [{"reads": True}, {"condition": {"StringEquals": {"aws:RequestedRegion": ("x",)}}}])
def test_grants_of_one_purpose_have_one_condition(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^grants of One differ in more than actions and resources$"):
        documents([ONE, replace(ONE, **more)])


@pytest.mark.parametrize(
    ("given_resources", "left"),
    [
        (("/apis", "/apis/*"), ["/apis", "/apis/*"]),
        (("/apis/*", "/apis/*/routes*", "/apis/x"), ["/apis/*"]),
        (("*", "/apis/*"), ["*"]),
        (("/a*", "/a*"), ["/a*"]),
    ],
)
def test_what_another_resource_takes_in_is_left_out(given_resources: tuple[str, ...], left: list[str]) -> None:
    (statement,) = statements(documents([replace(ONE, resources=given_resources)]))
    assert statement["Resource"] == left


def test_a_preview_has_what_reads() -> None:
    found = documents([replace(ONE, purpose="Reads", reads=True), ONE], read_only=True)
    assert [statement["Sid"] for statement in statements(found)] == ["Reads"]


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.lists(st.integers(0, 400), min_size=1, max_size=300)), min_size=1, max_size=8
    )
)
def test_documents_fit_and_lose_nothing(sizes: list[tuple[int, list[int]]]) -> None:
    grants = [
        replace(
            ONE,
            purpose=f"Purpose{purpose}",
            resources=tuple(f"arn:aws:x:us-east-1:111122223333:thing/{n:040}" for n in numbers),
        )
        for purpose, numbers in sizes
    ]
    found = documents(grants)
    assert all(size(document) <= MOST_CHARACTERS for document in found.values())
    assert list(found) == ["apis", *(f"apis-{number}" for number in range(2, len(found) + 1))]
    sids = [statement["Sid"] for statement in statements(found)]
    assert len(set(sids)) == len(sids)
    allowed = {resource for statement in statements(found) for resource in statement["Resource"]}
    assert allowed == {resource for one in grants for resource in one.resources}


def test_the_same_deployment_has_the_same_documents() -> None:
    everything = any_of(*NEEDS)
    backwards = any_of(*reversed(list(NEEDS)))
    assert json.dumps(statements_for(everything)) == json.dumps(statements_for(backwards))
