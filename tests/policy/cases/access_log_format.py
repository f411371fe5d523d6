from apigateway.access_log import DEFAULT_FORMAT
from apigateway.errors import shown
from policy.aws_types import REST_STAGE, STAGE
from policy.checks.access_log_format import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, resource

OBJECT = "orders: accessLogSettings.format must be a JSON object of $context variables"
BRACKETS = "[" * 2000 + "$context.requestId"


def logged(text: Value, type_: str = STAGE) -> Resource:
    return resource(type_, "orders", accessLogSettings={"destinationArn": UNKNOWN, "format": text})


CASES = Cases(
    policy=POLICY,
    good={
        "the defaults": (
            logged(DEFAULT_FORMAT["HTTP"]),
            logged(DEFAULT_FORMAT["WEBSOCKET"]),
            logged(DEFAULT_FORMAT["REST"], REST_STAGE),
        ),
        "numbers": (logged('{"id":"$context.requestId","status":$context.status,"all":[$context.responseLength]}'),),
        "quoted already": (logged('{"id":"$context.requestId","error":$context.error.messageString}'),),
        "a claim": (logged('{"id":"$context.requestId","groups":$context.authorizer.claims.cognito:groups}'),),
        "the extended id": (logged('{"id":"$context.extendedRequestId"}', REST_STAGE),),
        "no log": (resource(STAGE, "orders"), resource(REST_STAGE, "pets", accessLogSettings=None)),
    },
    bad={
        "text": (
            (logged("$context.requestId $context.status"),),
            [f'{OBJECT}, got "$context.requestId $context.status"'],
        ),
        "a list": (
            (logged("[$context.requestId]"),),
            [f'{OBJECT}, got "[$context.requestId]"'],
        ),
        "no id": (
            (logged("{}", REST_STAGE),),
            ['orders: accessLogSettings.format must have $context.requestId, got "{}"'],
        ),
        "another id": (
            (logged("{$context.requestIdentity}"),),
            [
                f'{OBJECT}, got "{{$context.requestIdentity}}"',
                'orders: accessLogSettings.format must have $context.requestId, got "{$context.requestIdentity}"',
            ],
        ),
        "brackets without end": (
            (logged(BRACKETS),),
            [f'{OBJECT}, got "{shown(BRACKETS)}"'],
        ),
        "none": (
            (logged(None),),
            [f"{OBJECT}, got none"],
        ),
    },
    undecided={"a format": ((logged(UNKNOWN),), ["orders: accessLogSettings.format is not known"])},
)
