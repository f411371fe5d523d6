import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.mapping.data import Pairs, RequestData
from local.gateway.authorization.signature import NotSignedError, signer
from local.gateway.headers import parse_query
from tests.local.gateway.backend import Backend
from tests.local.gateway.http.apis import calling, served, to_function

SCOPE = "AKIAEXAMPLE/20260101/us-east-1/execute-api/aws4_request"
DATE = ("X-Amz-Date", "20260101T000000Z")
SIGNED = f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host;x-amz-date, Signature=abc"
QUERY = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={SCOPE}&X-Amz-Signature=abc"


def request(headers: Pairs = (), query: str = "") -> RequestData:
    return RequestData(
        headers=headers,
        query=parse_query(query),
        path="/",
        path_parameters={},
        body=b"",
        context={},
        stage_variables={},
    )


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ((("Authorization", SIGNED), DATE), ""),
        ((("authorization", SIGNED.replace(", ", ",")), ("Date", "Thu, 01 Jan 2026 00:00:00 GMT")), ""),
        ((), QUERY),
    ],
)
def test_who_signed(headers: Pairs, query: str) -> None:
    assert signer(request(headers, query), "us-east-1") == "AKIAEXAMPLE"


UNSIGNED = "the route is for AWS_IAM and the request is not signed (Authorization: AWS4-…)"
NO_SIGNATURE = "the route is for AWS_IAM and Authorization is no signature of AWS4-HMAC-SHA256"
FORM = "the credential must be KEY/DATE/us-east-1/execute-api/aws4_request"


@pytest.mark.parametrize(
    ("headers", "query", "message"),
    [
        ((), "", UNSIGNED),
        ((), "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=", UNSIGNED),
        ((), "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Signature=abc", UNSIGNED),
        ((), "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=abc", f'{FORM}, got ""'),
        ((("Authorization", "Bearer abc"), DATE), "", NO_SIGNATURE),
        ((("Authorization", SIGNED.replace("HMAC", "ECDSA-P256")), DATE), "", NO_SIGNATURE),
        ((("Authorization", "AWS4-HMAC-SHA256"), DATE), "", "Authorization lacks Credential, SignedHeaders, Signature"),
        ((("Authorization", SIGNED.replace("Signature=abc", "Signature=")), DATE), "", "Authorization lacks Signature"),
        ((("Authorization", SIGNED),), "", "a signed request has X-Amz-Date or Date"),
        (
            (("Authorization", SIGNED.replace("us-east-1", "eu-west-1")), DATE),
            "",
            'the call must be signed for "execute-api" in "us-east-1", and is for "execute-api" in "eu-west-1"',
        ),
        (
            (("Authorization", SIGNED.replace("execute-api", "s3")), DATE),
            "",
            'the call must be signed for "execute-api" in "us-east-1", and is for "s3" in "us-east-1"',
        ),
        ((("Authorization", SIGNED.replace(SCOPE, "AKIA/x")), DATE), "", f'{FORM}, got "AKIA/x"'),
    ],
)
def test_what_is_no_signature(headers: Pairs, query: str, message: str) -> None:
    with pytest.raises(NotSignedError) as error:
        signer(request(headers, query), "us-east-1")
    assert str(error.value) == message


@given(st.text(max_size=60))
def test_any_text_is_a_signature_or_is_refused(text: str) -> None:
    for value in (text, f"AWS4-HMAC-SHA256 {text}", SIGNED.replace(SCOPE, text)):
        with contextlib.suppress(NotSignedError):
            assert signer(request((("Authorization", value), DATE)), "us-east-1")


async def test_a_route_for_aws_iam(backend: Backend) -> None:
    made = calling(to_function("echoes"), "GET /pets")
    made.change("orders GET /pets", authorizationType="AWS_IAM")
    async with served(made, {"orders": backend.url}) as client:
        refused = await client.send("GET", "/pets")
        taken = await client.send("GET", "/pets", [("Authorization", SIGNED), DATE])
    assert (refused.status, refused.body) == (403, b'{"message":"Forbidden"}')
    assert client.told[0].reason == UNSIGNED
    assert taken.json["requestContext"]["authorizer"] == {
        "iam": {
            "accessKey": "AKIAEXAMPLE",
            "accountId": None,
            "callerId": None,
            "cognitoIdentity": None,
            "principalOrgId": None,
            "userArn": None,
            "userId": None,
        }
    }
