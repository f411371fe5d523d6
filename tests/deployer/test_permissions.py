"""Every type and question of the program has its permissions, and they are as narrow as AWS allows."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from deployer.__main__ import deployment_of
from deployer.deployment import Deployment
from deployer.permissions import NEEDS, QUESTIONS, UnknownTypeError, grants_of
from local.recorder import record
from local.recorder.aws_values import _DESCRIBE
from local.recorder.invokes import _ANSWERS
from tests.components.test_program import surroundings
from tests.deployer.making import (
    ACCOUNT,
    actions_of,
    any_of,
    deployed,
    deployment,
    is_allowed,
    statement,
    statements_for,
)
from tests.deployer.observed_calls import API_GATEWAY, OTHERS
from tests.programs import ROOT, STACKS, run_program, stack_config

NAMES = sorted(file.name.split(".")[1] for file in STACKS.glob("Pulumi.*.yaml"))
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
EVERYTHING = statements_for(any_of(*NEEDS))


@pytest.mark.parametrize("stack", NAMES)
def test_every_type_of_a_stack_of_this_project_has_permissions(stack: str) -> None:
    recording = record(stack_config(stack))
    assert grants_of(deployment_of(recording, "us-east-1", ACCOUNT))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_type_of_an_example_has_permissions(file: Path) -> None:
    recording = record(stack_config("dev", file))
    assert grants_of(deployment_of(recording, "us-east-1", ACCOUNT))


def test_every_type_that_surrounds_apis_has_permissions() -> None:
    assert grants_of(deployment_of(run_program(surroundings()), "us-east-1", ACCOUNT))


def test_every_type_that_the_components_register_has_permissions() -> None:
    """Whatever settings it takes: the calls are read from the components' code."""
    calls = re.compile(r"\baws\.(\w+)\.([A-Z]\w+)\(")
    made = {
        (module.removesuffix("_"), name)
        for file in (ROOT / "components").glob("*.py")
        for module, name in calls.findall(file.read_text(encoding="utf-8"))
        if not name.endswith("Args")
    }
    known = {(kind.split(":")[1].partition("/")[0], kind.rpartition(":")[2]) for kind in NEEDS}
    assert made == known


def test_every_type_that_a_laptop_knows_has_permissions_but_for_what_stacks_only_refer_to() -> None:
    assert set(_DESCRIBE) - set(NEEDS) == {"aws:apigateway/clientCertificate:ClientCertificate"}


def test_every_question_that_the_program_may_ask_has_permissions() -> None:
    assert QUESTIONS.keys() == _ANSWERS.keys()
    assert is_allowed(EVERYTHING, "ec2:DescribeAvailabilityZones", "*")


def test_unknown_types_are_named_all_at_once() -> None:
    stack = deployment(
        deployed("aws:apigatewayv2/route:Routes", "a"),
        deployed("aws:sqs/queue:Queue", "b"),
        deployed("aws:ec2/vpc:Vpc", "c"),
    )
    with pytest.raises(UnknownTypeError) as caught:
        grants_of(stack)
    assert caught.value.types == ("aws:apigatewayv2/route:Routes", "aws:sqs/queue:Queue")
    assert str(caught.value) == (
        'no permissions are known for the resource type "aws:apigatewayv2/route:Routes"; '
        'did you mean "aws:apigatewayv2/route:Route"?\n'
        'no permissions are known for the resource type "aws:sqs/queue:Queue"'
    )


@pytest.mark.parametrize("call", API_GATEWAY.split("\n")[1:-1])
def test_a_call_of_the_provider_to_api_gateway_is_allowed(call: str) -> None:
    method, path = call.split()
    assert is_allowed(EVERYTHING, f"apigateway:{method}", f"arn:aws:apigateway:us-east-1::{path}")


