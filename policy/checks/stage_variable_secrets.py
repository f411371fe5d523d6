"""Stage variables hold no secrets."""

from collections.abc import Iterator, Mapping
from typing import Final

from apigateway.stage_secrets import names_a_secret, sign_of_secret
from policy.aws_types import REST_STAGE, STAGE
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided, Violation

_PLACES: Final = {STAGE: "stageVariables", REST_STAGE: "variables"}
"""By the stage's type, what its variables are called."""


def _check(stage: Resource) -> Iterator[Finding]:
    place = _PLACES[stage.type]
    variables = stage.at(place)
    if variables is UNKNOWN:
        yield Undecided(resource=stage, property=place)
    elif isinstance(variables, Mapping):
        for name, value in variables.items():
            if value is UNKNOWN and names_a_secret(name):
                yield Undecided(resource=stage, property=f"{place}.{name}")
            # Other values that are not known yet are ids, such as those of VPC links.
            elif isinstance(value, str) and (sign := sign_of_secret(name, value)):
                message = f"{place}.{name} must not be a secret, got what looks like one {sign}"
                yield Violation(resource=stage, message=message)


POLICY = ResourcePolicy(
    id="stage-variable-secrets",
    title="Stage variables hold no secrets.",
    severity=Severity.HIGH,
    rationale=(
        "A stage variable is plain text: everybody who may read the API, its Pulumi state or its plans can read it, "
        "and it goes to backends in URLs that they log."
    ),
    remedy=(
        "Keep the secret in AWS Secrets Manager or Parameter Store, let the backend read it there, and write no more "
        "than its ARN or path into `variables`."
    ),
    types=frozenset(_PLACES),
    check=_check,
)
