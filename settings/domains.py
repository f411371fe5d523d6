"""Custom domain names: one may lead to several APIs, each under a key of its own."""

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, Field

from apigateway.rules import domains as rules
from apigateway.rules import rest as rest_rules
from apigateway.rules import routes as route_rules

from .base import Model, Shaped, Text, certificate_arn, problem
from .one_of import OneOf

SecurityPolicy: TypeAlias = Literal[
    "TLS_1_0",
    "TLS_1_2",
    "SecurityPolicy_TLS13_1_3_2025_09",
    "SecurityPolicy_TLS13_1_3_FIPS_2025_09",
    "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_2021_06",
    "SecurityPolicy_TLS13_2025_EDGE",
    "SecurityPolicy_TLS12_PFS_2025_EDGE",
    "SecurityPolicy_TLS12_2018_EDGE",
]

_LONGEST_NAME = 253
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"


def _short_enough(value: str) -> str:
    """Hold a name to the length that the Domain Name System can carry (RFC 1035)."""
    if len(value) > _LONGEST_NAME:
        raise problem(f"must be at most {_LONGEST_NAME} characters, got {len(value)}", rules.DOMAIN_NAME)
    return value


class MutualTls(Model):
    """Callers show certificates, too."""

    truststore_uri: Annotated[
        str,
        Shaped(
            r"s3://[^/\s]+/\S+",
            "the place of an object such as s3://bucket/truststore.pem",
            example="s3://bucket/truststore.pem",
        ),
    ]
    """The certificates of the authorities that callers' certificates come from, in S3."""

    truststore_version: (
        Annotated[str, Shaped(r"\S+", "a version of the object", example="3sL4kqtJlcpXroDTDmJ")] | None
    ) = None
    """The version of the object. Left out: the newest one."""


class Domain(Model):
    """A name of yours under which an API answers."""

    hints: ClassVar[dict[str, str]] = {
        "securityPolicy": "unknown key; HTTP and WebSocket APIs have TLS_1_2 and no other",
        "endpointType": "unknown key; HTTP and WebSocket APIs have REGIONAL and no other",
    }

    domain_name: Annotated[
        str,
        Shaped(rf"(\*\.)?{_LABEL}(\.{_LABEL})+", "a domain name in lower case", rules.DOMAIN_NAME, "api.example.com"),
        AfterValidator(_short_enough),
    ]
    """The name that callers use."""

    certificate_arn: Annotated[str, certificate_arn(rules.DOMAIN_REGION)]
    """The name's certificate, in the API's Region."""

    hosted_zone_id: (
        Annotated[str, Shaped(r"Z[A-Z0-9]+", "a hosted zone's id such as Z0123456789ABC", example="Z0123456789ABC")]
        | None
    ) = None
    """The Route 53 zone that gets an alias record. Left out: you make the record yourself."""

    api_mapping_key: (
        Annotated[
            str,
            Shaped(
                r"(?!/)(?!.*//)[A-Za-z0-9$_.+!*'()/-]{1,300}(?<!/)",
                "up to 300 letters, digits and $-_.+!*'()/ that neither begin nor end with /",
                rules.MAPPING_KEY,
                "v1",
            ),
        ]
        | None
    ) = None
    """The first part of the path. Left out: the whole domain."""

    stage: Annotated[Text, Field(examples=["dev"])] | None = None
    """The stage that answers, where the API has several. Left out: the first one."""

    mutual_tls_authentication: MutualTls | None = None
    """Left out: callers show no certificates. HTTP and REST APIs only."""

    ownership_verification_certificate_arn: Annotated[str, certificate_arn(rules.MUTUAL_TLS)] | None = None
    """A public certificate that proves the name yours, where its own is imported or private (mutual TLS)."""

    ip_address_type: Annotated[Literal["ipv4", "dualstack"], OneOf(route_rules.ADDRESSES)] = "ipv4"
    """Whether the name answers on IPv6 too."""

    @property
    def is_edge(self) -> bool:
        """Whether the name answers by CloudFront, near its callers."""
        return False

    @property
    def tls_policy(self) -> str:
        """The security policy with its default applied."""
        return "TLS_1_2"


class RestDomain(Domain):
    """A name of yours under which a REST API answers."""

    hints: ClassVar[dict[str, str]] = {
        "endpointConfiguration": "unknown key; did you mean endpointType?",
        "routingMode": "unknown key; a domain leads to APIs by mapping keys here",
    }

    endpoint_type: Annotated[Literal["REGIONAL", "EDGE"], OneOf(rest_rules.DOMAIN_POLICY)] = "REGIONAL"
    """Where the name answers: in the API's Region, or EDGE for CloudFront, whose certificate is of us-east-1."""

    security_policy: Annotated[SecurityPolicy, OneOf(rest_rules.DOMAIN_POLICY)] = "TLS_1_2"
    """Which versions of TLS and which ciphers callers may use."""

    endpoint_access_mode: Annotated[Literal["BASIC", "STRICT"], OneOf(rest_rules.DOMAIN_POLICY)] | None = None
    """STRICT: the caller's TLS server name is the name it asks for. Required with a policy that begins with
    ``SecurityPolicy_``."""

    @property
    def is_edge(self) -> bool:
        """Whether the name answers by CloudFront, near its callers."""
        return self.endpoint_type == "EDGE"

    @property
    def tls_policy(self) -> str:
        """The security policy."""
        return self.security_policy
