"""The checks of a stack file, for a program that makes single components of plain Python objects instead.

Every check of one value is in its model, and runs when a program makes one. These are the checks of what the parts must
be to each other, of the parts that one component is given. Each raises ``SettingsError`` with every problem, in the
stack file's words and places, and otherwise returns the doubts; ``region`` is None where it is unknown.
"""

from collections.abc import Iterable, Mapping

from apigateway.errors import Problem, SettingsError
from apigateway.paths import format_path
from apigateway.rules import stack_file

from .advice import find_warnings
from .api_checks import check_api
from .apis import Api
from .backend_checks import check_backends
from .backends import Backend, BalancedBackend
from .domain_checks import check_domains
from .limit_checks import check_quotas
from .network import NewNetwork
from .network_checks import check_network
from .region_checks import check_regions
from .resource_names import check_resource_names
from .sound_part import is_within
from .stack import Settings
from .stage_checks import check_stages


def check_one_network(network: NewNetwork, region: str | None) -> list[Problem]:
    """Check a new network."""
    settings = Settings(network=network)
    _refuse([*check_network(settings, _written(settings), region), *check_regions(settings, region)])
    return _doubts(settings, region)


def check_one_backend(
    name: str, backend: BalancedBackend, target: Backend | None, region: str | None, more: Iterable[Problem] = ()
) -> list[Problem]:
    """Check a backend, and the one that its load balancer leads to, if there is one; ``more`` is known to be wrong."""
    behind = {backend.target.backend: target} if target and backend.target.backend else {}
    settings = Settings(backends={name: backend, **behind})
    found = [*check_backends(settings, _written(settings)), *check_regions(settings, region)]
    at = format_path(("backends", name))
    _refuse([*(problem for problem in found if is_within(problem.path, at)), *more])
    return [doubt for doubt in _doubts(settings, region) if is_within(doubt.path, at)]


def check_one_api(
    name: str, api: Api, backends: Mapping[str, Backend], region: str | None, more: Iterable[Problem] = ()
) -> list[Problem]:
    """Check an API with the backends that its routes may lead to; ``more`` is known to be wrong."""
    settings = Settings(apis={name: api}, backends=dict(backends))
    raw = _written(settings)
    _refuse(
        [
            *check_api(name, api, settings, raw),
            *check_stages(name, api, raw),
            *check_domains(settings, raw),
            *check_resource_names(settings),
            *check_regions(Settings(apis={name: api}), region),
            *check_quotas(settings),
            *more,
        ]
    )
    return _doubts(settings, region)


def check_one_domain(apis: Mapping[str, Api]) -> None:
    """Check that APIs which share a domain agree on it."""
    settings = Settings(apis=dict(apis))
    _refuse(check_domains(settings, _written(settings)))


def _doubts(settings: Settings, region: str | None) -> list[Problem]:
    """Return what `check` would warn of in a stack file, but that a network or a backend alone serves nothing."""
    return [doubt for doubt in find_warnings(settings, region) if doubt.rule != stack_file.NO_API.id]


def _written(settings: Settings) -> dict[str, object]:
    """Return what a stack file with these settings would hold. A network is there, or a component would not be."""
    return {"network": {}} | settings.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _refuse(problems: Iterable[Problem]) -> None:
    found = tuple(dict.fromkeys(problems))
    if found:
        raise SettingsError(found)
