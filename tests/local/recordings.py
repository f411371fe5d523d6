"""Recordings of small programs: every function registers one resource with the shape that the engine records."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.recording import Json, Recording, Resource

LINKS = {"WEBSOCKET": "link-v1", "HTTP": "link-v2"}
NLB = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/chat/1"
ALB = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/orders/2"
NLB_LISTENER = f"{NLB}/listener"
ALB_LISTENER = f"{ALB}/listener"
DNS = "chat-1.elb.us-east-1.amazonaws.com"


@dataclass(slots=True)
class Program:
    """Registers resources; ``change`` and ``drop`` make a mistake in them."""

    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: dict[str, dict[str, Json]] = field(default_factory=lambda: {"backends": {}, "apis": {}})

    def add(self, kind: str, name: str, inputs: Mapping[str, Json], **outputs: Json) -> str:
        """Register a resource under its name and return its id, which is the name."""
        self.resources[name] = Resource(
            urn=f"urn:pulumi:dev::gatelink::{kind}::{name}",
            type=kind,
            name=name,
            parent=None,
            custom=True,
            id=name,
            inputs=dict(inputs),
            outputs={**inputs, **outputs},
        )
        return name

    def change(self, name: str, /, **inputs: Json) -> None:
        """Set inputs of a resource; None removes one."""
        old = self.resources[name]
        outputs = {key: value for key, value in {**old.outputs, **inputs}.items() if value is not None}
        self.add(old.type, name, outputs)

    def drop(self, name: str) -> None:
        """Take a registration back."""
        del self.resources[name]

    def recording(self) -> Recording:
        """Return what was registered so far."""
        return Recording(
            project="gatelink", stack="dev", resources=tuple(self.resources.values()), outputs=dict(self.outputs)
        )

    def network(self) -> None:
        """Register two reachable backends: "chat" behind a network balancer, "orders" behind an application one."""
        self.add("aws:ec2/subnet:Subnet", "subnet-a", {"cidrBlock": "10.20.0.0/24"})
        self._balancer("chat", NLB, "network", 80.0, "TCP")
        self._balancer("orders", ALB, "application", 8080.0, "HTTP")
        self.change("chat-balancer", enforceSecurityGroupInboundRulesOnPrivateLinkTraffic="off")
        self.add("aws:apigateway/vpcLink:VpcLink", "link-v1", {"targetArn": NLB})
        self.add(
            "aws:apigatewayv2/vpcLink:VpcLink",
            "link-v2",
            {"subnetIds": ["subnet-a"], "securityGroupIds": ["sg-link"]},
        )
        self.rule("egress", "link-to-orders", "sg-link", referencedSecurityGroupId="sg-orders")
        self.rule("ingress", "orders-from-link", "sg-orders", referencedSecurityGroupId="sg-link")

    def _balancer(self, name: str, arn: str, kind: str, port: float, protocol: str) -> None:
        target_group = f"{arn}/target"
        self.add(
            "aws:lb/loadBalancer:LoadBalancer",
            f"{name}-balancer",
            {"loadBalancerType": kind, "internal": True, "securityGroups": [f"sg-{name}"], "subnets": ["subnet-a"]},
            arn=arn,
            dnsName=f"{name}.example",
        )
        self.add("aws:lb/targetGroup:TargetGroup", f"{name}-targets", {"port": 8080.0}, arn=target_group)
        self.add(
            "aws:lb/listener:Listener",
            f"{name}-listener",
            {
                "loadBalancerArn": arn,
                "port": port,
                "protocol": protocol,
                "defaultActions": [{"type": "forward", "targetGroupArn": target_group}],
            },
            arn=f"{arn}/listener",
        )
        self.outputs["backends"][name] = {"loadBalancerArn": arn, "listenerArn": f"{arn}/listener"}

    def rule(self, direction: str, name: str, group: str, **peer: Json) -> None:
        """Register a rule for port 8080."""
        kind = f"securityGroup{direction.capitalize()}Rule"
        self.add(
            f"aws:vpc/{kind}:{kind[0].upper()}{kind[1:]}",
            name,
            {"securityGroupId": group, "ipProtocol": "tcp", "fromPort": 8080.0, "toPort": 8080.0, **peer},
        )

    def http_api(self, name: str = "orders", *, stage: str = "$default", **variables: str) -> str:
        """Register an HTTP API with one stage."""
        self.add("aws:apigatewayv2/api:Api", name, {"protocolType": "HTTP"}, executionArn=_execution_arn(name))
        self.add(
            "aws:apigatewayv2/stage:Stage",
            f"{name}-stage",
            {"apiId": name, "name": stage, "autoDeploy": True, "stageVariables": dict(variables)},
        )
        self.outputs["apis"][name] = {"apiId": name}
        return name

    def websocket_api(self, name: str = "chat", *, stage: str = "dev", **variables: str) -> str:
        """Register a WebSocket API with one deployed stage."""
        expression = "$request.body.action"
        self.add(
            "aws:apigatewayv2/api:Api",
            name,
            {"protocolType": "WEBSOCKET", "routeSelectionExpression": expression},
            executionArn=_execution_arn(name),
        )
        self.add("aws:apigatewayv2/deployment:Deployment", f"{name}-deployment", {"apiId": name})
        self.add(
            "aws:apigatewayv2/stage:Stage",
            f"{name}-stage",
            {
                "apiId": name,
                "name": stage,
                "deploymentId": f"{name}-deployment",
                "stageVariables": dict(variables),
            },
        )
        self.outputs["apis"][name] = {"apiId": name}
        return name

    def http_route(self, api: str, key: str, parameters: Mapping[str, str] | None = None, **inputs: Json) -> str:
        """Register a route of an HTTP API and its integration with the backend "orders"."""
        integration = self.add(
            "aws:apigatewayv2/integration:Integration",
            f"{api} {key} integration",
            {
                "apiId": api,
                "integrationType": "HTTP_PROXY",
                "integrationMethod": "ANY",
                "integrationUri": ALB_LISTENER,
                "connectionType": "VPC_LINK",
                "connectionId": "link-v2",
                "requestParameters": dict(parameters or {}),
                **inputs,
            },
        )
        return self._route(api, key, integration)

    def websocket_route(
        self, api: str, key: str, parameters: Mapping[str, str] | None = None, *, path: str = "/", **inputs: Json
    ) -> str:
        """Register a route of a WebSocket API and its integration with the backend "chat"."""
        integration = self.add(
            "aws:apigatewayv2/integration:Integration",
            f"{api} {key} integration",
            {
                "apiId": api,
                "integrationType": "HTTP_PROXY",
                "integrationMethod": "POST",
                "integrationUri": f"http://{DNS}{path}",
                "connectionType": "VPC_LINK",
                "connectionId": "link-v1",
                "requestParameters": dict(parameters or {}),
                **inputs,
            },
        )
        return self._route(api, key, integration)

    def two_way(self, route: str) -> None:
        """Let a route answer."""
        self.change(route, routeResponseSelectionExpression="$default")
        self.add(
            "aws:apigatewayv2/routeResponse:RouteResponse",
            f"{route} response",
            {"apiId": self.resources[route].inputs["apiId"], "routeId": route, "routeResponseKey": "$default"},
        )

    def _route(self, api: str, key: str, integration: str) -> str:
        return self.add(
            "aws:apigatewayv2/route:Route",
            f"{api} {key}",
            {"apiId": api, "routeKey": key, "target": f"integrations/{integration}", "authorizationType": "NONE"},
        )


def program() -> Program:
    """Begin a program whose backends are reachable."""
    result = Program()
    result.network()
    return result


def _execution_arn(api: str) -> str:
    return f"arn:aws:execute-api:us-east-1:123456789012:{api}"
