"""What the stacks beside dev register: how much of each type, and what makes prod fit for customers."""

KEY = "arn:aws:kms:us-east-1:111122223333:key/3f2504e0-4f89-41d3-9a0c-0305e82c3301"
BOUNDARY = "arn:aws:iam::111122223333:policy/gatelink-boundary"
TOPIC = "arn:aws:sns:us-east-1:111122223333:edge-pager"
CERTIFICATES = "arn:aws:acm:us-east-1:111122223333:certificate"
A_YEAR: dict[str, object] = {"retentionInDays": 365.0, "kmsKeyId": KEY}
ALARMED: dict[str, object] = {"alarmActions": [TOPIC], "okActions": [TOPIC]}

COUNTS = {
    "local": {
        "apigatewayv2:Api": 1,
        "apigatewayv2:Integration": 1,
        "apigatewayv2:Route": 1,
        "apigatewayv2:Stage": 1,
        "apigatewayv2:VpcLink": 1,
        "ec2:DefaultSecurityGroup": 1,
        "ec2:RouteTable": 2,
        "ec2:RouteTableAssociation": 2,
        "ec2:SecurityGroup": 2,
        "ec2:Subnet": 2,
        "ec2:Vpc": 1,
        "lb:Listener": 1,
        "lb:LoadBalancer": 1,
        "lb:TargetGroup": 1,
        "vpc:SecurityGroupEgressRule": 2,
        "vpc:SecurityGroupIngressRule": 1,
    },
    "prod": {
        "apigateway:Account": 1,
        "apigateway:VpcLink": 1,
        "apigatewayv2:Api": 2,
        "apigatewayv2:ApiMapping": 2,
        "apigatewayv2:Authorizer": 2,
        "apigatewayv2:Deployment": 1,
        "apigatewayv2:DomainName": 2,
        "apigatewayv2:Integration": 4,
        "apigatewayv2:Route": 7,
        "apigatewayv2:RouteResponse": 1,
        "apigatewayv2:Stage": 2,
        "apigatewayv2:VpcLink": 1,
        "cloudwatch:LogGroup": 4,
        "cloudwatch:LogMetricFilter": 2,
        "cloudwatch:MetricAlarm": 8,
        "ec2:DefaultSecurityGroup": 1,
        "ec2:Eip": 3,
        "ec2:FlowLog": 1,
        "ec2:InternetGateway": 1,
        "ec2:NatGateway": 3,
        "ec2:Route": 4,
        "ec2:RouteTable": 4,
        "ec2:RouteTableAssociation": 6,
        "ec2:SecurityGroup": 3,
        "ec2:Subnet": 6,
        "ec2:Vpc": 1,
        "ec2:VpcEndpoint": 1,
        "iam:Role": 2,
        "iam:RolePolicy": 1,
        "iam:RolePolicyAttachment": 1,
        "lambda:Permission": 1,
        "lb:Listener": 2,
        "lb:LoadBalancer": 2,
        "lb:TargetGroup": 2,
        "route53:Record": 2,
        "vpc:SecurityGroupEgressRule": 3,
        "vpc:SecurityGroupIngressRule": 1,
    },
}

