"""For each rule of what surrounds a REST API's routes, one way to break it and the first line that says so."""

from collections.abc import Mapping
from typing import Any, Final

from tests.settings.broken_apis import FUNCTION
from tests.settings.broken_infrastructure import ACM, Broken
from tests.settings.examples import Location
from tests.settings.rest_examples import PET, PET_INTEGRATION, PETS, SHOP, with_shop

POOL: Final = "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_a1B2c3D4e"
BUYERS: Final = (*SHOP, "authorizers", "buyers")
STAGE: Final = (*SHOP, "stage")
SHOP_DOMAIN: Final = (*SHOP, "domain")

COGNITO: Final[dict[str, Any]] = {"authorizerType": "COGNITO_USER_POOLS", "providerArns": [POOL]}
TOKEN: Final[dict[str, Any]] = {"authorizerType": "TOKEN", "authorizerUri": FUNCTION}
ASKED: Final[dict[str, Any]] = {
    "authorizerType": "REQUEST",
    "authorizerUri": FUNCTION,
    "identitySource": ["method.request.header.Authorization"],
}
DOMAIN: Final[dict[str, Any]] = {"domainName": "shop.example.com", "certificateArn": ACM}
WEB_ACL: Final = "arn:aws:wafv2:{}:111122223333:regional/webacl/edge/0a1b2c3d-4e5f-6789-0abc-def012345678"
ALLOW_NOBODY: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"},
    ],
}


def with_buyers(authorizer: Mapping[str, object], **keys: object) -> dict[Location, object]:
    """Return the changes that give the REST API an authorizer, whom a route asks."""
    route: dict[Location, object] = {(*PET, "authorization"): "buyers"}
    return with_shop({BUYERS: {**authorizer, **keys}, **route})


BROKEN_REST_SURROUNDINGS: Final[Mapping[str, Broken]] = {
    "rest-letter-case": (
        with_shop({(*SHOP, "routes", "POST /Pets"): {"integration": "list"}}),
        'apis.shop.routes["POST /Pets"]: /Pets and /pets are two resources, because paths are case-sensitive',
    ),
    "rest-long-timeout": (
        with_shop({(*PET_INTEGRATION, "timeoutInMillis"): 29_001}),
        (
            'apis.shop.routes["GET /pets/{petId}"].integration.timeoutInMillis: is 29001, and the quota is 29000 '
            "until AWS raises it for the account"
        ),
    ),
    "rest-stage-in-path": (
        with_shop(
            {(*SHOP, "binaryMediaTypes"): ["image/png"], (*SHOP, "integrations", "list"): {**PETS, "backend": "orders"}}
        ),
        (
            "apis.shop.integrations.list.backend: gets the stage's name before the path of requests whose "
            "Content-Type is not application/json: a template takes it off, and none can take the bodies of "
            "binaryMediaTypes"
        ),
    ),
    "rest-resource-policy-doubt": (
        with_shop({(*SHOP, "resourcePolicy"): ALLOW_NOBODY}),
        (
            "apis.shop.resourcePolicy: allows nobody: only callers of the API's own account get in, where a policy "
            "of theirs allows it"
        ),
    ),
    "rest-invoke-iam": (
        with_shop({(*SHOP, "invokePrincipals"): ["222233334444"], (*PET, "authorization"): "AWS_IAM"}),
        (
            "apis.shop.invokePrincipals: lets in nobody who does not sign: without authorization AWS_IAM, no call "
            "reaches GET /pets, OPTIONS /pets/{petId}"
        ),
    ),
    "rest-authorizer": (
        with_buyers(TOKEN, identitySource=["method.request.header.a", "method.request.header.b"]),
        "apis.shop.authorizers.buyers.identitySource: must name exactly one header, which holds the token, got 2",
    ),
    "rest-identity-source": (
        with_buyers(ASKED, identitySource=[], authorizerResultTtlInSeconds=60),
        (
            "apis.shop.authorizers.buyers.authorizerResultTtlInSeconds: must be 0 without identitySource, by which "
            "answers are kept, got 60"
        ),
    ),
    "rest-user-pool": (
        with_buyers(COGNITO, providerArns=[]),
        "apis.shop.authorizers.buyers.providerArns: must name at least one user pool, got []",
    ),
    "rest-scopes": (
        with_shop({(*PET, "authorizationScopes"): ["shop/read"]}),
        (
            'apis.shop.routes["GET /pets/{petId}"].authorizationScopes: needs authorization by a '
            'COGNITO_USER_POOLS authorizer, got "NONE"'
        ),
    ),
    "rest-cache": (
        with_shop({(*STAGE, "cacheTtlInSeconds"): 60}),
        "apis.shop.stage.cacheTtlInSeconds: needs a cacheClusterSize: the stage has no cache",
    ),
    "rest-web-acl": (
        with_shop({(*SHOP, "webAclArn"): WEB_ACL.format("eu-west-1")}),
        (f'apis.shop.webAclArn: must stand in us-east-1, the stack\'s Region, got "{WEB_ACL.format("eu-west-1")}"'),
    ),
    "rest-blocked": (
        with_shop({(*STAGE, "routeSettings"): {"GET /pets": {"throttling": "blocked"}}}),
        (
            'apis.shop.stage.routeSettings["GET /pets"].throttling: counts from the second `pulumi up` on where these '
            "settings are new: the provider sends no limit of 0 when it makes them, and sets it when it finds that "
            "there is another"
        ),
    ),
    "rest-link-variable": (
        with_shop({(*STAGE, "variables"): {"vpcLink_chat": "x", "vpcLinks": "y"}}),
        (
            "apis.shop.stage.variables.vpcLink_chat: must not be vpcLink nor begin with vpcLink_, as the VPC links are "
            'called, got "vpcLink_chat"'
        ),
    ),
    "rest-domain-policy": (
        with_shop({SHOP_DOMAIN: {**DOMAIN, "securityPolicy": "SecurityPolicy_TLS13_1_3_2025_09"}}),
        ("apis.shop.domain.endpointAccessMode: is required with SecurityPolicy_TLS13_1_3_2025_09: BASIC or STRICT"),
    ),
    "rest-edge-domain": (
        with_shop({SHOP_DOMAIN: {**DOMAIN, "endpointType": "EDGE", "apiMappingKey": "a/b"}}),
        'apis.shop.domain.apiMappingKey: must have one level where endpointType is EDGE, got "a/b"',
    ),
}
