"""Programs under Pulumi's own mocks, as the manuals say: the mocks are shown there, and run here as they stand."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gatelink.consumers import produced
from tests.programs import ROOT

EVERY_COMPONENT = """
from gatelink import settings as s
from gatelink.components import *

TOPIC = "arn:aws:sns:us-east-1:123456789012:pager"


def behind(api_type, backend, **more):
    block = {"integrationType": "HTTP_PROXY", "integrationMethod": "GET", "backend": backend}
    return {"protocol": api_type, "alarms": {"snsTopicArn": TOPIC}, **more}, block


@pulumi.runtime.test
def test_every_component():
    network = Network("shop", NetworkArgs(spec=s.NewNetwork(nat_gateways="single"))).in_use
    alb, nlb = (
        Backend(
            kind,
            BackendArgs(spec=s.BalancedBackend.of({"loadBalancer": kind, "listener": {"port": 80}}), network=network),
        ).in_use
        for kind in ("application", "network")
    )
    v2 = HttpVpcLink("http", HttpVpcLinkArgs(network=network, backends={"application": alb}))
    v1 = RestVpcLink("network", RestVpcLinkArgs(load_balancer_arn=nlb.load_balancer_arn))
    domain = {
        "domainName": "shop.example",
        "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d",
    }

    block, way = behind("HTTP", "application", domain=domain, invokePrincipals=["222233334444"])
    queue = {
        "integrationType": "AWS_PROXY",
        "integrationSubtype": "SQS-SendMessage",
        "requestParameters": {
            "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/q",
            "MessageBody": "$request.body",
        },
    }
    block["routes"] = {"GET /": {"authorization": "AWS_IAM", "integration": way}, "POST /": {"integration": queue}}
    shop = HttpApi("shop", HttpApiArgs(spec=s.HttpApi.of(block), backends={"application": alb}, link_id=v2.link_id))

    block, way = behind("WEBSOCKET", "network", usagePlans={"gold": {"apiKeys": ["acme"]}})
    block["routes"] = {"$connect": {"apiKeyRequired": True, "integration": way}}
    logging = AccountLogging("logging", AccountLoggingArgs())
    chat = WebSocketApi(
        "chat",
        WebSocketApiArgs(
            spec=s.WebSocketApi.of(block),
            backends={"network": nlb},
            link_ids={"network": v1.link_id},
            account_logging=logging,
        ),
    )

    block, way = behind(
        "REST", "network", endpointConfiguration={"types": ["PRIVATE"]}, invokePrincipals=["222233334444"]
    )
    block["routes"] = {
        "GET /": {"authorization": "AWS_IAM", "integration": way},
        "GET /alb": {"authorization": "AWS_IAM", "integration": {**way, "backend": "application"}},
    }
    endpoint = PrivateEndpoint("endpoint", PrivateEndpointArgs(network=network)).in_use.endpoint_id
    reach = RestReach(
        backends={"network": nlb, "application": alb}, link_ids={"network": v1.link_id}, http_link_id=v2.link_id
    )
    pets = RestApi(
        "pets",
        RestApiArgs(spec=s.RestApi.of(block), reach=reach, vpc_endpoint_ids=[endpoint], account_logging=logging),
    )

    for api in (shop, chat, pets):
        ApiAlarms(api.name, ApiAlarmsArgs.of(api))
    TargetAlarms("network", TargetAlarmsArgs.of(nlb, [TOPIC]))
    role = InvokeRole("shop", InvokeRoleArgs.of(shop))
    own = CustomDomain("shop", CustomDomainArgs.of(shop))
    plans = UsagePlans("chat", UsagePlansArgs.of(chat, {"acme": ApiKey("acme", ApiKeyArgs())}))
    outputs = [
        shop.endpoint,
        chat.connections_url,
        chat.manage_connections_arn,
        pets.endpoint,
        pets.outputs().caller_policy,
    ]
    outputs += [
        role.role_arn,
        own.target_domain_name,
        own.hosted_zone_id,
        *plans.plan_ids.values(),
        nlb.target_group_arn,
    ]

    def check(values):
        assert all(isinstance(value, str) and value for value in values), values

    return pulumi.Output.all(*outputs).apply(check)
"""


def mocks_of(page: str) -> str:
    """Return the program of a page that has mocks."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    programs: list[str] = re.findall(r"```python\n(.+?)```", text, re.DOTALL)
    (source,) = (program for program in programs if "runtime.Mocks" in program)
    return source


def outcome_of(source: str, folder: Path, path: Path) -> str:
    """Run a file of tests in a process of its own, as mocks are for the whole process, and say how it went."""
    (folder / "test_it.py").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    printed = done.stdout + done.stderr
    return printed if done.returncode else "".join(re.findall(r"^\d+ passed", printed, re.MULTILINE))


@pytest.mark.parametrize(("more", "count"), [("", 1), (EVERY_COMPONENT, 2)], ids=["as it stands", "every component"])
def test_the_manuals_mocks_suffice(more: str, count: int, site: Path, tmp_path: Path) -> None:
    assert outcome_of(mocks_of("library.md") + more, tmp_path, site) == f"{count} passed"


def test_a_previews_outputs_answer_a_stack_reference(site: Path, tmp_path: Path) -> None:
    preview = {"project": "gatelink", "stack": "dev", "resources": [], "outputs": produced()}
    (tmp_path / "dev.json").write_text(json.dumps(preview), encoding="utf-8")
    assert outcome_of(mocks_of("outputs.md"), tmp_path, site) == "1 passed"
