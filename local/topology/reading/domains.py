"""Reads the custom domain names of a recording and what they lead to.

From the botocore models ``apigatewayv2`` (``CreateApiMapping``) and ``apigateway`` (``CreateBasePathMapping``).
"""

from collections.abc import Iterator

from apigateway.errors import TopologyError
from local.recording import Recording
from local.topology.domains import Domain, DomainMapping
from local.topology.reading import fields

DOMAIN_NAMES = ("aws:apigatewayv2/domainName:DomainName", "aws:apigateway/domainName:DomainName")
API_MAPPING = "aws:apigatewayv2/apiMapping:ApiMapping"
BASE_PATH_MAPPING = "aws:apigateway/basePathMapping:BasePathMapping"


def read_domains(recording: Recording) -> tuple[Domain, ...]:
    """Return every domain by name. Raises TopologyError."""
    names = sorted(
        {fields.text(resource, "domainName") for kind in DOMAIN_NAMES for resource in recording.of_type(kind)}
    )
    mappings = list(_mappings(recording))
    strangers = sorted({domain for domain, _ in mappings} - set(names))
    if strangers:
        raise TopologyError(
            "\n".join(f'the stack maps an API to "{domain}", which is no domain name of it' for domain in strangers)
        )
    return tuple(
        Domain(
            name=name,
            mappings=tuple(
                sorted(
                    (mapping for domain, mapping in mappings if domain == name),
                    key=lambda mapping: (-len(mapping.key.split("/") if mapping.key else []), mapping.key),
                )
            ),
        )
        for name in names
    )


def _mappings(recording: Recording) -> Iterator[tuple[str, DomainMapping]]:
    for resource in recording.of_type(API_MAPPING):
        yield (
            fields.text(resource, "domainName"),
            DomainMapping(
                key=fields.optional_text(resource, "apiMappingKey") or "",
                api_id=fields.text(resource, "apiId"),
                stage=fields.text(resource, "stage"),
            ),
        )
    for resource in recording.of_type(BASE_PATH_MAPPING):
        yield (
            fields.text(resource, "domainName"),
            DomainMapping(
                key=fields.optional_text(resource, "basePath") or "",
                api_id=fields.text(resource, "restApi"),
                stage=fields.text(resource, "stageName"),
            ),
        )
