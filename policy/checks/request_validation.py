"""REST APIs check what their methods declare, and bodies that they write into other requests."""

from collections.abc import Iterator

from policy.aws_types import REST_API
from policy.model import Finding, Resource, ResourcePolicy, Severity, Violation
from policy.rest_document import Operation, RestDocument, read_document

_METHODS_WITH_BODIES = ("ANY", "PATCH", "POST", "PUT")


def _check(api: Resource) -> Iterator[Finding]:
    document = read_document(api)
    if not isinstance(document, RestDocument):
        yield document
        return
    for operation in document.operations:
        for problem in _problems(operation):
            yield Violation(resource=api, message=f"{operation}: {problem}")


def _problems(operation: Operation) -> Iterator[str]:
    declared, validated = operation.declared, operation.validated
    if _writes_the_body_anew(operation) and not declared.body:
        yield "requestBody must name a model, got none"
    for part, is_missed in (
        ("body", declared.body and not validated.body),
        ("parameters", declared.parameters and not validated.parameters),
    ):
        if is_missed:
            yield f"request validator must be one of the {part} that the method declares, got none"


def _writes_the_body_anew(operation: Operation) -> bool:
    leads_to = operation.integration
    return operation.method in _METHODS_WITH_BODIES and leads_to is not None and leads_to.type in ("aws", "http")


POLICY = ResourcePolicy(
    id="request-validation",
    title="REST APIs validate what their methods declare, and every body that is mapped into another request.",
    severity=Severity.LOW,
    rationale=(
        "A declaration that no validator looks at promises what nobody keeps, and a body that goes through a template "
        "can say more to an AWS service than was meant. The rule sets want a validator on every method; it has nothing "
        "to do where a method declares nothing. So a proxy, whose backend gets the request as it is and checks it "
        "itself, needs none, nor does a method without a body."
    ),
    remedy=(
        "Give a route whose integration is `AWS` or `HTTP` a model of its body, `requestModels: {application/json: "
        "NAME}`; the validator comes with it, as with `requestParameters` that are `required`."
    ),
    rule_sets=("Checkov CKV2_AWS_53", "cdk-nag AwsSolutions-APIG2"),
    types=frozenset({REST_API}),
    check=_check,
)
