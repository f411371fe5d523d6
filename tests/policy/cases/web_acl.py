from policy.aws_types import REST_API, REST_STAGE, WEB_ACL_ASSOCIATION
from policy.checks.web_acl import POLICY
from policy.model import UNKNOWN, Resource
from tests.policy.making import Cases, preview, resource

ARN = "arn:aws:apigateway:us-east-1::/restapis/pets-id/stages/v1"
ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shield/1"
PUBLIC = resource(REST_API, "pets", endpointConfiguration={"types": "REGIONAL"})
PRIVATE = resource(REST_API, "pets", endpointConfiguration={"types": "PRIVATE"})
STAGE = resource(REST_STAGE, "pets-v1", restApi="pets-id", arn=ARN)
OTHER = resource(REST_STAGE, "pets-v2", restApi="pets-id", arn=f"{ARN}-2")
ASSOCIATION = resource(WEB_ACL_ASSOCIATION, "pets-v1", resourceArn=ARN, webAclArn=ACL)


def stage(api: Resource) -> Resource:
    """Return the stage of an API before either is there."""
    return preview(resource(REST_STAGE, "pets-v1", arn=UNKNOWN), restApi=api)


NEW_API = preview(PUBLIC)
NEW_STAGE = stage(NEW_API)

CASES = Cases(
    policy=POLICY,
    good={
        "associated": (PUBLIC, STAGE, ASSOCIATION),
        "associated, all of it new": (NEW_API, NEW_STAGE, preview(ASSOCIATION, resourceArn=NEW_STAGE)),
        "private": (PRIVATE, STAGE),
        "private and new": (PRIVATE, stage(PRIVATE)),
        "no REST API": (resource("aws:apigatewayv2/stage:Stage", "orders"),),
    },
    bad={
        "none": (
            (PUBLIC, STAGE),
            ["pets-v1: webAclArn must be that of a web ACL by a WebAclAssociation, got none"],
        ),
        "none, and all of it new": (
            (NEW_API, NEW_STAGE),
            ["pets-v1: webAclArn must be that of a web ACL by a WebAclAssociation, got none"],
        ),
        "another stage's": (
            (PUBLIC, STAGE, OTHER, ASSOCIATION),
            ["pets-v2: webAclArn must be that of a web ACL by a WebAclAssociation, got none"],
        ),
        "an edge API, which is the default": (
            (resource(REST_API, "pets"), STAGE),
            ["pets-v1: webAclArn must be that of a web ACL by a WebAclAssociation, got none"],
        ),
        "an API of another stack": (
            (STAGE,),
            ["pets-v1: webAclArn must be that of a web ACL by a WebAclAssociation, got none"],
        ),
    },
    undecided={
        "a type that is not known": (
            (resource(REST_API, "pets", endpointConfiguration=UNKNOWN), STAGE),
            ["pets: endpointConfiguration.types is not known"],
        ),
    },
)
