"""The service of another project: it registers with what the recorded producer exports."""

import json
import runpy
from typing import Any

import pytest
from ruamel.yaml import YAML

from gatelink.version import VERSION
from local.recording import Json, Recording
from tests.gatelink.consumers import PRODUCER, ends, produced, run_consumer
from tests.programs import ROOT, names, only

FOLDER = ROOT / "examples" / "service"
NAME = "chat-service"
GROUP, ROLE, POLICY = "aws:ec2/securityGroup:SecurityGroup", "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
SERVICE, TASK = "aws:ecs/service:Service", "aws:ecs/taskDefinition:TaskDefinition"


def yaml(file: str) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load((FOLDER / file).read_text(encoding="utf-8"))
    return loaded


def config() -> dict[str, str]:
    """Return the configuration as the engine gives it to the program: the project's defaults, and the stack's."""
    declared = yaml("Pulumi.yaml")["config"]
    defaults = {key: value["default"] for key, value in declared.items() if "default" in value}
    given = yaml("Pulumi.dev.yaml")["config"]
    assert {key for key in declared if key not in defaults} <= set(given)
    return {key: str(value) for key, value in {**defaults, **given}.items()}


def serve(outputs: dict[str, Json], *, known: bool = True, unknown: bool = False, **changed: str) -> Recording:
    """Run the service's program beside a Gatelink stack with these outputs."""
    return run_consumer(
        lambda: runpy.run_path(str(FOLDER / "__main__.py"), run_name="__main__"),
        {PRODUCER: outputs},
        config=config() | {f"{NAME}:{key}": value for key, value in changed.items()},
        project=NAME,
        known=known,
        unknown=unknown,
    )


def test_the_project_is_the_one_that_its_stack_configures() -> None:
    assert yaml("Pulumi.yaml")["name"] == NAME
    assert config()["chat-service:gatelinkStack"] == PRODUCER


def test_it_asks_for_the_release_of_gatelink_whose_outputs_it_reads() -> None:
    lines = (FOLDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("gatelink")] == [
        f"gatelink @ git+https://git.example.com/platform/gatelink@v{VERSION}"
    ]


@pytest.mark.parametrize("known", [True, False])
def test_the_tasks_register_with_the_backends_target_group(known: bool) -> None:
    outputs: Any = produced()
    recording = serve(outputs, known=known)
    service = only(recording, SERVICE).inputs
    assert service["loadBalancers"] == [
        {
            "targetGroupArn": outputs["backends"]["chat"]["targetGroupArn"],
            "containerName": NAME,
            "containerPort": 8080,
        }
    ]
    assert service["networkConfiguration"] == {
        "subnets": outputs["privateSubnetIds"],
        "securityGroups": [only(recording, GROUP).id if known else "<unknown>"],
        "assignPublicIp": False,
    }
    assert (service["launchType"], service["desiredCount"]) == ("FARGATE", 2)
    assert only(recording, POLICY).urn in only(recording, SERVICE).dependencies


@pytest.mark.parametrize("known", [True, False])
def test_the_tasks_admit_the_balancer_alone_on_their_port(known: bool) -> None:
    outputs: Any = produced()
    recording = serve(outputs, known=known)
    group = only(recording, GROUP)
    assert group.inputs == {"description": "Tasks of the service", "vpcId": outputs["vpcId"]}
    assert only(recording, INGRESS).inputs == {
        "securityGroupId": group.id if known else "<unknown>",
        "description": "From the load balancer of the backend",
        "referencedSecurityGroupId": outputs["backends"]["chat"]["securityGroupId"],
        "ipProtocol": "tcp",
        "fromPort": 8080,
        "toPort": 8080,
    }
    egress = only(recording, EGRESS).inputs
    assert (egress["cidrIpv4"], egress["fromPort"], egress["toPort"]) == ("0.0.0.0/0", 443, 443)


