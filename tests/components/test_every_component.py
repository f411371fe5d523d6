"""What holds for every resource of the program, whatever its component."""

import inspect
import re
from typing import Any

import pulumi
import pulumi_aws
import pytest

from local.recording import Recording
from tests.programs import ROOT, Settings, dev_settings, private_api, rest_api, run_program

DEV = dev_settings()
FULL: Settings = {
    **DEV,
    "apis": {**DEV["apis"], "catalog": rest_api("orders"), "ledger": private_api("chat")},
    "network": {
        "cidr": "10.20.0.0/16",
        "natGateways": "perZone",
        "vpcEndpoints": ["s3", "sqs"],
        "availabilityZones": 3,
    },
}


@pytest.fixture(scope="module", name="full")
def _full() -> Recording:
    return run_program(FULL)


def resource_class(token: str) -> Any:  # noqa: ANN401 - a class of pulumi_aws
    module, _, name = token.removeprefix("aws:").partition("/")
    return getattr(getattr(pulumi_aws, "lambda_" if module == "lambda" else module), name.rpartition(":")[2])


def test_every_taggable_resource_has_the_stacks_tags(full: Recording) -> None:
    expected = {"team": "edge", "Project": "gatelink", "Stack": "dev"}
    taggable = [
        resource
        for resource in full.resources
        if resource.custom and "tags" in inspect.signature(resource_class(resource.type)._internal_init).parameters
    ]
    assert len(taggable) > 40
    for resource in taggable:
        tags: Any = resource.inputs.get("tags", {})
        assert {key: tags.get(key) for key in expected} == expected, resource.urn


def test_children_are_parented_and_bear_their_components_name(full: Recording) -> None:
    by_urn = {resource.urn: resource for resource in full.resources}
    for resource in full.resources:
        if resource.custom:
            assert resource.parent, resource.urn
            parent = by_urn[resource.parent]
            assert not parent.custom
            assert resource.name == parent.name or resource.name.startswith(f"{parent.name}-"), resource.urn
        else:
            assert resource.parent is None


def test_every_component_registers_outputs(full: Recording) -> None:
    components = [resource for resource in full.resources if not resource.custom]
    assert {resource.type.rpartition(":")[2] for resource in components} == {
        "AccountLogging",
        "Backend",
        "HttpApi",
        "HttpVpcLink",
        "Network",
        "PrivateEndpoint",
        "RestApi",
        "RestVpcLink",
        "WebSocketApi",
    }
    assert all(resource.outputs for resource in components)


def test_nothing_is_open_to_the_world(full: Recording) -> None:
    rules = [resource for resource in full.resources if "SecurityGroup" in resource.type and "Rule" in resource.type]
    assert rules
    assert all(rule.inputs.get("cidrIpv4") != "0.0.0.0/0" and rule.inputs["ipProtocol"] == "tcp" for rule in rules)
    assert all(balancer.inputs["internal"] is True for balancer in full.of_type("aws:lb/loadBalancer:LoadBalancer"))


def test_descriptions_have_only_characters_that_ec2_takes() -> None:
    """Source: EC2 API, ``AuthorizeSecurityGroupIngress``: an apostrophe, for one, is refused at deployment."""
    settings = dev_settings()
    settings["backends"]["chat"]["target"]["healthCheck"]["port"] = 9000
    settings["network"]["vpcEndpoints"] = ["sqs"]
    settings["apis"]["ledger"] = private_api("chat")
    described = [found for found in run_program(settings).resources if "ecurityGroup" in found.type]
    described = [found for found in described if "defaultSecurityGroup" not in found.type]
    assert len(described) == 5 + 7
    for resource in described:
        assert re.fullmatch(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}", str(resource.inputs["description"])), (
            resource
        )


def test_a_first_preview_registers_the_same_resources() -> None:
    known, unknown = run_program(FULL), run_program(FULL, known=False)
    assert [resource.urn for resource in unknown.resources] == [resource.urn for resource in known.resources]
    for before, after in zip(unknown.resources, known.resources, strict=True):
        assert before.dependencies == after.dependencies, before.urn
        assert set(before.inputs) == set(after.inputs), before.urn


def test_a_run_is_repeatable(full: Recording) -> None:
    assert run_program(FULL) == full


def test_no_two_stacks_share_an_id(full: Recording) -> None:
    other = run_program(FULL, stack="prod")
    ids = {resource.id for resource in full.resources if resource.id.startswith(("vpc-", "subnet-", "sg-"))}
    assert ids
    assert ids.isdisjoint({resource.id for resource in other.resources})


def test_golden_urns_of_the_dev_stack() -> None:
    """Logical names are a contract: a rename replaces resources, so it brings an alias and a line in the changelog."""
    golden = ROOT / "tests" / "golden" / "dev-urns.txt"
    urns = [resource.urn for resource in run_program(dev_settings()).resources]
    assert urns == golden.read_text(encoding="utf-8").splitlines()


def test_secret_settings_are_refused() -> None:
    with pytest.raises(pulumi.RunError) as error:
        run_program(dev_settings(), secret=("gatelink:apis",))
    assert str(error.value) == (
        "Pulumi.dev.yaml has 1 problem:\n"
        "  apis: is encrypted; Gatelink's settings become plain inputs of resources and must not hold a secret"
    )
