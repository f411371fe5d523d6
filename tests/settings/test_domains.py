import pytest

from settings import load_settings
from tests.settings.broken_infrastructure import ACM, DOMAIN
from tests.settings.examples import CHAT, ORDERS, PROXY, Location, changed, problems, problems_with, warnings

MUTUAL_TLS = {"truststoreUri": "s3://acme/trust.pem", "truststoreVersion": "1"}
ROUTES = {"$default": {"integration": {**PROXY, "backend": "orders"}}}
STOCK = ("apis", "stock")


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        ("domainName", "api", 'domainName: must be a domain name in lower case, got "api"'),
        ("domainName", "*.*.example", 'domainName: must be a domain name in lower case, got "*.*.example"'),
        ("domainName", "https://a.b", 'domainName: must be a domain name in lower case, got "https://a.b"'),
        (
            "certificateArn",
            "x",
            (
                "certificateArn: must be the ARN of a certificate in ACM, arn:aws:acm:REGION:ACCOUNT:certificate/ID, "
                'got "x"'
            ),
        ),
        (
            "hostedZoneId",
            "example.com",
            'hostedZoneId: must be a hosted zone\'s id such as Z0123456789ABC, got "example.com"',
        ),
        ("apiMappingKey", "", "KEY"),
        ("apiMappingKey", "/v1", "KEY"),
        ("apiMappingKey", "v1/", "KEY"),
        ("apiMappingKey", "v1//a", "KEY"),
        ("apiMappingKey", "a b", "KEY"),
        ("apiMappingKey", "x" * 301, "KEY"),
        ("ipAddressType", "ipv6", 'ipAddressType: must be ipv4 or dualstack, got "ipv6"; did you mean ipv4?'),
        ("mutualTlsAuthentication", {}, "mutualTlsAuthentication.truststoreUri: is required"),
        (
            "mutualTlsAuthentication",
            {"truststoreUri": "trust.pem"},
            (
                "mutualTlsAuthentication.truststoreUri: must be the place of an object such as "
                's3://bucket/truststore.pem, got "trust.pem"'
            ),
        ),
        ("stage", "", "stage: must not be empty"),
        ("stage", "dev", 'stage: no stage "dev" under apis.orders.stage; known: $default'),
        ("domainname", "a.b", "domainname: unknown key; did you mean domainName?"),
    ],
)
def test_bad_domain(keys: str, value: object, problem: str) -> None:
    if problem == "KEY":
        words = "up to 300 letters, digits and $-_.+!*'()/ that neither begin nor end with /"
        given = f'"{value}"' if len(str(value)) < 160 else '"' + "x" * 157 + '..."'
        problem = f"apiMappingKey: must be {words}, got {given}"
    assert problems_with(ORDERS, "domain", DOMAIN | {keys: value}) == [f"apis.orders.domain.{problem}"]


@pytest.mark.parametrize(
    "domain",
    [
        DOMAIN | {"domainName": "*.example.com"},
        DOMAIN | {"apiMappingKey": "orders/v1"},
        DOMAIN | {"stage": "$default"},
        DOMAIN | {"mutualTlsAuthentication": MUTUAL_TLS, "ownershipVerificationCertificateArn": ACM},
    ],
)
def test_legal_domain(domain: object) -> None:
    load_settings(changed({(*ORDERS, "domain"): domain}), "us-east-1")


def test_mutual_tls_of_a_websocket_api() -> None:
    domain = DOMAIN | {"mutualTlsAuthentication": MUTUAL_TLS, "apiMappingKey": "a/b"}
    assert problems_with(CHAT, "domain", domain) == [
        'apis.chat.domain.apiMappingKey: must have one level for a WebSocket API, got "a/b"',
        (
            "apis.chat.domain.mutualTlsAuthentication: is for HTTP and REST APIs; API Gateway asks the callers of "
            "WebSocket APIs for no certificates"
        ),
    ]


def shared(first: object, second: object) -> dict[Location, object]:
    """Give the sound stack a second HTTP API, and both a domain."""
    return {(*ORDERS, "domain"): first, STOCK: {"protocol": "HTTP", "routes": ROUTES, "domain": second}}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            {"apiMappingKey": "v1"},
            {"apiMappingKey": "v1"},
            ['apiMappingKey: must differ from that of apis.orders.domain, got "v1"'],
        ),
        (
            {},
            {},
            [("apiMappingKey: is required: apis.orders.domain has no apiMappingKey and takes the whole domain name")],
        ),
        (
            {"hostedZoneId": "Z1", "ipAddressType": "dualstack"},
            {
                "apiMappingKey": "v1",
                "certificateArn": f"{ACM}2",
                "mutualTlsAuthentication": {"truststoreUri": "s3://a/b"},
            },
            [
                (
                    "certificateArn: must be that of apis.orders.domain, which has the same domain name: "
                    f'"{ACM}", got "{ACM}2"'
                ),
                'hostedZoneId: must be that of apis.orders.domain, which has the same domain name: "Z1", got null',
                (
                    "ipAddressType: must be that of apis.orders.domain, which has the same domain name: "
                    '"dualstack", got "ipv4"'
                ),
                (
                    "mutualTlsAuthentication: must be that of apis.orders.domain, which has the same domain name: "
                    'null, got {"truststoreUri": "s3://a/b"}'
                ),
            ],
        ),
        (
            {"domainName": "a-b.example"},
            {"domainName": "a.b.example"},
            [
                (
                    "domainName: makes the same resource name as that of apis.orders.domain; put the two into "
                    "different "
                    "stacks"
                )
            ],
        ),
    ],
)
def test_apis_that_share_a_domain_name(
    first: dict[str, object], second: dict[str, object], expected: list[str]
) -> None:
    raw = changed(shared(DOMAIN | first, DOMAIN | second))
    assert problems(raw) == [f"apis.stock.domain.{problem}" for problem in expected]


