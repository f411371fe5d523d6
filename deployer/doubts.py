"""What is odd about the policies that somebody asks for: told beside them, for they are printed all the same."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from deployer.deployment import Deployment
from deployer.policies import EXAMPLE_ACCOUNT
from deployer.roles import has_unbounded_roles

_BOUNDARY: Final = "permissionsBoundary"
_ACCOUNT_OF: Final = re.compile(r"arn:[\w-]+:[\w-]+:[\w-]*:([0-9]{12}):")


def doubts(
    deployment: Deployment,
    settings: Mapping[str, object],
    *,
    account: str | None,
    region: str | None,
    read_only: bool,
) -> Iterator[str]:
    """Yield a sentence for each doubt. ``account`` is the one that was given, and ``region`` that of the stack file."""
    if account is None:
        yield f"the account is AWS's example, {EXAMPLE_ACCOUNT}: give yours with --account"
    else:
        yield from _other_accounts(account, settings)
    if region is not None and region != deployment.region:
        yield (
            f"--region is {deployment.region} and the stack's aws:region is {region}, where it is deployed: "
            "the policies allow nothing there"
        )
    if not read_only and has_unbounded_roles(deployment):
        yield (
            f"the stack has no gatelink:{_BOUNDARY}: whoever has these policies can give its roles every right in the "
            'account (docs/security.md, "A boundary for the roles")'
        )


def _other_accounts(account: str, settings: Mapping[str, object]) -> Iterator[str]:
    """Doubt the account where no ARN of the stack file is of it, or the boundary, which cannot be another account's."""
    named: dict[str, list[str]] = {}
    for place, arn_account in _accounts_in(settings, ""):
        named.setdefault(arn_account, []).append(place)
    own = named.pop(account, None)
    for other, places in named.items():
        if own is None or _BOUNDARY in places:
            place = _BOUNDARY if _BOUNDARY in places else places[0]
            more = f" and {len(places) - 1} more" if len(places) > 1 else ""
            yield f"--account is {account} and the stack file has ARNs of {other}: {place}{more}"


def _accounts_in(value: object, place: str) -> Iterator[tuple[str, str]]:
    """Yield where in the settings an ARN stands, and its account."""
    match value:
        case Mapping():
            for key, inner in value.items():
                yield from _accounts_in(inner, f"{place}.{key}" if place else str(key))
        case list():
            for number, inner in enumerate(value):
                yield from _accounts_in(inner, f"{place}[{number}]")
        case str():
            if found := _ACCOUNT_OF.match(value):
                yield place, found[1]
        case _:
            return