@pytest.mark.parametrize("service", OTHERS)
def test_the_calls_of_the_provider_to_other_services_are_allowed(service: str) -> None:
    calls = {f"{service}:{name}" for name in OTHERS[service].split()}
    assert calls - actions_of(EVERYTHING) == set()


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        ("aws:lb/loadBalancer:LoadBalancer", "ec2:DescribeAccountAttributes"),
        ("aws:lb/loadBalancer:LoadBalancer", "ec2:DescribeAddresses"),
        ("aws:lb/loadBalancer:LoadBalancer", "ec2:DescribeInternetGateways"),
        ("aws:lb/loadBalancer:LoadBalancer", "ec2:DescribeSecurityGroups"),
        ("aws:lb/loadBalancer:LoadBalancer", "ec2:DescribeSubnets"),
        ("aws:lb/loadBalancer:LoadBalancer", "ec2:DescribeVpcs"),
        ("aws:lb/loadBalancer:LoadBalancer", "ec2:GetSecurityGroupsForVpc"),
        ("aws:lb/loadBalancer:LoadBalancer", "iam:CreateServiceLinkedRole"),
        ("aws:lb/targetGroup:TargetGroup", "ec2:DescribeInternetGateways"),
        ("aws:lb/targetGroup:TargetGroup", "ec2:DescribeVpcs"),
        ("aws:lb/targetGroupAttachment:TargetGroupAttachment", "ec2:DescribeInstances"),
        ("aws:lb/targetGroupAttachment:TargetGroupAttachment", "ec2:DescribeInternetGateways"),
        ("aws:lb/targetGroupAttachment:TargetGroupAttachment", "ec2:DescribeSubnets"),
        ("aws:lb/targetGroupAttachment:TargetGroupAttachment", "ec2:DescribeVpcs"),
        ("aws:apigateway/vpcLink:VpcLink", "ec2:CreateVpcEndpointServiceConfiguration"),
        ("aws:apigateway/vpcLink:VpcLink", "ec2:DeleteVpcEndpointServiceConfigurations"),
        ("aws:apigateway/vpcLink:VpcLink", "ec2:DescribeVpcEndpointServiceConfigurations"),
        ("aws:apigateway/vpcLink:VpcLink", "ec2:ModifyVpcEndpointServicePermissions"),
        ("aws:apigateway/vpcLink:VpcLink", "elasticloadbalancing:DescribeLoadBalancers"),
        ("aws:apigatewayv2/vpcLink:VpcLink", "iam:CreateServiceLinkedRole"),
        ("aws:apigatewayv2/stage:Stage", "logs:CreateLogDelivery"),
        ("aws:apigatewayv2/stage:Stage", "logs:DescribeResourcePolicies"),
        ("aws:apigatewayv2/stage:Stage", "logs:ListLogDeliveries"),
        ("aws:apigatewayv2/stage:Stage", "logs:PutResourcePolicy"),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", "cloudwatch:TagResource"),
        ("aws:ec2/flowLog:FlowLog", "iam:PassRole"),
        ("aws:iam/role:Role", "iam:TagRole"),
        ("aws:wafv2/webAclAssociation:WebAclAssociation", "apigateway:SetWebACL"),
    ],
)
def test_what_a_call_asks_of_its_caller_besides_is_allowed_with_the_type(kind: str, action: str) -> None:
    """AWS's pages say so; the provider itself makes no such call, or another type's would."""
    assert action in actions_of(statements_for(any_of(kind)))


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("apigateway:DELETE", "arn:aws:apigateway:us-east-1::/account"),
        ("apigateway:POST", "arn:aws:apigateway:us-east-1::/clientcertificates"),
        ("apigateway:GET", "arn:aws:apigateway:us-east-1::/apikeys"),
        ("apigateway:PUT", "arn:aws:apigateway:us-east-1::/apis"),
        ("apigateway:PATCH", "arn:aws:apigateway:eu-west-1::/apis/x"),
        ("ec2:DeleteVpc", "arn:aws:ec2:us-east-1:999999999999:vpc/vpc-1"),
        ("ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/i-1"),
        ("iam:CreateUser", "arn:aws:iam::111122223333:user/x"),
        ("iam:CreatePolicy", "arn:aws:iam::111122223333:policy/x"),
        ("iam:CreateServiceLinkedRole", "arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/x"),
        ("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:111122223333:function:x"),
        ("lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:111122223333:function:x"),
        ("logs:GetLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/vendedlogs/gatelink/gatelink/dev/x"),
        ("logs:DeleteLogGroup", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/x"),
        ("execute-api:Invoke", "arn:aws:execute-api:us-east-1:111122223333:x/*"),
        ("execute-api:ManageConnections", "arn:aws:execute-api:us-east-1:111122223333:x/*"),
        ("s3:GetObject", "arn:aws:s3:::state/x"),
        ("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/x"),
    ],
)
def test_what_no_deployment_needs_is_not_allowed(action: str, resource: str) -> None:
    assert not is_allowed(EVERYTHING, action, resource)


