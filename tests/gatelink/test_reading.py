"""Another project reads a Gatelink stack: the producer's recorded outputs feed the consumer."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pulumi
import pytest

from apigateway.errors import RecordingError
from gatelink.outputs import ApiOutputs, BackendOutputs, DomainOutputs, StageOutputs, VpcLinkOutputs
from gatelink.outputs.contract import outputs_of
from gatelink.outputs.reading import (
    ApiReader,
    BackendReader,
    DomainReader,
    GatelinkStack,
    NetworkReader,
    OutputReader,
    StageReader,
    VpcLinksReader,
)
from gatelink.version import VERSION
from tests.gatelink.consumers import PRODUCER, ends, produced, run_consumer
from tests.gatelink.test_contract import settings_of_every_output
from tests.programs import run_program

STACK = f'the stack "{PRODUCER}"'
What: TypeAlias = Callable[[GatelinkStack], pulumi.Output[Any]]
SAYS_NONE = "the stack says no version: it is not of Gatelink, or was last deployed with one before 0.2.0"


def read(
    what: What,
    outputs: dict[str, Any],
    *,
    known: bool = True,
    secret: tuple[str, ...] | None = (),
    unknown: bool = False,
) -> object:
    """Return what a program reads, as it would export it."""

    def program() -> None:
        pulumi.export("read", what(GatelinkStack(PRODUCER)))

    recording = run_consumer(program, {PRODUCER: outputs}, known=known, secret=secret, unknown=unknown)
    return recording.outputs["read"]


def test_each_output_is_read_by_the_name_of_its_field() -> None:
    outputs: Any = dict(run_program(settings_of_every_output()).outputs)
    chat, ledger, stock = (outputs["apis"]["chat"], outputs["apis"]["ledger"], outputs["backends"]["stock"])
    backend, domain = outputs["backends"]["chat"], outputs["domains"]["chat.example.com"]

    def program() -> None:
        stack = GatelinkStack(PRODUCER)
        found: dict[str, pulumi.Output[Any]] = {
            "version": stack.version,
            "vpcId": stack.network.vpc_id,
            "vpcCidr": stack.network.vpc_cidr,
            "privateSubnetIds": stack.network.private_subnet_ids,
            "rest": stack.vpc_links.rest("chat"),
            "http": stack.vpc_links.http,
            "httpSecurityGroupId": stack.vpc_links.http_security_group_id,
            "serviceArn": stack.backend("stock").service_arn,
            "green": stack.api("chat").stages("green").connections_url,
            "vpcEndpointIds": stack.api("ledger").vpc_endpoint_ids,
            "targetDomainName": stack.domain("chat.example.com").target_domain_name,
            "hostedZoneId": stack.domain("chat.example.com").hosted_zone_id,
        }
        for attribute in ("load_balancer_arn", "dns_name", "listener_arn", "target_group_arn", "security_group_id"):
            found[attribute] = getattr(stack.backend("chat"), attribute)
        for attribute in ("api_id", "protocol", "endpoint", "execution_arn", "stage", "invoke_role_arn"):
            found[attribute] = getattr(stack.api("chat"), attribute)
        for name, value in found.items():
            pulumi.export(name, value)

    assert run_consumer(program, {PRODUCER: outputs}).outputs == {
        "version": VERSION,
        "vpcId": outputs["vpcId"],
        "vpcCidr": "10.20.0.0/16",
        "privateSubnetIds": outputs["privateSubnetIds"],
        "rest": outputs["vpcLinks"]["rest"]["chat"],
        "http": outputs["vpcLinks"]["http"],
        "httpSecurityGroupId": outputs["vpcLinks"]["httpSecurityGroupId"],
        "serviceArn": stock["serviceArn"],
        "green": chat["stages"]["green"]["connectionsUrl"],
        "vpcEndpointIds": ledger["vpcEndpointIds"],
        "targetDomainName": domain["targetDomainName"],
        "hostedZoneId": domain["hostedZoneId"],
        "load_balancer_arn": backend["loadBalancerArn"],
        "dns_name": backend["dnsName"],
        "listener_arn": backend["listenerArn"],
        "target_group_arn": backend["targetGroupArn"],
        "security_group_id": backend["securityGroupId"],
        "api_id": chat["apiId"],
        "protocol": "WEBSOCKET",
        "endpoint": chat["endpoint"],
        "execution_arn": chat["executionArn"],
        "stage": "blue",
        "invoke_role_arn": chat["invokeRoleArn"],
    }


@pytest.mark.parametrize(
    ("reader", "block", "by_name"),
    [
        (BackendReader, BackendOutputs, set()),
        (VpcLinksReader, VpcLinkOutputs, {"rest"}),
        (ApiReader, ApiOutputs, {"stages"}),
        (StageReader, StageOutputs, set()),
        (DomainReader, DomainOutputs, set()),
    ],
)
def test_a_reader_has_every_output_of_its_block(reader: type, block: type, by_name: set[str]) -> None:
    assert reader.__dict__["block"] is block
    attributes = {name for name, value in vars(reader).items() if isinstance(value, OutputReader)}
    assert attributes | by_name == set(outputs_of(block))
    assert all(callable(vars(reader)[name]) for name in by_name)


def test_the_network_is_read_from_the_stacks_own_outputs() -> None:
    names = {name for name, value in vars(NetworkReader).items() if isinstance(value, OutputReader)}
    assert names == {"vpc_id", "vpc_cidr", "private_subnet_ids"}


def test_a_block_is_read_as_a_whole_where_it_may_lack_something() -> None:
    def public(stack: GatelinkStack) -> pulumi.Output[str]:
        return stack.api("chat").values.apply(lambda api: api.domain_endpoint or api.endpoint)

    outputs: Any = produced()
    assert read(public, outputs) == outputs["apis"]["chat"]["endpoint"]


def test_what_nobody_reads_may_be_anything() -> None:
    outputs: Any = produced()
    outputs["backends"] = 7
    del outputs["apis"]["chat"]["stage"]
    assert read(lambda stack: stack.api("chat").endpoint, outputs) == outputs["apis"]["chat"]["endpoint"]


def test_what_is_known_of_a_producer_is_known_in_a_preview() -> None:
    outputs = produced()
    assert read(lambda stack: stack.network.vpc_id, outputs, known=False) == outputs["vpcId"]


@pytest.mark.parametrize(
    ("outputs", "unknown"), [({}, False), ({"vpcId": "vpc-1"}, True)], ids=["not deployed", "unknown"]
)
def test_a_preview_goes_on_without_outputs_that_are_not_there_yet(outputs: dict[str, Any], unknown: bool) -> None:
    assert read(lambda stack: stack.api("chat").endpoint, outputs, known=False, unknown=unknown) == "<unknown>"


def test_a_preview_says_once_which_stack_is_not_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)

    def program() -> None:
        stack = GatelinkStack(PRODUCER)
        pulumi.export("read", [stack.api("chat").endpoint, stack.network.vpc_id])

    assert run_consumer(program, {PRODUCER: {}}, known=False).outputs["read"] == ["<unknown>", "<unknown>"]
    assert said == [f"{STACK} has no outputs yet: in this preview they are unknown"]


def without(*path: str) -> dict[str, Any]:
    """Return the dev stack's outputs without one of them."""
    outputs = produced()
    block: Any = outputs
    for name in path[:-1]:
        block = block[name]
    del block[path[-1]]
    return outputs


