"""Only pages of named origins call an API with the credentials of their visitors."""

from collections.abc import Iterator
from typing import Final

from policy.aws_types import API
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided, Violation
from policy.wording import given

# To a page of any such origin API Gateway answers with the page's own origin, which is as good as "*".
_ANY_SITE: Final = ("*", "https://*", "http://*")


def _check(api: Resource) -> Iterator[Finding]:
    allowed = api.at("corsConfiguration", "allowCredentials")
    if not allowed:
        return
    origins = api.at("corsConfiguration", "allowOrigins")
    names = origins if isinstance(origins, list | tuple) else [origins]
    anyone = [name for name in names if name in _ANY_SITE]
    if anyone and allowed is UNKNOWN:
        yield Undecided(resource=api, property="corsConfiguration.allowCredentials")
    elif anyone:
        expected = "must name each origin where allowCredentials is true"
        for name in anyone:
            yield Violation(resource=api, message=f"corsConfiguration.allowOrigins {expected}, got {given(name)}")
    elif UNKNOWN in names:
        yield Undecided(resource=api, property="corsConfiguration.allowOrigins")


POLICY = ResourcePolicy(
    id="cors-credentials",
    title="Only pages of named origins call an API with their visitors' credentials.",
    severity=Severity.HIGH,
    rationale=(
        "Any page on the Internet could call the API as whoever happens to visit it, with that visitor's cookies, and "
        "read the answer."
    ),
    remedy="Name the origins in `cors.allowOrigins`, such as `https://shop.example`, or leave `allowCredentials` out.",
    types=frozenset({API}),
    check=_check,
)
