"""The simulated engine: in which order it creates, updates, replaces and deletes."""

from dataclasses import replace

import pytest

from local.recording import Json, Recording, Resource
from tests.aws_refusals import refused
from tests.engine_order import steps

LINK = "aws:apigateway/vpcLink:VpcLink"
QUEUE = "aws:sqs/queue:Queue"


def resource(name: str, *needs: str, type_: str = QUEUE, **inputs: Json) -> Resource:
    return Resource(
        urn=name,
        type=type_,
        name=name,
        parent=None,
        custom=True,
        id=f"id-of-{name}",
        inputs=inputs,
        outputs={**inputs, "arn": f"arn-of-{name}"},
        dependencies=needs,
    )


def run(*resources: Resource) -> Recording:
    return Recording(project="gatelink", stack="dev", resources=resources, outputs={})


def told(old: Recording | None, new: Recording | None, *, backwards: bool = False) -> list[str]:
    return [f"{step.does} {step.resource.name}" for step in steps(old, new, backwards=backwards)]


CHAIN = run(resource("c", "b"), resource("b", "a"), resource("a"))


def test_what_is_needed_is_made_first_and_goes_last() -> None:
    assert told(None, CHAIN) == ["create a", "create b", "create c"]
    assert told(CHAIN, None) == ["delete c", "delete b", "delete a"]


def test_the_same_again_is_no_step() -> None:
    assert told(CHAIN, CHAIN) == []


def test_what_does_not_depend_on_one_another_comes_in_either_order() -> None:
    both = run(resource("a"), resource("b"))
    assert told(None, both) == ["create a", "create b"]
    assert told(None, both, backwards=True) == ["create b", "create a"]


def test_what_goes_goes_after_everything_else() -> None:
    old = run(resource("gone"), resource("kept", size=1))
    assert told(old, run(resource("kept", size=2), resource("new"))) == ["update kept", "create new", "delete gone"]


def test_a_child_comes_after_its_parent_and_a_component_is_no_step() -> None:
    parent = replace(resource("z"), custom=False)
    assert told(None, run(replace(resource("a"), parent="z"), parent, resource("b"))) == ["create b", "create a"]


def replaced(*, delete_before_replace: bool | None = None) -> list[str]:
    link, reader = resource("link", type_=LINK, targetArn="1"), resource("reader", "link", link="id-of-link")
    changed = replace(link, inputs={"targetArn": "2"}, delete_before_replace=delete_before_replace)
    found = steps(run(link, reader), run(changed, reader))
    return [f"{step.does} {step.resource.id} {step.resource.inputs.get('link', '')}".strip() for step in found]


def test_a_replaced_resource_has_a_new_id_which_its_readers_get_before_the_old_one_goes() -> None:
    assert replaced() == [
        "create id-of-link-anew",
        "update id-of-reader id-of-link-anew",
        "delete id-of-link",
    ]


def test_delete_before_replace_takes_the_old_one_first() -> None:
    assert replaced(delete_before_replace=True) == [
        "delete id-of-link",
        "create id-of-link-anew",
        "update id-of-reader id-of-link-anew",
    ]


QUEUE_OF_ONE = replace(resource("queue", size=1), replacement_trigger=1)
QUEUE_OF_TWO = replace(QUEUE_OF_ONE, inputs={"size": 2})


@pytest.mark.parametrize(
    "changed",
    [
        replace(QUEUE_OF_TWO, replace_on_changes=("size",)),
        replace(QUEUE_OF_TWO, replace_on_changes=("*",)),
        replace(QUEUE_OF_ONE, replacement_trigger=2),
    ],
    ids=["an input", "every input", "the trigger"],
)
def test_what_the_program_says_replaces(changed: Resource) -> None:
    assert told(run(QUEUE_OF_ONE), run(QUEUE_OF_TWO)) == ["update queue"]
    assert told(run(QUEUE_OF_ONE), run(changed)) == ["create queue", "delete queue"]


def test_what_is_replaced_takes_another_with_it() -> None:
    link = resource("link", type_=LINK, targetArn="1")
    other = replace(resource("other", "link"), replace_with=("link",))
    changed = replace(link, inputs={"targetArn": "2"})
    assert told(run(link, other), run(changed, other)) == [
        "create link",
        "create other",
        "delete other",
        "delete link",
    ]


