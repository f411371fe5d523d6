"""What AWS would refuse of a series of steps.

That is to delete what something that is there still refers to, to make a second one of what there is once, and to turn
a private API into one that is not.

A deployment refers to what its API referred to when the deployment was made, whatever becomes of the API: of a REST API
that is its document or its integrations, of a WebSocket API, or an HTTP API that does not deploy by itself, its
integrations. (Developer Guide, "Create a deployment for a REST API in API Gateway"; the wording of what is refused is
API Gateway's, Elastic Load Balancing's and EC2's own, shortened.)
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from local.recording import Json, Recording, Resource
from tests.engine_order import Step

_Key: TypeAlias = tuple[str, str]
_Claim: TypeAlias = tuple[Json, ...]

LINKS: Final = ("aws:apigateway/vpcLink:VpcLink", "aws:apigatewayv2/vpcLink:VpcLink")
DEPLOYMENTS: Final = ("aws:apigateway/deployment:Deployment", "aws:apigatewayv2/deployment:Deployment")
STAGES: Final = ("aws:apigateway/stage:Stage", "aws:apigatewayv2/stage:Stage")
INTEGRATION: Final = "aws:apigatewayv2/integration:Integration"
REST_API: Final = "aws:apigateway/restApi:RestApi"
SNAPSHOTTED: Final = ("aws:apigateway/integration:Integration", REST_API, INTEGRATION)
MAPPINGS: Final = ("aws:apigateway/basePathMapping:BasePathMapping", "aws:apigatewayv2/apiMapping:ApiMapping")
USAGE_PLAN: Final = "aws:apigateway/usagePlan:UsagePlan"
VPC_ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"


class Account:
    """What is there in AWS while the steps are taken, and what has been refused so far."""

    def __init__(self, start: Recording | None) -> None:
        self.refused: list[str] = []
        self._there: dict[_Key, Resource] = {}
        self._snapshots: dict[_Key, tuple[Resource, ...]] = {}
        self._there |= {_key(resource): resource for resource in (start.resources if start else ())}
        self._snapshots |= {key: self._snapshot(resource) for key, resource in self._there.items()}

    def take(self, step: Step) -> None:
        """Take a step; what AWS refuses stays where it is."""
        resource, key = step.resource, _key(step.resource)
        if step.does == "delete":
            holders = sorted(self._holders(resource))
            if holders:
                self.refused.append(f"{step}: {', '.join(holders)}")
            else:
                del self._there[key]
            return
        was = self._there.get(key) if step.does == "update" else None
        reasons = sorted({*self._rivals(resource, was), *self._unlike(was, resource)})
        if reasons:
            self.refused.append(f"{step}: {', '.join(reasons)}")
            return
        self._there[key] = resource
        if step.does == "create":
            self._snapshots[key] = self._snapshot(resource)

    def _snapshot(self, resource: Resource) -> tuple[Resource, ...]:
        """Return what a deployment keeps of its API, nothing of any other resource."""
        if resource.type not in DEPLOYMENTS:
            return ()
        api = _api_of(resource)
        parts = (found for found in self._of(*SNAPSHOTTED) if api in (_api_of(found), found.id))
        # An integration of a WebSocket or HTTP API is deployed where a route leads to it.
        return tuple(found for found in parts if found.type != INTEGRATION or any(self.of_integration(found)))

    def _of(self, *types: str) -> Iterator[Resource]:
        return (resource for resource in self._there.values() if resource.type in types)

    def _holders(self, resource: Resource) -> Iterator[str]:
        """Yield what still refers to a resource, in a way for which AWS would not delete it."""
        find = _HOLDERS.get(resource.type)
        if find is not None:
            yield from find(self, resource)

    def _rivals(self, resource: Resource, was: Resource | None) -> Iterator[str]:
        """Yield what has something already that a resource claims for itself; what it was itself has not."""
        claims = set(self._claims(resource))
        others = (found for found in self._there.values() if claims and found is not was)
        yield from _named(others, lambda found: not claims.isdisjoint(self._claims(found)))

    def _claims(self, resource: Resource) -> Iterator[_Claim]:
        """Yield what one resource alone can have, of all that are there.

        A domain name, a key of it, a stage's name; a key's one plan of a stage; the private DNS of a service in a VPC;
        and a stage's web ACL, which AWS lets one take over from the other, only to be let go with the other.
        """
        given = resource.inputs
        match resource.type.rpartition(":")[2]:
            case "DomainName":
                yield "domain", given["domainName"]
            case "BasePathMapping" | "ApiMapping":
                yield "key", given["domainName"], given.get("basePath") or given.get("apiMappingKey")
            case "Stage":
                yield "stage", _api_of(resource), _stage_name(resource)
            case "UsagePlanKey":
                plans = [plan for plan in self._of(USAGE_PLAN) if plan.id == given["usagePlanId"]]
                yield from (("plan", given["keyId"], *stage) for plan in plans for stage in _planned(plan))
            case "VpcEndpoint" if given.get("privateDnsEnabled"):
                yield "private DNS", given["vpcId"], given["serviceName"]
            case "WebAclAssociation":
                yield "web ACL", given["resourceArn"]
            case _:
                pass

    def _unlike(self, was: Resource | None, now: Resource) -> Iterator[str]:
        """VPCEndpoints can only be specified with PRIVATE apis."""
        if was is not None and now.type == REST_API and _is_private(was) and not _is_private(now):
            yield "it was private"

    def of_rest_api(self, api: Resource) -> Iterator[str]:
        """Please remove all base path mappings related to the API in your domains."""
        yield from _named(self._of(*MAPPINGS), lambda mapping: _api_of(mapping) == api.id)

    def of_stage(self, stage: Resource) -> Iterator[str]:
        """A domain that leads to a stage, and a plan that names one, would be left without it."""
        place = (_api_of(stage), _stage_name(stage))
        mappings = self._of(*MAPPINGS)
        yield from _named(mappings, lambda found: (_api_of(found), _stage_name(found)) == place)
        yield from _named(self._of(USAGE_PLAN), lambda plan: place in _planned(plan))

    def of_link(self, link: Resource) -> Iterator[str]:
        """Cannot delete vpc link. Vpc link is referenced.

        AWS does not refuse it for a stage variable, but the stage's calls would fail: that is as bad.
        """
        yield from _named(self._of(*SNAPSHOTTED), lambda found: _mentions(found.inputs, link.id))
        yield from _named(self._of(*STAGES), lambda stage: _mentions(stage.inputs.get("variables"), link.id))
        for deployment in self._of(*DEPLOYMENTS):
            kept = self._snapshots[_key(deployment)]
            stages = [stage for stage in self._of(*STAGES) if deployment.id in _deployment_of(stage)]
            for found in _named(kept, lambda part: _mentions(part.inputs, link.id)):
                yield from (f"{found} as deployed on {stage.name}" for stage in stages)

    def of_deployment(self, deployment: Resource) -> Iterator[str]:
        """Active stages pointing to this deployment must be moved or deleted."""
        yield from _named(self._of(*STAGES), lambda stage: deployment.id in _deployment_of(stage))

    def of_integration(self, integration: Resource) -> Iterator[str]:
        """Cannot delete Integration because it is referenced by the following Routes."""
        target = f"integrations/{integration.id}"
        yield from _named(self._of("aws:apigatewayv2/route:Route"), lambda route: route.inputs.get("target") == target)

    def of_load_balancer(self, balancer: Resource) -> Iterator[str]:
        """Load balancer cannot be deleted because it is currently associated with another service."""
        yield from _named(self._of(LINKS[0]), lambda link: link.inputs.get("targetArn") == balancer.id)

    def of_target_group(self, group: Resource) -> Iterator[str]:
        """Target group is currently in use by a listener or a rule."""
        yield from _named(self._of("aws:lb/listener:Listener"), lambda found: _mentions(found.inputs, group.id))

    def of_security_group(self, group: Resource) -> Iterator[str]:
        """The security group has a dependent object."""
        own = "securityGroupId"
        rules = self._of(
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        )
        yield from _named(rules, lambda rule: _mentions({**rule.inputs, own: None}, group.id))
        members = self._of("aws:lb/loadBalancer:LoadBalancer", LINKS[1], VPC_ENDPOINT)
        yield from _named(members, lambda member: _mentions(member.inputs, group.id))


_HOLDERS: Final[Mapping[str, Callable[[Account, Resource], Iterator[str]]]] = {
    **dict.fromkeys(LINKS, Account.of_link),
    **dict.fromkeys(DEPLOYMENTS, Account.of_deployment),
    **dict.fromkeys(STAGES, Account.of_stage),
    INTEGRATION: Account.of_integration,
    REST_API: Account.of_rest_api,
    "aws:lb/loadBalancer:LoadBalancer": Account.of_load_balancer,
    "aws:lb/targetGroup:TargetGroup": Account.of_target_group,
    "aws:ec2/securityGroup:SecurityGroup": Account.of_security_group,
}


def refused(start: Recording | None, steps: Iterable[Step]) -> list[str]:
    """Return what AWS refuses of the steps, each with what it would name as the reason."""
    account = Account(start)
    for step in steps:
        account.take(step)
    return account.refused


def _key(resource: Resource) -> _Key:
    return resource.urn, resource.id


def _api_of(resource: Resource) -> Json:
    return resource.inputs.get("restApi", resource.inputs.get("apiId"))


def _stage_name(resource: Resource) -> Json:
    """Return the name of a stage, or of the stage that a mapping leads to."""
    given = resource.inputs
    return given.get("stageName", given.get("name") if resource.type in STAGES else given.get("stage"))


def _planned(plan: Resource) -> list[tuple[Json, Json]]:
    """Return the stages of a usage plan: each an API's id and a name."""
    stages = plan.inputs.get("apiStages")
    found = [stage for stage in stages if isinstance(stage, dict)] if isinstance(stages, list) else []
    return [(stage.get("apiId"), stage.get("stage")) for stage in found]


def _is_private(api: Resource) -> bool:
    configuration = api.inputs.get("endpointConfiguration")
    return isinstance(configuration, dict) and configuration.get("types") == "PRIVATE"


def _deployment_of(stage: Resource) -> tuple[Json, ...]:
    return stage.inputs.get("deployment"), stage.inputs.get("deploymentId")


def _named(resources: Iterable[Resource], refers: Callable[[Resource], bool]) -> Iterator[str]:
    return (f"{found.type.rpartition(':')[2]} {found.name}" for found in resources if refers(found))


def _mentions(value: object, text: str) -> bool:
    """Tell whether a value names something: as it is, or as a word of a longer text."""
    match value:
        case str():
            return re.search(rf"(?<![\w-]){re.escape(text)}(?![\w-])", value) is not None
        case Mapping():
            return any(_mentions(item, text) for item in value.values())
        case list() | tuple():
            return any(_mentions(item, text) for item in value)
        case _:
            return False
