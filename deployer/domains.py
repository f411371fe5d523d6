"""What custom domain names need of API Gateway, and of those whom it asks as the caller.

From the API Gateway Developer Guide: "Set up an edge-optimized custom domain name in API Gateway", "API Gateway
resources that can be tagged" (mappings inherit their domain's tags), and of the API Reference "MutualTlsAuthentication"
(the truststore's object).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from deployer.api_paths import linked_role, makes, paths, reads
from deployer.deployment import ANY, Deployed, Deployment, literal
from deployer.grants import Condition, Grant, Need, actions, own

_REST_DOMAIN: Final = "aws:apigateway/domainName:DomainName"
_DOMAIN: Final = "aws:apigatewayv2/domainName:DomainName"

_OBJECT = re.compile(r"s3://(?P<place>.+)")


def _domain(deployment: Deployment) -> Iterable[Grant]:
    """Need domains by name; the truststore of client certificates is read as the caller."""
    yield from _mappings(deployment)
    yield from makes(deployment, "/domainnames")
    yield Grant(
        group="apis",
        purpose="DomainsNewCertificate",
        actions=actions("apigateway", "AddCertificateToDomain"),
        resources=paths(deployment, "/domainnames"),
    )
    yield _of_domains(deployment, "PATCH DELETE AddCertificateToDomain RemoveCertificateFromDomain", "")
    yield linked_role(deployment)
    objects = _truststores(deployment)
    if objects:
        yield Grant(
            group="elsewhere",
            purpose="TruststoresRead",
            actions=actions("s3", "GetObject GetObjectVersion"),
            resources=objects,
        )


def _rest_domain(deployment: Deployment) -> Iterable[Grant]:
    """Need domains of REST APIs, of which an edge-optimized one is a distribution in an account of API Gateway's."""
    yield from _domain(deployment)
    if not deployment.of_type(_REST_DOMAIN) or any(map(_is_edge, deployment.of_type(_REST_DOMAIN))):
        yield Grant(group="elsewhere", purpose="DomainsEdge", actions=("cloudfront:UpdateDistribution",))


def _is_edge(domain: Deployed) -> bool:
    match domain.inputs.get("endpointConfiguration"):
        case {"types": "REGIONAL" | "PRIVATE"}:
            return False
        case _:
            return True


def _mappings(deployment: Deployment) -> Iterable[Grant]:
    yield reads(deployment, *(path for name in _domain_names(deployment) for path in (name, f"{name}/*")))
    yield _of_domains(deployment, "POST PATCH DELETE", "/*")


def _of_domains(deployment: Deployment, names: str, below: str) -> Grant:
    """Tell the stack's domains by name, and by tags where no name is known."""
    is_known = bool(deployment.of_type(_DOMAIN) or deployment.of_type(_REST_DOMAIN))
    condition: Condition = {} if is_known else own(deployment)
    return Grant(
        group="apis",
        purpose="DomainsMap" if below else "DomainsOwn",
        actions=actions("apigateway", names),
        resources=paths(deployment, *(f"{name}{below}" for name in _domain_names(deployment))),
        condition=condition,
    )


def _domain_names(deployment: Deployment) -> tuple[str, ...]:
    known = {*deployment.texts(_DOMAIN, "domainName"), *deployment.texts(_REST_DOMAIN, "domainName")}
    return tuple(f"/domainnames/{name}" for name in sorted(map(literal, known)) or [ANY])


def _truststores(deployment: Deployment) -> tuple[str, ...]:
    """Return the objects with truststores that are known; a policy for any stack reads none."""
    found = set()
    for resource in (*deployment.of_type(_DOMAIN), *deployment.of_type(_REST_DOMAIN)):
        match resource.inputs.get("mutualTlsAuthentication"):
            case {"truststoreUri": str(uri)} if match := _OBJECT.fullmatch(uri):
                found.add(deployment.arn("s3", literal(match["place"]), region=False, account=False))
            case _:
                pass
    return tuple(sorted(found))


DOMAINS: Final[Mapping[str, Need]] = {
    "aws:apigateway/basePathMapping:BasePathMapping": _mappings,
    _REST_DOMAIN: _rest_domain,
    "aws:apigatewayv2/apiMapping:ApiMapping": _mappings,
    _DOMAIN: _domain,
}
"""What each type of a domain needs."""
