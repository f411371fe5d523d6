"""What a change of an API asks of API Gateway's control plane: the calls that the provider makes, and their quotas.

The calls were counted on the wire, of the AWS provider 5.100 in front of an emulated AWS: a creation ends with a read,
but for the methods of REST APIs and their responses, and the stage of an HTTP or WebSocket API asks for its API, too.
Updates are read off the provider's source: an update ends with that read. So is the ``UpdateRestApi`` after an import,
which says again what the import took from the API's own arguments, such as its name. A link is asked for until it is
there, in minutes: the calls of that wait are not counted, for their number is the provider's patience.
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
    "CreateVpcLink (v2)": 1 / 15,
    "DeleteResource": 5,
    "DeleteVpcLink (v2)": 1 / 30,
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
    read: tuple[str, ...]
    """By a refresh."""
    update: tuple[str, ...] = ()
    delete: tuple[str, ...] = ()


def _plain(operand: str) -> _Asked:
    """Return what a part of an HTTP or WebSocket API asks for."""
    read = (f"Get{operand}",)
    return _Asked(
        create=(f"Create{operand}", *read), read=read, update=(f"Update{operand}", *read), delete=(f"Delete{operand}",)
    )


_READ_STAGE: Final = ("GetStage", "GetApi")

_ASKED: Final[Mapping[str, _Asked]] = {
    "aws:apigateway/deployment:Deployment": _Asked(
        create=("CreateDeployment", "GetDeployment"), read=("GetDeployment",), delete=("DeleteDeployment",)
    ),
    "aws:apigateway/integration:Integration": _Asked(
        create=("PutIntegration", "GetIntegration"),
        read=("GetIntegration",),
        update=("UpdateIntegration", "GetIntegration"),
        delete=("DeleteIntegration",),
    ),
    "aws:apigateway/integrationResponse:IntegrationResponse": _Asked(
        create=("PutIntegrationResponse", "GetIntegrationResponse"),
        read=("GetIntegrationResponse",),
        delete=("DeleteIntegrationResponse",),
    ),
    "aws:apigateway/method:Method": _Asked(create=("PutMethod",), read=("GetMethod",), delete=("DeleteMethod",)),
    "aws:apigateway/methodResponse:MethodResponse": _Asked(
        create=("PutMethodResponse",), read=("GetMethodResponse",), delete=("DeleteMethodResponse",)
    ),
    "aws:apigateway/resource:Resource": _Asked(
        create=("CreateResource", "GetResource"), read=("GetResource",), delete=("DeleteResource",)
    ),
    "aws:apigateway/stage:Stage": _Asked(
        create=("CreateStage", "GetStage"),
        read=("GetStage",),
        update=("UpdateStage", "GetStage"),
        delete=("DeleteStage",),
    ),
    "aws:apigateway/vpcLink:VpcLink": _plain("VpcLink"),
    "aws:apigatewayv2/api:Api": _plain("Api"),
    "aws:apigatewayv2/authorizer:Authorizer": _plain("Authorizer"),
    "aws:apigatewayv2/deployment:Deployment": _Asked(
        create=("CreateDeployment", "GetDeployment", "GetDeployment"),
        read=("GetDeployment",),
        delete=("DeleteDeployment",),
    ),
    "aws:apigatewayv2/integration:Integration": _plain("Integration"),
    "aws:apigatewayv2/integrationResponse:IntegrationResponse": _plain("IntegrationResponse"),
    "aws:apigatewayv2/model:Model": _plain("Model"),
    "aws:apigatewayv2/route:Route": _plain("Route"),
    "aws:apigatewayv2/routeResponse:RouteResponse": _plain("RouteResponse"),
    "aws:apigatewayv2/stage:Stage": _Asked(
        create=("GetApi", "CreateStage", *_READ_STAGE),
        read=_READ_STAGE,
        update=("GetApi", "UpdateStage", *_READ_STAGE),
        delete=("DeleteStage",),
    ),
    "aws:apigatewayv2/vpcLink:VpcLink": _Asked(
        create=("CreateVpcLink (v2)", "GetVpcLink"),
        read=("GetVpcLink",),
        update=("UpdateVpcLink", "GetVpcLink"),
        delete=("DeleteVpcLink (v2)",),
    ),
}
_READ_API: Final = ("GetRestApi", "GetResources")
_IMPORT: Final = ("PutRestApi", "UpdateRestApi")
_REST_API: Final = "aws:apigateway/restApi:RestApi"
_STAGE_OF: Final[Mapping[str, str]] = {
    "aws:apigateway/deployment:Deployment": "aws:apigateway/stage:Stage",
    "aws:apigatewayv2/deployment:Deployment": "aws:apigatewayv2/stage:Stage",
}
"""A deployment's type → that of the stages that point at it."""


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
    """Compare two recordings; the stages of an API go with the deployment that is replaced."""
    old = {resource.urn: resource for resource in _known(before)} if before else {}
    new = {resource.urn: resource for resource in _known(after)}
    changed = [new[urn] for urn in old.keys() & new.keys() if old[urn].inputs != new[urn].inputs]
    redeployed = {(_STAGE_OF[one.type], one.parent) for one in changed if one.type in _STAGE_OF}
    changed += [one for one in new.values() if (one.type, one.parent) in redeployed and one not in changed]
    return Change(
        created=tuple(new[urn] for urn in new.keys() - old.keys()),
        changed=tuple(changed),
        deleted=tuple(old[urn] for urn in old.keys() - new.keys()),
    )


def refresh(recording: Recording) -> Calls:
    """Return what reading every resource of an API again asks of the control plane."""
    found = Calls()
    for resource in _known(recording):
        found.update(_READ_API if resource.type == _REST_API else _ASKED[resource.type].read)
    return found


def least_seconds(calls: Calls) -> float:
    """Return the least time that the quotas leave for some calls: whichever quota holds them up most."""
    by_own = ((calls[operation] - 1) / rate for operation, rate in OWN_QUOTAS.items() if calls[operation])
    return max([(calls.total() - BURST) / TOTAL_QUOTA, 0.0, *by_own])


def _known(recording: Recording) -> Iterator[Resource]:
    """Yield the parts of APIs, and links; the settings of a REST API's stage are left out: they are the same always."""
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
