"""The contract: its names, and what the program exports by them."""

from typing import Any

import pytest

from gatelink.outputs import BackendOutputs, StackOutputs, VpcLinkOutputs, exported, parse
from gatelink.outputs.contract import BlockKind, NamedKind, outputs_of
from gatelink.version import VERSION
from tests.gatelink.consumers import produced
from tests.programs import Settings, dev_settings, private_api, rest_api, run_program

NAMES = {
    "StackOutputs": "gatelinkVersion vpcId vpcCidr privateSubnetIds backends vpcLinks apis domains",
    "BackendOutputs": "loadBalancerArn dnsName listenerArn targetGroupArn serviceArn securityGroupId",
    "VpcLinkOutputs": "rest http httpSecurityGroupId",
    "ApiOutputs": (
        "apiId protocol endpoint executionArn stage connectionsUrl manageConnectionsArn stages invokeRoleArn "
        "domainEndpoint domainConnectionsUrl callerPolicy vpcEndpointIds"
    ),
    "StageOutputs": "endpoint connectionsUrl manageConnectionsArn",
    "DomainOutputs": "targetDomainName hostedZoneId",
}


def blocks_in(block: type) -> dict[str, type]:
    """Return a block and all that lie in it, by the names of their classes."""
    found = {block.__name__: block}
    for info in outputs_of(block).values():
        kind = info.kind.of if isinstance(info.kind, NamedKind) else info.kind
        if isinstance(kind, BlockKind):
            found |= blocks_in(kind.block)
    return found


BLOCKS = blocks_in(StackOutputs)


def test_the_names_are_a_contract() -> None:
    assert {name: " ".join(info.name for info in outputs_of(block).values()) for name, block in BLOCKS.items()} == NAMES


def test_what_a_stack_does_not_have_is_not_exported() -> None:
    outputs: StackOutputs[str, tuple[str, ...]] = StackOutputs(
        vpc_id="vpc-1",
        private_subnet_ids=("subnet-1", "subnet-2"),
        backends={"chat": BackendOutputs(dns_name="chat.internal"), "none": BackendOutputs()},
        vpc_links=VpcLinkOutputs(rest={}),
        apis={},
    )
    assert exported(outputs) == {
        "vpcId": "vpc-1",
        "privateSubnetIds": ("subnet-1", "subnet-2"),
        "backends": {"chat": {"dnsName": "chat.internal"}, "none": {}},
        "vpcLinks": {"rest": {}},
        "apis": {},
    }


DOMAIN: Settings = {
    "domainName": "chat.example.com",
    "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/chat",
}


def settings_of_every_output() -> Settings:
    """Return a stack that has every output."""
    settings = dev_settings()
    settings["apis"]["chat"] |= {"domain": DOMAIN, "invokePrincipals": ["222233334444"]}
    del settings["apis"]["chat"]["stage"]
    settings["apis"]["chat"]["stages"] = [{"name": "blue"}, {"name": "green"}]
    settings["apis"]["ledger"] = private_api("chat")
    settings["apis"]["catalog"] = rest_api("orders")
    arn = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-stock"
    settings["backends"]["stock"] = {"cloudMap": {"serviceArn": arn, "port": 8080}}
    return settings


def names_in(block: type, outputs: object) -> set[str]:
    """Return the outputs that are there, by ``<class>.<field>``."""
    found: set[str] = set()
    for info in outputs_of(block).values():
        value = getattr(outputs, info.attribute)
        if value is None:
            continue
        found.add(f"{block.__name__}.{info.attribute}")
        match info.kind:
            case BlockKind(block=inner):
                found |= names_in(inner, value)
            case NamedKind(of=BlockKind(block=inner)):
                for item in value.values():
                    found |= names_in(inner, item)
    return found


def test_every_output_of_the_contract_is_exported_by_some_stack_and_read_again() -> None:
    outputs = run_program(settings_of_every_output()).outputs
    read = parse(outputs)
    assert names_in(StackOutputs, read) == {
        f"{name}.{attribute}" for name, block in BLOCKS.items() for attribute in outputs_of(block)
    }
    assert exported(read) == _with_tuples(outputs)


def _with_tuples(value: object) -> object:
    if isinstance(value, dict):
        return {key: _with_tuples(item) for key, item in value.items()}
    return tuple(value) if isinstance(value, list) else value


@pytest.mark.parametrize("known", [True, False])
def test_a_stack_says_by_which_version_it_was_deployed(known: bool) -> None:
    assert run_program(dev_settings(), known=known).outputs["gatelinkVersion"] == VERSION


def test_the_dev_stack_read_as_plain_data() -> None:
    outputs: Any = produced()
    read = parse(outputs)
    assert read.gatelink_version == VERSION
    assert read.vpc_cidr == outputs["vpcCidr"]
    assert read.private_subnet_ids == tuple(outputs["privateSubnetIds"])
    assert read.backends["chat"].target_group_arn == outputs["backends"]["chat"]["targetGroupArn"]
    assert read.apis["chat"].connections_url == outputs["apis"]["chat"]["connectionsUrl"]
    assert read.apis["orders"].connections_url is None
    assert read.domains is None
