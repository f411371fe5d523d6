import json

from policy.aws_types import REST_API, REST_API_POLICY
from policy.checks.private_api_policy import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, preview, resource

ENDPOINTS: Value = {"StringNotEquals": {"aws:SourceVpce": ["vpce-0a1b2c3d4e5f60718"]}}
FULL = "arn:aws:execute-api:eu-west-1:123456789012:*/"


def statement(effect: str, principal: Value, resources: Value = "*", **more: Value) -> Value:
    """Return a statement of a policy."""
    action = "execute-api:Invoke"
    return {"Effect": effect, "Principal": principal, "Action": action, "Resource": resources, **more}


def policy(*statements: Value) -> str:
    """Return a policy as the provider has it."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def private(**properties: Value) -> Resource:
    """Return a private API."""
    return resource(REST_API, "ledger", endpointConfiguration={"types": "PRIVATE"}, **properties)


def public(**properties: Value) -> Resource:
    """Return an API that is called from the internet."""
    return resource(REST_API, "pets", endpointConfiguration={"types": "REGIONAL"}, **properties)


ALL = statement("Allow", "*")
BY_ENDPOINT = statement("Deny", "*", Condition=ENDPOINTS)
BUT_SOME: Value = {
    "Effect": "Deny",
    "NotPrincipal": {"AWS": "123456789012"},
    "Action": "*",
    "Resource": f"{FULL}*",
}
ROLE = statement("Allow", {"AWS": "arn:aws:iam::123456789012:role/reports"})
SEPARATE = resource(REST_API_POLICY, "ledger", restApiId="ledger-id", policy=policy(ROLE))
NEW = preview(private(body="{}"))

OPEN = "policy must have a condition for everybody, got an Allow of execute-api:/* without one"

CASES = Cases(
    policy=POLICY,
    good={
        "principals": (private(policy=policy(ROLE)),),
        "everybody by some endpoints": (private(policy=policy(ALL, BY_ENDPOINT)),),
        "everybody, of whom all but some are denied": (private(policy=policy(ALL, BUT_SOME)),),
        "everybody on a condition": (
            public(policy=policy(statement("Allow", "*", Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}))),
        ),
        "a part of it, denied as a part of more": (
            public(
                policy=policy(
                    statement("Allow", "*", ["execute-api:/v1/GET/*", f"{FULL}v1/POST/pets"]),
                    statement("Deny", "*", "execute-api:/v1/*", Condition=ENDPOINTS),
                )
            ),
        ),
        "a statement without a list": (private(policy=json.dumps({"Statement": ROLE})),),
        "inside the document": (private(body=json.dumps({"x-amazon-apigateway-policy": {"Statement": [ROLE]}})),),
        "on its own": (private(body="{}"), SEPARATE),
        "on its own and new": (NEW, preview(SEPARATE, restApiId=NEW)),
        "a public one without": (public(body="{}"),),
        "a public one of nothing": (public(),),
    },
    bad={
        "none": ((private(body="{}"),), ["ledger: policy must say who may call the private API, got none"]),
        "none, as the provider has it": (
            (private(body="{}", policy=""),),
            ["ledger: policy must say who may call the private API, got none"],
        ),
        "none, and new": ((NEW,), ["ledger: policy must say who may call the private API, got none"]),
        "everybody": ((private(policy=policy(ALL)),), [f"ledger: {OPEN}"]),
        "everybody of a public one": ((public(policy=policy(ROLE, ALL)),), [f"pets: {OPEN}"]),
        "everybody as an account": (
            (public(policy=policy(statement("Allow", {"AWS": ["*"]}, f"{FULL}*"))),),
            [f"pets: {OPEN}"],
        ),
        "all but some": (
            (
                public(
                    policy=policy(
                        {
                            "Effect": "Allow",
                            "NotPrincipal": {"AWS": "123456789012"},
                            "Action": "execute-api:Invoke",
                            "Resource": "*",
                        }
                    )
                ),
            ),
            [f"pets: {OPEN}"],
        ),
        "inside the document": (
            (public(body=json.dumps({"x-amazon-apigateway-policy": {"Statement": [ALL]}})),),
            [f"pets: {OPEN}"],
        ),
        "on its own": (
            (private(body="{}"), resource(REST_API_POLICY, "open", restApiId="ledger-id", policy=policy(ALL))),
            [f"open: {OPEN}"],
        ),
        "denied elsewhere": (
            (
                private(
                    policy=policy(
                        statement("Allow", "*", ["execute-api:/v1/GET/a", "execute-api:/v1/GET/b"]),
                        statement("Deny", "*", "execute-api:/v1/GET/a", Condition=ENDPOINTS),
                    )
                ),
            ),
            [f"ledger: {OPEN.replace('/*', '/v1/GET/a and execute-api:/v1/GET/b')}"],
        ),
        "denied something else": (
            (
                private(
                    policy=policy(
                        ALL,
                        {
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "execute-api:ManageConnections",
                            "Resource": "*",
                            "Condition": ENDPOINTS,
                        },
                    )
                ),
            ),
            [f"ledger: {OPEN}"],
        ),
        "denied to some": (
            (private(policy=policy(ALL, statement("Deny", {"AWS": "123456789012"}, Condition=ENDPOINTS))),),
            [f"ledger: {OPEN}"],
        ),
        "no JSON": ((private(policy="allow: all"),), ["ledger: policy must be a policy as JSON, got something else"]),
    },
    undecided={
        "endpoints that are not there yet": ((private(policy=UNKNOWN),), ["ledger: policy is not known"]),
        "a document that may have one": ((private(body=UNKNOWN),), ["ledger: body is not known"]),
        "on its own, not known yet": (
            (private(body="{}"), resource(REST_API_POLICY, "later", restApiId="ledger-id", policy=UNKNOWN)),
            ["later: policy is not known"],
        ),
        "perhaps private": (
            (resource(REST_API, "pets", endpointConfiguration={"types": UNKNOWN}),),
            ["pets: endpointConfiguration.types is not known"],
        ),
    },
)