@pytest.mark.parametrize("known", [True, False])
def test_the_service_may_manage_the_apis_connections_and_nothing_else(known: bool) -> None:
    outputs: Any = produced()
    recording = serve(outputs, known=known)
    policy, role = only(recording, POLICY).inputs, only(recording, ROLE, f"{NAME}-task")
    assert json.loads(str(policy["policy"])) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "execute-api:ManageConnections",
                "Resource": outputs["apis"]["chat"]["manageConnectionsArn"],
            }
        ],
    }
    assert policy["role"] == (role.id if known else "<unknown>")
    assert json.loads(str(role.inputs["assumeRolePolicy"]))["Statement"] == [
        {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
    assert only(recording, TASK).inputs["taskRoleArn"] == (role.outputs["arn"] if known else "<unknown>")
    assert names(recording, "aws:iam/rolePolicyAttachment:RolePolicyAttachment") == [f"{NAME}-execution"]


def test_the_service_finds_the_url_of_the_connections_in_its_environment() -> None:
    outputs: Any = produced()
    recording = serve(outputs)
    (container,) = json.loads(str(only(recording, TASK).inputs["containerDefinitions"]))
    assert container == {
        "name": NAME,
        "image": config()["chat-service:image"],
        "essential": True,
        "portMappings": [{"containerPort": 8080, "protocol": "tcp"}],
        "environment": [
            {"name": "PORT", "value": "8080"},
            {"name": "CONNECTIONS_URL", "value": outputs["apis"]["chat"]["connectionsUrl"]},
        ],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": only(recording, "aws:cloudwatch/logGroup:LogGroup").outputs["name"],
                "awslogs-region": "us-east-1",
                "awslogs-stream-prefix": NAME,
            },
        },
    }
    assert recording.outputs["endpoint"] == outputs["apis"]["chat"]["endpoint"]


@pytest.mark.parametrize("unknown", [True, False], ids=["unknown", "not deployed"])
def test_both_projects_can_be_previewed_before_the_first_deployment(unknown: bool) -> None:
    recording = serve({}, known=False, unknown=unknown)
    target = {"targetGroupArn": "<unknown>", "containerName": NAME, "containerPort": 8080}
    assert only(recording, SERVICE).inputs["loadBalancers"] == [target]
    assert only(recording, INGRESS).inputs["referencedSecurityGroupId"] == "<unknown>"
    assert only(recording, POLICY).inputs["policy"] == "<unknown>"
    whole = serve(produced(), known=False)
    assert [resource.urn for resource in recording.resources] == [resource.urn for resource in whole.resources]


def test_an_older_producer_that_lacks_an_output() -> None:
    outputs: Any = produced()
    del outputs["gatelinkVersion"]
    del outputs["backends"]["chat"]["targetGroupArn"]
    with ends() as messages:
        serve(outputs)
    assert messages == [
        (
            f'the stack "{PRODUCER}" has no output "backends.chat.targetGroupArn", which version 0.1.0 of Gatelink '
            "brings; the stack says no version: it is not of Gatelink, or was last deployed with one before 0.2.0; "
            "it is there where Gatelink makes the backend's load balancer"
        )
    ]


def test_an_api_that_is_no_websocket_api() -> None:
    with ends() as messages:
        serve(produced(), api="orders")
    (message,) = messages
    assert message in {
        f'the stack "{PRODUCER}" has no output "apis.orders.{output}", which version 0.1.0 of Gatelink brings; '
        f"the stack was last deployed with {VERSION}; it is there where the API is a WebSocket API"
        for output in ("connectionsUrl", "manageConnectionsArn")
    }


def test_a_producer_that_is_not_deployed() -> None:
    with ends() as messages:
        serve({})
    (message,) = messages
    assert message.startswith(f'the stack "{PRODUCER}" has no output "')
    assert message.endswith("which version 0.1.0 of Gatelink brings; it has no outputs at all: deploy it first")
