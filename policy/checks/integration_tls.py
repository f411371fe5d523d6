"""Private integrations speak TLS."""

from collections.abc import Iterator

from policy.aws_types import API, INTEGRATION
from policy.model import UNKNOWN, Finding, Resource, Severity, Stack, StackPolicy, Undecided, Violation
from policy.wording import given


def _check(stack: Stack) -> Iterator[Finding]:
    for integration in stack.of_type(INTEGRATION):
        connection = integration.at("connectionType")
        if connection is UNKNOWN:
            yield Undecided(resource=integration, property="connectionType")
        elif connection == "VPC_LINK":
            yield from _check_private(stack, integration)


def _check_private(stack: Stack, integration: Resource) -> Iterator[Finding]:
    """Hold an integration by a VPC link to what the API's protocol has for TLS."""
    api = stack.referred(integration, "apiId", API)
    match api.at("protocolType") if api else UNKNOWN:
        case "HTTP":
            yield from _check_server_name(integration)
        case "WEBSOCKET":
            yield from _check_uri(integration)
        case _:
            yield Undecided(resource=integration, property="apiId")


def _check_server_name(integration: Resource) -> Iterator[Finding]:
    """Want a name to verify: an HTTP API names its target by an ARN, and speaks TLS where there is such a name."""
    name = integration.at("tlsConfig", "serverNameToVerify")
    if name is UNKNOWN:
        yield Undecided(resource=integration, property="tlsConfig.serverNameToVerify")
    elif not name:
        yield Violation(
            resource=integration, message=f"tlsConfig.serverNameToVerify must be a server name, got {given(name)}"
        )


def _check_uri(integration: Resource) -> Iterator[Finding]:
    uri = integration.at("integrationUri")
    if uri is UNKNOWN:
        yield Undecided(resource=integration, property="integrationUri")
    elif not isinstance(uri, str) or not uri.lower().startswith("https://"):
        yield Violation(resource=integration, message=f"integrationUri must begin with https://, got {given(uri)}")


POLICY = StackPolicy(
    id="integration-tls",
    title="Private integrations of HTTP and WebSocket APIs speak TLS to their backends.",
    severity=Severity.MEDIUM,
    rationale=(
        "Between the VPC link and the backend, requests with their tokens and personal data cross the VPC as plain "
        "text, and nothing proves that it is the backend that answers."
    ),
    remedy=(
        "Give the backend a `listener` with the protocol `TLS` or `HTTPS` and a `certificateArn`, and a `hostName`, "
        "the name on that certificate; where the targets speak TLS behind a TCP listener, `hostName` alone."
    ),
    rule_sets=("Security Hub APIGateway.10",),
    check=_check,
)
