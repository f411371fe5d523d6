"""REST APIs call backends over TLS, and look at their certificates."""

from collections.abc import Iterator

from policy.aws_types import REST_API
from policy.model import Finding, Resource, ResourcePolicy, Severity, Violation
from policy.rest_document import RestDocument, read_document
from policy.wording import given


def _check(api: Resource) -> Iterator[Finding]:
    document = read_document(api)
    if not isinstance(document, RestDocument):
        yield document
        return
    for operation in document.operations:
        leads_to = operation.integration
        if leads_to is None or leads_to.type not in ("http", "http_proxy"):
            # What is left calls AWS, which is always HTTPS, or nobody.
            continue
        if not (isinstance(leads_to.uri, str) and leads_to.uri.lower().startswith("https://")):
            message = f"{operation}: integration uri must begin with https://, got {given(leads_to.uri)}"
            yield Violation(resource=api, message=message)
        if leads_to.skips_verification:
            message = f"{operation}: integration tlsConfig.insecureSkipVerification must be false, got true"
            yield Violation(resource=api, message=message)


POLICY = ResourcePolicy(
    id="rest-backend-tls",
    title="REST APIs call private and public backends over TLS, and verify their certificates.",
    severity=Severity.HIGH,
    rationale=(
        "Over plain HTTP whoever is on the way, in the VPC or on the internet, reads and changes requests, tokens "
        "included. Without verification any certificate will do, a stranger's own among them."
    ),
    remedy=(
        "Give the backend a listener with the protocol TLS or HTTPS and a `hostName` that is on its certificate; let a "
        "public `integrationUri` begin with `https://`; leave `tlsConfig.insecureSkipVerification` out."
    ),
    types=frozenset({REST_API}),
    check=_check,
)
