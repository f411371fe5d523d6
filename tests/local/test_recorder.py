"""The recorder as its callers use it: a process of its own, on a project of the test's."""

import asyncio
import json
import re
import runpy
from pathlib import Path

import pulumi
import pytest

from apigateway.errors import RecordingError, SettingsError
from local.recorder import record
from local.recorder.monitor import RecordingMonitor, run_recorded
from local.recording import Json, Recording
from local.stack_file import StackOutputs, read_stack
from tests.programs import ROOT, only, stack_config


def project(directory: Path, program: str, config: str = "") -> Path:
    (directory / "Pulumi.yaml").write_text("name: gatelink\nruntime: python\n", encoding="utf-8")
    (directory / "Pulumi.dev.yaml").write_text(f"config:\n  aws:region: eu-west-1\n{config}", encoding="utf-8")
    (directory / "__main__.py").write_text(program, encoding="utf-8")
    return directory


def run(
    directory: Path, overrides: dict[str, str] | None = None, stack_outputs: StackOutputs | None = None
) -> Recording:
    file = directory / "outputs.json"
    if stack_outputs is not None:
        file.write_text(json.dumps(stack_outputs), encoding="utf-8")
    return record(read_stack(directory, "dev", overrides, outputs_file=None if stack_outputs is None else file))


@pytest.fixture(scope="module", name="dev")
def _dev() -> Recording:
    return record(stack_config("dev"))


def test_the_dev_stack_is_recorded_whole(dev: Recording) -> None:
    assert (dev.project, dev.stack) == ("gatelink", "dev")
    assert set(dev.outputs) == {
        "gatelinkVersion",
        "vpcId",
        "vpcCidr",
        "privateSubnetIds",
        "backends",
        "vpcLinks",
        "apis",
    }
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
    assert record(stack_config("dev")) == dev


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
        '  apis.chat.protocol: must be WEBSOCKET, HTTP or REST, got "SOAP"'
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


@pytest.mark.parametrize(
    "given",
    [
        "value=pulumi.Output.secret('swordfish-swordfish-1')",
        "value='swordfish-swordfish-1'",
        "description='the value is made by AWS'",
    ],
)
def test_an_api_keys_value_is_secret_wherever_it_comes_from(tmp_path: Path, given: str) -> None:
    program = (
        "import pulumi, pulumi_aws as aws\n"
        f"key = aws.apigateway.ApiKey('mobile', {given})\n"
        "pulumi.export('value', key.value)\n"
        "pulumi.export('header', pulumi.Output.concat('x-api-key: ', key.value))\n"
        "pulumi.export('letters', pulumi.Output.unsecret(key.value.apply(str.isascii)))\n"
    )
    recording = run(project(tmp_path, program))
    key = only(recording, "aws:apigateway/apiKey:ApiKey")
    assert key.inputs.get("value", "<secret>") == "<secret>"
    assert key.outputs["value"] == "<secret>"
    assert "swordfish" not in recording.to_json()
    assert recording.outputs == {"value": "<secret>", "header": "<secret>", "letters": True}


def test_the_value_of_an_api_key_is_its_name(tmp_path: Path) -> None:
    program = (
        "import pulumi, pulumi_aws as aws\n"
        "key = aws.apigateway.ApiKey('mobile')\n"
        "pulumi.export('value', pulumi.Output.unsecret(key.value))\n"
    )
    assert run(project(tmp_path, program)).outputs == {"value": "mobile"}


def test_an_output_that_the_program_calls_secret_is_masked(tmp_path: Path) -> None:
    program = (
        "import pulumi, pulumi_aws as aws\n"
        "options = pulumi.ResourceOptions(additional_secret_outputs=['arn', 'bucket'])\n"
        "bucket = aws.s3.Bucket('files', bucket='swordfish', opts=options)\n"
        "pulumi.export('arn', bucket.arn)\n"
        "pulumi.export('bucket', bucket.bucket)\n"
        "pulumi.export('known', pulumi.Output.unsecret(bucket.bucket))\n"
    )
    recording = run(project(tmp_path, program))
    bucket = only(recording, "aws:s3/bucket:Bucket")
    assert (bucket.inputs["bucket"], bucket.outputs["bucket"], bucket.outputs["arn"]) == ("<secret>",) * 3
    assert recording.outputs == {"arn": "<secret>", "bucket": "<secret>", "known": "swordfish"}


