from policy.aws_types import REST_STAGE, STAGE
from policy.checks.stage_variable_secrets import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

CASES = Cases(
    policy=POLICY,
    good={
        "none": (resource(STAGE, "chat"), resource(REST_STAGE, "pets")),
        "plain words": (
            resource(STAGE, "chat", stageVariables={"tenant": "acme"}),
            resource(REST_STAGE, "pets", variables={"tenant": "acme"}),
        ),
        "where a secret is kept": (
            resource(STAGE, "chat", stageVariables={"secretPath": "/prod/db", "tokenUrl": "https://issuer.example"}),
        ),
        "a link that is still to come": (resource(REST_STAGE, "pets", variables={"vpcLink": UNKNOWN}),),
    },
    bad={
        "by name": (
            (resource(STAGE, "chat", stageVariables={"tenant": "acme", "dbPassword": "hunter2"}),),
            ["chat: stageVariables.dbPassword must not be a secret, got what looks like one by its name"],
        ),
        "by value": (
            (resource(REST_STAGE, "pets", variables={"client": "AKIAIOSFODNN7EXAMPLE"}),),
            ["pets: variables.client must not be a secret, got what looks like one by its value"],
        ),
    },
    undecided={
        "a value": (
            (resource(REST_STAGE, "pets", variables={"apiKey": UNKNOWN}),),
            ["pets: variables.apiKey is not known"],
        ),
        "all of them": ((resource(STAGE, "chat", stageVariables=UNKNOWN),), ["chat: stageVariables is not known"]),
    },
)
