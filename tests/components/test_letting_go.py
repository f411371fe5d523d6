"""Letting go of a VPC link: whatever changes, AWS has nothing to refuse on the way.

Each change is recorded before and after, put into the order in which the engine would make it, and walked: nothing may
be deleted that something else in AWS still refers to, a deployed stage included.
"""

import asyncio
import copy
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from local.recorder.monitor import RecordingMonitor, run_recorded
from local.recording import Recording
from tests.aws_refusals import LINKS, refused
from tests.engine_order import Step, steps
from tests.programs import Settings, names, only, run_program

V1, V2 = LINKS
REST_API = "aws:apigateway/restApi:RestApi"
REST_DEPLOYMENT = "aws:apigateway/deployment:Deployment"

ANSWER: dict[str, Any] = {
    "integrationType": "MOCK",
    "requestTemplates": {"application/json": '{"statusCode": 204}'},
    "integrationResponses": {"204": {}},
}
NETWORK: dict[str, Any] = {
    "vpcId": "vpc-0a1b2c3d4e5f67890",
    "privateSubnetIds": ["subnet-0a1b2c3d4e5f67891", "subnet-0a1b2c3d4e5f67892"],
    "cidr": "10.40.0.0/16",
}


def backend(kind: str) -> dict[str, Any]:
    return {"loadBalancer": kind, "listener": {"port": 80}, "target": {"port": 8080}}


def to(name: str) -> dict[str, Any]:
    return {"integration": {"integrationType": "HTTP_PROXY", "integrationMethod": "GET", "backend": name}}


def stack(protocol: str, kind: str) -> Settings:
    """Return a stack with two backends behind balancers of one kind, and an API with a route to each."""
    stage = {"name": "$default" if protocol == "HTTP" else "dev", "accessLogs": False}
    api: dict[str, Any] = {"protocol": protocol, "stage": stage}
    api["routes"] = {"GET /pets": to("pets"), "GET /toys": to("toys")}
    return {
        "accountLogging": "existing",
        "network": copy.deepcopy(NETWORK),
        "backends": {"pets": backend(kind), "toys": backend(kind)},
        "apis": {"shop": api},
    }


KINDS = {
    "REST by v1 links": ("REST", "network"),
    "REST by the v2 link": ("REST", "application"),
    "HTTP by the v2 link": ("HTTP", "application"),
    "HTTP to network balancers": ("HTTP", "network"),
}
of_every_kind = pytest.mark.parametrize(("protocol", "kind"), KINDS.values(), ids=KINDS)
of_rest = pytest.mark.parametrize(("protocol", "kind"), [KINDS[name] for name in KINDS if name.startswith("REST")])
in_either_order = pytest.mark.parametrize("backwards", [False, True])


