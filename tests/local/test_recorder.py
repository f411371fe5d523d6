"""The recorder as its callers use it: a process of its own, on a project of the test's."""

import re
from pathlib import Path

import pytest

from apigateway.errors import RecordingError
from local.recorder import record
from local.recording import Recording
from local.stack_file import read_stack
from tests.programs import ROOT, only


def project(directory: Path, program: str, config: str = "") -> Path:
    (directory / "Pulumi.yaml").write_text("name: gatelink\nruntime: python\n", encoding="utf-8")
    (directory / "Pulumi.dev.yaml").write_text(f"config:\n  aws:region: eu-west-1\n{config}", encoding="utf-8")
    (directory / "__main__.py").write_text(program, encoding="utf-8")
    return directory


def run(directory: Path, overrides: dict[str, str] | None = None) -> Recording:
    return record(read_stack(directory, "dev", overrides))


@pytest.fixture(scope="module", name="dev")
def _dev() -> Recording:
    return run(ROOT)


def test_the_dev_stack_is_recorded_whole(dev: Recording) -> None:
    assert (dev.project, dev.stack) == ("gatelink", "dev")
    assert set(dev.outputs) == {"vpcId", "vpcCidr", "privateSubnetIds", "backends", "vpcLinks", "apis"}
    route = only(dev, "aws:apigatewayv2/route:Route", "chat-sendMessage")
    api = only(dev, "aws:apigatewayv2/api:Api", "chat")
    integration = only(dev, "aws:apigatewayv2/integration:Integration", "chat-forward")
    assert route.parent == only(dev, "gatelink:components:WebSocketApi").urn
    assert route.inputs["target"] == f"integrations/{integration.id}"
    assert {api.urn, integration.urn} <= set(route.dependencies)
    assert route.outputs["routeKey"] == "sendMessage"


@pytest.mark.parametrize(
    ("resource_type", "name", "pattern"),
    [
        ("aws:ec2/vpc:Vpc", "network", r"vpc-0[0-9a-f]{16}"),
        ("aws:ec2/subnet:Subnet", "network-private-a", r"subnet-0[0-9a-f]{16}"),
        ("aws:ec2/securityGroup:SecurityGroup", "chat", r"sg-0[0-9a-f]{16}"),
        ("aws:ec2/natGateway:NatGateway", "network-nat-a", r"nat-0[0-9a-f]{16}"),
        ("aws:apigatewayv2/api:Api", "chat", r"[a-z][a-z0-9]{9}"),
        ("aws:apigatewayv2/route:Route", "chat-sendMessage", r"[a-z][a-z0-9]{6}"),
        ("aws:apigateway/vpcLink:VpcLink", "chat", r"[a-z][a-z0-9]{5}"),
        ("aws:apigatewayv2/deployment:Deployment", "chat", r"[a-z][a-z0-9]{5}"),
        (
            "aws:lb/loadBalancer:LoadBalancer",
            "chat",
            r"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/chat-[0-9a-f]{7}/[0-9a-f]{16}",
        ),
        (
            "aws:lb/loadBalancer:LoadBalancer",
            "orders",
            r"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/orders-[0-9a-f]{7}/[0-9a-f]{16}",
        ),
        (
            "aws:lb/listener:Listener",
            "chat",
            r"arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/net/chat-[0-9a-f]{7}/[0-9a-f]{16}/[0-9a-f]{16}",
        ),
        ("aws:iam/role:Role", "account-logging", r"account-logging-[0-9a-f]{7}"),
    ],
)
def test_ids_look_like_aws_ids(dev: Recording, resource_type: str, name: str, pattern: str) -> None:
    assert re.fullmatch(pattern, only(dev, resource_type, name).id)


def test_two_runs_are_equal(dev: Recording) -> None:
    assert run(ROOT) == dev


def test_a_recording_travels_as_json(dev: Recording) -> None:
    assert Recording.from_json(dev.to_json()) == dev


def test_a_users_mistake_has_no_traceback(tmp_path: Path) -> None:
    program = (ROOT / "__main__.py").read_text(encoding="utf-8")
    config = "  gatelink:apis: {chat: {protocol: SOAP}}\n  gatelink:network: {availabilityZones: 9}\n"
    with pytest.raises(RecordingError) as error:
        run(project(tmp_path, program, config))
    assert str(error.value) == (
        "Pulumi.dev.yaml has 2 problems:\n"
        "  network.availabilityZones: must be 2 to 6, got 9\n"
        '  apis.chat.protocol: must be WEBSOCKET or HTTP, got "SOAP"'
    )


