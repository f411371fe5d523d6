"""What takes the place of another: stages, APIs, keys of domains, and APIs that become private or stop being so.

Each change is recorded before and after, put into the order in which the engine would make it, and walked as in
:mod:`tests.components.test_letting_go`: AWS has a domain, a key of it, a stage's web ACL and the like only once.
"""

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from local.recording import Recording
from tests.aws_refusals import refused
from tests.engine_order import steps
from tests.programs import Settings, only, run_program

REST_API = "aws:apigateway/restApi:RestApi"
REST_STAGE = "aws:apigateway/stage:Stage"
BASE_PATH = "aws:apigateway/basePathMapping:BasePathMapping"

NAME: Settings = {
    "domainName": "shop.example.com",
    "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    "hostedZoneId": "Z0123456789ABC",
}
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/{0}/0a1b2c3d-4e5f-6789-0abc-def012345678"
ROUTES: Settings = {
    "GET /toys": {
        "apiKeyRequired": True,
        "authorization": "AWS_IAM",
        "integration": {"integrationType": "HTTP_PROXY", "integrationMethod": "GET", "backend": "toys"},
    }
}

in_either_order = pytest.mark.parametrize("backwards", [False, True])


def api(**more: object) -> dict[str, Any]:
    """Return a REST API with keys, a web ACL, alarms and execution logs."""
    return {
        "protocol": "REST",
        "routes": copy.deepcopy(ROUTES),
        "webAclArn": WEB_ACL.format("edge"),
        "usagePlans": {"partner": {"apiKeys": ["acme"]}},
        "alarms": {"snsTopicArn": "arn:aws:sns:us-east-1:123456789012:alarms"},
        **more,
    }


def stack() -> Settings:
    """Return a stack of two REST APIs under one domain, in front of one backend."""
    return {
        "accountLogging": "existing",
        "network": {
            "vpcId": "vpc-0a1b2c3d4e5f67890",
            "privateSubnetIds": ["subnet-0a1b2c3d4e5f67891", "subnet-0a1b2c3d4e5f67892"],
            "cidr": "10.40.0.0/16",
        },
        "backends": {"toys": {"loadBalancer": "network", "listener": {"port": 80}, "target": {"port": 8080}}},
        "apis": {
            "shop": api(domain=NAME),
            "stock": api(domain={**NAME, "apiMappingKey": "stock"}, usagePlans={"partner": {"apiKeys": ["beta"]}}),
        },
    }


def shop(settings: Settings) -> Any:  # noqa: ANN401 - JSON
    return settings["apis"]["shop"]


def stock(settings: Settings) -> Any:  # noqa: ANN401 - JSON
    return settings["apis"]["stock"]


def a_stage_gets_another_name(settings: Settings) -> None:
    shop(settings)["stage"] = {"name": "blue"}


def an_api_gets_another_name(settings: Settings) -> None:
    settings["apis"]["store"] = settings["apis"].pop("shop")


def an_api_gets_another_key(settings: Settings) -> None:
    stock(settings)["domain"] = {**NAME, "apiMappingKey": "stocks/v1"}


def two_apis_swap_their_keys(settings: Settings) -> None:
    first, second = shop(settings), stock(settings)
    first["domain"], second["domain"] = second["domain"], first["domain"]


def an_api_takes_over_the_key_of_one_that_leaves(settings: Settings) -> None:
    settings["apis"]["shop"] = api()
    stock(settings)["domain"] = NAME


def the_domain_becomes_edge_optimized(settings: Settings) -> None:
    for one in settings["apis"].values():
        one["domain"] = {**one["domain"], "endpointType": "EDGE"}


def the_domain_gets_another_policy(settings: Settings) -> None:
    for one in settings["apis"].values():
        words = {"securityPolicy": "SecurityPolicy_TLS13_1_3_2025_09", "endpointAccessMode": "STRICT"}
        one["domain"] = {**one["domain"], **words}


def an_api_becomes_private(settings: Settings) -> None:
    del shop(settings)["domain"]
    shop(settings).update(endpointConfiguration={"types": ["PRIVATE"]}, invokePrincipals=["222233334444"])


def a_key_goes_to_another_plan(settings: Settings) -> None:
    shop(settings)["usagePlans"] = {"free": {"apiKeys": ["acme"]}}


def another_web_acl(settings: Settings) -> None:
    shop(settings)["webAclArn"] = WEB_ACL.format("other")


CHANGES = (
    a_stage_gets_another_name,
    an_api_gets_another_name,
    an_api_gets_another_key,
    two_apis_swap_their_keys,
    an_api_takes_over_the_key_of_one_that_leaves,
    the_domain_becomes_edge_optimized,
    the_domain_gets_another_policy,
    an_api_becomes_private,
    a_key_goes_to_another_plan,
    another_web_acl,
)


def edited(change: Callable[[Settings], None], settings: Settings | None = None) -> tuple[Recording, Recording]:
    settings = settings or stack()
    before = run_program(settings)
    change(settings)
    return before, run_program(settings)


