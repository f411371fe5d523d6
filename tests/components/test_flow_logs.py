import json

from tests.programs import only, run_program


def test_flow_logs_write_to_one_group_by_a_role_that_can_do_nothing_else() -> None:
    recording = run_program({"network": {"flowLogs": {"retentionDays": 90}}})
    group = only(recording, "aws:cloudwatch/logGroup:LogGroup")
    role = only(recording, "aws:iam/role:Role")
    policy = only(recording, "aws:iam/rolePolicy:RolePolicy")
    flow_log = only(recording, "aws:ec2/flowLog:FlowLog")
    assert (group.inputs["name"], group.inputs["retentionInDays"]) == (
        "/aws/vendedlogs/gatelink/gatelink/dev/flow-logs",
        90,
    )
    assert "kmsKeyId" not in group.inputs
    (statement,) = json.loads(str(policy.inputs["policy"]))["Statement"]
    assert statement["Resource"] == [group.outputs["arn"], f"{group.outputs['arn']}:*"]
    assert "*" not in statement["Action"]
    (trust,) = json.loads(str(role.inputs["assumeRolePolicy"]))["Statement"]
    assert trust == {
        "Effect": "Allow",
        "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": "123456789012"},
            "ArnLike": {"aws:SourceArn": "arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*"},
        },
    }
    assert flow_log.inputs["logDestination"] == group.outputs["arn"]
    assert flow_log.inputs["iamRoleArn"] == role.outputs["arn"]
    assert policy.urn in flow_log.dependencies


def test_flow_logs_of_another_partition_are_those_of_its_arns() -> None:
    recording = run_program({"network": {}}, region="cn-north-1")
    (trust,) = json.loads(str(only(recording, "aws:iam/role:Role").inputs["assumeRolePolicy"]))["Statement"]
    assert trust["Condition"]["ArnLike"] == {"aws:SourceArn": "arn:aws-cn:ec2:cn-north-1:123456789012:vpc-flow-log/*"}


def test_flow_logs_are_encrypted_by_the_key_that_the_stack_names() -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd"
    group = only(
        run_program({"network": {"flowLogs": {"retentionDays": 90, "kmsKeyArn": key}}}),
        "aws:cloudwatch/logGroup:LogGroup",
    )
    assert group.inputs["kmsKeyId"] == key


def test_flow_logs_can_be_left_out() -> None:
    recording = run_program({"network": {"flowLogs": False}})
    assert not recording.of_type("aws:ec2/flowLog:FlowLog")
    assert not recording.of_type("aws:iam/role:Role")
