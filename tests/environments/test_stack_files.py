"""The environments beside dev: sound, of their exact size, and prod with what makes it fit for customers."""

import re
from collections import Counter

import pytest

from local.topology.reading import build_topology
from settings import find_warnings, load_settings
from tests.environments.expected import COUNTS, PROD
from tests.environments.stacks import ENVIRONMENTS, config, recording, texts
from tests.programs import STACKS, only, run_program


def test_there_is_one_for_each_use() -> None:
    found = {file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in STACKS.glob("Pulumi.*.yaml")}
    assert found == set(ENVIRONMENTS)


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_a_stack_has_no_problem_and_raises_no_doubt(stack: str) -> None:
    read = config(stack)
    assert read.problems == ()
    settings = load_settings(read.settings(), read.values["aws:region"])
    assert [str(warning) for warning in find_warnings(settings, read.values["aws:region"])] == []


@pytest.mark.parametrize("stack", COUNTS)
def test_a_stack_registers_so_many_of_each_type(stack: str) -> None:
    kinds = (resource.type for resource in recording(stack).resources if resource.custom)
    assert Counter(_short(kind) for kind in kinds) == COUNTS[stack]


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_a_first_preview_registers_the_same(stack: str) -> None:
    preview = run_program(config(stack).settings(), stack=stack, known=False)
    assert [resource.urn for resource in preview.resources] == [resource.urn for resource in recording(stack).resources]


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_a_stack_can_be_served(stack: str) -> None:
    apis = {api.name for api in build_topology(recording(stack)).apis}
    assert apis == ({"orders"} if stack == "local" else {"chat", "orders"})


@pytest.mark.parametrize(("type_", "name"), PROD, ids=lambda part: part)
def test_prod_registers(type_: str, name: str) -> None:
    inputs = only(recording("prod"), f"aws:{type_}", name).inputs
    expected = PROD[type_, name]
    assert {key: inputs.get(key) for key in expected} == expected


def test_prods_balancers_and_networks_stand_in_three_zones() -> None:
    prod = recording("prod")
    subnets = prod.of_type("aws:ec2/subnet:Subnet")
    private = [subnet for subnet in subnets if subnet.name.startswith("network-private-")]
    assert len({subnet.inputs["availabilityZoneId"] for subnet in private}) == 3
    assert all(subnet.inputs["mapPublicIpOnLaunch"] is False for subnet in subnets)
    ids = {subnet.id for subnet in private}
    for balancer in prod.of_type("aws:lb/loadBalancer:LoadBalancer"):
        assert set(texts(balancer.inputs["subnets"])) == ids
        assert balancer.protect
    (link,) = prod.of_type("aws:apigatewayv2/vpcLink:VpcLink")
    assert set(texts(link.inputs["subnetIds"])) == ids


def test_prod_asks_every_caller_who_it_is() -> None:
    """A WebSocket API decides about a connection on $connect, and about nothing after it."""
    routes = recording("prod").of_type("aws:apigatewayv2/route:Route")
    open_ = {route.name for route in routes if route.inputs["authorizationType"] == "NONE"}
    assert open_ == {"chat-$default", "chat-$disconnect", "chat-sendMessage"}


def test_prod_has_no_plain_text_on_the_way() -> None:
    prod = recording("prod")
    kinds = ("listener:Listener", "targetGroup:TargetGroup")
    protocols = {one.inputs["protocol"] for kind in kinds for one in prod.of_type(f"aws:lb/{kind}")}
    assert protocols == {"TLS", "HTTPS"}
    checks = [group.inputs["healthCheck"] for group in prod.of_type("aws:lb/targetGroup:TargetGroup")]
    assert [check["protocol"] for check in checks if isinstance(check, dict)] == ["HTTPS", "HTTPS"]
    for integration in prod.of_type("aws:apigatewayv2/integration:Integration"):
        uri = str(integration.inputs["integrationUri"])
        assert uri.startswith("https://") or integration.inputs["tlsConfig"], integration.name


def test_what_a_team_must_replace_in_prod_is_said_at_its_head() -> None:
    head, _, body = (STACKS / "Pulumi.prod.yaml").read_text(encoding="utf-8").partition("\nconfig:\n")
    arns = re.findall(r"arn:aws:[^\s\"']+", body)
    places = {(arn.split(":")[3], arn.split(":")[4]) for arn in arns}
    assert places == {("us-east-1", "111122223333"), ("", "111122223333")}  # IAM is of no Region
    kinds = {re.split(r"/", arn.split(":", 5)[5])[0] for arn in arns}
    assert kinds == {"certificate", "edge-pager", "function:check-ticket:live", "key", "policy"}
    hosts = set(re.findall(r"[a-z.]+\.example\.com", body))
    own = {"chat", "api", "chat.backend", "orders.backend", "id", "shop"}
    assert hosts == {f"{name}.example.com" for name in own}
    (zone,) = set(re.findall(r"hostedZoneId: (\w+)", body))
    (bucket,) = set(re.findall(r"bucket: ([\w-]+)", body))
    said = ["111122223333", zone, bucket, "certificate/", "key/", "edge-pager", "function:check-ticket:live"]
    said.append("policy/gatelink-boundary")
    assert [word for word in [*said, "id.example.com", "shop.example.com"] if word not in head] == []


def _short(token: str) -> str:
    """Shorten ``aws:lb/loadBalancer:LoadBalancer`` to ``lb:LoadBalancer``."""
    package, _, rest = token.removeprefix("aws:").partition("/")
    return f"{package}:{rest.rpartition(':')[2]}"
