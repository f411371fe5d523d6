from policy.aws_types import API
from policy.checks.cors_credentials import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, resource

EXPECTED = "orders: corsConfiguration.allowOrigins must name each origin where allowCredentials is true"


def cors(origins: Value, credentials: Value) -> Resource:
    return resource(API, "orders", corsConfiguration={"allowOrigins": origins, "allowCredentials": credentials})


CASES = Cases(
    policy=POLICY,
    good={
        "no CORS": (resource(API, "orders"),),
        "anyone without credentials": (cors(["*"], False), cors(["*"], None)),
        "a named origin": (cors(["https://shop.example"], True),),
        "no origin": (cors(None, True),),
        "a named origin, credentials not known yet": (cors(["https://shop.example"], UNKNOWN),),
    },
    bad={
        "anyone": ((cors(["*"], True),), [f'{EXPECTED}, got "*"']),
        "anyone by https": ((cors(["https://shop.example", "https://*"], True),), [f'{EXPECTED}, got "https://*"']),
        "anyone by http": ((cors(["http://*", UNKNOWN], True),), [f'{EXPECTED}, got "http://*"']),
    },
    undecided={
        "credentials": ((cors(["*"], UNKNOWN),), ["orders: corsConfiguration.allowCredentials is not known"]),
        "an origin": ((cors([UNKNOWN], True),), ["orders: corsConfiguration.allowOrigins is not known"]),
        "origins": ((cors(UNKNOWN, True),), ["orders: corsConfiguration.allowOrigins is not known"]),
        "the whole block": (
            (resource(API, "orders", corsConfiguration=UNKNOWN),),
            ["orders: corsConfiguration.allowOrigins is not known"],
        ),
    },
)