def changed(value: object, *path: str) -> dict[str, Any]:
    """Return the dev stack's outputs with another value of one of them."""
    outputs = produced()
    block: Any = outputs
    for name in path[:-1]:
        block = block[name]
    block[path[-1]] = value
    return outputs


def older() -> dict[str, Any]:
    """Return the dev stack's outputs as version 0.1.0 exported them."""
    return without("gatelinkVersion")


@pytest.mark.parametrize(
    ("what", "outputs", "message"),
    [
        (
            lambda stack: stack.version,
            older,
            (
                f'has no output "gatelinkVersion", which version 0.2.0 of Gatelink brings; {SAYS_NONE}; '
                "deploy it with 0.2.0 or newer"
            ),
        ),
        (
            lambda stack: stack.backend("orders").service_arn,
            produced,
            (
                'has no output "backends.orders.serviceArn", which version 0.1.0 of Gatelink brings; '
                "the stack was last deployed with 0.2.0; it is there where the backend is a Cloud Map service"
            ),
        ),
        (
            lambda stack: stack.backend("orders").service_arn,
            older,
            (
                f'has no output "backends.orders.serviceArn", which version 0.1.0 of Gatelink brings; {SAYS_NONE}; '
                "it is there where the backend is a Cloud Map service"
            ),
        ),
        (
            lambda stack: stack.backend("chatt").dns_name,
            produced,
            (
                'has no output "backends.chatt"; the stack was last deployed with 0.2.0; '
                "its backends: chat, orders; did you mean chat?"
            ),
        ),
        (
            lambda stack: stack.backend("stock").dns_name,
            produced,
            'has no output "backends.stock"; the stack was last deployed with 0.2.0; its backends: chat, orders',
        ),
        (
            lambda stack: stack.vpc_links.rest("orders"),
            produced,
            'has no output "vpcLinks.rest.orders"; the stack was last deployed with 0.2.0; its vpcLinks.rest: chat',
        ),
        (
            lambda stack: stack.api("chat").stages("green").endpoint,
            produced,
            (
                'has no output "apis.chat.stages", which version 0.1.0 of Gatelink brings; '
                "the stack was last deployed with 0.2.0; it is there where the API has several stages"
            ),
        ),
        (
            lambda stack: stack.domain("*.example.com").hosted_zone_id,
            lambda: changed({}, "domains"),
            'has no output "domains["*.example.com"]"; the stack was last deployed with 0.2.0; its domains: none',
        ),
        (
            lambda stack: stack.api("chat").connections_url,
            lambda: without("apis", "chat", "connectionsUrl"),
            (
                'has no output "apis.chat.connectionsUrl", which version 0.1.0 of Gatelink brings; '
                "the stack was last deployed with 0.2.0; it is there where the API is a WebSocket API"
            ),
        ),
        (
            lambda stack: stack.api("chat").endpoint,
            lambda: {"bucket": "b-1"},
            f'has no output "apis", which version 0.1.0 of Gatelink brings; {SAYS_NONE}',
        ),
        (
            lambda stack: stack.api("chat").endpoint,
            dict,
            'has no output "apis", which version 0.1.0 of Gatelink brings; it has no outputs at all: deploy it first',
        ),
        (
            lambda stack: stack.network.vpc_id,
            lambda: changed(["vpc-1"], "vpcId"),
            (
                'has an output "vpcId" that must be a text, got ["vpc-1"]; version 0.1.0 of Gatelink brings it; '
                "the stack was last deployed with 0.2.0"
            ),
        ),
        (
            lambda stack: stack.network.private_subnet_ids,
            lambda: changed(["subnet-1", ""], "privateSubnetIds"),
            (
                'has an output "privateSubnetIds" that must be a list of texts, got ["subnet-1", ""]; '
                "version 0.1.0 of Gatelink brings it; the stack was last deployed with 0.2.0"
            ),
        ),
        (
            lambda stack: stack.api("chat").endpoint,
            lambda: changed("chat", "apis"),
            (
                'has an output "apis" that must be a block by the names of APIs, got "chat"; '
                "version 0.1.0 of Gatelink brings it; the stack was last deployed with 0.2.0"
            ),
        ),
        (
            lambda stack: stack.api("chat").endpoint,
            lambda: changed("wss://chat", "apis", "chat"),
            (
                'has an output "apis.chat" that must be a block of outputs, got "wss://chat"; '
                "version 0.1.0 of Gatelink brings it; the stack was last deployed with 0.2.0"
            ),
        ),
        (
            lambda stack: stack.api("chat").protocol,
            lambda: changed("GRPC", "apis", "chat", "protocol"),
            (
                'has an output "apis.chat.protocol" that must be HTTP, REST or WEBSOCKET, got "GRPC"; '
                "version 0.1.0 of Gatelink brings it; the stack was last deployed with 0.2.0"
            ),
        ),
        (
            lambda stack: stack.api("chat").values,
            lambda: changed({"apiId": ["a1"], "protocol": "HTTP", "endpoint": "e", "stage": "s"}, "apis", "chat"),
            (
                'has an output "apis.chat" of another shape; the stack was last deployed with 0.2.0:\n'
                '  apis.chat.apiId: must be a text, got ["a1"]\n'
                "  apis.chat.executionArn: must be a text, and is missing; version 0.1.0 of Gatelink brings it"
            ),
        ),
    ],
)
def test_an_output_that_cannot_be_read_ends_the_program(
    what: What, outputs: Callable[[], dict[str, Any]], message: str
) -> None:
    with ends() as messages:
        read(what, outputs())
    assert messages == [f"{STACK} {message}"]