def test_ignored_changes_and_what_is_kept_on_destroy_are_no_steps() -> None:
    kept = replace(resource("kept", size=1), retain_on_delete=True, ignore_changes=("size",))
    assert told(run(kept), run(replace(kept, inputs={"size": 2}))) == []
    assert told(run(kept), None) == []


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (
            resource("v1", type_="aws:apigateway/domainName:DomainName", domainName="a.example"),
            resource("v2", type_="aws:apigatewayv2/domainName:DomainName", domainName="a.example"),
            "create DomainName v2: DomainName v1",
        ),
        (
            resource("v1", type_="aws:apigateway/basePathMapping:BasePathMapping", domainName="a", basePath="x"),
            resource("v2", type_="aws:apigatewayv2/apiMapping:ApiMapping", domainName="a", apiMappingKey="x"),
            "create ApiMapping v2: BasePathMapping v1",
        ),
        (
            resource("old", type_="aws:apigateway/stage:Stage", restApi="api", stageName="dev"),
            resource("new", type_="aws:apigateway/stage:Stage", restApi="api", stageName="dev"),
            "create Stage new: Stage old",
        ),
        (
            resource(
                "old", type_="aws:ec2/vpcEndpoint:VpcEndpoint", vpcId="1", serviceName="a", privateDnsEnabled=True
            ),
            resource(
                "new", type_="aws:ec2/vpcEndpoint:VpcEndpoint", vpcId="1", serviceName="a", privateDnsEnabled=True
            ),
            "create VpcEndpoint new: VpcEndpoint old",
        ),
        (
            resource("old", type_="aws:wafv2/webAclAssociation:WebAclAssociation", resourceArn="stage", webAclArn="1"),
            resource("new", type_="aws:wafv2/webAclAssociation:WebAclAssociation", resourceArn="stage", webAclArn="2"),
            "create WebAclAssociation new: WebAclAssociation old",
        ),
    ],
)
def test_aws_refuses_a_second_one_of_what_there_is_once(first: Resource, second: Resource, reason: str) -> None:
    assert refused(run(first), steps(run(first), run(first, second))) == [reason]
    assert refused(run(first), steps(run(first), run(first))) == []


def test_aws_refuses_a_second_plan_of_a_key() -> None:
    stages: Json = [{"apiId": "api", "stage": "dev"}]
    plans = [resource(name, type_="aws:apigateway/usagePlan:UsagePlan", apiStages=stages) for name in ("free", "paid")]
    keys = [
        resource(f"{plan.name}-acme", type_="aws:apigateway/usagePlanKey:UsagePlanKey", keyId="1", usagePlanId=plan.id)
        for plan in plans
    ]
    before, after = run(*plans, keys[0]), run(*plans, *keys)
    assert refused(before, steps(before, after)) == ["create UsagePlanKey paid-acme: UsagePlanKey free-acme"]


def test_aws_refuses_to_delete_what_a_domain_or_a_plan_names() -> None:
    api = resource("api", type_="aws:apigateway/restApi:RestApi")
    stage = resource("stage", type_="aws:apigateway/stage:Stage", restApi=api.id, stageName="dev")
    mapping = resource(
        "name", type_="aws:apigateway/basePathMapping:BasePathMapping", domainName="a", restApi=api.id, stageName="dev"
    )
    stages: Json = [{"apiId": api.id, "stage": "dev"}]
    plan = resource("plan", type_="aws:apigateway/usagePlan:UsagePlan", apiStages=stages)
    before = run(api, stage, mapping, plan)
    assert refused(before, steps(before, run(mapping, plan))) == [
        "delete Stage stage: BasePathMapping name, UsagePlan plan",
        "delete RestApi api: BasePathMapping name",
    ]


def test_aws_refuses_to_delete_what_is_referred_to() -> None:
    link = resource("link", type_=LINK, targetArn="id-of-balancer")
    balancer = resource("balancer", type_="aws:lb/loadBalancer:LoadBalancer")
    before = run(link, balancer)
    assert refused(before, steps(before, run(link))) == ["delete LoadBalancer balancer: VpcLink link"]
    group = resource("group", type_="aws:ec2/securityGroup:SecurityGroup")
    endpoint = resource("endpoint", type_="aws:ec2/vpcEndpoint:VpcEndpoint", securityGroupIds=["id-of-group"])
    guarded = run(group, endpoint)
    assert refused(guarded, steps(guarded, run(endpoint))) == ["delete SecurityGroup group: VpcEndpoint endpoint"]
    assert refused(before, steps(run(replace(link, dependencies=("balancer",)), balancer), None)) == []
