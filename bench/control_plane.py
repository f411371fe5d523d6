"""What a change of a REST API asks of API Gateway's control plane: the calls that the provider makes, and their quotas.

The calls were counted on the wire, of the AWS provider 5.100 in front of an emulated AWS: a creation ends with a read,
but for methods and their responses. Two things are read off the provider's source: the update of an integration, and
the ``UpdateRestApi`` after an import, which says again what the import took from the API's own arguments, such as its
name.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from local.recording import Recording, Resource

Calls = Counter[str]
"""Operation of the control plane → how often."""

OWN_QUOTAS: Final[Mapping[str, float]] = {
    "CreateDeployment": 1 / 5,
    "CreateResource": 5,
    "CreateRestApi": 1 / 3,
    "DeleteResource": 5,
    "GetResources": 5 / 2,
    "PutRestApi": 1,
}
"""Operation → calls a second of an account ("Quotas for creating, deploying and managing an API", which are fixed)."""

TOTAL_QUOTA: Final = 10.0
"""Calls a second of all operations together."""

BURST: Final = 40
"""Calls that may come at once before the quota of all operations holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The operations that a resource of one type asks for."""

    create: tuple[str, ...]
    update: tuple[str, ...] = ()
    delete: tuple[str, ...] = ()


_ASKED: Final[Mapping[str, _Asked]] = {
    "aws:apigateway/deployment:Deployment": _Asked(
        create=("CreateDeployment", "GetDeployment"), delete=("DeleteDeployment",)
    ),
    "aws:apigateway/integration:Integration": _Asked(
        create=("PutIntegration", "GetIntegration"),
        update=("UpdateIntegration", "GetIntegration"),
        delete=("DeleteIntegration",),
    ),
    "aws:apigateway/integrationResponse:IntegrationResponse": _Asked(
        create=("PutIntegrationResponse", "GetIntegrationResponse"), delete=("DeleteIntegrationResponse",)
    ),
    "aws:apigateway/method:Method": _Asked(create=("PutMethod",), delete=("DeleteMethod",)),
    "aws:apigateway/methodResponse:MethodResponse": _Asked(
        create=("PutMethodResponse",), delete=("DeleteMethodResponse",)
    ),
    "aws:apigateway/resource:Resource": _Asked(create=("CreateResource", "GetResource"), delete=("DeleteResource",)),
    "aws:apigateway/stage:Stage": _Asked(create=("CreateStage", "GetStage"), update=("UpdateStage", "GetStage")),
}
_READ_API: Final = ("GetRestApi", "GetResources")
_IMPORT: Final = ("PutRestApi", "UpdateRestApi")
_REST_API: Final = "aws:apigateway/restApi:RestApi"
_DEPLOYMENT: Final = "aws:apigateway/deployment:Deployment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The resources that a preview shows of a change; a deployment that is replaced is among the changed ones."""

    created: tuple[Resource, ...]
    changed: tuple[Resource, ...]
    deleted: tuple[Resource, ...]

    def __len__(self) -> int:
        return len(self.created) + len(self.changed) + len(self.deleted)

    def calls(self) -> Calls:
        """Return what the change asks of the control plane."""
        found = Calls()
        for resource in self.created:
            found.update(_create(resource))
        for resource in self.changed:
            found.update(_update(resource))
        for resource in self.deleted:
            found.update(_ASKED[resource.type].delete)
        return found


def change(before: Recording | None, after: Recording) -> Change:
    """Compare two recordings of a REST API; a stage goes with the deployment that is replaced."""
    old = {resource.urn: resource for resource in _known(before)} if before else {}
    new = {resource.urn: resource for resource in _known(after)}
    changed = [new[urn] for urn in old.keys() & new.keys() if old[urn].inputs != new[urn].inputs]
    if any(resource.type == _DEPLOYMENT for resource in changed):
        changed += [resource for resource in new.values() if resource.type == "aws:apigateway/stage:Stage"]
    return Change(
        created=tuple(new[urn] for urn in new.keys() - old.keys()),
        changed=tuple(changed),
        deleted=tuple(old[urn] for urn in old.keys() - new.keys()),
    )


def least_seconds(calls: Calls) -> float:
    """Return the least time that the quotas leave for some calls: whichever quota holds them up most."""
    by_own = ((calls[operation] - 1) / rate for operation, rate in OWN_QUOTAS.items() if calls[operation])
    return max([(calls.total() - BURST) / TOTAL_QUOTA, 0.0, *by_own])


def _known(recording: Recording) -> Iterator[Resource]:
    """Yield the parts of REST APIs; the settings of a stage are the same on both sides, and left out."""
    return (resource for resource in recording.resources if resource.type in {*_ASKED, _REST_API})


def _create(resource: Resource) -> tuple[str, ...]:
    if resource.type == _REST_API:
        return "CreateRestApi", *(_IMPORT if "body" in resource.inputs else ()), *_READ_API
    return _ASKED[resource.type].create


def _update(resource: Resource) -> tuple[str, ...]:
    if resource.type == _REST_API:
        return *_IMPORT, *_READ_API
    asked = _ASKED[resource.type]
    return asked.update or (*asked.create, *asked.delete)