def test_no_action_has_a_wildcard_and_none_is_everything() -> None:
    assert [action for action in actions_of(EVERYTHING) if "*" in action] == []


def test_what_may_change_something_of_others_is_known() -> None:
    """Neither tags nor a name of the stack's stand in the way of these; docs/security.md says so."""
    read_only = statements_for(any_of(*NEEDS), read_only=True)
    fences = ("aws:RequestTag", "aws:ResourceTag", "CreateAction", "iam:", "lambda:Principal")
    unfenced = {
        statement["Sid"]
        for statement in EVERYTHING
        if statement not in read_only and not any(fence in str(statement.get("Condition")) for fence in fences)
    }
    assert unfenced == {
        "ApisAccount",
        "ApisNewPolicy",  # of what is new, whose tags are asked for by another statement
        "ApisPartsDelete",
        "ApisPartsPostPatchDelete",
        "ApisTags",
        "DomainsEdge",
        "DomainsNewCertificate",  # of what is new
        "LinksLook",
        "LinksOffer",
        "LogDelivery",
        "LogsOwn",  # by name, which has the project in it
        "NetworkCreateSecurityGroupIn",
        "NetworkCreateVpcEndpointIn",
        "NetworkEndpointNames",
        "NetworkMoveEndpoint",  # the endpoint itself has to be the stack's
        "NetworkNewRule",  # in the stack's groups
        "NetworkReleaseAddress",
        "WebAclsAssociate",
        "WebAclsOfStages",
        "ZonesChanges",
        "ZonesRecords",
    }


MINE = {"aws:ResourceTag/Project": "gatelink", "aws:ResourceTag/Stack": "dev"}
ROLE = "aws:iam/role:Role"
MANAGED = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
LOGGING = deployed(ROLE, "account-logging", arn="arn:aws:iam::123456789012:role/account-logging-1a2b3c4")


def test_roles_are_known_by_their_names() -> None:
    stack = deployment(LOGGING, deployed("aws:iam/rolePolicy:RolePolicy", "account-logging"))
    assert statement(stack, "RolesOwn") == {
        "Sid": "RolesOwn",
        "Effect": "Allow",
        "Action": [
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
            "iam:UpdateRoleDescription",
        ],
        "Resource": ["arn:aws:iam::111122223333:role/account-logging-*"],
        "Condition": {"StringEquals": MINE},
    }
    assert statement(stack, "RolesNew")["Condition"] == {
        "StringEquals": {"aws:RequestTag/Project": "gatelink", "aws:RequestTag/Stack": "dev"}
    }


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_roles_and_alarms_of_another_stack_with_the_same_names_are_out_of_reach(stack: str) -> None:
    deployer = deployment_of(record(stack_config(stack)), "us-east-1", ACCOUNT)
    read_only = statements_for(deployer, read_only=True)
    of_names = re.compile(r"'(iam:(?!PassRole|CreateServiceLinkedRole)|cloudwatch:)")
    changing = [
        found for found in statements_for(deployer) if found not in read_only and of_names.search(str(found["Action"]))
    ]
    sids = {"RolesNew", "RolesNewTags", "RolesOwn", "RolesPowers", "RolesAttach", "RolesDetach"}
    assert {found["Sid"] for found in changing} == sids | (
        {"AlarmsNew", "AlarmsOwn", "RolesBound"} if stack == "prod" else set()
    )
    for found in changing:
        tags = found["Condition"]["StringEquals"]
        assert tags.get("aws:ResourceTag/Stack", tags.get("aws:RequestTag/Stack")) == stack, found["Sid"]


