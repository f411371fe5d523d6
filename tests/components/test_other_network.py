import pytest

from tests.gatelink.consumers import ends
from tests.programs import Settings, dev_settings, names, only, run_program

OTHER_STACK = "acme/network/dev"
OTHER_OUTPUTS: Settings = {
    "vpcId": "vpc-0a1b2c3d",
    "privateSubnetIds": ["subnet-0a1b2c3d", "subnet-0e5f6a7b"],
    "vpcCidr": "10.0.0.0/16",
}

BROUGHT = "which version 0.1.0 of Gatelink brings"
NO_VERSION = "the stack says no version: it is not of Gatelink, or was last deployed with one before 0.2.0"
SUBNETS = 'an output "privateSubnetIds" that must be a list of at least two subnets'
MISSHAPEN = f"version 0.1.0 of Gatelink brings it; {NO_VERSION}"


@pytest.mark.parametrize("known", [True, False])
def test_the_network_of_another_stack_is_read_from_its_outputs(known: bool) -> None:
    settings = dev_settings() | {"network": {"stack": OTHER_STACK}}
    recording = run_program(settings, known=known, stack_outputs={OTHER_STACK: OTHER_OUTPUTS})
    assert not names(recording, "aws:ec2/vpc:Vpc")
    assert not names(recording, "gatelink:components:Network")
    assert only(recording, "aws:ec2/securityGroup:SecurityGroup", "chat").inputs["vpcId"] == "vpc-0a1b2c3d"
    subnets = ["subnet-0a1b2c3d", "subnet-0e5f6a7b"]
    assert only(recording, "aws:lb/loadBalancer:LoadBalancer", "chat").inputs["subnets"] == subnets
    assert only(recording, "aws:apigatewayv2/vpcLink:VpcLink").inputs["subnetIds"] == subnets
    rules = recording.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert {rule.inputs["cidrIpv4"] for rule in rules if "cidrIpv4" in rule.inputs} == {"10.0.0.0/16"}
    assert {key: recording.outputs[key] for key in OTHER_OUTPUTS} == OTHER_OUTPUTS


def test_the_outputs_of_a_gatelink_stack_are_another_ones_network() -> None:
    outputs = run_program(dev_settings(), stack="shared").outputs
    settings = dev_settings() | {"network": {"stack": OTHER_STACK}}
    recording = run_program(settings, stack_outputs={OTHER_STACK: outputs})
    assert {key: recording.outputs[key] for key in OTHER_OUTPUTS} == {key: outputs[key] for key in OTHER_OUTPUTS}


@pytest.mark.parametrize("known", [True, False])
def test_a_preview_goes_on_while_the_other_stack_is_not_deployed(known: bool) -> None:
    settings = dev_settings() | {"network": {"stack": OTHER_STACK}}
    if known:
        with ends() as messages:
            run_program(settings, stack_outputs={OTHER_STACK: {}})
        (message,) = messages
        assert message.startswith(f'network.stack: the stack "{OTHER_STACK}" has no output "')
        assert message.endswith(f'", {BROUGHT}; it has no outputs at all: deploy it first')
        return
    recording = run_program(settings, known=False, stack_outputs={OTHER_STACK: {}})
    assert only(recording, "aws:ec2/securityGroup:SecurityGroup", "chat").inputs["vpcId"] == "<unknown>"


@pytest.mark.parametrize(
    ("output", "value", "reason"),
    [
        (
            "vpcId",
            None,
            (
                f'no output "vpcId", {BROUGHT}; the stack was last deployed with 0.2.0; '
                "it is there where the stack has a network"
            ),
        ),
        (
            "privateSubnetIds",
            ["subnet-1"],
            (
                f'{SUBNETS}, got ["subnet-1"]; '
                "version 0.1.0 of Gatelink brings it; the stack was last deployed with 0.2.0"
            ),
        ),
    ],
)
def test_what_a_gatelink_stack_lacks_is_said_with_its_version(output: str, value: object, reason: str) -> None:
    outputs: Settings = {**run_program(dev_settings(), stack="shared").outputs, output: value}
    if value is None:
        del outputs[output]
    with ends() as messages:
        run_program(dev_settings() | {"network": {"stack": OTHER_STACK}}, stack_outputs={OTHER_STACK: outputs})
    assert messages == [f'network.stack: the stack "{OTHER_STACK}" has {reason}']


@pytest.mark.parametrize(
    ("output", "value", "reason"),
    [
        ("vpcId", None, f'no output "vpcId", {BROUGHT}; {NO_VERSION}; it must be a text'),
        ("vpcId", "", f'an output "vpcId" that must be a text, got ""; {MISSHAPEN}'),
        ("vpcId", ["vpc-1"], f'an output "vpcId" that must be a text, got ["vpc-1"]; {MISSHAPEN}'),
        (
            "vpcCidr",
            None,
            f'no output "vpcCidr", {BROUGHT}; {NO_VERSION}; it must be an IPv4 range such as 10.0.0.0/16',
        ),
        (
            "vpcCidr",
            "10.0.0.1/16",
            f'an output "vpcCidr" that must be an IPv4 range such as 10.0.0.0/16, got "10.0.0.1/16"; {MISSHAPEN}',
        ),
        (
            "privateSubnetIds",
            None,
            f'no output "privateSubnetIds", {BROUGHT}; {NO_VERSION}; it must be a list of at least two subnets',
        ),
        (
            "privateSubnetIds",
            ["subnet-1", "subnet-1"],
            f'{SUBNETS}, got ["subnet-1", "subnet-1"]; {MISSHAPEN}',
        ),
        (
            "privateSubnetIds",
            "subnet-1",
            f'{SUBNETS}, got "subnet-1"; {MISSHAPEN}',
        ),
        (
            "privateSubnetIds",
            ["subnet-1", ""],
            f'{SUBNETS}, got ["subnet-1", ""]; {MISSHAPEN}',
        ),
    ],
)
def test_what_another_stack_lacks_ends_the_program(output: str, value: object, reason: str) -> None:
    outputs = OTHER_OUTPUTS | {output: value}
    if value is None:
        del outputs[output]
    with ends() as messages:
        run_program(dev_settings() | {"network": {"stack": OTHER_STACK}}, stack_outputs={OTHER_STACK: outputs})
    assert messages == [f'network.stack: the stack "{OTHER_STACK}" has {reason}']
