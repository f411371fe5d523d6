"""The order in which Pulumi's engine brings one recording of a program to another, as steps.

What it does: creations and updates come in the order of the dependencies, a resource that has to be replaced is made
anew in that order, and everything that goes, the replaced ones among it, goes last, against the order that the old
dependencies had. Only ``deleteBeforeReplace`` takes the old resource first. (Pulumi's documentation, "How Pulumi works"
and the resource options ``deleteBeforeReplace``, ``replaceOnChanges`` and ``replaceWith``.)

A recording gives a resource the same ids in every run; here a replaced one gets new ids, and whatever read them changes
with them, as it does in AWS.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import Final, Literal

from local.recording import Json, Recording, Resource

FORCES_NEW: Final[Mapping[str, frozenset[str]]] = {
    "aws:apigateway/deployment:Deployment": frozenset({"restApi", "triggers"}),
    "aws:apigateway/basePathMapping:BasePathMapping": frozenset({"domainName"}),
    "aws:apigateway/domainName:DomainName": frozenset({"domainName"}),
    "aws:apigateway/integration:Integration": frozenset({"restApi", "resourceId", "httpMethod", "type"}),
    "aws:apigateway/method:Method": frozenset({"restApi", "resourceId", "httpMethod"}),
    "aws:apigateway/methodSettings:MethodSettings": frozenset({"methodPath", "restApi", "stageName"}),
    "aws:apigateway/resource:Resource": frozenset({"restApi"}),
    "aws:apigateway/stage:Stage": frozenset({"restApi", "stageName"}),
    "aws:apigateway/usagePlanKey:UsagePlanKey": frozenset({"keyId", "keyType", "usagePlanId"}),
    "aws:apigateway/vpcLink:VpcLink": frozenset({"targetArn"}),
    "aws:apigatewayv2/apiMapping:ApiMapping": frozenset({"apiId", "domainName"}),
    "aws:apigatewayv2/deployment:Deployment": frozenset({"apiId", "triggers"}),
    "aws:apigatewayv2/domainName:DomainName": frozenset({"domainName"}),
    "aws:apigatewayv2/stage:Stage": frozenset({"apiId", "name"}),
    "aws:apigatewayv2/vpcLink:VpcLink": frozenset({"securityGroupIds", "subnetIds"}),
    "aws:cloudwatch/logGroup:LogGroup": frozenset({"name"}),
    "aws:ec2/securityGroup:SecurityGroup": frozenset({"description", "vpcId"}),
    "aws:ec2/vpcEndpoint:VpcEndpoint": frozenset({"serviceName", "vpcEndpointType", "vpcId"}),
    "aws:lambda/permission:Permission": frozenset({"action", "function", "principal", "sourceArn"}),
    "aws:lb/listener:Listener": frozenset({"loadBalancerArn"}),
    "aws:lb/loadBalancer:LoadBalancer": frozenset({"internal", "loadBalancerType"}),
    "aws:lb/targetGroup:TargetGroup": frozenset({"port", "protocol", "targetType", "vpcId"}),
    "aws:route53/record:Record": frozenset({"name", "zoneId"}),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": frozenset({"securityGroupId"}),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": frozenset({"securityGroupId"}),
    "aws:wafv2/webAclAssociation:WebAclAssociation": frozenset({"resourceArn", "webAclArn"}),
}
"""Inputs whose change makes the AWS provider replace the resource, for the types that the tests change.

The types that are not here, a ``UsagePlan`` and a ``RestApi`` among them, change in place.
"""

SHORTEST_ID: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that the engine does. ``resource`` is as it is afterwards, or as it was when it is deleted."""

    does: Literal["create", "update", "delete"]
    resource: Resource

    def __str__(self) -> str:
        return f"{self.does} {self.resource.type.rpartition(':')[2]} {self.resource.name}"