def routes(settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = settings["apis"]["shop"]["routes"]
    return found


def a_backend_and_its_route_leave(settings: Settings) -> None:
    del settings["backends"]["toys"], routes(settings)["GET /toys"]


def a_route_goes_to_the_other_backend(settings: Settings) -> None:
    del settings["backends"]["toys"]
    routes(settings)["GET /toys"] = to("pets")


def a_route_goes_to_a_public_url(settings: Settings) -> None:
    del settings["backends"]["toys"]
    integration = {
        "integrationType": "HTTP_PROXY",
        "integrationMethod": "GET",
        "integrationUri": "https://toys.example",
    }
    routes(settings)["GET /toys"] = {"integration": integration}


def no_backend_is_left(settings: Settings) -> None:
    settings["backends"] = {}
    del settings["network"]
    for key in routes(settings):
        routes(settings)[key] = {"integration": {**to("")["integration"], "integrationUri": "https://shop.example"}}
        del routes(settings)[key]["integration"]["backend"]


def the_balancer_becomes_one_of_the_other_kind(settings: Settings) -> None:
    other = {"network": "application", "application": "network"}
    settings["backends"]["toys"] = backend(other[settings["backends"]["toys"]["loadBalancer"]])


def the_balancer_moves_to_another_vpc(settings: Settings) -> None:
    settings["network"] |= {"vpcId": "vpc-1", "privateSubnetIds": ["subnet-1", "subnet-2"]}


def the_balancer_becomes_one_that_exists(settings: Settings) -> None:
    kind = settings["backends"]["toys"]["loadBalancer"]
    place = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
    path = f"{'net' if kind == 'network' else 'app'}/old/0123456789abcdef"
    settings["backends"]["toys"] = {
        "listenerArn": f"{place}:listener/{path}/0123456789abcdef",
        "loadBalancerArn": f"{place}:loadbalancer/{path}",
        "dnsName": "old.elb.us-east-1.amazonaws.com",
        "port": 80,
        "protocol": "TCP" if kind == "network" else "HTTP",
    }


def the_api_leaves(settings: Settings) -> None:
    settings["apis"] = {}


CHANGES = (
    a_backend_and_its_route_leave,
    a_route_goes_to_the_other_backend,
    a_route_goes_to_a_public_url,
    no_backend_is_left,
    the_balancer_becomes_one_of_the_other_kind,
    the_balancer_moves_to_another_vpc,
    the_balancer_becomes_one_that_exists,
    the_api_leaves,
)


def edited(settings: Settings, change: Callable[[Settings], None]) -> tuple[Recording, Recording]:
    before = run_program(settings)
    change(settings)
    return before, run_program(settings)


@in_either_order
@of_every_kind
@pytest.mark.parametrize("change", CHANGES)
def test_aws_has_nothing_to_refuse(
    change: Callable[[Settings], None], protocol: str, kind: str, backwards: bool
) -> None:
    before, after = edited(stack(protocol, kind), change)
    taken = steps(before, after, backwards=backwards)
    assert refused(before, taken) == []
    assert any(step.does == "delete" for step in taken)


def routes_become_mocks(settings: Settings) -> None:
    settings["backends"] = {}
    del settings["network"]
    for key in routes(settings):
        routes(settings)[key] = {"integration": ANSWER}


@in_either_order
@of_rest
@pytest.mark.parametrize("one", [True, False])
def test_routes_become_mocks_and_lead_to_the_service_again(
    protocol: str, kind: str, one: bool, backwards: bool
) -> None:
    settings = stack(protocol, kind)
    served = run_program(settings)
    if one:
        del settings["backends"]["toys"]
        routes(settings)["GET /toys"] = {"integration": ANSWER}
    else:
        routes_become_mocks(settings)
    mocked = run_program(settings)
    there = steps(served, mocked, backwards=backwards)
    assert refused(served, there) == []
    assert refused(mocked, steps(mocked, served, backwards=backwards)) == []
    if not one:
        links = [step.resource.name for step in there if step.does == "delete" and step.resource.type in LINKS]
        assert links == names(served, V1 if kind == "network" else V2)[:: -1 if not backwards else 1]


@in_either_order
@of_every_kind
def test_a_destroyed_stack_goes_from_the_stage_to_the_balancer(protocol: str, kind: str, backwards: bool) -> None:
    recording = run_program(stack(protocol, kind))
    taken = steps(recording, None, backwards=backwards)
    assert refused(recording, taken) == []
    assert {step.does for step in taken} == {"delete"}
    assert len(taken) == sum(resource.custom for resource in recording.resources)


def relevant(taken: tuple[Step, ...]) -> list[str]:
    """Return the steps that this is about: those of the API, of links and of balancers."""
    said = ("RestApi", "Deployment", "Stage", "VpcLink", "LoadBalancer", "Integration", "Route")
    return [str(step) for step in taken if step.resource.type.rpartition(":")[2] in said]


def test_the_order_in_which_a_rest_api_lets_go_of_a_v1_link() -> None:
    taken = steps(*edited(stack("REST", "network"), a_backend_and_its_route_leave))
    assert relevant(taken) == [
        "update RestApi shop",
        "create Deployment shop",
        "update Stage shop-dev",
        "delete Deployment shop",
        "delete VpcLink toys",
        "delete LoadBalancer toys",
    ]


def test_the_order_in_which_a_rest_api_lets_go_of_the_v2_link() -> None:
    taken = steps(*edited(stack("REST", "application"), no_backend_is_left))
    assert relevant(taken)[:5] == [
        "update RestApi shop",
        "create Deployment shop",
        "update Stage shop-dev",
        "delete Deployment shop",
        "delete VpcLink http",
    ]


def test_the_order_in_which_an_http_api_lets_go_of_the_link() -> None:
    settings = stack("HTTP", "application")
    settings["apis"]["shop"]["integrations"] = {name: to(name)["integration"] for name in ("pets", "toys")}
    settings["apis"]["shop"]["routes"] = {f"GET /{name}": {"integration": name} for name in ("pets", "toys")}

    def no_route_is_private(settings: Settings) -> None:
        no_backend_is_left(settings)
        settings["apis"]["shop"]["integrations"] = {}

    taken = relevant(steps(*edited(settings, no_route_is_private)))
    made = [step for step in taken if not step.startswith("delete")]
    assert [step.split()[:2] for step in made] == [["create", "Integration"]] + [["update", "Route"]] * 2
    assert [step for step in taken if step.startswith("delete")] == [
        "delete Integration shop-toys",
        "delete Integration shop-pets",
        "delete VpcLink http",
        "delete LoadBalancer toys",
        "delete LoadBalancer pets",
    ]


def test_the_order_in_which_a_balancer_is_replaced() -> None:
    taken = relevant(steps(*edited(stack("REST", "network"), the_balancer_moves_to_another_vpc)))
    of_toys = [step for step in taken if step.split()[-1] in ("toys", "shop", "shop-dev")]
    assert of_toys == [
        "create LoadBalancer toys",
        "update RestApi shop",
        "create VpcLink toys",
        "create Deployment shop",
        "update Stage shop-dev",
        "delete Deployment shop",
        "delete VpcLink toys",
        "delete LoadBalancer toys",
    ]


def test_a_destroyed_rest_api_lets_go_of_its_links_with_its_last_deployment() -> None:
    taken = relevant(steps(run_program(stack("REST", "network")), None))
    assert taken == [
        "delete Stage shop-dev",
        "delete Deployment shop",
        "delete VpcLink toys",
        "delete VpcLink pets",
        "delete RestApi shop",
        "delete LoadBalancer toys",
        "delete LoadBalancer pets",
    ]


@of_rest
def test_why_it_holds(protocol: str, kind: str) -> None:
    """The document names no link; the stages do, which change with the deployment, which comes after the document."""
    before, after = edited(stack(protocol, kind), a_route_goes_to_the_other_backend)
    deployment, stage = only(before, REST_DEPLOYMENT), only(before, "aws:apigateway/stage:Stage")
    assert deployment.delete_before_replace is False
    assert only(before, REST_API).urn in deployment.dependencies
    links = before.of_type(V1) + before.of_type(V2)
    assert {link.urn for link in links} <= set(deployment.dependencies) & set(stage.dependencies)
    assert [link.id for link in links if link.id in str(only(before, REST_API).inputs["body"])] == []
    variables = stage.inputs["variables"]
    assert isinstance(variables, dict)
    assert sorted(map(str, variables.values())) == sorted(link.id for link in links)
    made = [only(run, REST_DEPLOYMENT).inputs["triggers"] for run in (before, after)]
    assert isinstance(made[0], dict)
    assert isinstance(made[1], dict)
    assert made[0]["spec"] != made[1]["spec"]
    assert made[0].keys() - made[1].keys() >= {"connectionId:toys", "integrationUri:toys"}


def by_method(*keys: str) -> Recording:
    """Return what is registered for a REST API of a resource for each method, each method with a link of its own."""

    def program() -> None:
        api = aws.apigateway.RestApi("shop")
        integrations = []
        for key in keys:
            link = aws.apigateway.VpcLink(key, target_arn=f"arn:aws:elasticloadbalancing:::loadbalancer/net/{key}/1")
            resource = aws.apigateway.Resource(key, rest_api=api.id, parent_id=api.root_resource_id, path_part=key)
            method = aws.apigateway.Method(
                key, rest_api=api.id, resource_id=resource.id, http_method="GET", authorization="NONE"
            )
            integrations.append(
                aws.apigateway.Integration(
                    key,
                    rest_api=api.id,
                    resource_id=resource.id,
                    http_method=method.http_method,
                    type="HTTP_PROXY",
                    connection_type="VPC_LINK",
                    connection_id=link.id,
                )
            )
        deployment = aws.apigateway.Deployment(
            "shop",
            rest_api=api.id,
            triggers={"spec": " ".join(keys)},
            opts=pulumi.ResourceOptions(depends_on=integrations, delete_before_replace=False),
        )
        aws.apigateway.Stage("shop-dev", rest_api=api.id, stage_name="dev", deployment=deployment.id)

    monitor = RecordingMonitor(project="gatelink", stack="dev", region="us-east-1")
    return asyncio.run(run_recorded(monitor, program))


@in_either_order
def test_a_resource_for_each_method_would_hold_the_link(backwards: bool) -> None:
    """Why an API is one document, docs/decisions: what is only deleted is in the new deployment still."""
    before, after = by_method("pets", "toys"), by_method("pets")
    taken = steps(before, after, backwards=backwards)
    assert refused(before, taken) == ["delete VpcLink toys: Integration toys as deployed on shop-dev"]


@in_either_order
def test_a_websocket_route_that_is_taken_out_at_once_holds_its_link(backwards: bool) -> None:
    """What docs/deployments.md says of the step that was forgotten, and that the walk sees what AWS would refuse."""
    settings = stack("WEBSOCKET", "network")
    post = {**to("pets")["integration"], "integrationMethod": "POST"}
    settings["apis"]["shop"]["routes"] = {
        "$default": {"integration": post},
        "leave": {"integration": {**post, "backend": "toys"}},
    }
    at_once = copy.deepcopy(settings)
    del at_once["apis"]["shop"]["routes"]["leave"], at_once["backends"]["toys"]
    retired = copy.deepcopy(at_once)
    retired["apis"]["shop"]["routes"]["leave"] = {"retired": True}
    before, after, between = run_program(settings), run_program(at_once), run_program(retired)

    link, *what_it_holds = refused(before, steps(before, after, backwards=backwards))
    assert link.startswith("delete VpcLink toys: Integration shop-")
    assert link.endswith(" as deployed on shop-dev")
    assert what_it_holds == ["delete LoadBalancer toys: VpcLink toys", "delete SecurityGroup toys: LoadBalancer toys"]
    assert refused(before, steps(before, between, backwards=backwards)) == []
    assert refused(between, steps(between, after, backwards=backwards)) == []
