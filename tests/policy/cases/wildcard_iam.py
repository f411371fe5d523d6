import json

from policy.aws_types import IAM_POLICY, ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT
from policy.checks.wildcard_iam import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, resource

QUEUE = "arn:aws:sqs:us-east-1:123456789012:jobs"
SENDING = "arn:aws:iam::123456789012:policy/sending"


def allow(action: Value, resource: Value = QUEUE, **more: Value) -> dict[str, Value]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def role_policy(*statements: Value) -> Resource:
    return resource(ROLE_POLICY, "jobs", policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))


def attachment(policy: Value) -> Resource:
    return resource(ROLE_POLICY_ATTACHMENT, "jobs", role="jobs", policyArn=policy)


CASES = Cases(
    policy=POLICY,
    good={
        "one action on one resource": (role_policy(allow("sqs:SendMessage")),),
        "a statement alone": (
            resource(ROLE_POLICY, "jobs", policy=json.dumps({"Statement": allow(["sqs:SendMessage"], [QUEUE])})),
        ),
        "part of a service": (role_policy(allow("sqs:Get*", f"{QUEUE}-*")),),
        "part of a resource": (role_policy(allow("execute-api:Invoke", "arn:aws:execute-api:us-east-1:1:a1/dev/*")),),
        "a kind of a service's resources": (
            role_policy(
                allow("logs:PutLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:*"),
                allow("s3:GetObject", "arn:aws:s3:::shop/*"),
            ),
        ),
        "what cannot be limited": (
            role_policy(allow(["logs:DescribeLogGroups", "ec2:Describe*", "xray:PutTraceSegments"], "*")),
        ),
        "what cannot be limited, in capitals": (role_policy(allow("EC2:DESCRIBEVPCS", "*")),),
        "a Deny of everything": (role_policy({"Effect": "Deny", "Action": "*", "Resource": "*"}),),
        "a block": (resource(ROLE_POLICY, "jobs", policy={"Statement": [allow("sqs:SendMessage")]}),),
        "a policy of AWS's for one service": (
            attachment("arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"),
            attachment("arn:aws:iam::aws:policy/AdministratorAccess-Amplify"),
            resource(ROLE, "mail", managedPolicyArns=["arn:aws:iam::aws:policy/AmazonSESFullAccess"]),
        ),
        "a policy of one's own with such a name": (attachment("arn:aws:iam::123456789012:policy/AdministratorAccess"),),
        "a role without policies": (resource(ROLE, "jobs", assumeRolePolicy="{}"),),
        "a role's own": (
            resource(ROLE, "jobs", inlinePolicies=[{"policy": json.dumps({"Statement": [allow("sqs:SendMessage")]})}]),
        ),
    },
    bad={
        "everything": (
            (role_policy(allow("*", "*")),),
            [
                'jobs: policy must name the actions that it allows, got "*"',
                'jobs: policy must name the resources of *, got "*"',
            ],
        ),
        "a whole service": (
            (role_policy(allow(["sqs:SendMessage", "sqs:*"])),),
            ['jobs: policy must name the actions that it allows, got "sqs:*"'],
        ),
        "all services, all actions": (
            (role_policy(allow("*:*")),),
            ['jobs: policy must name the actions that it allows, got "*:*"'],
        ),
        "on everything": (
            (role_policy(allow(["sqs:SendMessage", "logs:DescribeLogGroups", "kms:Decrypt"], [QUEUE, "*"])),),
            ['jobs: policy must name the resources of sqs:SendMessage, kms:Decrypt, got "*"'],
        ),
        "on everything of a service": (
            (role_policy(allow("sqs:SendMessage", "arn:aws:sqs:*:*:*"), allow("s3:GetObject", "arn:aws:s3:::*")),),
            [
                'jobs: policy must name the resources of sqs:SendMessage, got "arn:aws:sqs:*:*:*"',
                'jobs: policy must name the resources of s3:GetObject, got "arn:aws:s3:::*"',
            ],
        ),
        "on everything of a service in one account": (
            (
                role_policy(
                    allow("sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:*"),
                    allow("s3:GetObject", "arn:aws:s3:::*/*"),
                ),
            ),
            [
                ('jobs: policy must name the resources of sqs:SendMessage, got "arn:aws:sqs:us-east-1:123456789012:*"'),
                'jobs: policy must name the resources of s3:GetObject, got "arn:aws:s3:::*/*"',
            ],
        ),
        "more than what cannot be limited": (
            (role_policy(allow("ec2:*e*", "*")),),
            ['jobs: policy must name the resources of ec2:*e*, got "*"'],
        ),
        "on everything, on a condition": (
            (role_policy(allow("sqs:SendMessage", "*", Condition={"Bool": {"aws:SecureTransport": "true"}})),),
            ['jobs: policy must name the resources of sqs:SendMessage, got "*"'],
        ),
        "all but": (
            (role_policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),),
            [
                'jobs: policy must name the actions that it allows, got NotAction "iam:*"',
                'jobs: policy must name the resources of all other actions, got "*"',
            ],
        ),
        "on all but": (
            (role_policy({"Effect": "Allow", "Action": "sqs:SendMessage", "NotResource": [QUEUE]}),),
            [f'jobs: policy must name the resources of sqs:SendMessage, got NotResource ["{QUEUE}"]'],
        ),
        "a role's own": (
            (
                resource(
                    ROLE,
                    "jobs",
                    inlinePolicies=[
                        {"name": "a", "policy": json.dumps({"Statement": [allow("sqs:SendMessage")]})},
                        {"name": "b", "policy": json.dumps({"Statement": [allow("sqs:*")]})},
                    ],
                ),
            ),
            ['jobs: inlinePolicies[1].policy must name the actions that it allows, got "sqs:*"'],
        ),
        "a managed policy": (
            (resource(IAM_POLICY, "jobs", policy=json.dumps({"Statement": [allow("sqs:SendMessage", "*")]})),),
            ['jobs: policy must name the resources of sqs:SendMessage, got "*"'],
        ),
        "a policy of AWS's for everything": (
            (
                attachment("arn:aws:iam::aws:policy/AdministratorAccess"),
                attachment("arn:aws-cn:iam::aws:policy/PowerUserAccess"),
                resource(ROLE, "mail", managedPolicyArns=[SENDING, "arn:aws:iam::aws:policy/IAMFullAccess"]),
            ),
            [
                (
                    "jobs: policyArn must be a policy of what the role needs, "
                    'got "arn:aws:iam::aws:policy/AdministratorAccess"'
                ),
                (
                    "jobs: policyArn must be a policy of what the role needs, "
                    'got "arn:aws-cn:iam::aws:policy/PowerUserAccess"'
                ),
                (
                    "mail: managedPolicyArns[1] must be a policy of what the role needs, "
                    'got "arn:aws:iam::aws:policy/IAMFullAccess"'
                ),
            ],
        ),
        "no JSON": (
            (resource(ROLE_POLICY, "jobs", policy="allow all"),),
            ['jobs: policy must be a policy document in JSON, got "allow all"'],
        ),
        "no document": (
            (resource(ROLE_POLICY, "jobs", policy="[]"), resource(ROLE_POLICY, "mail")),
            [
                'jobs: policy must be a policy document in JSON, got "[]"',
                "mail: policy must be a policy document in JSON, got none",
            ],
        ),
    },
    undecided={
        "the whole": ((resource(ROLE_POLICY, "jobs", policy=UNKNOWN),), ["jobs: policy is not known"]),
        "a resource of a block": (
            (resource(ROLE_POLICY, "jobs", policy={"Statement": [allow("sqs:SendMessage", UNKNOWN)]}),),
            ["jobs: policy is not known"],
        ),
        "all of a role's own": (
            (resource(ROLE, "jobs", inlinePolicies=UNKNOWN),),
            ["jobs: inlinePolicies is not known"],
        ),
        "each of a role's own": (
            (resource(ROLE, "jobs", inlinePolicies=[{"policy": UNKNOWN}, UNKNOWN]),),
            ["jobs: inlinePolicies[0].policy is not known", "jobs: inlinePolicies[1] is not known"],
        ),
        "what is attached": (
            (
                attachment(UNKNOWN),
                resource(ROLE, "mail", managedPolicyArns=[SENDING, UNKNOWN]),
                resource(ROLE, "shop", managedPolicyArns=UNKNOWN),
            ),
            [
                "jobs: policyArn is not known",
                "mail: managedPolicyArns[1] is not known",
                "shop: managedPolicyArns is not known",
            ],
        ),
    },
)
