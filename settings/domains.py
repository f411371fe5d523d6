"""Custom domain names: one may lead to several APIs, each under a key of its own."""

from typing import Annotated, Literal

from pydantic import Field

from apigateway.rules import domains as rules

from .base import Model, Shaped, Text

_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-0abc-def012345678"
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"


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

    domain_name: Annotated[
        str,
        Shaped(rf"(\*\.)?{_LABEL}(\.{_LABEL})+", "a domain name in lower case", rules.DOMAIN_NAME, "api.example.com"),
    ]
    """The name that callers use."""

    certificate_arn: Annotated[
        str, Shaped(r"arn:aws[a-z-]*:acm:.+", "the ARN of a certificate in ACM", rules.DOMAIN_REGION, _CERTIFICATE)
    ]
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
    """Left out: callers show no certificates. HTTP APIs only."""

    ownership_verification_certificate_arn: (
        Annotated[
            str, Shaped(r"arn:aws[a-z-]*:acm:.+", "the ARN of a certificate in ACM", rules.MUTUAL_TLS, _CERTIFICATE)
        ]
        | None
    ) = None
    """A public certificate that proves the name yours, where its own is imported or private (mutual TLS)."""

    ip_address_type: Literal["ipv4", "dualstack"] = "ipv4"
    """Whether the name answers on IPv6 too."""
