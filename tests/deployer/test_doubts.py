"""The doubts about an account: which ARNs of a stack file say that it is another one."""

import pytest

from deployer.deployment import Deployed, Deployment
from deployer.doubts import doubts

GIVEN = "111122223333"
OTHER = "222233334444"


def deployment(*boundaries: str) -> Deployment:
    roles = tuple(
        Deployed(type="aws:iam/role:Role", name=f"role-{number}", inputs={"permissionsBoundary": boundary})
        for number, boundary in enumerate(boundaries)
    )
    kinds = {"aws:iam/role:Role": roles} if roles else {}
    return Deployment(region="us-east-1", account=GIVEN, project="gatelink", stack="dev", resources=kinds)


def arn(account: str, resource: str = "secretsmanager:us-east-1") -> str:
    service, _, region = resource.partition(":")
    return f"arn:aws:{service}:{region}:{account}:it"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, []),
        ({"apis": {"chat": {"alarms": {"snsTopicArn": arn(GIVEN, "sns:us-east-1")}}}}, []),
        (
            {"apis": {"chat": {"authorizers": {"ticket": {"authorizerUri": arn(OTHER, "lambda:eu-west-1")}}}}},
            [f"{OTHER}: apis.chat.authorizers.ticket.authorizerUri"],
        ),
        (
            {"a": arn(OTHER), "b": [arn(OTHER), {"c": arn("333344445555")}]},
            [f"{OTHER}: a and 1 more", "333344445555: b[1].c"],
        ),
        # A function, a key or a topic may be another account's; a boundary may not.
        ({"permissionsBoundary": arn(GIVEN, "iam"), "a": arn(OTHER)}, []),
        ({"a": arn(GIVEN), "permissionsBoundary": arn(OTHER, "iam")}, [f"{OTHER}: permissionsBoundary"]),
        ({"permissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess", "limit": 3}, []),
        ({"bucket": "arn:aws:s3:::logs", "text": f"see {arn(OTHER)}"}, []),
    ],
)
def test_an_account_is_held_against_the_arns_of_the_stack_file(settings: dict[str, object], said: list[str]) -> None:
    found = doubts(deployment(), settings, account=GIVEN, region=None, read_only=False)
    assert list(found) == [f"--account is {GIVEN} and the stack file has ARNs of {text}" for text in said]


@pytest.mark.parametrize(
    ("boundaries", "read_only", "number"),
    [((), False, 0), (("",), False, 1), (("",), True, 0), (("b", "b"), False, 0), (("b", ""), False, 1)],
)
def test_roles_that_nothing_bounds_are_doubted_where_they_may_be_written(
    boundaries: tuple[str, ...], read_only: bool, number: int
) -> None:
    found = doubts(deployment(*boundaries), {}, account=GIVEN, region="us-east-1", read_only=read_only)
    assert len(list(found)) == number
