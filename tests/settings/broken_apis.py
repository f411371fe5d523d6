"""For each rule of APIs, one way to break it and the first line that says so."""

from collections.abc import Mapping
from typing import Any, Final

from tests.settings.examples import CHAT, CONNECT, FORWARD, ITEM, ORDERS, PROXY, REMOVED, Location

FUNCTION: Final = "arn:aws:lambda:us-east-1:111122223333:function:f"
ROLE: Final = "arn:aws:iam::111122223333:role/r"
LAMBDA: Final = {"integrationType": "AWS_PROXY", "integrationUri": FUNCTION}
MOCK: Final = {"integrationType": "MOCK"}
QUEUE: Final[dict[str, Any]] = {
    "integrationType": "AWS_PROXY",
    "integrationSubtype": "SQS-SendMessage",
    "requestParameters": {
        "QueueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/q",
        "MessageBody": "$request.body",
    },
}
PUBLIC: Final = {**PROXY, "integrationUri": "https://example.com/x"}
JWT: Final = {
    "authorizerType": "JWT",
    "jwtConfiguration": {"issuer": "https://issuer.example", "audience": ["shop"]},
}
REQUEST: Final = {
    "authorizerType": "REQUEST",
    "authorizerUri": FUNCTION,
    "identitySource": ["$request.header.Authorization"],
}
MODEL: Final = {"schema": {"type": "object"}}

GET: Final = (*ORDERS, "routes", "GET /items/{id}")
SEND: Final = (*CHAT, "routes", "send")
OPENING: Final = (*CHAT, "routes", "$connect")
SHOP: Final = (*ORDERS, "authorizers", "shop")