def test_a_resource_given_for_its_id_is_recorded_as_its_id(tmp_path: Path) -> None:
    program = (
        "import pulumi_aws as aws\n"
        "role = aws.iam.Role('writer', assume_role_policy='{}')\n"
        "aws.iam.RolePolicy('writes', role=role, policy='{}')\n"
    )
    recording = run(project(tmp_path, program))
    role = only(recording, "aws:iam/role:Role")
    policy = only(recording, "aws:iam/rolePolicy:RolePolicy")
    assert (policy.inputs["role"], policy.dependencies) == (role.id, (role.urn,))


COMPUTED = [
    (
        "aws.iam.Role('r', assume_role_policy='{}', path='/gateway/')",
        r"r-[0-9a-f]{7}",
        {
            "name": r"r-[0-9a-f]{7}",
            "arn": r"arn:aws:iam::123456789012:role/gateway/r-[0-9a-f]{7}",
            "uniqueId": r"AROA[0-9A-F]{17}",
        },
    ),
    (
        "aws.iam.RolePolicy('r', role='writer', policy='{}', name='writes')",
        "writer:writes",
        {},
    ),
    (
        "aws.lambda_.Permission('r', action='lambda:InvokeFunction', function='f', principal='p')",
        r"r-[0-9a-f]{7}",
        {"statementId": r"r-[0-9a-f]{7}"},
    ),
    (
        "aws.lambda_.Permission('r', action='lambda:InvokeFunction', function='f', principal='p', statement_id='s')",
        "s",
        {},
    ),
    (
        "aws.apigatewayv2.Authorizer('r', api_id='a', authorizer_type='JWT', name='tokens')",
        r"[a-z][a-z0-9]{5}",
        {},
    ),
    (
        "aws.apigatewayv2.Model('r', api_id='a', content_type='application/json', schema='{}', name='Message')",
        r"[a-z][a-z0-9]{5}",
        {},
    ),
    (
        "aws.apigatewayv2.IntegrationResponse('r', api_id='a', integration_id='i', integration_response_key='/200/')",
        r"[a-z][a-z0-9]{6}",
        {},
    ),
    (
        (
            "aws.apigatewayv2.DomainName('r', domain_name='api.example.com', domain_name_configuration="
            "{'certificate_arn': 'c', 'endpoint_type': 'REGIONAL', 'security_policy': 'TLS_1_2'})"
        ),
        r"api\.example\.com",
        {
            "arn": r"arn:aws:apigateway:eu-west-1::/domainnames/api\.example\.com",
            "apiMappingSelectionExpression": r"\$request\.basepath",
            "domainNameConfiguration": r'\{"certificateArn": "c", "endpointType": "REGIONAL", '
            r'"hostedZoneId": "Z[0-9A-F]{13}", "securityPolicy": "TLS_1_2", '
            r'"targetDomainName": "d-[a-z][a-z0-9]{9}\.execute-api\.eu-west-1\.amazonaws\.com"\}',
        },
    ),
    (
        "aws.apigatewayv2.ApiMapping('r', api_id='a', domain_name='api.example.com', stage='dev')",
        r"[a-z][a-z0-9]{5}",
        {},
    ),
    (
        "aws.apigateway.RestApi('r', body='{}')",
        r"[a-z][a-z0-9]{9}",
        {
            "name": r"r-[0-9a-f]{7}",
            "arn": r"arn:aws:apigateway:eu-west-1::/restapis/[a-z][a-z0-9]{9}",
            "executionArn": r"arn:aws:execute-api:eu-west-1:123456789012:[a-z][a-z0-9]{9}",
            "rootResourceId": r"[a-z][a-z0-9]{9}",
        },
    ),
    ("aws.apigateway.Deployment('r', rest_api='a')", r"[a-z][a-z0-9]{5}", {}),
    (
        "aws.apigateway.Stage('r', rest_api='a1', stage_name='dev', deployment='d')",
        "ags-a1-dev",
        {
            "arn": r"arn:aws:apigateway:eu-west-1::/restapis/a1/stages/dev",
            "executionArn": r"arn:aws:execute-api:eu-west-1:123456789012:a1/dev",
            "invokeUrl": r"https://a1\.execute-api\.eu-west-1\.amazonaws\.com/dev",
            "webAclArn": "",
        },
    ),
    (
        "aws.apigateway.MethodSettings('r', rest_api='a1', stage_name='dev', method_path='*/*', settings={})",
        r"a1-dev-\*/\*",
        {},
    ),
    (
        "aws.apigateway.ClientCertificate('r')",
        r"[a-z][a-z0-9]{5}",
        {"arn": r"arn:aws:apigateway:eu-west-1::/clientcertificates/[a-z][a-z0-9]{5}"},
    ),
    (
        "aws.apigateway.DomainName('r', domain_name='api.example.com', endpoint_configuration={'types': 'REGIONAL'})",
        r"api\.example\.com",
        {
            "arn": r"arn:aws:apigateway:eu-west-1::/domainnames/api\.example\.com",
            "regionalDomainName": r"d-[a-z][a-z0-9]{9}\.execute-api\.eu-west-1\.amazonaws\.com",
            "regionalZoneId": r"Z[0-9A-F]{13}",
        },
    ),
    (
        "aws.apigateway.DomainName('r', domain_name='www.example.com', certificate_arn='c')",
        r"www\.example\.com",
        {
            "arn": r"arn:aws:apigateway:eu-west-1::/domainnames/www\.example\.com",
            "cloudfrontDomainName": r"[a-z][a-z0-9]{13}\.cloudfront\.net",
            "cloudfrontZoneId": "Z2FDTNDATAQYW2",
        },
    ),
    (
        "aws.apigateway.BasePathMapping('r', domain_name='api.example.com', rest_api='a', base_path='v1')",
        r"api\.example\.com/v1",
        {},
    ),
    ("aws.apigateway.BasePathMapping('r', domain_name='a.example.com', rest_api='a')", r"a\.example\.com/", {}),
    ("aws.wafv2.WebAclAssociation('r', resource_arn='stage', web_acl_arn='acl')", "acl,stage", {}),
    (
        (
            "aws.ec2.VpcEndpoint('r', vpc_id='v', service_name='com.amazonaws.eu-west-1.execute-api', "
            "vpc_endpoint_type='Interface', subnet_ids=['s1'])"
        ),
        r"vpce-0[0-9a-f]{16}",
        {
            "arn": r"arn:aws:ec2:eu-west-1:123456789012:vpc-endpoint/vpce-0[0-9a-f]{16}",
            "ownerId": "123456789012",
            "dnsEntries": (
                r'\[\{"dnsName": "(vpce-0[0-9a-f]{16}-[a-z]\w{7})\.execute-api\.eu-west-1\.vpce\.amazonaws\.com", '
                r'"hostedZoneId": "(Z[0-9A-F]{13})"\}, '
                r'\{"dnsName": "\1-eu-west-1a\.execute-api\.eu-west-1\.vpce\.amazonaws\.com", "hostedZoneId": "\2"\}\]'
            ),
            "networkInterfaceIds": r'\["eni-0[0-9a-f]{16}"\]',
            "state": "available",
        },
    ),
    (
        "aws.ec2.VpcEndpoint('r', vpc_id='v', service_name='com.amazonaws.eu-west-1.s3', vpc_endpoint_type='Gateway')",
        r"vpce-0[0-9a-f]{16}",
        {"arn": r"arn:aws:ec2:eu-west-1:123456789012:vpc-endpoint/vpce-0[0-9a-f]{16}", "ownerId": "123456789012"},
    ),
    (
        "aws.apigateway.ApiKey('r')",
        r"[a-z][a-z0-9]{9}",
        {
            "name": r"r-[0-9a-f]{7}",
            "arn": r"arn:aws:apigateway:eu-west-1::/apikeys/[a-z][a-z0-9]{9}",
            "value": "<secret>",
        },
    ),
    (
        "aws.apigateway.UsagePlan('r', name='free')",
        r"[a-z][a-z0-9]{5}",
        {"arn": r"arn:aws:apigateway:eu-west-1::/usageplans/[a-z][a-z0-9]{5}"},
    ),
    ("aws.apigateway.UsagePlanKey('r', key_id='k1', key_type='API_KEY', usage_plan_id='p1')", "k1", {}),
    (
        "aws.route53.Record('r', zone_id='Z1', name='api.example.com.', type='A', aliases=[])",
        r"Z1_api\.example\.com_A",
        {"fqdn": r"api\.example\.com"},
    ),
    (
        "aws.route53.Record('r', zone_id='Z1', name='api.example.com', type='A', set_identifier='eu')",
        r"Z1_api\.example\.com_A_eu",
        {"fqdn": r"api\.example\.com"},
    ),
    (
        "aws.cloudwatch.MetricAlarm('r', comparison_operator='GreaterThanThreshold', evaluation_periods=1, name='5xx')",
        "5xx",
        {"arn": r"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:5xx"},
    ),
    (
        (
            "aws.cloudwatch.LogMetricFilter('r', log_group_name='l', pattern='', metric_transformation="
            "{'name': 'n', 'namespace': 's', 'value': '1'})"
        ),
        r"r-[0-9a-f]{7}",
        {"name": r"r-[0-9a-f]{7}"},
    ),
    (
        "aws.ec2.FlowLog('r', vpc_id='vpc-1', traffic_type='REJECT')",
        r"fl-0[0-9a-f]{16}",
        {"arn": r"arn:aws:ec2:eu-west-1:123456789012:vpc-flow-log/fl-0[0-9a-f]{16}", "ownerId": "123456789012"},
    ),
]


