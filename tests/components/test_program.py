"""The program on a stack that has all that surrounds APIs: domains, usage plans, ways in for callers, alarms."""

import inspect
from typing import Any

import pulumi_aws
import pytest

from local.recording import Recording
from tests.programs import ROOT, Settings, dev_settings, private_api, rest_api, run_program

TAGS = {"team": "edge", "Project": "gatelink", "Stack": "dev"}
GOLDEN = ROOT / "tests" / "golden" / "surroundings-urns.txt"


def surroundings() -> Settings:
    """Return the dev stack's settings with a domain, callers, partners and alarms for its APIs, and with REST APIs."""
    settings = dev_settings()
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1a2b3c4d-5e6f-4a8b-9c0d-1e2f3a4b5c6d"
    zone = {"certificateArn": certificate, "hostedZoneId": "Z0123456789ABC", "ipAddressType": "dualstack"}
    alarms = {"snsTopicArn": "arn:aws:sns:us-east-1:123456789012:pager"}
    callers = ["222233334444", "arn:aws:iam::222233334444:role/caller"]
    chat, orders = settings["apis"]["chat"], settings["apis"]["orders"]
    chat["routes"]["$connect"] |= {"apiKeyRequired": True}
    chat |= {
        "domain": {**zone, "domainName": "chat.example.com"},
        "usagePlans": {
            "partner": {
                "throttling": {"rateLimit": 5, "burstLimit": 10},
                "quota": {"limit": 1000, "period": "DAY"},
                "apiKeys": ["acme", "zenith"],
            }
        },
        "invokePrincipals": callers,
        "alarms": alarms,
    }
    orders |= {"invokePrincipals": callers, "alarms": alarms, "domain": {**zone, "domainName": "*.example.com"}}
    # Edge-optimized: a domain of the other kind.
    edge = {**zone, "domainName": "catalog.example.com", "endpointType": "EDGE"}
    catalog = rest_api("orders", domain=edge, usagePlans=chat["usagePlans"], invokePrincipals=callers, alarms=alarms)
    settings["apis"] |= {"catalog": catalog, "ledger": private_api("chat")}
    return settings


@pytest.fixture(scope="module", name="recording")
def _recording() -> Recording:
    return run_program(surroundings())


def test_golden_urns(recording: Recording) -> None:
    """Logical names are a contract: a rename replaces resources, so it brings an alias and a line in the changelog."""
    base = {resource.urn for resource in run_program(dev_settings()).resources}
    urns = [resource.urn for resource in recording.resources if resource.urn not in base]
    assert urns == GOLDEN.read_text(encoding="utf-8").splitlines()


def test_children_bear_their_components_name(recording: Recording) -> None:
    by_urn = {resource.urn: resource for resource in recording.resources}
    for resource in recording.resources:
        if resource.custom:
            assert resource.parent, resource.urn
            parent = by_urn[resource.parent]
            assert resource.name == parent.name or resource.name.startswith(f"{parent.name}-"), resource.urn


def test_every_component_registers_outputs(recording: Recording) -> None:
    components = [resource for resource in recording.resources if not resource.custom]
    assert all(component.outputs for component in components)
    kinds = {component.type.rpartition(":")[2] for component in components}
    expected = {"ApiAlarms", "ApiKey", "CustomDomain", "InvokeRole", "PrivateEndpoint", "TargetAlarms", "UsagePlans"}
    assert expected <= kinds


def test_every_taggable_resource_has_the_stacks_tags(recording: Recording) -> None:
    for resource in recording.resources:
        if resource.custom and "tags" in inspect.signature(_class_of(resource.type)._internal_init).parameters:
            tags: Any = resource.inputs.get("tags", {})
            assert {key: tags.get(key) for key in TAGS} == TAGS, resource.urn


def test_a_first_preview_registers_the_same_resources(recording: Recording) -> None:
    preview = run_program(surroundings(), known=False)
    assert [resource.urn for resource in preview.resources] == [resource.urn for resource in recording.resources]
    for before, after in zip(preview.resources, recording.resources, strict=True):
        assert before.dependencies == after.dependencies, before.urn
        assert set(before.inputs) == set(after.inputs), before.urn


def test_what_surrounds_an_api_leaves_the_rest_as_it_was(recording: Recording) -> None:
    """Adding all of it to a stack that is deployed changes the route that asks for a key, and what snapshots it."""
    after = {resource.urn: resource for resource in recording.resources}
    before = run_program(dev_settings()).resources
    changed = {resource.type.rpartition(":")[2] for resource in before if resource != after[resource.urn]}
    assert changed == {"Deployment", "Route"}


def test_the_program_is_a_table_of_contents() -> None:
    assert len((ROOT / "__main__.py").read_text(encoding="utf-8").splitlines()) < 40


def _class_of(token: str) -> Any:  # noqa: ANN401 - a class of pulumi_aws
    module, _, name = token.removeprefix("aws:").partition("/")
    return getattr(getattr(pulumi_aws, "lambda_" if module == "lambda" else module), name.rpartition(":")[2])