BROKEN_APIS: Final[Mapping[str, tuple[Mapping[Location, object], str]]] = {
    "integration-property": (
        {(*ITEM, "requestTemplates"): {}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.requestTemplates: does not belong here, '
            "but to HTTP, AWS and MOCK integrations of WebSocket and REST APIs"
        ),
    ),
    "integration-type": (
        {(*ITEM, "integrationType"): "MOCK"},
        (
            'apis.orders.routes["GET /items/{id}"].integration.integrationType: must be HTTP_PROXY or '
            'AWS_PROXY, got "MOCK", which belongs to WebSocket and REST APIs'
        ),
    ),
    "integration-target": (
        {(*ITEM, "backend"): REMOVED},
        ('apis.orders.routes["GET /items/{id}"].integration.backend: is required, or integrationUri for a public URL'),
    ),
    "integration-method": (
        {(*ITEM, "integrationMethod"): "TRACE"},
        (
            'apis.orders.routes["GET /items/{id}"].integration.integrationMethod: must be GET, POST, '
            'PUT, PATCH, DELETE, HEAD, OPTIONS or ANY, got "TRACE"'
        ),
    ),
    "content-handling": (
        {(*FORWARD, "contentHandlingStrategy"): "text"},
        (
            "apis.chat.integrations.forward.contentHandlingStrategy: must be CONVERT_TO_BINARY or CONVERT_TO_TEXT, "
            'got "text"'
        ),
    ),
    "passthrough-behavior": (
        {SEND: {"integration": {**MOCK, "passthroughBehavior": "never"}}},
        (
            "apis.chat.routes.send.integration.passthroughBehavior: must be WHEN_NO_MATCH, WHEN_NO_TEMPLATES or NEVER, "
            'got "never"; did you mean NEVER?'
        ),
    ),
    "http-status": (
        {(*ITEM, "responseParameters"): {"4xx": {"overwrite:statuscode": "403"}}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.responseParameters.4xx: '
            'must be a status code from 200 to 599 in quotes, got "4xx"'
        ),
    ),
    "integration-path": (
        {(*ITEM, "path"): "v1"},
        ('apis.orders.routes["GET /items/{id}"].integration.path: must be a path that begins with /, got "v1"'),
    ),
    "timeout": (
        {(*ITEM, "timeoutInMillis"): 49},
        'apis.orders.routes["GET /items/{id}"].integration.timeoutInMillis: must be 50 to 30000, got 49',
    ),
    "public-url": (
        {ITEM: {**PROXY, "integrationUri": "example.com/x"}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.integrationUri: must be an http:// or '
            'https:// URL, got "example.com/x"; write https://example.com/x'
        ),
    ),
    "private-url": (
        {ITEM: {**PROXY, "integrationUri": "http://10.0.0.1/x"}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.integrationUri: leads to 10.0.0.1, which '
            "API Gateway cannot reach; a private host stands under backends"
        ),
    ),
    "lambda-function": (
        {ITEM: {**LAMBDA, "integrationUri": "f"}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.integrationUri: not the ARN of a Lambda '
            'function, got "f"; expected arn:aws:lambda:REGION:ACCOUNT:function:NAME, with :QUALIFIER '
            "where wanted, or its invocation ARN "
            "arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations; write "
            "arn:aws:lambda:REGION:ACCOUNT:function:f"
        ),
    ),
    "aws-uri": (
        {(*SEND, "integration"): {"integrationType": "AWS", "integrationUri": "arn:aws:sqs:us-east-1:111122223333:q"}},
        (
            "apis.chat.routes.send.integration.integrationUri: not the URI of an AWS service, got "
            '"arn:aws:sqs:us-east-1:111122223333:q"; expected '
            "arn:aws:apigateway:REGION:SERVICE:action/NAME or …:SERVICE:path/PATH; name what is called "
            "and not the resource, as in arn:aws:apigateway:REGION:sqs:path/…"
        ),
    ),
    "function-permission": (
        {
            (*ORDERS, "stage", "variables"): {"f": "f"},
            ITEM: {**LAMBDA, "integrationUri": FUNCTION.removesuffix("f") + "${stageVariables.f}"},
        },
        (
            'apis.orders.routes["GET /items/{id}"].integration.integrationUri: names a function by a '
            "stage variable, so that it gets no permission from here; give credentialsArn, or let the "
            "functions' own stack allow the calls"
        ),
    ),
    "payload-format": (
        {ITEM: {**LAMBDA, "payloadFormatVersion": 2.0}},
        ('apis.orders.routes["GET /items/{id}"].integration.payloadFormatVersion: must be "1.0" or "2.0", got 2.0'),
    ),
    "integration-subtype": (
        {ITEM: {**QUEUE, "integrationSubtype": "SQS-SendMesage"}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.integrationSubtype: not an action that '
            'an HTTP API can call, got "SQS-SendMesage"; did you mean "SQS-SendMessage"?'
        ),
    ),
    "service-parameters": (
        {ITEM: {**QUEUE, "requestParameters": {"MessageBody": "$request.body"}}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.requestParameters: SQS-SendMessage '
            "needs QueueUrl, got MessageBody"
        ),
    ),
    "credentials": (
        {ITEM: {**LAMBDA, "credentialsArn": "r"}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.credentialsArn: not the ARN of a role '
            'that API Gateway can assume, got "r"; expected arn:aws:iam::ACCOUNT:role/NAME, '
            "arn:aws:iam::ACCOUNT:${stageVariables.NAME}, or arn:aws:iam::*:user/* for the caller's "
            "own identity; write arn:aws:iam::ACCOUNT:role/r"
        ),
    ),
    "resource-arn": (
        {ITEM: {**QUEUE, "resourceArn": "arn:aws:sns:us-east-1:111122223333:q"}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.resourceArn: not a resource of '
            'SQS-SendMessage, got "arn:aws:sns:us-east-1:111122223333:q"; expected '
            "arn:aws:sqs:REGION:ACCOUNT:NAME"
        ),
    ),
    "wide-role": (
        {(*ITEM,): {**QUEUE, "requestParameters": {"QueueUrl": "$request.header.q", "MessageBody": "$request.body"}}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.resourceArn: is left out, so that the '
            "role may do sqs:SendMessage on every resource: only a request names one"
        ),
    ),
    "integration-responses": (
        {(*SEND, "integration"): MOCK, (*SEND, "routeResponse"): True},
        (
            "apis.chat.routes.send.integration.integrationResponses: needs $default, for the route "
            "send has a route response, got none"
        ),
    ),
    "connect-response": (
        {CONNECT: MOCK},
        (
            'apis.chat.routes["$connect"].integration.integrationResponses: has no $default: a '
            "connection is opened where $connect succeeds, which an integration response says"
        ),
    ),
    "passthrough": (
        {(*SEND, "integration"): {**MOCK, "passthroughBehavior": "NEVER"}},
        ("apis.chat.routes.send.integration.passthroughBehavior: refuses every message: there are no requestTemplates"),
    ),
    "tls-config": (
        {(*ITEM, "tlsConfig"): {"serverNameToVerify": "orders.internal"}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.tlsConfig: needs a listener other than '
            'HTTP; that of backend "orders" speaks HTTP'
        ),
    ),
    "linked-backend": (
        {(*FORWARD, "backend"): "orders"},
        (
            "apis.chat.integrations.forward.backend: must be a backend with a network load balancer, "
            'got "orders", which has an application load balancer: the VPC links that WebSocket APIs '
            "can use lead to network load balancers only"
        ),
    ),
    "linked-port": (
        {("backends", "low"): {"loadBalancer": "network", "listener": {"port": 81}}, (*FORWARD, "backend"): "low"},
        (
            "apis.chat.integrations.forward.backend: must listen on port 80, 443 or 1024 to 65535 for "
            'a WebSocket API, got "low" on port 81'
        ),
    ),
    "websocket-destination": (
        {(*CONNECT, "requestParameters"): {"overwrite:header.auth": "context.connectionId"}},
        (
            'apis.chat.routes["$connect"].integration.requestParameters["overwrite:header.auth"]: not '
            'a destination of a WebSocket API\'s mapping, got "overwrite:header.auth"; expected '
            "integration.request.header.NAME, ….querystring.NAME or ….path.NAME; write "
            "integration.request.header.auth"
        ),
    ),
    "websocket-source": (
        {(*CONNECT, "requestParameters"): {"integration.request.header.auth": "$context.connectionId"}},
        (
            'apis.chat.routes["$connect"].integration.requestParameters["integration.request.header.auth"]: '
            'not a source of a WebSocket API\'s mapping, got "$context.connectionId"; expected '
            "route.request.header|querystring|multivalueheader|multivaluequerystring.NAME, "
            "route.request.body.PATH, context.NAME, stageVariables.NAME or 'text' in single quotes; "
            "write context.connectionId"
        ),
    ),
    "message-id": (
        {(*CONNECT, "requestParameters"): {"integration.request.header.x": "context.messageId"}},
        (
            'apis.chat.routes["$connect"].integration.requestParameters["integration.request.header.x"]: '
            "has no value on $connect, which is no message"
        ),
    ),
    "websocket-source-route": (
        {(*CONNECT, "requestParameters"): {"integration.request.header.x": "route.request.body.x"}},
        (
            'apis.chat.routes["$connect"].integration.requestParameters["integration.request.header.x"]: '
            "route.request.body.x cannot be read on the $connect route, which has no body"
        ),
    ),
    "http-request-destination": (
        {(*ITEM, "requestParameters"): {"integration.request.header.x": "y"}},
        (
            'apis.orders.routes["GET '
            '/items/{id}"].integration.requestParameters["integration.request.header.x"]: not a '
            'destination of an HTTP API\'s request mapping, got "integration.request.header.x"; '
            "expected append|overwrite|remove:header.NAME, append|overwrite|remove:querystring.NAME or "
            "overwrite:path; write overwrite:header.x"
        ),
    ),
    "http-response-destination": (
        {(*ITEM, "responseParameters"): {"404": {"overwrite:status": "403"}}},
        (
            'apis.orders.routes["GET '
            '/items/{id}"].integration.responseParameters.404["overwrite:status"]: not a destination '
            'of an HTTP API\'s response mapping, got "overwrite:status"; expected '
            "append|overwrite|remove:header.NAME or overwrite:statuscode; write overwrite:statuscode"
        ),
    ),
    "http-value": (
        {(*ITEM, "requestParameters"): {"overwrite:header.x": "context.requestId"}},
        (
            'apis.orders.routes["GET '
            '/items/{id}"].integration.requestParameters["overwrite:header.x"]: a source of another '
            'kind of API, which an HTTP API would send as text, got "context.requestId"; expected '
            "text, $request.header|querystring.NAME, $request.body, $request.body.PATH, $request.path, "
            "$request.path.NAME, $context.NAME or $stageVariables.NAME, in ${…} where it is a part of "
            "the value; write $context.requestId"
        ),
    ),
    "http-pair": (
        {(*ITEM, "requestParameters"): {"remove:header.x": "y"}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.requestParameters["remove:header.x"]: '
            "remove:header.x takes no value, got \"y\"; expected ''"
        ),
    ),
    "http-empty-status": (
        {(*ITEM, "responseParameters"): {"404": {}}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.responseParameters.404: must hold at '
            "least one mapping; leave the status out"
        ),
    ),
    "same-header": (
        {(*ITEM, "requestParameters"): {"append:header.X": "a", "append:header.x": "b"}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.requestParameters["append:header.x"]: '
            "the same header is mapped by append:header.X"
        ),
    ),
    "path-variable": (
        {(*ITEM, "requestParameters"): {"overwrite:header.x": "$request.path.name"}},
        (
            'apis.orders.routes["GET '
            '/items/{id}"].integration.requestParameters["overwrite:header.x"]: the route GET '
            '/items/{id} has no path variable {name}, got "$request.path.name"'
        ),
    ),
    "placeholder": (
        {(*FORWARD, "path"): "/rooms/{room}"},
        ("apis.chat.integrations.forward.path: {room} is filled by nothing; map integration.request.path.room"),
    ),
    "path-twice": (
        {(*ITEM, "path"): "/v1", (*ITEM, "requestParameters"): {"overwrite:path": "/v2"}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.path: means overwrite:path, which '
            "requestParameters gives too; keep one of the two"
        ),
    ),
    "quoted-value": (
        {(*ITEM, "requestParameters"): {"overwrite:header.x": "'a'"}},
        (
            'apis.orders.routes["GET '
            '/items/{id}"].integration.requestParameters["overwrite:header.x"]: \'a\' is sent with its '
            "quotes: static text of an HTTP API's mapping is not quoted"
        ),
    ),
    "unset-variable": (
        {(*ITEM, "requestParameters"): {"overwrite:header.x": "$stageVariables.tenant"}},
        (
            'apis.orders.routes["GET '
            '/items/{id}"].integration.requestParameters["overwrite:header.x"]: reads the stage '
            "variable tenant, which the stage does not have"
        ),
    ),
    "template": (
        {(*SEND, "integration"): {**MOCK, "requestTemplates": {"$default": "#if($x) y"}}},
        ('apis.chat.routes.send.integration.requestTemplates["$default"]: line 1: #if has no #end, got "#if($x)"'),
    ),
    "template-name": (
        {(*SEND, "integration"): {**MOCK, "requestTemplates": {"$default": "$input.bdy"}}},
        (
            'apis.chat.routes.send.integration.requestTemplates["$default"]: "$input.bdy" is not known '
            'in a WebSocket API\'s templates; did you mean "$input.body"?'
        ),
    ),
    "template-selection": (
        {(*SEND, "integration"): {**MOCK, "templateSelectionExpression": "${request.body.kind}"}},
        (
            "apis.chat.routes.send.integration.templateSelectionExpression: selects one of "
            "requestTemplates, and there are none"
        ),
    ),
    "idle-template": (
        {(*SEND, "integration"): {**MOCK, "requestTemplates": {"application/json": "{}"}}},
        (
            'apis.chat.routes.send.integration.requestTemplates["application/json"]: is never taken: '
            'templateSelectionExpression is left out, which selects "$default" for every message'
        ),
    ),
    "response-key": (
        {(*SEND, "integration"): {**MOCK, "integrationResponses": {"200": {}}}},
        (
            "apis.chat.routes.send.integration.integrationResponses.200: not the key of an integration "
            'response, got "200"; expected $default or a regular expression between slashes such as '
            "/4\\d\\d/; write /200/"
        ),
    ),
    "websocket-route-key": (
        {(*CHAT, "routes", "$conect"): {"integration": "forward"}},
        (
            'apis.chat.routes["$conect"]: not a route key of a WebSocket API, got "$conect"; expected '
            '$connect, $disconnect, $default or a key that does not begin with "$"; did you mean '
            '"$connect"?'
        ),
    ),
    "http-route-key": (
        {(*ORDERS, "routes", "GET items"): {"integration": PUBLIC}},
        (
            'apis.orders.routes["GET items"]: not a route key of an HTTP API, got "GET items"; '
            'expected "METHOD /path" or "$default"; write GET /items'
        ),
    ),
    "colon-segment": (
        {(*ORDERS, "routes", "GET /users/:id/x"): {"integration": PUBLIC}},
        'apis.orders.routes["GET /users/:id/x"]: ":id" is text; did you mean {id}?',
    ),
    "dropped-header": (
        {(*ITEM, "requestParameters"): {"overwrite:header.x_tenant": "acme"}},
        (
            'apis.orders.routes["GET /items/{id}"].integration.requestParameters["overwrite:header.x_tenant"]: does '
            'not arrive: the load balancer of "orders" drops headers whose names have more than letters, digits and '
            "hyphens"
        ),
    ),
    "spoofed-header": (
        {
            ITEM: {**PROXY, "backend": "chat"},
            (*FORWARD, "requestParameters"): {"integration.request.header.ConnectionId": "context.connectionId"},
        },
        (
            'apis.orders.routes["GET /items/{id}"].integration.requestParameters: does not replace ConnectionId: the '
            "backend has it from a WebSocket API, and here from any client that sends it; write "
            '{"remove:header.ConnectionId": ""}'
        ),
    ),
    "same-route": (
        {(*ORDERS, "routes", "GET /items/{item}"): {"integration": PUBLIC}},
        'apis.orders.routes["GET /items/{item}"]: takes the same requests as GET /items/{id}',
    ),
    "route-needed": ({(*ORDERS, "routes"): {}}, "apis.orders.routes: must hold at least one route"),
    "route-selection": (
        {(*CHAT, "routeSelectionExpression"): "$request.header.x"},
        (
            'apis.chat.routeSelectionExpression: "request.header.x" cannot select a route of a '
            'WebSocket API, got "$request.header.x"; expected $request.body.PATH, ${request.body.PATH} '
            'amid text, or text with "$" written as "\\$"'
        ),
    ),
    "fixed-selection": (
        {(*CHAT, "routeSelectionExpression"): "request.body.action"},
        (
            'apis.chat.routeSelectionExpression: selects the route "request.body.action" for every '
            "message; write $request.body.action"
        ),
    ),
    "route-parameter": (
        {(*SEND, "requestParameters"): {"route.request.header.X": {}}},
        (
            'apis.chat.routes.send.requestParameters["route.request.header.X"]: can be declared on '
            "$connect only, not on send: a message has no headers and no query string"
        ),
    ),
    "model": (
        {(*CHAT, "models"): {"my-order": MODEL}},
        (
            'apis.chat.models.my-order: not the name of a model, got "my-order"; expected 1 to 128 '
            "letters and digits; write myOrder"
        ),
    ),
    "request-models": (
        {(*CHAT, "models"): {"order": MODEL}, (*SEND, "requestModels"): {"$default": "ordr"}},
        (
            'apis.chat.routes.send.requestModels["$default"]: no model "ordr" under apis.chat.models; '
            "did you mean order?"
        ),
    ),
    "model-selection": (
        {(*SEND, "modelSelectionExpression"): "request.body.kind"},
        (
            "apis.chat.routes.send.modelSelectionExpression: a variable that is written as text: it "
            'begins with "$" in a selection expression, got "request.body.kind"; expected '
            '$request.body.PATH, ${request.body.PATH} amid text, or text with "$" written as "\\$"; '
            "write $request.body.kind"
        ),
    ),
    "no-default-model": (
        {
            (*CHAT, "models"): {"order": MODEL},
            (*SEND, "requestModels"): {"buy": "order"},
            (*SEND, "modelSelectionExpression"): "${request.body.kind}",
        },
        (
            "apis.chat.routes.send.requestModels: refuses every message for which no model is "
            "selected: it has no $default"
        ),
    ),
    "idle-model": ({(*CHAT, "models"): {"order": MODEL}}, "apis.chat.models.order: is used by no route"),
    "route-response": (
        {(*CHAT, "routes", "$disconnect"): {"integration": "forward", "routeResponse": True}},
        (
            'apis.chat.routes["$disconnect"].routeResponse: must be false on $disconnect: the client '
            "that would get the answer is gone"
        ),
    ),
    "api-key": (
        {(*OPENING, "apiKeyRequired"): True},
        (
            'apis.chat.routes["$connect"].apiKeyRequired: needs a usage plan of this API with apiKeys: '
            "nobody has a key to connect with"
        ),
    ),
    "usage-plan": (
        {(*CHAT, "usagePlans"): {"partner": {}}},
        "apis.chat.usagePlans.partner: must have throttling, quota or apiKeys",
    ),
    "idle-usage-plan": (
        {(*CHAT, "usagePlans"): {"partner": {"apiKeys": ["acme"]}}},
        (
            "apis.chat.usagePlans: limit nobody: $connect does not have apiKeyRequired, so that nobody "
            "is asked for a key"
        ),
    ),
    "retired": (
        {(*CHAT, "routes", "old"): {"retired": True, "integration": "forward"}},
        ("apis.chat.routes.old.integration: has no meaning on a retired route, which leads nowhere; leave it out"),
    ),
    "authorization": (
        {(*GET, "authorization"): "aws_iam"},
        (
            'apis.orders.routes["GET /items/{id}"].authorization: must be NONE, AWS_IAM or the name of '
            'an authorizer under apis.orders.authorizers, got "aws_iam"; did you mean AWS_IAM?'
        ),
    ),
    "connect-only": (
        {(*SEND, "authorization"): "AWS_IAM"},
        (
            'apis.chat.routes.send.authorization: must be NONE, got "AWS_IAM": a WebSocket API asks '
            "who a caller is on $connect only"
        ),
    ),
    "scopes": (
        {(*GET, "authorizationScopes"): ["orders/read"]},
        (
            'apis.orders.routes["GET /items/{id}"].authorizationScopes: needs authorization by a JWT '
            'authorizer, got "NONE"'
        ),
    ),
    "authorizer-type": (
        {SHOP: {"authorizerType": "TOKEN"}},
        'apis.orders.authorizers.shop.authorizerType: must be JWT or REQUEST, got "TOKEN"',
    ),
    "identity-source": (
        {SHOP: {**JWT, "identitySource": ["route.request.header.Auth"]}},
        (
            "apis.orders.authorizers.shop.identitySource[0]: not an identity source of an HTTP API's "
            'JWT authorizer, got "route.request.header.Auth"; expected $request.header.NAME or '
            "$request.querystring.NAME; write $request.header.Auth"
        ),
    ),
    "identity-needed": (
        {SHOP: {**JWT, "identitySource": []}},
        "apis.orders.authorizers.shop.identitySource: must name exactly one place of the token, got 0",
    ),
    "issuer": (
        {SHOP: {**JWT, "jwtConfiguration": {"issuer": "http://issuer.example", "audience": ["shop"]}}},
        (
            "apis.orders.authorizers.shop.jwtConfiguration.issuer: not an issuer of tokens, got "
            '"http://issuer.example"; expected https://HOST or https://HOST/PATH, of at most 2048 '
            "characters; write https://issuer.example"
        ),
    ),
    "simple-responses": (
        {SHOP: {**REQUEST, "enableSimpleResponses": True, "authorizerPayloadFormatVersion": "1.0"}},
        ('apis.orders.authorizers.shop.enableSimpleResponses: needs authorizerPayloadFormatVersion "2.0", got "1.0"'),
    ),
    "idle-authorizer": ({SHOP: JWT}, "apis.orders.authorizers.shop: is used by no route"),
    "open-preflight": (
        {
            (*ORDERS, "cors"): {"allowOrigins": ["*"]},
            (*ORDERS, "routes", "$default"): {"integration": PUBLIC, "authorization": "AWS_IAM"},
        },
        (
            'apis.orders.routes["$default"].authorization: stops preflight requests too, got '
            '"AWS_IAM"; let a route "OPTIONS /{proxy+}" have authorization NONE'
        ),
    ),
    "cors-credentials": (
        {(*ORDERS, "cors"): {"allowOrigins": ["*"], "allowCredentials": True}},
        ('apis.orders.cors.allowOrigins[0]: must name its origins where allowCredentials is true, got "*"'),
    ),
    "cors-star": (
        {(*ORDERS, "cors"): {"allowMethods": ["*"], "allowCredentials": True}},
        (
            "apis.orders.cors.allowMethods: * is taken by browsers for a name where allowCredentials "
            "is true; name them all"
        ),
    ),
    "preflight-order": (
        {
            (*ORDERS, "cors"): {"allowOrigins": ["https://shop.example"]},
            (*ORDERS, "routes", "ANY /x"): {"integration": PUBLIC, "authorization": "AWS_IAM"},
            (*ORDERS, "routes", "OPTIONS /{proxy+}"): {"integration": PUBLIC},
        },
        (
            'apis.orders.routes["ANY /x"].authorization: may take preflight requests before an open route does; let a '
            'route "OPTIONS /x" be open'
        ),
    ),
    "cors-origin": (
        {(*ORDERS, "cors"): {"allowOrigins": ["shop.example"]}},
        (
            "apis.orders.cors.allowOrigins[0]: must be *, https://*, http://* or an origin such as "
            'https://shop.example, got "shop.example"; write https://shop.example'
        ),
    ),
    "cors-value": ({(*ORDERS, "cors"): {"maxAge": 86_401}}, "apis.orders.cors.maxAge: must be -1 to 86400, got 86401"),
    "principal": (
        {(*ORDERS, "invokePrincipals"): ["*"]},
        (
            'apis.orders.invokePrincipals[0]: anybody at all could assume the role, got "*"; expected '
            "an account id of 12 digits, or arn:aws:iam::ACCOUNT:root, …:role/NAME or …:user/NAME"
        ),
    ),
    "invoke-iam": (
        {(*ORDERS, "invokePrincipals"): ["111122223333"]},
        "apis.orders.invokePrincipals: has no effect: no route has authorization AWS_IAM",
    ),
}
"""Rule → changes of the sound stack, and what is said then: a problem, or a warning where the rule is one."""