def test_apis_that_share_a_domain_name_as_they_may() -> None:
    load_settings(changed(shared(DOMAIN, DOMAIN | {"apiMappingKey": "stock"})))
    load_settings(changed(shared(DOMAIN, DOMAIN | {"domainName": "stock.example.com"})))


def test_three_apis_of_one_domain_name() -> None:
    raw = changed(
        {
            **shared(DOMAIN, DOMAIN | {"apiMappingKey": "a"}),
            ("apis", "third"): {"protocol": "HTTP", "routes": ROUTES, "domain": DOMAIN | {"apiMappingKey": "a"}},
        }
    )
    assert problems(raw) == ['apis.third.domain.apiMappingKey: must differ from that of apis.stock.domain, got "a"']


@pytest.mark.parametrize(
    ("stages", "stage", "expected"),
    [
        ([{"name": "dev"}, {"name": "blue"}], "blue", []),
        ([{"name": "dev"}, {"name": "blue"}], "bleu", ['no stage "bleu" under apis.chat.stages; did you mean blue?']),
        ([{"name": "dev"}, {}], "x", ['no stage "x" under apis.chat.stages; known: dev']),
    ],
)
def test_the_stage_of_a_domain(stages: object, stage: str, expected: list[str]) -> None:
    raw = changed({(*CHAT, "stages"): stages, (*CHAT, "domain"): DOMAIN | {"stage": stage}})
    if expected:
        assert problems(raw) == [f"apis.chat.domain.stage: {problem}" for problem in expected]
    else:
        load_settings(raw)


@pytest.mark.parametrize(
    "stage", [{"stages": 5}, {"stages": [{"name": 5}]}, {"stge": {"name": "dev"}}, {"stage": {"name": 5}}]
)
def test_a_stage_that_cannot_be_known_is_not_missed(stage: dict[str, object]) -> None:
    changes: dict[Location, object] = {(*CHAT, key): value for key, value in stage.items()}
    found = problems(changed({**changes, (*CHAT, "domain"): DOMAIN | {"stage": "dev"}}))
    assert len(found) == 1
    assert not found[0].startswith("apis.chat.domain")


def test_both_certificates_stand_in_the_stacks_region() -> None:
    domain = DOMAIN | {"mutualTlsAuthentication": MUTUAL_TLS, "ownershipVerificationCertificateArn": ACM}
    assert problems(changed({(*ORDERS, "domain"): domain}), "eu-west-1") == [
        f'apis.orders.domain.certificateArn: must stand in eu-west-1, the stack\'s Region, got "{ACM}"',
        (
            "apis.orders.domain.ownershipVerificationCertificateArn: must stand in eu-west-1, the stack's Region, got "
            f'"{ACM}"'
        ),
    ]


def test_no_endpoint_is_left() -> None:
    assert warnings({(*CHAT, "disableExecuteApiEndpoint"): True, (*ORDERS, "disableExecuteApiEndpoint"): True}) == [
        (
            "apis.chat.disableExecuteApiEndpoint: leaves the API without an endpoint: it has no domain, and "
            "connectionsUrl "
            "answers nobody either"
        ),
        "apis.orders.disableExecuteApiEndpoint: leaves the API without an endpoint: it has no domain",
    ]
    assert warnings({(*CHAT, "disableExecuteApiEndpoint"): True, (*CHAT, "domain"): DOMAIN}) == []


def test_mutual_tls_and_the_way_past_it() -> None:
    domain = DOMAIN | {"mutualTlsAuthentication": MUTUAL_TLS}
    assert warnings({(*ORDERS, "domain"): domain}) == [
        (
            "apis.orders.disableExecuteApiEndpoint: is false: AWS's own name for the API asks for no certificate, past "
            "mutual TLS"
        )
    ]
    assert warnings({(*ORDERS, "domain"): domain, (*ORDERS, "disableExecuteApiEndpoint"): True}) == []


@pytest.mark.parametrize(
    ("domain", "path", "is_hidden"),
    [
        (DOMAIN, "/ping", True),
        (DOMAIN, "/sping", True),
        (DOMAIN, "/ping/x", False),
        (DOMAIN | {"apiMappingKey": "v1"}, "/ping", False),
    ],
)
def test_paths_that_api_gateway_keeps(domain: object, path: str, is_hidden: bool) -> None:
    changes: dict[Location, object] = {
        (*ORDERS, "domain"): domain,
        (*ORDERS, "routes", f"GET {path}"): {"integration": {**PROXY, "backend": "orders"}},
    }
    expected = (
        f'apis.orders.routes["GET {path}"]: is not reached under api.example.com: API Gateway answers {path} of '
        f"a domain "
        "by itself"
    )
    assert warnings(changes) == ([expected] if is_hidden else [])