def steps(old: Recording | None, new: Recording | None, *, backwards: bool = False) -> tuple[Step, ...]:
    """Return what happens from one recording to another; None stands for a stack that is not there.

    The engine takes what does not depend on one another in any order: ``backwards`` turns that choice round.
    """
    before = {resource.urn: resource for resource in old.resources} if old else {}
    renamed = _Renamed()
    replaced: set[str] = set()
    made: list[Step] = []
    gone = set(before)
    for registered in _in_order(new.resources if new else (), backwards=backwards):
        was = before.get(registered.urn)
        now = renamed.in_resource(registered)
        gone.discard(registered.urn)
        if not registered.custom:
            continue
        if was is None:
            made.append(Step(does="create", resource=now))
            continue
        changed = _changed(was, now)
        if not _is_replaced(was, now, changed, replaced):
            made += [Step(does="update", resource=now)] if changed else []
            continue
        replaced.add(registered.urn)
        if now.delete_before_replace:
            made.append(Step(does="delete", resource=was))
        else:
            gone.add(registered.urn)
        renamed.replace(registered)
        made.append(Step(does="create", resource=renamed.in_itself(now)))
    order = [resource for resource in _in_order(before.values(), backwards=backwards) if resource.urn in gone]
    deleted = (resource for resource in reversed(order) if resource.custom and not resource.retain_on_delete)
    return (*made, *(Step(does="delete", resource=resource) for resource in deleted))


class _Renamed:
    """The ids, ARNs and names that replaced resources had, and those that they have now."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._pattern = re.compile(r"(?!)")

    def replace(self, resource: Resource) -> None:
        """Give a resource new values for all that AWS makes up."""
        given = [value for value in resource.inputs.values() if isinstance(value, str)]
        computed = (resource.id, *(value for key, value in resource.outputs.items() if key not in resource.inputs))
        for value in computed:
            if isinstance(value, str) and len(value) >= SHORTEST_ID and value not in given:
                self._values[value] = f"{value}-anew"
        # The longest first: a load balancer's name is part of its ARN.
        self._pattern = re.compile("|".join(map(re.escape, sorted(self._values, key=len, reverse=True))) or r"(?!)")

    def in_resource(self, resource: Resource) -> Resource:
        """Return a registration as it is made once what it reads has been replaced."""
        return replace(resource, inputs={key: self._in(value) for key, value in resource.inputs.items()})

    def in_itself(self, resource: Resource) -> Resource:
        """Return a replaced resource with its own new values."""
        outputs = {key: self._in(value) for key, value in resource.outputs.items()}
        return replace(resource, id=self._values.get(resource.id, resource.id), outputs=outputs)

    def _in(self, value: Json) -> Json:
        match value:
            case str():
                return self._pattern.sub(lambda found: self._values[found[0]], value)
            case list():
                return [self._in(item) for item in value]
            case dict():
                return {key: self._in(item) for key, item in value.items()}
            case _:
                return value


def _in_order(resources: Iterable[Resource], *, backwards: bool) -> Iterator[Resource]:
    """Yield resources, each after its parent and all that it depends on."""
    by_urn = {resource.urn: resource for resource in resources}
    sorter = TopologicalSorter({urn: _needs(resource) & by_urn.keys() for urn, resource in by_urn.items()})
    sorter.prepare()
    while sorter.is_active():
        for urn in sorted(sorter.get_ready(), reverse=backwards):
            yield by_urn[urn]
            sorter.done(urn)


def _needs(resource: Resource) -> set[str]:
    return {*resource.dependencies, *([resource.parent] if resource.parent else [])}


def _changed(was: Resource, now: Resource) -> set[str]:
    inputs = was.inputs.keys() | now.inputs.keys()
    return {key for key in inputs if was.inputs.get(key) != now.inputs.get(key)} - set(now.ignore_changes)


def _is_replaced(was: Resource, now: Resource, changed: set[str], replaced: set[str]) -> bool:
    return bool(
        changed & FORCES_NEW.get(now.type, frozenset())
        or changed & set(now.replace_on_changes)
        or (changed and "*" in now.replace_on_changes)
        or was.replacement_trigger != now.replacement_trigger
        or replaced & set(now.replace_with)
    )