def test_alarms_are_known_by_name_and_tags() -> None:
    stack = deployment(deployed("aws:cloudwatch/metricAlarm:MetricAlarm", "chat-unhealthy"))
    alarms = ["arn:aws:cloudwatch:us-east-1:111122223333:alarm:chat-unhealthy-*"]
    assert statement(stack, "AlarmsNew") == {
        "Sid": "AlarmsNew",
        "Effect": "Allow",
        "Action": ["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"],
        "Resource": alarms,
        "Condition": {"StringEquals": {"aws:RequestTag/Project": "gatelink", "aws:RequestTag/Stack": "dev"}},
    }
    assert statement(stack, "AlarmsOwn") == {
        "Sid": "AlarmsOwn",
        "Effect": "Allow",
        "Action": [
            "cloudwatch:DeleteAlarms",
            "cloudwatch:PutMetricAlarm",
            "cloudwatch:TagResource",
            "cloudwatch:UntagResource",
        ],
        "Resource": alarms,
        "Condition": {"StringEquals": MINE},
    }


BOUNDARY = "arn:aws:iam::111122223333:policy/gatelink-boundary"
BOUND = deployment(
    deployed(ROLE, "account-logging", permissionsBoundary=BOUNDARY),
    deployed("aws:iam/rolePolicy:RolePolicy", "account-logging"),
    deployed("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "account-logging", policyArn=MANAGED),
)


@pytest.mark.parametrize(
    ("action", "condition"),
    [
        (
            "iam:CreateRole",
            {
                "StringEquals": {
                    "aws:RequestTag/Project": "gatelink",
                    "aws:RequestTag/Stack": "dev",
                    "iam:PermissionsBoundary": BOUNDARY,
                }
            },
        ),
        ("iam:PutRolePolicy", {"StringEquals": {**MINE, "iam:PermissionsBoundary": BOUNDARY}}),
        (
            "iam:AttachRolePolicy",
            {"ArnEquals": {"iam:PolicyARN": MANAGED}, "StringEquals": {**MINE, "iam:PermissionsBoundary": BOUNDARY}},
        ),
        ("iam:PutRolePermissionsBoundary", {"StringEquals": {**MINE, "iam:PermissionsBoundary": BOUNDARY}}),
        ("iam:DetachRolePolicy", {"ArnEquals": {"iam:PolicyARN": MANAGED}, "StringEquals": MINE}),
        ("iam:DeleteRolePolicy", {"StringEquals": MINE}),
    ],
)
def test_no_role_gets_a_power_without_the_stacks_boundary(action: str, condition: dict[str, Any]) -> None:
    found = [statement for statement in statements_for(BOUND) if action in statement["Action"]]
    assert [statement["Condition"] for statement in found] == [condition]
    assert found[0]["Resource"] == ["arn:aws:iam::111122223333:role/account-logging-*"]


@pytest.mark.parametrize("stack", [BOUND, deployment(LOGGING), any_of(*NEEDS)])
def test_nobody_may_take_a_boundary_off_or_change_what_it_says(stack: Deployment) -> None:
    forbidden = "CreatePolicy CreatePolicyVersion DeletePolicy DeleteRolePermissionsBoundary SetDefaultPolicyVersion"
    assert {f"iam:{name}" for name in forbidden.split()} & actions_of(statements_for(stack)) == set()


@pytest.mark.parametrize(
    "boundaries", [(None,), (BOUNDARY, None), (BOUNDARY, "arn:aws:iam::111122223333:policy/another")]
)
def test_a_boundary_is_demanded_only_where_every_role_has_it(boundaries: tuple[str | None, ...]) -> None:
    roles = [
        deployed(ROLE, f"role-{number}", **({"permissionsBoundary": arn} if arn else {}))
        for number, arn in enumerate(boundaries)
    ]
    found = statements_for(deployment(*roles, deployed("aws:iam/rolePolicy:RolePolicy", "a")))
    assert "iam:PermissionsBoundary" not in str(found)
    assert "iam:PutRolePermissionsBoundary" not in actions_of(found)


def test_the_deployer_of_prod_demands_prods_boundary() -> None:
    found = statements_for(deployment_of(record(stack_config("prod")), "us-east-1", ACCOUNT))
    demanding = [statement["Sid"] for statement in found if BOUNDARY in str(statement.get("Condition"))]
    assert demanding == ["RolesNew", "RolesBound", "RolesPowers", "RolesAttach"]


def test_roles_of_any_stack_are_known_by_their_tags() -> None:
    found = statement(any_of(ROLE), "RolesOwn")
    assert found["Resource"] == ["arn:aws:iam::111122223333:role/*"]
    assert found["Condition"] == {"StringEquals": {"aws:ResourceTag/Project": "gatelink"}}


def test_a_role_is_handed_to_its_service_alone() -> None:
    stack = deployment(
        LOGGING, deployed("aws:apigateway/account:Account", "account-logging", cloudwatchRoleArn=LOGGING.arn)
    )
    assert statement(stack, "PassRoleToApiGateway") == {
        "Sid": "PassRoleToApiGateway",
        "Effect": "Allow",
        "Action": ["iam:PassRole"],
        "Resource": ["arn:aws:iam::111122223333:role/account-logging-*"],
        "Condition": {"StringEquals": {"iam:PassedToService": "apigateway.amazonaws.com"}},
    }


def test_roles_that_others_made_are_handed_on_by_their_arns() -> None:
    mine, theirs = "arn:aws:iam::111122223333:role/invoker", "arn:aws:iam::111122223333:role/asker"
    integration = {"x-amazon-apigateway-integration": {"credentials": "arn:aws:iam::111122223333:role/c"}}
    principals = {"Statement": [{"Principal": {"AWS": "arn:aws:iam::222233334444:role/caller"}}]}
    body = json.dumps({"paths": {"/a": {"get": integration}}, "x-amazon-apigateway-policy": principals})
    stack = deployment(
        deployed("aws:apigatewayv2/integration:Integration", "a", credentialsArn=mine),
        deployed("aws:apigatewayv2/integration:Integration", "b", credentialsArn="arn:aws:iam::*:user/*"),
        deployed("aws:apigatewayv2/authorizer:Authorizer", "c", authorizerCredentialsArn=theirs),
        deployed("aws:apigateway/restApi:RestApi", "d", body=body),
    )
    assert statement(stack, "PassRoleToApiGateway")["Resource"] == [theirs, "arn:aws:iam::111122223333:role/c", mine]


def test_without_a_role_none_is_handed_on() -> None:
    stack = deployment(deployed("aws:apigatewayv2/integration:Integration", "a"))
    assert "iam:PassRole" not in actions_of(statements_for(stack))


def test_balancers_are_known_by_kind_and_name_and_tags() -> None:
    stack = deployment(
        deployed("aws:lb/loadBalancer:LoadBalancer", "chat", loadBalancerType="network"),
        deployed("aws:lb/loadBalancer:LoadBalancer", "orders", loadBalancerType="application"),
    )
    found = statement(stack, "BalancersOwn")
    assert found["Resource"] == [
        "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/orders-*/*",
        "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/chat-*/*",
    ]
    assert found["Condition"] == {
        "StringEquals": {"aws:ResourceTag/Project": "gatelink", "aws:ResourceTag/Stack": "dev"}
    }


def test_functions_let_in_api_gateway_alone() -> None:
    function = "arn:aws:lambda:us-east-1:111122223333:function:orders"
    stack = deployment(deployed("aws:lambda/permission:Permission", "a", function=function, qualifier="live"))
    found = statement(stack, "FunctionsLetIn")
    assert found["Resource"] == [function, f"{function}:*"]
    assert found["Condition"] == {"StringEquals": {"lambda:Principal": "apigateway.amazonaws.com"}}


def test_a_zone_takes_the_stacks_records_alone() -> None:
    stack = deployment(
        deployed("aws:route53/record:Record", "a", zoneId="Z1", name="api.example.com", type="A"),
        deployed("aws:route53/record:Record", "b", zoneId="Z1", name="*.Example.com.", type="AAAA"),
    )
    assert statement(stack, "ZonesRecords") == {
        "Sid": "ZonesRecords",
        "Effect": "Allow",
        "Action": ["route53:ChangeResourceRecordSets"],
        "Resource": ["arn:aws:route53:::hostedzone/Z1"],
        "Condition": {
            "ForAllValues:StringEquals": {
                "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["\\052.example.com", "api.example.com"],
                "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA"],
            }
        },
    }


