"""Actions, resources and principals of a resource policy."""

import pytest

from apigateway.errors import ExpressionError
from apigateway.policy_elements import (
    ACTION_GRAMMAR,
    PRINCIPAL_GRAMMAR,
    RESOURCE_GRAMMAR,
    check_action,
    check_policy_principal,
    check_resource,
)

API = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3"


@pytest.mark.parametrize(
    "text", ["*", "execute-api:*", "execute-api:Invoke", "execute-api:invoke", "Execute-API:Inv*", "execute-api:In?oke"]
)
def test_an_action(text: str) -> None:
    check_action(text)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("", ""),
        ("Invoke", '; did you mean "execute-api:Invoke"?'),
        ("execute-api:Invok", '; did you mean "execute-api:Invoke"?'),
        ("lambda:InvokeFunction", ""),
        ("lambda:*", ""),
    ],
)
def test_what_is_not_an_action(text: str, suggestion: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_action(text)
    assert str(raised.value) == f'not an action on an API, got "{text}"; {ACTION_GRAMMAR}{suggestion}'


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "execute-api:/*",
        "execute-api:/prod/*",
        "execute-api:/prod/GET/pets",
        "execute-api:/prod/GET/",
        "execute-api:/*/*/pets/*",
        "execute-api:/*/pets",
        "execute-api:/prod/G?T/pets",
        f"{API}/*",
        f"{API}/prod/POST/pets/1",
        "arn:aws-cn:execute-api:cn-north-1:*:*/*",
        "arn:aws:execute-api:us-east-1:123456789012:*",
    ],
)
def test_a_resource(text: str) -> None:
    check_resource(text)


NO_RESOURCE = "not a resource of an API"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f'{NO_RESOURCE}, got ""; {RESOURCE_GRAMMAR}'),
        ("execute-api:*", f'{NO_RESOURCE}, got "execute-api:*"; {RESOURCE_GRAMMAR}; write execute-api:/*'),
        (
            "/prod/GET/pets",
            f'{NO_RESOURCE}, got "/prod/GET/pets"; {RESOURCE_GRAMMAR}; write execute-api:/prod/GET/pets',
        ),
        (
            "execute-api:prod/GET/pets",
            f'{NO_RESOURCE}, got "execute-api:prod/GET/pets"; {RESOURCE_GRAMMAR}; write execute-api:/prod/GET/pets',
        ),
        ("https://example.com/pets", f'{NO_RESOURCE}, got "https://example.com/pets"; {RESOURCE_GRAMMAR}'),
        ("arn:aws:s3:::pets/*", f'{NO_RESOURCE}, got "arn:aws:s3:::pets/*"; {RESOURCE_GRAMMAR}'),
        ("execute-api:/", 'the path of the calls is left out, got "execute-api:/"; write execute-api:/*'),
        ("execute-api:/prod", 'the path of the calls is left out, got "execute-api:/prod"; write execute-api:/prod/*'),
        (
            "execute-api:/*/GET",
            'the path of the calls is left out, got "execute-api:/*/GET"; write execute-api:/*/GET/*',
        ),
        (API, f'the path of the calls is left out, got "{API}"; write {API}/*'),
        (
            "execute-api:/GET/pets",
            'the stage is left out, got "execute-api:/GET/pets"; write execute-api:/*/GET/pets',
        ),
        (
            "execute-api:/ANY/pets",
            'the stage is left out, got "execute-api:/ANY/pets"; write execute-api:/*/*/pets',
        ),
        (
            "execute-api:/prod/ANY/pets",
            'no call has the method "ANY", got "execute-api:/prod/ANY/pets"; write execute-api:/prod/*/pets',
        ),
        (
            "execute-api:/*/get/pets",
            'no call has the method "get", got "execute-api:/*/get/pets"; write execute-api:/*/GET/pets',
        ),
        ("execute-api:/prod/pets/*", 'no call has the method "pets", got "execute-api:/prod/pets/*"'),
        ("execute-api:/prod/pets", 'no call has the method "pets", got "execute-api:/prod/pets"'),
    ],
)
def test_what_is_not_a_resource(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_resource(text)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "123456789012",
        "arn:aws:iam::123456789012:root",
        "arn:aws-cn:iam::123456789012:role/path/caller",
        "arn:aws:iam::123456789012:user/alice",
        "arn:aws:sts::123456789012:assumed-role/caller/session",
    ],
)
def test_a_principal(text: str) -> None:
    check_policy_principal(text)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("", ""),
        ("12345", ""),
        ("alice", ""),
        (
            "arn:aws:iam::123456789012:role/*",
            '; write "*" and put the pattern into a Condition on aws:PrincipalArn',
        ),
        ("arn:aws:iam::123456789012:group/admins", "; a group is no principal, name its users or a role"),
        ("arn:aws:iam::123456789012:policy/x", ""),
    ],
)
def test_what_is_not_a_principal(text: str, suggestion: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_policy_principal(text)
    assert str(raised.value) == f'not a principal of a resource policy, got "{text}"; {PRINCIPAL_GRAMMAR}{suggestion}'
