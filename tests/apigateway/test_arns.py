"""ARNs that an API is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.arns import (
    LAMBDA_GRAMMAR,
    PRINCIPAL_GRAMMAR,
    ROLE_GRAMMAR,
    SERVICE_GRAMMAR,
    Arn,
    LambdaFunction,
    ServiceUri,
    check_invoker,
    check_principal,
    check_role_arn,
    parse_aws_uri,
    principal_arn,
)
from apigateway.errors import ExpressionError, shown

from .expressions import WORD, words

ORDERS = "arn:aws:lambda:us-east-1:123456789012:function:orders"
INVOKE = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions"

partitions = st.sampled_from(("aws", "aws-cn", "aws-us-gov", "aws-iso-b"))
regions = st.sampled_from(("us-east-1", "cn-north-1", "us-gov-west-1", "us-isob-east-1", "eusc-de-east-1"))
accounts = st.text("0123456789", min_size=12, max_size=12)
names = st.lists(
    st.one_of(words(WORD + "-"), words(WORD).map("${{stageVariables.{}}}".format)), min_size=1, max_size=3
).map("".join)
qualifiers = st.one_of(st.none(), st.sampled_from(("$LATEST", "$LATEST.PUBLISHED")), names)


@pytest.mark.parametrize(
    ("text", "arn", "function_arn", "qualifier"),
    [
        (ORDERS, ORDERS, ORDERS, None),
        (f"{ORDERS}:live", f"{ORDERS}:live", ORDERS, "live"),
        (f"{ORDERS}:$LATEST", f"{ORDERS}:$LATEST", ORDERS, "$LATEST"),
        (f"{INVOKE}/{ORDERS}/invocations", ORDERS, ORDERS, None),
        (f"{INVOKE}/{ORDERS}:7/invocations", f"{ORDERS}:7", ORDERS, "7"),
    ],
)
def test_a_function_with_its_forms(text: str, arn: str, function_arn: str, qualifier: str | None) -> None:
    function = LambdaFunction.parse(text)
    assert str(function) == text
    assert (function.arn, function.function_arn, function.qualifier) == (arn, function_arn, qualifier)
    assert function.invocation_arn == f"{INVOKE}/{arn}/invocations"
    assert (function.partition, function.region, function.account, function.name) == (
        "aws",
        "us-east-1",
        "123456789012",
        "orders",
    )
    assert not function.has_stage_variable


@pytest.mark.parametrize("name", ["${stageVariables.fn}", "orders-${stageVariables.env}", "orders:${stageVariables.v}"])
def test_a_stage_variable_stands_in_a_functions_name_or_qualifier(name: str) -> None:
    text = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    function = LambdaFunction.parse(text)
    assert function.has_stage_variable
    assert function.arn == text


def test_functions_are_equal_however_they_are_written() -> None:
    assert LambdaFunction.parse(ORDERS) == LambdaFunction.parse(f"{INVOKE}/{ORDERS}/invocations")
    assert LambdaFunction.parse(ORDERS) != LambdaFunction.parse(f"{ORDERS}:live")


@given(partitions, regions, accounts, names, qualifiers)
def test_a_function_is_read_from_both_of_its_arns(
    partition: str, region: str, account: str, name: str, qualifier: str | None
) -> None:
    bare = f"arn:{partition}:lambda:{region}:{account}:function:{name}"
    text = bare if qualifier is None else f"{bare}:{qualifier}"
    function = LambdaFunction.parse(text)
    assert (function.partition, function.region, function.account) == (partition, region, account)
    assert (function.name, function.qualifier, function.arn, function.function_arn) == (name, qualifier, text, bare)
    assert function == LambdaFunction.parse(function.invocation_arn)
    assert LambdaFunction.parse(function.invocation_arn).invocation_arn == function.invocation_arn
    assert function.has_stage_variable == ("${" in text)
    assert str(Arn.parse(bare)) == bare


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("", ""),
        ("orders", "; write arn:aws:lambda:REGION:ACCOUNT:function:orders"),
        ("orders:live", "; write arn:aws:lambda:REGION:ACCOUNT:function:orders:live"),
        ("function:orders", "; write arn:aws:lambda:REGION:ACCOUNT:function:orders"),
        ("123456789012:function:orders", "; write arn:aws:lambda:REGION:123456789012:function:orders"),
        ("https://abc.lambda-url.us-east-1.on.aws/", "; a URL is called with HTTP_PROXY"),
        ("arn:aws:iam::123456789012:role/orders", "; a role goes into credentialsArn"),
        ("arn:aws:sqs:us-east-1:123456789012:orders", ""),
        ("arn:aws:lambda:us-east-1:123456789012:layer:orders", ""),
        ("arn:aws:lambda:us-east-1:12345:function:orders", ""),
        ("arn:aws:lambda:us-east:123456789012:function:orders", ""),
        ("arn:aws:lambda:us-east-1:123456789012:function:or ders", ""),
        ("arn:aws:lambda:us-east-1:123456789012:function:${stageVariables}", ""),
        ("arn:aws:lambda:us-east-1:123456789012:function:${stageVariables.a-b}", ""),
        (f"{ORDERS}:", ""),
        (f"{ORDERS}:a:b", ""),
        (f"{ORDERS}\n", ""),
        (f"{INVOKE}/{ORDERS}", ""),
        (f"{INVOKE}/orders/invocations", ""),
        (f"{INVOKE.replace('2015-03-31', '2015-03-30')}/{ORDERS}/invocations", ""),
    ],
)
def test_what_is_not_a_function(text: str, suggestion: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        LambdaFunction.parse(text)
    assert str(raised.value) == f'not the ARN of a Lambda function, got "{shown(text)}"; {LAMBDA_GRAMMAR}{suggestion}'


@pytest.mark.parametrize(
    "invoke", [INVOKE.replace("us-east-1", "us-west-2"), INVOKE.replace("arn:aws:", "arn:aws-cn:")]
)
def test_an_invocation_arn_is_of_its_functions_region(invoke: str) -> None:
    text = f"{invoke}/{ORDERS}/invocations"
    with pytest.raises(ExpressionError) as raised:
        LambdaFunction.parse(text)
    assert str(raised.value) == (
        "the invocation ARN and the function in it are of different Regions, "
        f'got "{shown(text)}"; write "us-east-1" and "aws" in both'
    )


@pytest.mark.parametrize(
    ("text", "region", "service"),
    [
        ("arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders", "us-east-1", "sqs"),
        ("arn:aws-cn:apigateway:cn-north-1:dynamodb:action/PutItem", "cn-north-1", "dynamodb"),
        ("arn:aws:apigateway:eu-west-1:bucket.s3:path/{key}", "eu-west-1", "s3"),
        ("arn:aws:apigateway:us-east-1:sqs:${stageVariables.queue}", "us-east-1", "sqs"),
        ("arn:aws:apigateway:us-east-1:kinesis:action/${stageVariables.action}", "us-east-1", "kinesis"),
        ("arn:aws:apigateway:us-east-1:lambda:path/2014-11-13/functions/orders/invoke-async", "us-east-1", "lambda"),
    ],
)
def test_the_uri_of_a_service(text: str, region: str, service: str) -> None:
    uri = parse_aws_uri(text)
    assert uri == ServiceUri(text=text, region=region, service=service)
    assert str(uri) == text


@pytest.mark.parametrize("text", [ORDERS, f"{ORDERS}:live", f"{INVOKE}/{ORDERS}/invocations"])
def test_the_uri_of_a_function(text: str) -> None:
    assert parse_aws_uri(text) == LambdaFunction.parse(text)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("", ""),
        ("sqs", ""),
        ("https://sqs.us-east-1.amazonaws.com/", "; a URL is called with HTTP or HTTP_PROXY"),
        (
            "arn:aws-cn:sqs:cn-north-1:123456789012:orders",
            "; name what is called and not the resource, as in arn:aws-cn:apigateway:REGION:sqs:path/…",
        ),
        ("arn:aws:iam::123456789012:role/orders", ""),
        ("arn:aws:apigateway:us-east-1:sqs:orders", ""),
        ("arn:aws:apigateway:us-east-1:sqs:path/", ""),
        ("arn:aws:apigateway:us-east-1:sqs:path/a b", ""),
        ("arn:aws:apigateway::sqs:path/orders", ""),
    ],
)
def test_what_is_not_the_uri_of_a_service(text: str, suggestion: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_aws_uri(text)
    assert str(raised.value) == f'not the URI of an AWS service, got "{shown(text)}"; {SERVICE_GRAMMAR}{suggestion}'


def test_a_broken_invocation_arn_is_held_against_the_grammar_of_functions() -> None:
    with pytest.raises(ExpressionError, match=r"not the ARN of a Lambda function"):
        parse_aws_uri(f"{INVOKE}/orders/invocations")


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::123456789012:role/orders",
        "arn:aws-us-gov:iam::123456789012:role/service-role/team/orders+1=a,b.c@d_e",
        "arn:aws:iam::*:user/*",
        "arn:aws-cn:iam::*:user/*",
        "arn:aws:iam::123456789012:${stageVariables.role}",
        "arn:aws:iam::123456789012:role/orders-${stageVariables.env}",
    ],
)
def test_a_role(text: str) -> None:
    check_role_arn(text)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("", ""),
        ("orders", "; write arn:aws:iam::ACCOUNT:role/orders"),
        ("role/orders", "; write arn:aws:iam::ACCOUNT:role/orders"),
        (ORDERS, "; a function goes into integrationUri"),
        (
            "arn:aws:sts::123456789012:assumed-role/orders/me",
            "; write arn:aws:iam::123456789012:role/orders",
        ),
        ("arn:aws:iam::123456789012:user/ann", ""),
        ("arn:aws:iam::123456789012:user/*", ""),
        ("arn:aws:iam::*:role/*", ""),
        ("arn:aws:iam::123456789012:role/*", ""),
        ("arn:aws:iam::123456789012:role/", ""),
        ("arn:aws:iam::123456789012:instance-profile/orders", ""),
        ("arn:aws:iam:us-east-1:123456789012:role/orders", ""),
        ("arn:aws:iam::12345:role/orders", ""),
        ("arn:aws:iam::123456789012:${stageVariables.a.b}", ""),
    ],
)
def test_what_is_not_a_role(text: str, suggestion: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_role_arn(text)
    assert (
        str(raised.value)
        == f'not the ARN of a role that API Gateway can assume, got "{shown(text)}"; {ROLE_GRAMMAR}{suggestion}'
    )


@pytest.mark.parametrize(
    ("text", "arn"),
    [
        ("012345678901", "arn:aws-cn:iam::012345678901:root"),
        ("arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:root"),
        ("arn:aws:iam::123456789012:role/team/orders", "arn:aws:iam::123456789012:role/team/orders"),
        ("arn:aws:iam::123456789012:user/ann", "arn:aws:iam::123456789012:user/ann"),
    ],
)
def test_a_principal(text: str, arn: str) -> None:
    check_principal(text)
    assert principal_arn(text, "aws-cn") == arn


@given(partitions, accounts)
def test_the_arn_of_a_principal_is_a_principal(partition: str, account: str) -> None:
    arn = principal_arn(account, partition)
    check_principal(arn)
    assert principal_arn(arn, "aws") == arn
    assert Arn.parse(arn) == Arn(partition=partition, service="iam", region="", account=account, resource="root")


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("", ""),
        ("12345678901", '; write "012345678901", in quotes, where leading zeros were lost'),
        ("1234567890123", "; an account's id has 12 digits, this has 13"),
        ("2222", "; an account's id has 12 digits, this has 4"),
        ("arn:aws:iam::123456789012:role/*", ""),
        ("arn:aws:iam::123456789012:role/", ""),
        ("arn:aws:iam::123456789012:role//a", ""),
        ("arn:aws:iam::123456789012:group/ops", ""),
        ("arn:aws:iam::*:root", ""),
        ("lambda.amazonaws.com", ""),
        (
            "arn:aws-cn:sts::123456789012:assumed-role/orders/me",
            "; write arn:aws-cn:iam::123456789012:role/orders",
        ),
    ],
)
def test_what_is_not_a_principal(text: str, suggestion: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_principal(text)
    assert (
        str(raised.value)
        == f'not a principal that can assume a role, got "{shown(text)}"; {PRINCIPAL_GRAMMAR}{suggestion}'
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "*",
            (
                f'anybody at all could call the API, got "*"; {PRINCIPAL_GRAMMAR}; write a resourcePolicy, with a '
                "Condition that limits them"
            ),
        ),
        ("bob", f'not a principal that a policy can let in, got "bob"; {PRINCIPAL_GRAMMAR}'),
        (
            "2222",
            (
                f'not a principal that a policy can let in, got "2222"; {PRINCIPAL_GRAMMAR}; an account\'s '
                "id has 12 digits, "
                "this has 4"
            ),
        ),
    ],
)
def test_whom_a_policy_does_not_let_in(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_invoker(text)
    assert str(raised.value) == message


@pytest.mark.parametrize("text", ["123456789012", "arn:aws:iam::123456789012:role/a"])
def test_whom_a_policy_lets_in(text: str) -> None:
    check_invoker(text)


def test_not_anybody_can_assume_a_role() -> None:
    with pytest.raises(ExpressionError) as raised:
        check_principal("*")
    assert str(raised.value) == f'anybody at all could assume the role, got "*"; {PRINCIPAL_GRAMMAR}'


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("arn:aws:s3:::bucket/a:b", ("aws", "s3", "", "", "bucket/a:b")),
        (
            "arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:123456789012:loadbalancer/net/a/1",
            ("aws-us-gov", "elasticloadbalancing", "us-gov-west-1", "123456789012", "loadbalancer/net/a/1"),
        ),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", ("aws", "iam", "", "aws", "policy/ReadOnlyAccess")),
    ],
)
def test_the_parts_of_an_arn(text: str, parts: tuple[str, ...]) -> None:
    arn = Arn.parse(text)
    assert (arn.partition, arn.service, arn.region, arn.account, arn.resource) == parts
    assert str(arn) == text


@pytest.mark.parametrize("text", ["", "arn", "arn:aws:sqs", "arn:gcp:sqs:us-east-1:123456789012:a", "arn:aws:s3:::"])
def test_what_is_not_an_arn(text: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        Arn.parse(text)
    assert (
        str(raised.value) == f'not an ARN, got "{shown(text)}"; expected arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE'
    )
