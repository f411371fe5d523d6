"""A small sound REST API beside the APIs of the sound stack, and ways to spoil it."""

import copy
from collections.abc import Mapping
from typing import Any, Final

from tests.settings.examples import REMOVED, Location

SHOP: Final = ("apis", "shop")
PET: Final = (*SHOP, "routes", "GET /pets/{petId}")
PET_INTEGRATION: Final = (*PET, "integration")
PREFLIGHT: Final = (*SHOP, "routes", "OPTIONS /pets/{petId}")
MOCK: Final = (*PREFLIGHT, "integration")
SHARED: Final = (*SHOP, "integrations", "list")

PROXY: Final = {"integrationType": "HTTP_PROXY", "integrationMethod": "GET"}
PETS: Final = {**PROXY, "backend": "chat", "path": "/pets"}
ANSWER: Final = {
    "integrationType": "MOCK",
    "requestTemplates": {"application/json": '{"statusCode": 204}'},
    "integrationResponses": {"204": {}},
}

_SHOP: Final[dict[str, Any]] = {
    "protocol": "REST",
    "integrations": {"list": PETS},
    "routes": {
        "GET /pets": {"integration": "list"},
        "GET /pets/{petId}": {
            "integration": {
                **PETS,
                "path": "/pets/{petId}",
                "requestParameters": {"integration.request.path.petId": "method.request.path.petId"},
            }
        },
        "OPTIONS /pets/{petId}": {"integration": ANSWER},
    },
}


def with_shop(changes: Mapping[Location, object] | None = None) -> dict[Location, object]:
    """Return the changes of the sound stack that add the REST API, with other values at some places of the stack."""
    shop: dict[Location, object] = {SHOP: copy.deepcopy(_SHOP)}
    for place, value in (changes or {}).items():
        if place[:2] != SHOP:
            shop[place] = value
            continue
        block: Any = shop[SHOP]
        for key in place[2:-1]:
            block = block.setdefault(key, {})
        if value is REMOVED:
            block.pop(place[-1], None)
        else:
            block[place[-1]] = copy.deepcopy(value)
    return shop


_ACCOUNT: Final = "123456789012"
_ALLOW: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "111122223333"},
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
        }
    ],
}
_FULL: Final[dict[Location, Any]] = {
    ("backends", "files"): {
        "loadBalancer": "network",
        "hostName": "files.acme.example",
        "listener": {"port": 443},
    },
    SHOP: {
        "protocol": "REST",
        "version": "2",
        "endpointConfiguration": {"types": ["EDGE"]},
        "ipAddressType": "dualstack",
        "invokePrincipals": ["111122223333"],
        "minimumCompressionSize": 1024,
        "binaryMediaTypes": ["image/png"],
        "gatewayResponses": {
            "DEFAULT_4XX": {
                "statusCode": "404",
                "responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
                "responseTemplates": {"application/json": '{"message": $context.error.messageString}'},
            }
        },
        "stage": {"name": "dev", "variables": {"tenant": "acme"}, "cacheClusterSize": "0.5"},
        "models": {
            "pet": {
                "schema": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}, "parent": {"$ref": "#"}},
                }
            }
        },
        "usagePlans": {"partner": {"apiKeys": ["acme"]}},
        "integrations": {
            "list": {**PETS, "requestParameters": {"integration.request.header.tenant": "stageVariables.tenant"}},
            "photo": {
                **PROXY,
                "backend": "files",
                "path": "/photos/{petId}",
                "tlsConfig": {"insecureSkipVerification": True},
                "responseTransferMode": "STREAM",
                "timeoutInMillis": 600_000,
                "requestParameters": {
                    "integration.request.path.petId": "method.request.path.petId",
                    "integration.request.querystring.size": "method.request.multivaluequerystring.size",
                },
                "cacheKeyParameters": [
                    "method.request.path.petId",
                    "method.request.multivaluequerystring.size",
                    "integration.request.querystring.size",
                ],
            },
        },
        "routes": {
            "GET /": {"integration": "list", "authorization": "AWS_IAM"},
            "ANY /shop/{proxy+}": {
                "integration": {
                    **PROXY,
                    "backend": "orders",
                    "path": "/v2/{proxy}",
                    "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"},
                }
            },
            "GET /pets": {
                "integration": {**PETS, "cacheKeyParameters": ["method.request.querystring.page"]},
                "apiKeyRequired": True,
                "requestParameters": {"method.request.querystring.page": {"required": True}},
                "methodResponses": {
                    "200": {
                        "responseParameters": {"method.response.header.etag": True},
                        "responseModels": {"application/json": "pet"},
                    }
                },
            },
            "POST /pets": {
                "integration": {
                    "integrationType": "HTTP",
                    "integrationMethod": "POST",
                    "backend": "orders",
                    "path": "/kinds/{kind}",
                    "requestParameters": {"integration.request.path.kind": "method.request.body.kind"},
                    "requestTemplates": {"application/json": '{"pet": $input.body}'},
                    "passthroughBehavior": "NEVER",
                    "integrationResponses": {
                        "201": {
                            "responseParameters": {"method.response.header.etag": "integration.response.header.etag"}
                        },
                        "400": {"selectionPattern": r"4\d\d", "responseTemplates": {"application/json": "{}"}},
                    },
                },
                "requestModels": {"application/json": "pet"},
            },
            "GET /pets/{petId}/photo": {"integration": "photo"},
            "HEAD /pets/{petId}/photo": {"integration": "photo"},
            "GET /pets/{petId}": {
                "integration": {
                    "integrationType": "AWS",
                    "integrationUri": "arn:aws:apigateway:us-east-1:s3:path/acme-pets/{key}",
                    "integrationMethod": "GET",
                    "credentialsArn": f"arn:aws:iam::{_ACCOUNT}:role/reader",
                    "requestParameters": {"integration.request.path.key": "method.request.path.petId"},
                    "integrationResponses": {"200": {}, "404": {"selectionPattern": "404"}},
                }
            },
            "PUT /pets/{petId}": {
                "integration": {
                    "integrationType": "AWS_PROXY",
                    "integrationUri": f"arn:aws:lambda:us-east-1:{_ACCOUNT}:function:put",
                }
            },
            "OPTIONS /pets/{petId}": {"integration": ANSWER},
        },
    },
    ("apis", "vault"): {
        "protocol": "REST",
        "endpointConfiguration": {"types": ["PRIVATE"], "vpcEndpointIds": ["vpce-0a1b2c3d"]},
        "resourcePolicy": _ALLOW,
        "routes": {
            "GET /keys": {
                "authorization": "AWS_IAM",
                "integration": {**PROXY, "integrationUri": "https://keys.acme.example/{key}"}
                | {"requestParameters": {"integration.request.path.key": "context.identity.user"}},
            }
        },
    },
}


def with_everything() -> dict[Location, object]:
    """Return the changes of the sound stack that add two REST APIs with everything that this part of the file has."""
    return dict(copy.deepcopy(_FULL))