@pytest.fixture(scope="module", name="one_of_each")
def _one_of_each(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """All of them in one run, each under its place in the table."""
    lines = [row[0].replace("('r'", f"('r{number}'") for number, row in enumerate(COMPUTED)]
    program = "\n".join(["import pulumi_aws as aws", *lines, ""])
    return run(project(tmp_path_factory.mktemp("one-of-each"), program))


@pytest.mark.parametrize(("number", "row"), list(enumerate(COMPUTED)), ids=[row[0].split("(")[0] for row in COMPUTED])
def test_what_aws_adds_looks_as_on_aws(
    one_of_each: Recording, number: int, row: tuple[str, str, dict[str, str]]
) -> None:
    _, id_pattern, expected = row
    [resource] = [resource for resource in one_of_each.resources if resource.name == f"r{number}"]
    named = {key: pattern.replace("r-[0", f"r{number}-[0") for key, pattern in expected.items()}
    assert re.fullmatch(id_pattern.replace("r-[0", f"r{number}-[0"), resource.id)
    added = {key: value for key, value in resource.outputs.items() if value != resource.inputs.get(key)}
    assert set(added) == set(named)
    for key, pattern in named.items():
        value = added[key]
        assert re.fullmatch(pattern, value if isinstance(value, str) else json.dumps(value, sort_keys=True)), key


READS_NETWORK = (
    "import pulumi, pulumi_aws as aws\n"
    "network = pulumi.StackReference('network', stack_name='acme/network/dev')\n"
    "group = aws.ec2.SecurityGroup('link', vpc_id=network.get_output('vpcId'))\n"
    "for index in range(2):\n"
    "    subnet = network.get_output('privateSubnetIds').apply(lambda ids, index=index: ids[index])\n"
    "    aws.ec2.FlowLog(f'log-{index}', subnet_id=subnet, opts=pulumi.ResourceOptions(depends_on=[group]))\n"
    "pulumi.export('vpcId', network.get_output('vpcId'))\n"
    "pulumi.export('count', network.require_output('count'))\n"
    "pulumi.export('absent', network.get_output('absent').apply(lambda value: value is None))\n"
)
NETWORK: dict[str, Json] = {"vpcId": "vpc-1", "privateSubnetIds": ["subnet-1", "subnet-2"], "count": 2}


def test_another_stacks_outputs_are_read_and_not_recorded(tmp_path: Path) -> None:
    recording = run(project(tmp_path, READS_NETWORK), stack_outputs={"acme/network/dev": NETWORK})
    assert recording.outputs == {"vpcId": "vpc-1", "count": 2, "absent": True}
    assert {resource.type for resource in recording.resources} == {
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/flowLog:FlowLog",
    }
    group = only(recording, "aws:ec2/securityGroup:SecurityGroup")
    assert (group.inputs["vpcId"], group.dependencies) == ("vpc-1", ())
    log = only(recording, "aws:ec2/flowLog:FlowLog", "log-1")
    assert (log.inputs["subnetId"], log.dependencies) == ("subnet-2", (group.urn,))


def test_another_stacks_outputs_are_known_in_a_first_preview(tmp_path: Path) -> None:
    program = (
        "import pulumi, pulumi_aws as aws\n"
        "network = pulumi.StackReference('acme/network/dev')\n"
        "group = aws.ec2.SecurityGroup('link', vpc_id=network.get_output('vpcId'))\n"
        "pulumi.export('ids', [network.id, network.get_output('vpcId'), group.id])\n"
    )
    monitor = RecordingMonitor(
        project="gatelink", stack="dev", region="eu-west-1", known=False, stack_outputs={"acme/network/dev": NETWORK}
    )
    file = str(project(tmp_path, program) / "__main__.py")

    async def record_unknown() -> Recording:
        pulumi.runtime.set_all_config({"aws:region": "eu-west-1"})
        return await run_recorded(monitor, lambda: runpy.run_path(file, run_name="__main__"))

    recording = asyncio.run(record_unknown())
    assert only(recording, "aws:ec2/securityGroup:SecurityGroup").inputs["vpcId"] == "vpc-1"
    assert recording.outputs == {"ids": ["acme/network/dev", "vpc-1", "<unknown>"]}


@pytest.mark.parametrize(
    ("stack_outputs", "reason"),
    [
        (
            None,
            (
                "which a laptop does not have: give them by --stack-outputs FILE, a YAML or JSON file such as "
                '{"acme/network/dev": {"vpcId": "vpc-0123456789abcdef0"}}'
            ),
        ),
        ({}, "which the file of --stack-outputs does not have; stacks in it: none"),
        ({"shop": {}, "billing": {}}, "which the file of --stack-outputs does not have; stacks in it: billing, shop"),
        (
            {"acme/networks/dev": NETWORK},
            "which the file of --stack-outputs does not have; did you mean acme/networks/dev?",
        ),
    ],
)
def test_a_stack_whose_outputs_were_not_given_is_named(
    tmp_path: Path, stack_outputs: StackOutputs | None, reason: str
) -> None:
    with pytest.raises(RecordingError) as error:
        run(project(tmp_path, READS_NETWORK), stack_outputs=stack_outputs)
    assert str(error.value) == f'the program reads the outputs of the stack "acme/network/dev", {reason}'


def test_other_resources_cannot_be_read(tmp_path: Path) -> None:
    program = "import pulumi_aws as aws\naws.ec2.Vpc.get('shared', 'vpc-1')\n"
    with pytest.raises(RecordingError) as error:
        run(project(tmp_path, program))
    assert str(error.value) == 'the program reads aws:ec2/vpc:Vpc "shared" (vpc-1), which a laptop does not have'


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


def test_a_key_that_is_no_text_ends_the_run_before_the_program(tmp_path: Path) -> None:
    folder = project(tmp_path, "import pulumi\n")
    (folder / "Pulumi.dev.yaml").write_text("config:\n  gatelink:apis: {404: {}}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="404"):
        run(folder)