def test_a_broken_program_shows_where_it_broke(tmp_path: Path) -> None:
    with pytest.raises(RecordingError) as error:
        run(project(tmp_path, "def broken():\n    return 1 // 0\n\nbroken()\n"))
    assert str(error.value).startswith("the program failed:\nTraceback (most recent call last):")
    assert str(error.value).endswith("ZeroDivisionError: integer division or modulo by zero")


def test_what_the_program_prints_does_not_spoil_the_recording(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    recording = run(project(tmp_path, "import pulumi\nprint('hello')\npulumi.export('answer', 42)\n"))
    assert recording.outputs == {"answer": 42}
    assert capfd.readouterr().err == "hello\n"


def test_the_program_gets_its_configuration_as_from_the_engine(tmp_path: Path) -> None:
    program = (
        "import pulumi\n"
        "config = pulumi.Config()\n"
        "pulumi.export('text', config.require('word'))\n"
        "pulumi.export('block', config.require_object('block'))\n"
        "pulumi.export('region', pulumi.Config('aws').require('region'))\n"
        "pulumi.export('names', [pulumi.get_project(), pulumi.get_stack()])\n"
    )
    recording = run(
        project(tmp_path, program, "  gatelink:word: OFF\n  gatelink:block: {b: [1, two], a: 2012-10-17}\n")
    )
    assert recording.outputs == {
        "text": "OFF",
        "block": {"a": "2012-10-17", "b": [1, "two"]},
        "region": "eu-west-1",
        "names": ["gatelink", "dev"],
    }


def test_a_secret_never_reaches_the_recording(tmp_path: Path) -> None:
    program = (
        "import pulumi, pulumi_aws as aws\n"
        "token = pulumi.Config().require_secret('token')\n"
        "aws.ec2.Vpc('network', cidr_block='10.0.0.0/16', tags={'token': token})\n"
        "pulumi.export('token', token)\n"
    )
    directory = project(tmp_path, program, "  gatelink:token: {secure: v1:abc}\n")
    recording = run(directory, {"gatelink:token": "swordfish"})
    assert "swordfish" not in recording.to_json()
    assert recording.outputs == {"token": "<secret>"}


def test_provider_questions_are_answered_for_the_stacks_region(tmp_path: Path) -> None:
    program = (
        "import pulumi, pulumi_aws as aws\n"
        "pulumi.export('region', aws.get_region().region)\n"
        "pulumi.export('zones', aws.get_availability_zones(state='available').zone_ids)\n"
        "pulumi.export('account', aws.get_caller_identity().account_id)\n"
        "pulumi.export('partition', aws.get_partition().partition)\n"
    )
    assert run(project(tmp_path, program)).outputs == {
        "region": "eu-west-1",
        "zones": ["euw1-az1", "euw1-az2", "euw1-az3"],
        "account": "123456789012",
        "partition": "aws",
    }


def test_a_provider_question_without_an_answer_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RecordingError) as error:
        run(project(tmp_path, "import pulumi_aws as aws\naws.ec2.get_vpc(default=True)\n"))
    assert (
        "the program asks the provider aws:ec2/getVpc:getVpc(default), which has no answer on a laptop; known: "
        "getAvailabilityZones, getCallerIdentity, getPartition, getRegion"
    ) in str(error.value)


def test_two_resources_of_one_urn_are_refused_as_by_the_engine(tmp_path: Path) -> None:
    program = "import pulumi_aws as aws\nfor _ in range(2):\n    aws.ec2.Vpc('twice', cidr_block='10.0.0.0/16')\n"
    with pytest.raises(RecordingError) as error:
        run(project(tmp_path, program))
    assert "two resources have the URN urn:pulumi:dev::gatelink::aws:ec2/vpc:Vpc::twice; rename one of the two" in str(
        error.value
    )


def test_resources_of_the_users_own_are_recorded_too(tmp_path: Path) -> None:
    program = "import pulumi, pulumi_aws as aws\npulumi.export('arn', aws.sqs.Queue('jobs').arn)\n"
    recording = run(project(tmp_path, program))
    queue = only(recording, "aws:sqs/queue:Queue")
    assert re.fullmatch(r"jobs-[0-9a-f]{7}", queue.id)
    assert recording.outputs == {"arn": f"arn:aws:sqs:eu-west-1:123456789012:queue/{queue.id}"}


def test_a_stack_may_be_larger_than_what_a_process_is_started_with(tmp_path: Path) -> None:
    text = "x" * 300_000
    program = "import pulumi\npulumi.export('length', len(pulumi.Config().require('big')))\n"
    assert run(project(tmp_path, program, f"  gatelink:big: {text}\n")).outputs == {"length": 300_000}