# What prod has and dev has not, as it is registered: (type, name) → some of its inputs.
PROD: dict[tuple[str, str], dict[str, object]] = {
    ("lb/loadBalancer:LoadBalancer", "chat"): {
        "internal": True,
        "loadBalancerType": "network",
        "enableDeletionProtection": True,
        "enableCrossZoneLoadBalancing": True,
        "accessLogs": {"bucket": "acme-balancer-logs", "enabled": True, "prefix": "chat"},
    },
    ("lb/loadBalancer:LoadBalancer", "orders"): {
        "internal": True,
        "loadBalancerType": "application",
        "enableDeletionProtection": True,
        "enableCrossZoneLoadBalancing": True,
        "dropInvalidHeaderFields": True,
        "desyncMitigationMode": "defensive",
        "accessLogs": {"bucket": "acme-balancer-logs", "enabled": True, "prefix": "orders"},
    },
    ("lb/listener:Listener", "chat"): {
        "protocol": "TLS",
        "port": 443.0,
        "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "certificateArn": f"{CERTIFICATES}/7c9e6679-7425-40de-944b-e07fc1f90ae7",
    },
    ("lb/listener:Listener", "orders"): {
        "protocol": "HTTPS",
        "port": 443.0,
        "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "certificateArn": f"{CERTIFICATES}/8d0f7780-8536-41ef-855c-f18fd2fa1bf8",
    },
    ("lb/targetGroup:TargetGroup", "chat"): {"protocol": "TLS", "port": 8443.0},
    ("lb/targetGroup:TargetGroup", "orders"): {"protocol": "HTTPS", "port": 8443.0},
    ("apigatewayv2/integration:Integration", "chat-forward"): {
        "connectionType": "VPC_LINK",
        "integrationUri": "https://chat.backend.example.com/message",
        "timeoutMilliseconds": 10000.0,
        "requestParameters": {
            "integration.request.header.ConnectionId": "context.connectionId",
            "integration.request.header.user": "context.authorizer.principalId",
            "integration.request.header.tenant": "stageVariables.tenant",
        },
    },
    ("apigatewayv2/integration:Integration", "orders-orders"): {
        "connectionType": "VPC_LINK",
        "tlsConfig": {"serverNameToVerify": "orders.backend.example.com"},
        "timeoutMilliseconds": 10000.0,
    },
    ("apigatewayv2/api:Api", "chat"): {"disableExecuteApiEndpoint": True},
    ("apigatewayv2/api:Api", "orders"): {
        "disableExecuteApiEndpoint": True,
        "corsConfiguration": {
            "allowCredentials": False,
            "allowOrigins": ["https://shop.example.com"],
            "allowMethods": ["GET", "POST"],
            "allowHeaders": ["authorization", "content-type"],
            "maxAge": 600.0,
        },
    },
    ("apigatewayv2/authorizer:Authorizer", "chat-ticket"): {
        "authorizerType": "REQUEST",
        "identitySources": ["route.request.querystring.ticket"],
    },
    ("apigatewayv2/authorizer:Authorizer", "orders-shop"): {
        "authorizerType": "JWT",
        "identitySources": ["$request.header.Authorization"],
        "jwtConfiguration": {"issuer": "https://id.example.com/", "audiences": ["orders"]},
    },
    ("apigatewayv2/route:Route", "chat-$connect"): {"authorizationType": "CUSTOM"},
    ("apigatewayv2/route:Route", "orders-GET/orders"): {
        "authorizationType": "JWT",
        "authorizationScopes": ["orders/read"],
    },
    ("apigatewayv2/route:Route", "orders-GET/orders/{}"): {
        "authorizationType": "JWT",
        "authorizationScopes": ["orders/read"],
    },
    ("apigatewayv2/route:Route", "orders-POST/orders"): {
        "authorizationType": "JWT",
        "authorizationScopes": ["orders/write"],
    },
    ("apigatewayv2/stage:Stage", "chat-prod"): {
        "name": "prod",
        "stageVariables": {"tenant": "acme"},
        "defaultRouteSettings": {
            "throttlingRateLimit": 500.0,
            "throttlingBurstLimit": 1000.0,
            "detailedMetricsEnabled": False,
            "loggingLevel": "ERROR",
            "dataTraceEnabled": False,
        },
        "routeSettings": [
            {
                "routeKey": "$connect",
                "throttlingRateLimit": 50.0,
                "throttlingBurstLimit": 100.0,
                "detailedMetricsEnabled": False,
                "loggingLevel": "ERROR",
                "dataTraceEnabled": False,
            }
        ],
    },
    ("apigatewayv2/stage:Stage", "orders-default"): {
        "name": "$default",
        "autoDeploy": True,
        "defaultRouteSettings": {
            "throttlingRateLimit": 1000.0,
            "throttlingBurstLimit": 2000.0,
            "detailedMetricsEnabled": False,
        },
    },
    ("apigatewayv2/domainName:DomainName", "chat-example-com"): {
        "domainName": "chat.example.com",
        "domainNameConfiguration": {
            "certificateArn": f"{CERTIFICATES}/9e1f8891-9647-42f0-966d-029fe30b2c09",
            "endpointType": "REGIONAL",
            "ipAddressType": "ipv4",
            "securityPolicy": "TLS_1_2",
        },
    },
    ("apigatewayv2/domainName:DomainName", "api-example-com"): {
        "domainName": "api.example.com",
        "domainNameConfiguration": {
            "certificateArn": f"{CERTIFICATES}/af209902-a758-43a1-a77e-13af041c3d1a",
            "endpointType": "REGIONAL",
            "ipAddressType": "ipv4",
            "securityPolicy": "TLS_1_2",
        },
    },
    ("cloudwatch/logGroup:LogGroup", "network-flow-logs"): A_YEAR,
    ("cloudwatch/logGroup:LogGroup", "chat-prod-access-logs"): A_YEAR,
    ("cloudwatch/logGroup:LogGroup", "chat-prod-execution-logs"): A_YEAR,
    ("cloudwatch/logGroup:LogGroup", "orders-default-access-logs"): A_YEAR,
    ("cloudwatch/metricAlarm:MetricAlarm", "chat-prod-faults"): ALARMED,
    ("cloudwatch/metricAlarm:MetricAlarm", "chat-prod-latency"): ALARMED,
    ("cloudwatch/metricAlarm:MetricAlarm", "chat-prod-throttled"): ALARMED,
    ("cloudwatch/metricAlarm:MetricAlarm", "chat-unhealthy"): ALARMED,
    ("cloudwatch/metricAlarm:MetricAlarm", "orders-default-faults"): ALARMED,
    ("cloudwatch/metricAlarm:MetricAlarm", "orders-default-latency"): ALARMED,
    ("cloudwatch/metricAlarm:MetricAlarm", "orders-default-throttled"): ALARMED,
    ("cloudwatch/metricAlarm:MetricAlarm", "orders-unhealthy"): ALARMED,
    ("ec2/flowLog:FlowLog", "network-flow-logs"): {"trafficType": "ALL"},
    ("iam/role:Role", "account-logging"): {"permissionsBoundary": BOUNDARY},
    ("iam/role:Role", "network-flow-logs"): {"permissionsBoundary": BOUNDARY},
    ("lambda/permission:Permission", "chat-ticket-authorizer"): {
        "action": "lambda:InvokeFunction",
        "function": "arn:aws:lambda:us-east-1:111122223333:function:check-ticket",
        "qualifier": "live",
        "principal": "apigateway.amazonaws.com",
    },
}
