"""What becomes of what policies find."""

from collections.abc import Iterable, Mapping

from policy.enforcement import Enforcement
from policy.exemptions import Exemption, place, sentence
from policy.levels import Level
from policy.model import (
    UNKNOWN,
    Finding,
    Policy,
    Resource,
    ResourcePolicy,
    Severity,
    Stack,
    StackPolicy,
    Undecided,
    Violation,
)
from policy.report import Report, evaluate
from tests.policy.making import resource

VPC, SUBNET = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"


def _is_private(subnet: Resource) -> Iterable[Finding]:
    if subnet.at("public") is UNKNOWN:
        yield Undecided(resource=subnet, property="public")
    elif subnet.at("public"):
        yield Violation(resource=subnet, message="public must be false, got true")


def _has_a_network(stack: Stack) -> Iterable[Finding]:
    if not stack.of_type(VPC):
        yield Violation(resource=None, message="the stack must have a VPC")
    for vpc in stack.of_type(VPC):
        if vpc.at("state") != "available":
            yield Violation(resource=vpc, message="must be available")


PRIVATE = ResourcePolicy(
    id="private",
    title="Subnets are private.",
    severity=Severity.HIGH,
    rationale="",
    remedy="",
    types=frozenset({SUBNET}),
    check=_is_private,
)
NETWORK = StackPolicy(
    id="network", title="There is a VPC.", severity=Severity.LOW, rationale="", remedy="", check=_has_a_network
)
POLICIES: tuple[Policy, ...] = (PRIVATE, NETWORK)


def report(
    *inputs: Resource,
    stack: tuple[Resource, ...] = (),
    levels: tuple[Level, Level] = (Level.MANDATORY, Level.ADVISORY),
    exemptions: Mapping[str, tuple[Exemption, ...]] | None = None,
) -> Report:
    of_policy = {policy.id: level for policy, level in zip(POLICIES, levels, strict=True)}
    enforcement = Enforcement(levels=of_policy, exemptions=exemptions or {})
    return evaluate(POLICIES, inputs, Stack(resources=stack), enforcement)


def lines(found: Report) -> list[str]:
    return [f"{one.policy.id} {one.level} {place(one.violation)}: {one.violation.message}" for one in found.violations]


def exempt(pattern: str, reason: str = "why") -> Exemption:
    return Exemption(resource=pattern, reason=reason)


def test_a_policy_of_resources_sees_inputs_and_a_policy_of_stacks_outputs() -> None:
    subnet, vpc = resource(SUBNET, "a", public=True), resource(VPC, "net")
    available = resource(VPC, "net", state="available")
    assert lines(report(subnet, vpc, stack=(available,))) == ["private mandatory a: public must be false, got true"]
    assert lines(report(stack=(subnet, vpc))) == ["network advisory net: must be available"]


def test_advice_does_not_stop_a_deployment_and_what_is_mandatory_does() -> None:
    found = report()
    assert lines(found) == ["network advisory the stack: the stack must have a VPC"]
    assert found.passed
    assert not report(levels=(Level.MANDATORY, Level.MANDATORY)).passed


def test_a_disabled_policy_is_not_asked_and_is_named() -> None:
    found = report(resource(SUBNET, "a", public=True), levels=(Level.DISABLED, Level.ADVISORY))
    assert lines(found) == ["network advisory the stack: the stack must have a VPC"]
    assert (found.asked, found.disabled) == ((NETWORK,), (PRIVATE,))


def test_what_is_not_known_yet_is_said_and_stops_nothing() -> None:
    found = report(resource(SUBNET, "a", public=UNKNOWN))
    assert [(one.policy.id, sentence(one.undecided)) for one in found.undecided] == [
        ("private", "public is not known before the deployment")
    ]
    assert found.passed


def test_an_exemption_takes_violations_and_what_may_become_one_and_keeps_its_reason() -> None:
    found = report(
        resource(SUBNET, "edge-a", public=True),
        resource(SUBNET, "edge-b", public=UNKNOWN),
        resource(SUBNET, "app-a", public=True),
        exemptions={"private": (exempt("edge-*", "it holds the bastion"),)},
    )
    assert lines(found)[:1] == ["private mandatory app-a: public must be false, got true"]
    assert [(place(one.finding), sentence(one.finding), one.exemption.reason) for one in found.exempted] == [
        ("edge-a", "public must be false, got true", "it holds the bastion"),
        ("edge-b", "public is not known before the deployment", "it holds the bastion"),
    ]
    assert (found.undecided, found.unused) == ((), ())


def test_the_first_exemption_that_covers_a_finding_is_used_and_the_others_are_named() -> None:
    exemptions = (exempt("edge-a"), exempt("edge-*"), exempt("gone"))
    found = report(resource(SUBNET, "edge-a", public=True), exemptions={"private": exemptions})
    assert [one.exemption for one in found.exempted] == [exempt("edge-a")]
    assert [(one.policy.id, one.exemption.resource) for one in found.unused] == [
        ("private", "edge-*"),
        ("private", "gone"),
    ]


def test_an_exemption_is_for_its_own_policy_and_of_a_disabled_one_nothing_is_asked() -> None:
    exemptions = {"private": (exempt("*"),)}
    found = report(levels=(Level.DISABLED, Level.MANDATORY), exemptions=exemptions)
    assert lines(found) == ["network mandatory the stack: the stack must have a VPC"]
    assert found.unused == ()


def test_the_strictest_has_no_exemptions() -> None:
    strict = Enforcement.strict(POLICIES)
    assert [strict.level(policy) for policy in POLICIES] == [Level.MANDATORY, Level.MANDATORY]
    assert strict.exemptions_of(PRIVATE) == ()
