from policy.aws_types import DOMAIN, REST_DOMAIN
from policy.checks.domain_tls import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, resource

EXPECTED = "must be TLS_1_2 or a policy that begins with SecurityPolicy_TLS13_ or SecurityPolicy_TLS12_"


def regional(policy: Value) -> Resource:
    return resource(DOMAIN, "api", domainNameConfiguration={"endpointType": "REGIONAL", "securityPolicy": policy})


def of_rest(policy: Value) -> Resource:
    return resource(REST_DOMAIN, "shop", securityPolicy=policy)


CASES = Cases(
    policy=POLICY,
    good={
        "http or websocket": (regional("TLS_1_2"),),
        "rest": (of_rest("TLS_1_2"),),
        "1.3 alone": (of_rest("SecurityPolicy_TLS13_1_3_2025_09"),),
        "1.3 and 1.2": (of_rest("SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"),),
        "1.3 at the edge": (of_rest("SecurityPolicy_TLS13_2025_EDGE"),),
        "1.2 at the edge": (of_rest("SecurityPolicy_TLS12_2018_EDGE"),),
    },
    bad={
        "http or websocket": (
            (regional("TLS_1_0"),),
            [f'api: domainNameConfiguration.securityPolicy {EXPECTED}, got "TLS_1_0"'],
        ),
        "rest": ((of_rest("TLS_1_0"),), [f'shop: securityPolicy {EXPECTED}, got "TLS_1_0"']),
        "nothing said": ((of_rest(None),), [f"shop: securityPolicy {EXPECTED}, got none"]),
        "a version of the future's past": (
            (of_rest("SecurityPolicy_TLS11_2017"),),
            [f'shop: securityPolicy {EXPECTED}, got "SecurityPolicy_TLS11_2017"'],
        ),
    },
    undecided={
        "http or websocket, not known": (
            (regional(UNKNOWN),),
            ["api: domainNameConfiguration.securityPolicy is not known"],
        ),
        "rest, not known": ((of_rest(UNKNOWN),), ["shop: securityPolicy is not known"]),
    },
)