@pytest.mark.parametrize("secret", [("apis",), ("apis", "vpcId")])
def test_a_secret_stays_one(secret: tuple[str, ...]) -> None:
    assert read(lambda stack: stack.api("chat").endpoint, produced(), secret=secret) == "<secret>"


def test_a_secret_beside_it_makes_no_secret_of_an_output() -> None:
    outputs = produced()
    assert read(lambda stack: stack.network.vpc_id, outputs, secret=("apis",)) == outputs["vpcId"]


@pytest.mark.parametrize("secret", [("vpcId", "apis"), None])
@pytest.mark.parametrize(
    ("what", "place"),
    [
        (lambda stack: stack.network.vpc_id, "vpcId"),
        (lambda stack: stack.api("chat").endpoint, "apis.chat.endpoint"),
        (lambda stack: stack.api("chat").values, "apis.chat.endpoint"),
        (lambda stack: stack.api("tokenX").endpoint, "apis.tokenX"),
    ],
)
def test_a_secret_is_not_shown(what: What, place: str, secret: tuple[str, ...] | None) -> None:
    outputs: Any = produced()
    outputs["vpcId"] = ["hunter2"]
    outputs["apis"]["chat"]["endpoint"] = ["hunter2"]
    outputs["apis"]["tokenXhunter2"] = {}
    with ends() as messages:
        read(what, outputs, secret=secret)
    assert place in messages[0]
    assert "hunter2" not in messages[0]


def test_a_stack_that_the_laptop_was_not_given_is_named() -> None:
    def program() -> None:
        GatelinkStack("acme/gatelink/prod")

    with ends(RecordingError) as messages:
        run_consumer(program, {PRODUCER: {}})
    assert messages == [
        (
            'the program reads the outputs of the stack "acme/gatelink/prod", which the file of --stack-outputs does '
            "not have; did you mean acme/gatelink/dev?"
        )
    ]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("", '""'),
        ("acme gatelink dev", '"acme gatelink dev"'),
        ("acme/gatelink/dev/", '"acme/gatelink/dev/"'),
        ("/dev", '"/dev"'),
        ("a/b/c/d", '"a/b/c/d"'),
        (5, "5"),
        (None, "null"),
    ],
)
def test_a_name_that_is_no_stacks(name: Any, given: str) -> None:  # noqa: ANN401 - of any kind
    with pytest.raises(pulumi.RunError) as error:
        GatelinkStack(name)
    assert str(error.value) == (
        "a stack's name must be organization/project/stack, such as acme/gatelink/dev, or its last parts, where the "
        f"others are the program's own; got {given}"
    )
