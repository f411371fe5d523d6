"""For each rule of the file, network, backends, stages, domains and limits: a change that breaks it, and what "
"is said."""

from collections.abc import Mapping
from typing import Final

from tests.settings.examples import CHAT, FORWARD, ORDERS, PROXY, REMOVED, Location

Broken = tuple[Mapping[Location, object], str]

CHAT_BACKEND: Final = ("backends", "chat")
CHAT_TARGET: Final = (*CHAT_BACKEND, "target")
STAGE: Final = (*ORDERS, "stage")
ELB: Final = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
ACM: Final = "arn:aws:acm:us-east-1:123456789012:certificate/1"
DOMAIN: Final = {"domainName": "api.example.com", "certificateArn": ACM}
EXISTING: Final = {
    "listenerArn": f"{ELB}:listener/net/old/1/2",
    "loadBalancerArn": f"{ELB}:loadbalancer/net/old/1",
    "dnsName": "old.example",
    "port": 80,
    "protocol": "TCP",
}
TOPIC: Final = {"snsTopicArn": "arn:aws:sns:us-east-1:123456789012:oncall"}

BROKEN_INFRASTRUCTURE: Final[Mapping[str, Broken]] = {
    "known-key": ({("netwrk",): {}}, "netwrk: unknown key; did you mean network?"),
    "required-key": ({(*CHAT_BACKEND, "listener"): REMOVED}, "backends.chat.listener: is required"),
    "value": ({("accountLogging",): "no"}, 'accountLogging: must be create or existing, got "no"'),
    "load-balancer": (
        {(*CHAT_BACKEND, "loadBalancer"): "nlb"},
        'backends.chat.loadBalancer: must be network or application, got "nlb"; did you mean network?',
    ),
    "vpc-endpoint": (
        {("network", "vpcEndpoints"): ["com.amazonaws.us-east-1.ecr.api"]},
        (
            "network.vpcEndpoints[0].service: must be the service's part of the name, "
            'got "com.amazonaws.us-east-1.ecr.api"; write ecr.api'
        ),
    ),
    "idle-private-dns": (
        {("network", "vpcEndpoints"): [{"service": "s3", "privateDns": False}]},
        "network.vpcEndpoints[0].privateDns: has no effect: the endpoint for s3 is a gateway endpoint",
    ),
    "protocol": (
        {(*ORDERS, "protocol"): "http"},
        'apis.orders.protocol: must be WEBSOCKET, HTTP or REST, got "http"; did you mean HTTP?',
    ),
    "ip-address-type": (
        {(*ORDERS, "ipAddressType"): "ipv6"},
        'apis.orders.ipAddressType: must be ipv4 or dualstack, got "ipv6"; did you mean ipv4?',
    ),
    "log-level": (
        {(*CHAT, "stage", "executionLogs"): {"level": "info"}},
        'apis.chat.stage.executionLogs.level: must be OFF, ERROR or INFO, got "info"; did you mean INFO?',
    ),
    "log-retention": (
        {(*STAGE, "accessLogs"): {"retentionDays": True}},
        "apis.orders.stage.accessLogs.retentionDays: must be a number of days, got true",
    ),
    "long-log-format": (
        {(*STAGE, "accessLogs"): {"format": f"$context.requestId {'x' * 1024}"}},
        (
            "apis.orders.stage.accessLogs.format: is of 1043 characters, and the API's model says 1024: "
            "AWS may refuse it, though the quota is 3 KB"
        ),
    ),
    "reference": (
        {(*CHAT, "routes", "send", "integration"): "forwrd"},
        (
            'apis.chat.routes.send.integration: no integration "forwrd" under apis.chat.integrations; did you mean '
            "forward?"
        ),
    ),
    "distinct": (
        {(*CHAT_TARGET, "addresses"): ["10.0.0.1", "10.0.0.1"]},
        "backends.chat.target.addresses[1]: 10.0.0.1 is named twice",
    ),
    "resource-name": (
        {
            ("apis", "chat-2"): {
                "protocol": "WEBSOCKET",
                "routes": {"send": {"integration": {**PROXY, "backend": "chat"}}},
            },
            (*CHAT, "routes", "2-send"): {"integration": "forward"},
        },
        "apis.chat.routes.2-send: makes the same resource name as apis.chat-2.routes.send; rename one of the two",
    ),
    "region": (
        {(*CHAT, "alarms"): {"snsTopicArn": "arn:aws:sns:eu-west-1:123456789012:oncall"}},
        (
            "apis.chat.alarms.snsTopicArn: must stand in us-east-1, the stack's Region, got "
            '"arn:aws:sns:eu-west-1:123456789012:oncall"'
        ),
    ),
    "own-tag": ({("tags",): {"name": "x"}}, "tags.name: Name is added by Gatelink, and IAM takes both for one key"),
    "tag-count": (
        {("tags",): {f"tag{number}": "x" for number in range(48)}},
        "tags: must be at most 47, for Gatelink adds three of 50, got 48",
    ),
    "no-api": ({("apis",): {}}, "apis: holds no API, so nothing is served"),
    "idle-integration": (
        {(*CHAT, "integrations", "spare"): {**PROXY, "backend": "chat", "timeoutInMillis": 50}},
        "apis.chat.integrations.spare: is used by no route and is not provisioned",
    ),
    "cidr": (
        {("network", "cidr"): "10.0.0.1/16"},
        'network.cidr: must name the first address of its range (10.0.0.0/16), got "10.0.0.1/16"',
    ),
    "network-needed": (
        {("network",): REMOVED},
        "network: is required: the load balancers of these backends stand in it: chat, orders",
    ),
    "network-kind": (
        {("network",): {"stack": "acme/network/dev", "natGateways": "single"}},
        "network.natGateways: unknown key; with stack, all of the network is another stack's",
    ),
    "link-zones": (
        {("network", "availabilityZones"): 6},
        (
            "network.availabilityZones: must be at most 5, got 6: the zones of us-east-1 where VPC links exist are "
            "use1-az1, "
            "use1-az2, use1-az4, use1-az5, use1-az6"
        ),
    ),
    "subnets": (
        {("network",): {"vpcId": "vpc-1", "privateSubnetIds": ["subnet-1"], "cidr": "10.0.0.0/16"}},
        'network.privateSubnetIds: must name at least two subnets, got ["subnet-1"]',
    ),
    "stack-reference": (
        {("network",): {"stack": "network/dev"}},
        'network.stack: must be organization/project/stack, such as acme/network/dev, got "network/dev"',
    ),
    "no-way-back": (
        {("network", "natGateways"): "none"},
        (
            "network.natGateways: is none: no backend in this VPC can call connectionsUrl of chat (VPC endpoints "
            "serve private "
            "REST APIs only); set it to single or perZone, unless backends never post to a connection"
        ),
    ),
    "captured-names": (
        {("network", "vpcEndpoints"): [{"service": "execute-api", "privateDns": True}]},
        (
            "network.vpcEndpoints[0].privateDns: captures the names of every API of the Region in this VPC, "
            "connectionsUrl included, with 403"
        ),
    ),
    "backend-name": (
        {("backends", "sg-1"): {"loadBalancer": "network", "listener": {"port": 80}}},
        "backends.sg-1: must not begin with sg-: it names a security group, and EC2 keeps that prefix for ids",
    ),
    "balancer-protocols": (
        {(*CHAT_BACKEND, "listener", "protocol"): "HTTP"},
        'backends.chat.listener.protocol: must be TCP or TLS with loadBalancer network, got "HTTP"',
    ),
    "tls-targets": (
        {(*CHAT_TARGET, "protocol"): "TLS"},
        "backends.chat.target.protocol: must be TCP where the listener speaks TCP, which passes TLS on as it is",
    ),
    "certificate": (
        {(*CHAT_BACKEND, "listener", "certificateArn"): ACM},
        "backends.chat.listener.certificateArn: needs a listener that speaks TLS, got TCP",
    ),
    "health-check": (
        {(*CHAT_TARGET, "healthCheck", "matcher"): "200"},
        "backends.chat.target.healthCheck.matcher: needs an HTTP or HTTPS health check, got protocol TCP",
    ),
    "target-address": (
        {(*CHAT_TARGET, "addresses"): ["::1"]},
        'backends.chat.target.addresses[0]: must be an IPv4 address, got "::1"',
    ),
    "target-type": (
        {(*CHAT_TARGET, "instanceIds"): ["i-1"]},
        "backends.chat.target.instanceIds: is for targets of type instance, got type ip",
    ),
    "target-attributes": (
        {(*CHAT_TARGET, "attributes", "slowStartSeconds"): 30},
        (
            "backends.chat.target.attributes.slowStartSeconds: is an attribute of targets of application load "
            "balancers, got "
            "loadBalancer network"
        ),
    ),
    "host-name": (
        {(*CHAT_BACKEND, "hostName"): "Chat"},
        'backends.chat.hostName: must be a host name in lower case, got "Chat"',
    ),
    "existing-balancer": (
        {("backends", "old"): EXISTING | {"protocol": "HTTP"}},
        'backends.old.protocol: must be TCP or TLS with the network load balancer of loadBalancerArn, got "HTTP"',
    ),
    "cloud-map": (
        {
            ("backends", "stock", "cloudMap"): {
                "serviceArn": "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1",
                "port": 80,
            },
            (*FORWARD, "backend"): "stock",
        },
        (
            'apis.chat.integrations.forward.backend: must be a backend with a network load balancer, got "stock", '
            "a Cloud Map "
            "service"
        ),
    ),
    "balancer-attributes": (
        {(*CHAT_BACKEND, "idleTimeoutSeconds"): 60},
        "backends.chat.idleTimeoutSeconds: is an attribute of application load balancers, got loadBalancer network",
    ),
    "balancer-logs": (
        {(*CHAT_BACKEND, "accessLogs"): {"bucket": "acme-logs"}},
        "backends.chat.accessLogs: stay empty: a network load balancer logs connections to TLS listeners only, got TCP",
    ),
    "stage-name": (
        {(*STAGE, "name"): "a b"},
        'apis.orders.stage.name: not the name of a stage, got "a b"; expected 1 to 128 letters, digits, "-" and "_"',
    ),
    "one-or-several-stages": (
        {(*ORDERS, "stage"): {"name": "a"}, (*ORDERS, "stages"): [{"name": "b"}]},
        "apis.orders.stages: is given beside stage; keep one of the two",
    ),
    "stage-variable-name": (
        {(*STAGE, "variables"): {"a-b": "x"}},
        (
            'apis.orders.stage.variables.a-b: not the name of a stage variable, got "a-b"; expected 1 to 64 '
            "letters, digits "
            'and "_"'
        ),
    ),
    "stage-variable-value": (
        {(*STAGE, "variables"): {"a": "x y"}},
        (
            'apis.orders.stage.variables.a: not the value of a stage variable, got "x y"; expected 1 to 512 '
            "letters, digits "
            "and - . _ : / ? & = ,"
        ),
    ),
    "throttling": (
        {(*STAGE, "throttling"): {"rateLimit": 0, "burstLimit": 1}},
        (
            "apis.orders.stage.throttling.rateLimit: must be above 0, got 0; write `throttling: blocked` to refuse "
            "every call"
        ),
    ),
    "route-settings": (
        {(*CHAT, "stage", "routeSettings"): {"sned": {}}},
        'apis.chat.stage.routeSettings.sned: no route "sned" under apis.chat.routes; did you mean send?',
    ),
    "log-format": (
        {(*STAGE, "accessLogs"): {"format": "$context.status"}},
        (
            "apis.orders.stage.accessLogs.format: must include $context.requestId or $context.extendedRequestId, got "
            '"$context.status"'
        ),
    ),
    "alarm-logs": (
        {(*ORDERS, "alarms"): TOPIC, (*STAGE, "accessLogs"): False},
        "apis.orders.stage.accessLogs: must not be false: the alarm on refused calls counts them in access logs",
    ),
    "data-trace": (
        {(*CHAT, "stage", "executionLogs"): {"dataTrace": True}},
        "apis.chat.stage.executionLogs.dataTrace: logs whole messages, which may hold secrets",
    ),
    "stage-variable-secret": (
        {(*STAGE, "variables"): {"dbPassword": "x"}},
        (
            "apis.orders.stage.variables.dbPassword: looks like a secret by its name: everybody who can read the "
            "API can read "
            "stage variables"
        ),
    ),
    "domain-name": (
        {(*ORDERS, "domain"): DOMAIN | {"domainName": "API.example.com"}},
        'apis.orders.domain.domainName: must be a domain name in lower case, got "API.example.com"',
    ),
    "domain-shared": (
        {
            (*ORDERS, "domain"): DOMAIN,
            ("apis", "stock"): {
                "protocol": "HTTP",
                "routes": {"$default": {"integration": {**PROXY, "backend": "orders"}}},
                "domain": DOMAIN,
            },
        },
        (
            "apis.stock.domain.apiMappingKey: is required: apis.orders.domain has no apiMappingKey and takes the "
            "whole domain "
            "name"
        ),
    ),
    "domain-websocket": (
        {(*CHAT, "domain"): DOMAIN | {"apiMappingKey": "chat"}, (*ORDERS, "domain"): DOMAIN},
        (
            "apis.orders.domain.domainName: must differ from that of apis.chat.domain: an HTTP API and a WebSocket "
            "API cannot "
            'share a domain name, got "api.example.com"'
        ),
    ),
    "mapping-key": (
        {(*CHAT, "domain"): DOMAIN | {"apiMappingKey": "chat/v1"}},
        'apis.chat.domain.apiMappingKey: must have one level for a WebSocket API, got "chat/v1"',
    ),
    "mutual-tls": (
        {(*ORDERS, "domain"): DOMAIN | {"ownershipVerificationCertificateArn": ACM}},
        (
            "apis.orders.domain.ownershipVerificationCertificateArn: needs mutualTlsAuthentication: other domains "
            "are proved by "
            "their own certificate"
        ),
    ),
    "mutual-tls-bypass": (
        {(*ORDERS, "domain"): DOMAIN | {"mutualTlsAuthentication": {"truststoreUri": "s3://acme/trust.pem"}}},
        (
            "apis.orders.disableExecuteApiEndpoint: is false: AWS's own name for the API asks for no certificate, "
            "past mutual "
            "TLS"
        ),
    ),
    "domain-stage": (
        {(*ORDERS, "domain"): DOMAIN | {"stage": "dev"}},
        'apis.orders.domain.stage: no stage "dev" under apis.orders.stage; known: $default',
    ),
    "domain-region": (
        {(*ORDERS, "domain"): DOMAIN | {"certificateArn": ACM.replace("us-east-1", "eu-west-1")}},
        (
            "apis.orders.domain.certificateArn: must stand in us-east-1, the stack's Region, got "
            '"arn:aws:acm:eu-west-1:123456789012:certificate/1"'
        ),
    ),
    "no-endpoint": (
        {(*ORDERS, "disableExecuteApiEndpoint"): True},
        "apis.orders.disableExecuteApiEndpoint: leaves the API without an endpoint: it has no domain",
    ),
    "reserved-path": (
        {
            (*ORDERS, "domain"): DOMAIN,
            (*ORDERS, "routes", "GET /ping"): {"integration": {**PROXY, "backend": "orders"}},
        },
        (
            'apis.orders.routes["GET /ping"]: is not reached under api.example.com: API Gateway answers /ping of a '
            "domain by "
            "itself"
        ),
    ),
    "quota": (
        {(*STAGE, "variables"): {f"v{number}": "x" for number in range(101)}},
        (
            'apis.orders.stage.variables: must be at most 100, got 101: AWS does not raise the quota "Stage variables '
            'per stage"'
        ),
    ),
    "raisable-quota": (
        {(*STAGE, "throttling"): {"rateLimit": 20_000, "burstLimit": 1}},
        (
            'apis.orders.stage.throttling.rateLimit: is 20000, and the quota "Requests a second per Region, of all '
            'APIs" is '
            "10000; ask AWS to raise it"
        ),
    ),
}
"""Rule id → changes to the sound stack, and the line that is printed then."""