@in_either_order
@pytest.mark.parametrize("change", CHANGES)
def test_aws_has_nothing_to_refuse_on_the_way_and_on_the_way_back(
    change: Callable[[Settings], None], backwards: bool
) -> None:
    before, after = edited(change)
    for start, end in ((before, after), (after, before)):
        taken = steps(start, end, backwards=backwards)
        assert taken
        assert refused(start, taken) == []


def test_a_domain_of_rest_apis_changes_in_place() -> None:
    for change in (the_domain_becomes_edge_optimized, the_domain_gets_another_policy):
        taken = [str(step) for step in steps(*edited(change))]
        assert [step for step in taken if not step.startswith("update Record")] == [
            "update DomainName shop-example-com"
        ]


@pytest.mark.parametrize("known", [True, False])
def test_what_replaces_an_api_is_whether_it_is_private(known: bool) -> None:
    settings = stack()
    public = only(run_program(settings, known=known), REST_API, "shop")
    shop(settings)["endpointConfiguration"] = {"types": ["EDGE"]}
    edge = only(run_program(settings, known=known), REST_API, "shop")
    an_api_becomes_private(settings)
    private = only(run_program(settings, known=known), REST_API, "shop")
    assert [made.replacement_trigger for made in (public, edge, private)] == ["public", "public", "private"]
    assert [made.delete_before_replace for made in (public, edge, private)] == [False, False, False]


def test_the_order_in_which_an_api_stops_being_private() -> None:
    settings = stack()
    an_api_becomes_private(settings)
    private = run_program(settings)
    taken = steps(private, run_program(stack()))
    said = ("RestApi", "Deployment", "Stage", "BasePathMapping", "UsagePlan", "VpcEndpoint", "SecurityGroup")
    assert [str(step) for step in taken if step.resource.type.rpartition(":")[2] in said] == [
        "create RestApi shop",
        "create Deployment shop",
        "create Stage shop-dev",
        "create BasePathMapping shop-example-com",
        "update UsagePlan shop-partner",
        "delete Stage shop-dev",
        "delete Deployment shop",
        "delete RestApi shop",
        "delete VpcEndpoint execute-api",
        "delete SecurityGroup execute-api",
    ]
    made = {step.resource.type: step.resource for step in taken if step.does == "create"}
    was = only(private, REST_API, "shop")
    assert made[REST_STAGE].inputs["restApi"] == made[REST_API].id != was.id
    assert made[BASE_PATH].inputs["restApi"] == made[REST_API].id


def test_a_private_api_in_place_would_be_refused() -> None:
    """Why there is a trigger: the walk without it."""
    settings = stack()
    an_api_becomes_private(settings)
    before, after = run_program(settings), run_program(stack())
    (update,) = (
        step
        for step in steps(without_trigger(before), without_trigger(after))
        if step.resource.name == "shop" and step.resource.type == REST_API
    )
    assert refused(before, [update]) == ["update RestApi shop: it was private"]


def without_trigger(recording: Recording) -> Recording:
    """Return a recording as if no resource had a replacement trigger."""
    resources = tuple(dataclasses.replace(found, replacement_trigger=None) for found in recording.resources)
    return dataclasses.replace(recording, resources=resources)


@in_either_order
def test_a_domain_that_an_http_api_comes_to_share_needs_two_steps(backwards: bool) -> None:
    """What docs/deployments.md says: AWS has the name once, and it becomes a resource of another type."""

    def an_http_api_joins(settings: Settings) -> None:
        integration = {"integrationType": "HTTP_PROXY", "integrationMethod": "GET", "backend": "toys"}
        domain = {**NAME, "apiMappingKey": "news"}
        settings["apis"]["news"] = {
            "protocol": "HTTP",
            "routes": {"GET /news": {"integration": integration}},
            "domain": domain,
        }

    before, after = edited(an_http_api_joins)
    taken = refused(before, steps(before, after, backwards=backwards))
    assert "create DomainName shop-example-com: DomainName shop-example-com" in taken

    settings = stack()
    an_http_api_joins(settings)
    for one in settings["apis"].values():
        del one["domain"]
    between = run_program(settings)
    assert refused(before, steps(before, between, backwards=backwards)) == []
    assert refused(between, steps(between, after, backwards=backwards)) == []


@in_either_order
def test_a_deep_key_is_given_up_before_another_api_takes_it(backwards: bool) -> None:
    settings = stack()
    an_api_gets_another_key(settings)

    def another_name(settings: Settings) -> None:
        settings["apis"]["store"] = settings["apis"].pop("stock")

    before, after = edited(another_name, settings)
    taken = steps(before, after, backwards=backwards)
    assert refused(before, taken) == []
    mapping = "ApiMapping shop-example-com-stocks/v1"
    assert [str(step) for step in taken if "Mapping" in str(step)] == [f"delete {mapping}", f"create {mapping}"]


def test_a_key_that_another_api_takes_over_leads_to_it_in_one_step() -> None:
    taken = [str(step) for step in steps(*edited(an_api_takes_over_the_key_of_one_that_leaves))]
    of_mappings = [step for step in taken if "Mapping" in step]
    assert of_mappings == ["update BasePathMapping shop-example-com", "delete BasePathMapping shop-example-com-stock"]
