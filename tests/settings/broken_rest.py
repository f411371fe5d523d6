"""For each rule of REST APIs' routes, integrations and access: a change that breaks it, and what is said."""

from collections.abc import Mapping
from typing import Final

from tests.settings.broken_apis import FUNCTION, MODEL
from tests.settings.broken_infrastructure import Broken
from tests.settings.examples import REMOVED, Location
from tests.settings.rest_examples import ANSWER, MOCK, PET, PET_INTEGRATION, PETS, SHARED, SHOP, with_shop

MAPPINGS: Final = (*PET_INTEGRATION, "requestParameters")
HTTP: Final = {**PETS, "integrationType": "HTTP", "integrationResponses": {"200": {}}}
CALL: Final = {"integrationType": "AWS", "integrationUri": FUNCTION, "integrationResponses": {"200": {}}}
POLICY: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
            "Condition": {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
        }
    ],
}
PRIVATE: Final[Mapping[Location, object]] = {
    (*SHOP, "endpointConfiguration"): {"types": ["PRIVATE"]},
    (*SHOP, "resourcePolicy"): POLICY,
}

BROKEN_REST: Final[Mapping[str, Broken]] = {
    "rest-route-key": (
        with_shop({(*SHOP, "routes", "GET /pets/"): {"integration": "list"}}),
        'apis.shop.routes["GET /pets/"]: the path ends with "/", got "GET /pets/"; write GET /pets',
    ),
    "rest-resource-tree": (
        with_shop({(*SHOP, "routes", "GET /pets/{id}/toys"): {"integration": "list"}}),
        (
            'apis.shop.routes["GET /pets/{id}/toys"]: "{id}" and "{petId}" are both below /pets, where one '
            "variable is allowed; write GET /pets/{petId}/toys"
        ),
    ),
    "rest-destination": (
        with_shop({(*SHARED, "requestParameters"): {"overwrite:header.tenant": "context.accountId"}}),
        (
            'apis.shop.integrations.list.requestParameters["overwrite:header.tenant"]: not a destination of a '
            'REST API\'s request mapping, got "overwrite:header.tenant"; expected integration.request.path.NAME, '
            "….querystring.NAME or ….header.NAME; write integration.request.header.tenant"
        ),
    ),
    "rest-source": (
        with_shop({(*SHARED, "requestParameters"): {"integration.request.header.tenant": "$context.accountId"}}),
        (
            'apis.shop.integrations.list.requestParameters["integration.request.header.tenant"]: not a source of '
            'a REST API\'s request mapping, got "$context.accountId"; expected '
            "method.request.path|querystring|multivaluequerystring|header|multivalueheader.NAME, "
            "method.request.body, method.request.body.PATH, context.NAME, stageVariables.NAME or 'text' in single "
            "quotes; write context.accountId"
        ),
    ),
    "rest-response-destination": (
        with_shop(
            {
                SHARED: {
                    **HTTP,
                    "integrationResponses": {
                        "200": {"responseParameters": {"overwrite:header.etag": "integration.response.header.etag"}}
                    },
                }
            }
        ),
        (
            'apis.shop.integrations.list.integrationResponses.200.responseParameters["overwrite:header.etag"]: '
            'not a destination of a REST API\'s response mapping, got "overwrite:header.etag"; expected '
            "method.response.header.NAME; write method.response.header.etag"
        ),
    ),
    "rest-response-source": (
        with_shop(
            {
                SHARED: {
                    **HTTP,
                    "integrationResponses": {
                        "200": {"responseParameters": {"method.response.header.etag": "$response.header.etag"}}
                    },
                }
            }
        ),
        (
            'apis.shop.integrations.list.integrationResponses.200.responseParameters["method.response.header.etag"]: '
            'not a source of a REST API\'s response mapping, got "$response.header.etag"; expected '
            "integration.response.header|multivalueheader.NAME, integration.response.body, "
            "integration.response.body.PATH, context.NAME, stageVariables.NAME or 'text' in single quotes; write "
            "integration.response.header.etag"
        ),
    ),
    "rest-parameter": (
        with_shop({(*PET, "requestParameters"): {"method.request.path.petid": {}}}),
        (
            'apis.shop.routes["GET /pets/{petId}"].requestParameters["method.request.path.petid"]: the route GET '
            '/pets/{petId} has no path variable {petid}, got "method.request.path.petid"; did you mean '
            "method.request.path.petId?"
        ),
    ),
    "rest-distinct-names": (
        with_shop({(*PET, "requestParameters"): {"method.request.querystring.petId": {}}}),
        (
            'apis.shop.routes["GET /pets/{petId}"].requestParameters["method.request.querystring.petId"]: the '
            'name "petId" is taken by method.request.path.petId: it is unique across query string, header, path'
        ),
    ),
    "rest-aws-header": (
        with_shop(
            {
                SHARED: {
                    **CALL,
                    "requestParameters": {
                        "integration.request.header.Authorization": "method.request.header.Authorization"
                    },
                }
            }
        ),
        (
            'apis.shop.integrations.list.requestParameters["integration.request.header.Authorization"]: '
            "integration.request.header.Authorization makes every request of an AWS integration fail with 500"
        ),
    ),
    "rest-status": (
        with_shop({(*MOCK, "integrationResponses"): {"2xx": {}, "204": {}}}),
        (
            'apis.shop.routes["OPTIONS /pets/{petId}"].integration.integrationResponses.2xx: not a status code, '
            'got "2xx"; expected a number from 100 to 599; give a single code here and 2\\d\\d as its '
            "selectionPattern"
        ),
    ),
    "rest-selection-pattern": (
        with_shop({(*MOCK, "integrationResponses", "404"): {}}),
        (
            'apis.shop.routes["OPTIONS /pets/{petId}"].integration.integrationResponses.404: the response 204 is '
            "the default one already; give this one a selectionPattern"
        ),
    ),
    "rest-integration-responses": (
        with_shop({(*MOCK, "integrationResponses"): {"404": {"selectionPattern": "404"}}}),
        (
            'apis.shop.routes["OPTIONS /pets/{petId}"].integration.integrationResponses: needs a response without '
            "a selectionPattern, for answers that no other one takes, such as 204; got 404"
        ),
    ),
    "rest-overlapping-patterns": (
        with_shop(
            {
                SHARED: {
                    **HTTP,
                    "integrationResponses": {
                        "200": {},
                        "400": {"selectionPattern": r"4\d\d"},
                        "404": {"selectionPattern": "404"},
                    },
                }
            }
        ),
        (
            'apis.shop.integrations.list.integrationResponses.404.selectionPattern: "404", and "4\\d\\d" of the '
            "response 400, match 404 both: which one wins, AWS does not say"
        ),
    ),
    "rest-parameter-case": (
        with_shop(
            {
                (*PET, "requestParameters"): {"method.request.header.Tenant": {}},
                (*MAPPINGS, "integration.request.header.x"): "method.request.header.tenant",
            }
        ),
        (
            'apis.shop.routes["GET /pets/{petId}"].requestParameters["method.request.header.Tenant"]: '
            "is another header "
            "than method.request.header.tenant, which the integration reads: the case of names counts"
        ),
    ),
    "rest-unread-path": (
        with_shop({(*SHOP, "routes", "ANY /all/{proxy+}"): {"integration": {**PETS, "path": "/all?a=b"}}}),
        (
            'apis.shop.routes["ANY /all/{proxy+}"].integration.path: has no place for {proxy+} of ANY '
            "/all/{proxy+}, so "
            "that all its calls go to this path; write path: /all/{proxy}?a=b and integration.request.path.proxy: "
            "method.request.path.proxy"
        ),
    ),
    "rest-idle-pattern": (
        with_shop({SHARED: {**HTTP, "integrationResponses": {"200": {}, "500": {"selectionPattern": ".*error.*"}}}}),
        (
            'apis.shop.integrations.list.integrationResponses.500.selectionPattern: ".*error.*" matches no status code '
            "from 200 to 599, and is held against nothing else"
        ),
    ),
    "rest-idle-authorizer-variable": (
        with_shop({(*SHARED, "requestParameters"): {"integration.request.header.x": "context.authorizer.principalId"}}),
        (
            'apis.shop.integrations.list.requestParameters["integration.request.header.x"]: reads context.authorizer, '
            "which is empty: authorization of GET /pets is NONE"
        ),
    ),
    "rest-binary-template": (
        with_shop({(*SHOP, "binaryMediaTypes"): ["*/*"]}),
        (
            'apis.shop.routes["OPTIONS /pets/{petId}"].integration.requestTemplates["application/json"]: reads text, '
            "and binaryMediaTypes make bytes of it: the answer is 500; write contentHandlingStrategy: CONVERT_TO_TEXT "
            "beside requestTemplates"
        ),
    ),
    "rest-gateway-response-doubt": (
        with_shop({(*SHOP, "gatewayResponses"): {"REQUEST_TOO_LARGE": {"statusCode": "400"}}}),
        "apis.shop.gatewayResponses.REQUEST_TOO_LARGE: has no effect: clients see API Gateway's own response",
    ),
    "rest-response-parameter": (
        with_shop({(*PET, "methodResponses"): {"200": {"responseParameters": {"etag": True}}}}),
        (
            'apis.shop.routes["GET /pets/{petId}"].methodResponses.200.responseParameters.etag: must be '
            'method.response.header.NAME, got "etag"'
        ),
    ),
    "rest-template-key": (
        with_shop({(*MOCK, "requestTemplates", "json"): '{"statusCode": 204}'}),
        (
            'apis.shop.routes["OPTIONS /pets/{petId}"].integration.requestTemplates.json: not a content type, got '
            '"json"; expected a content type such as application/json; write application/json'
        ),
    ),
    "rest-mock-template": (
        with_shop({(*MOCK, "requestTemplates"): {"application/json": "{}"}}),
        (
            'apis.shop.routes["OPTIONS /pets/{petId}"].integration.requestTemplates["application/json"]: must '
            'make {"statusCode": 200}, or the answer is 500; got "{}"'
        ),
    ),
    "rest-cache-key": (
        with_shop({(*SHARED, "cacheKeyParameters"): ["method.request.querystring.page"]}),
        (
            "apis.shop.integrations.list.cacheKeyParameters[0]: is not declared by the route GET /pets, got "
            '"method.request.querystring.page"; declare method.request.querystring.page under the route\'s '
            "requestParameters"
        ),
    ),
    "rest-timeout": (
        with_shop({(*SHARED, "timeoutInMillis"): 30000, (*SHOP, "endpointConfiguration"): {"types": ["EDGE"]}}),
        (
            "apis.shop.integrations.list.timeoutInMillis: must be 50 to 29000 for an EDGE API, or more with "
            "responseTransferMode STREAM, got 30000"
        ),
    ),
    "rest-transfer-mode": (
        with_shop({(*SHARED, "responseTransferMode"): "stream"}),
        (
            'apis.shop.integrations.list.responseTransferMode: must be BUFFERED or STREAM, got "stream"; did you '
            "mean STREAM?"
        ),
    ),
    "rest-linked-backend": (
        with_shop(
            {
                ("backends", "stock", "cloudMap"): {
                    "serviceArn": "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1",
                    "port": 80,
                },
                (*SHARED, "backend"): "stock",
            }
        ),
        (
            'apis.shop.integrations.list.backend: must be a backend with a load balancer, got "stock", a Cloud '
            "Map service: the VPC links of REST APIs lead to load balancers only"
        ),
    ),
    "rest-tls-config": (
        with_shop({(*SHARED, "tlsConfig"): {"insecureSkipVerification": True}}),
        (
            'apis.shop.integrations.list.tlsConfig: needs a backend that speaks TLS; "chat" speaks TCP and has no '
            "hostName"
        ),
    ),
    "rest-path-source": (
        with_shop(
            {
                (*PET_INTEGRATION, "backend"): "orders",
                MAPPINGS: {"integration.request.path.petId": "method.request.multivalueheader.pet"},
            }
        ),
        (
            'apis.shop.routes["GET '
            '/pets/{petId}"].integration.requestParameters["integration.request.path.petId"]: must be one value, '
            'got "method.request.multivalueheader.pet": on the way to an application load balancer a template '
            "makes the path; write method.request.header.pet"
        ),
    ),
    "rest-endpoint": (
        with_shop({(*SHOP, "endpointConfiguration"): {"vpcEndpointIds": ["vpce-0a1b"]}}),
        (
            "apis.shop.endpointConfiguration.vpcEndpointIds: needs types PRIVATE, got REGIONAL: other APIs are "
            "called over the internet"
        ),
    ),
    "rest-private-policy": (
        with_shop({(*SHOP, "endpointConfiguration"): {"types": ["PRIVATE"]}}),
        (
            "apis.shop.resourcePolicy: is required for a private API, or invokePrincipals: nobody can call it "
            "before a policy allows it"
        ),
    ),
    "rest-private-network": (
        with_shop(
            {
                **PRIVATE,
                ("network",): REMOVED,
                ("backends",): {},
                ("apis", "chat"): REMOVED,
                ("apis", "orders"): REMOVED,
                (*SHOP, "integrations"): {},
                (*SHOP, "routes"): {"GET /pets": {"integration": ANSWER}},
            }
        ),
        (
            "apis.shop.endpointConfiguration.vpcEndpointIds: is required: there is no network in which an "
            "endpoint could be made"
        ),
    ),
    "rest-private-names": (
        with_shop({**PRIVATE, (*SHOP, "ipAddressType"): "ipv4"}),
        'apis.shop.ipAddressType: must be dualstack for a private API, got "ipv4"',
    ),
    "rest-resource-policy": (
        with_shop({(*SHOP, "resourcePolicy"): {**POLICY, "Version": "2012"}}),
        'apis.shop.resourcePolicy.Version: must be "2012-10-17", in quotes, got "2012"',
    ),
    "rest-one-policy": (
        with_shop({(*SHOP, "resourcePolicy"): POLICY, (*SHOP, "invokePrincipals"): ["111122223333"]}),
        ("apis.shop.resourcePolicy: goes without invokePrincipals, of which a policy is made; keep one of the two"),
    ),
    "rest-gateway-response": (
        with_shop({(*SHOP, "gatewayResponses"): {"DEFAULT_4xx": {}}}),
        (
            'apis.shop.gatewayResponses.DEFAULT_4xx: not a type of gateway response, got "DEFAULT_4xx"; did you '
            'mean "DEFAULT_4XX"?'
        ),
    ),
    "rest-binary-type": (
        with_shop({(*SHOP, "binaryMediaTypes"): ["png"]}),
        (
            'apis.shop.binaryMediaTypes[0]: not a content type, got "png"; expected a content type such as image/png, '
            "or */* for all"
        ),
    ),
    "rest-compression": (
        with_shop({(*SHOP, "minimumCompressionSize"): -1}),
        "apis.shop.minimumCompressionSize: must be 0 to 10485760, got -1",
    ),
    "rest-api-key-source": (
        with_shop({(*SHOP, "apiKeySourceType"): "header"}),
        'apis.shop.apiKeySourceType: must be HEADER or AUTHORIZER, got "header"; did you mean HEADER?',
    ),
    "rest-model-type": (
        with_shop({(*SHOP, "models"): {"pet": {**MODEL, "contentType": "text/xml"}}}),
        (
            'apis.shop.models.pet.contentType: must be application/json, got "text/xml": a REST API holds JSON '
            "alone to a model"
        ),
    ),
    "rest-model-keyword": (
        with_shop(
            {
                (*SHOP, "models"): {"pet": {"schema": {"type": "array", "items": {"type": "string"}, "maxItems": 9}}},
                (*PET, "requestModels"): {"application/json": "pet"},
            }
        ),
        (
            "apis.shop.models.pet.schema.maxItems: is not taken over from an OpenAPI document, of which a REST API is "
            "made: requests are held to the rest of the model"
        ),
    ),
}