DOMAIN = "aws:apigateway/domainName:DomainName"


def test_domains_are_known_by_name_and_their_truststores_are_read() -> None:
    trust = {"truststoreUri": "s3://trust/authorities.pem", "truststoreVersion": None}
    stack = deployment(
        deployed(
            "aws:apigatewayv2/domainName:DomainName", "a", domainName="*.example.com", mutualTlsAuthentication=trust
        )
    )
    assert statement(stack, "DomainsOwn")["Resource"] == ["arn:aws:apigateway:us-east-1::/domainnames/${*}.example.com"]
    assert statement(stack, "TruststoresRead")["Resource"] == ["arn:aws:s3:::trust/authorities.pem"]
    assert "cloudfront:UpdateDistribution" not in actions_of(statements_for(stack))


@pytest.mark.parametrize(("kind", "expected"), [("EDGE", True), ("REGIONAL", False)])
def test_an_edge_optimized_domain_is_a_distribution(kind: str, expected: bool) -> None:
    stack = deployment(deployed(DOMAIN, "a", domainName="a.example.com", endpointConfiguration={"types": kind}))
    assert ("cloudfront:UpdateDistribution" in actions_of(statements_for(stack))) is expected


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("/aws/apigateway/a1b2/dev", "/aws/apigateway/"),
        ("API-Gateway-Execution-Logs_a1/v1", "API-Gateway-Execution-Logs_"),
    ],
)
def test_execution_logs_are_known_by_tags(name: str, start: str) -> None:
    found = statement(deployment(deployed("aws:cloudwatch/logGroup:LogGroup", "a", name=name)), "ExecutionLogsOwn")
    assert found["Resource"] == [f"arn:aws:logs:us-east-1:111122223333:log-group:{start}*"]
    assert found["Condition"] == {
        "StringEquals": {"aws:ResourceTag/Project": "gatelink", "aws:ResourceTag/Stack": "dev"}
    }


def test_other_logs_are_known_by_name() -> None:
    stack = deployment(
        deployed("aws:cloudwatch/logGroup:LogGroup", "a", name="/aws/vendedlogs/gatelink/gatelink/dev/a")
    )
    assert statement(stack, "LogsOwn")["Resource"] == [
        "arn:aws:logs:us-east-1:111122223333:log-group:/aws/vendedlogs/gatelink/gatelink/dev/*"
    ]
    assert "ExecutionLogsOwn" not in {found["Sid"] for found in statements_for(stack)}


@pytest.mark.parametrize(
    ("region", "partition"), [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_arns_are_of_the_regions_partition(region: str, partition: str) -> None:
    stack = deployment(deployed("aws:apigatewayv2/api:Api", "a"), LOGGING, region=region)
    arns = {resource for found in statements_for(stack) for resource in found["Resource"]} - {"*"}
    assert {arn.split(":")[1] for arn in arns} == {partition}
    assert {arn.split(":")[3] for arn in arns} == {"", region}
