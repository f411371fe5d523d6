"""What a stage caches is encrypted."""

from collections.abc import Iterator

from policy.aws_types import REST_METHOD_SETTINGS
from policy.flags import must_be_true
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided


def _check(settings: Resource) -> Iterator[Finding]:
    caching = settings.at("settings", "cachingEnabled")
    if caching is UNKNOWN:
        yield Undecided(resource=settings, property="settings.cachingEnabled")
    elif caching is True:
        yield from must_be_true(settings, "settings", "cacheDataEncrypted")


POLICY = ResourcePolicy(
    id="cache-encryption",
    title="Where a REST API caches answers, they are encrypted.",
    severity=Severity.MEDIUM,
    rationale=(
        "A cache holds whole answers, personal data included, for up to an hour, where the backend's own protection "
        "does not count. That an API caches at all is not wanted here."
    ),
    remedy="Leave `cacheDataEncrypted` of the stage out.",
    rule_sets=("Security Hub APIGateway.5", "Checkov CKV_AWS_308", "Trivy AWS-0002"),
    types=frozenset({REST_METHOD_SETTINGS}),
    check=_check,
)
