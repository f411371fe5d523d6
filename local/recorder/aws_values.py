"""Ids, ARNs and names like AWS's, made from a resource's URN: the same resource has the same ones in every run."""

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias

from local.recording import Json

Values: TypeAlias = dict[str, Json]

CLOUDFRONT_ZONE: Final = "Z2FDTNDATAQYW2"
"""The hosted zone of every name of CloudFront, under which edge-optimized domain names are found."""

_ALPHABET: Final = string.digits + string.ascii_lowercase


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The AWS account that a laptop pretends to have; the number is the one that AWS's documentation uses."""

    region: str
    id: str = "123456789012"

    @property
    def partition(self) -> str:
        """The partition that the Region belongs to."""
        prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
        return next((name for prefix, name in prefixes.items() if self.region.startswith(prefix)), "aws")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is known of a resource when its values are made up."""

    type: str
    name: str
    inputs: Mapping[str, Json]
    seed: str
    account: Account

    def hex(self, length: int, salt: str = "") -> str:
        """Return hexadecimal digits that are this resource's own."""
        return sha256(f"{self.seed}/{salt}".encode()).hexdigest()[:length]

    def alphanumeric(self, length: int, salt: str = "") -> str:
        """Return digits and small letters that are this resource's own; the first is a letter."""
        number = int(sha256(f"{self.seed}/{salt}".encode()).hexdigest(), 16)
        digits: list[str] = []
        while len(digits) < length:
            number, digit = divmod(number, len(_ALPHABET))
            digits.append(_ALPHABET[digit])
        return string.ascii_lowercase[number % 26] + "".join(digits[1:])

    def arn(self, service: str, resource: str, *, region: bool = True, account: bool = True) -> str:
        """Return an ARN in the laptop's account."""
        where = self.account.region if region else ""
        whose = self.account.id if account else ""
        return f"arn:{self.account.partition}:{service}:{where}:{whose}:{resource}"

    @property
    def physical_name(self) -> str:
        """The name that the program gave, or the one that Pulumi makes of the logical name."""
        return str(self.inputs.get("name") or f"{self.name}-{self.hex(7, 'name')}")

    def text(self, key: str) -> str:
        """Return an input as text, empty where it is not given."""
        return str(self.inputs.get(key) or "")


Describe: TypeAlias = Callable[[Given], tuple[str, Values]]


def describe(
    resource_type: str, name: str, inputs: Mapping[str, Json], seed: str, account: Account
) -> tuple[str, Values]:
    """Return a resource's id and the outputs that AWS adds to its inputs. ``seed`` makes them unique to it.

    A block of the inputs is among the outputs where AWS adds to the block itself.
    """
    given = Given(type=resource_type, name=name, inputs=inputs, seed=seed, account=account)
    id_, values = _DESCRIBE.get(resource_type, _anything)(given)
    return id_, {key: value for key, value in values.items() if value != inputs.get(key)}


def _ec2(prefix: str, kind: str) -> Describe:
    def describe_ec2(given: Given) -> tuple[str, Values]:
        id_ = f"{prefix}-0{given.hex(16)}"
        return id_, {"arn": given.arn("ec2", f"{kind}/{id_}"), "ownerId": given.account.id}

    return describe_ec2


def _vpc(given: Given) -> tuple[str, Values]:
    id_, values = _ec2("vpc", "vpc")(given)
    return id_, {**values, "defaultSecurityGroupId": f"sg-0{given.hex(16, 'default')}"}


def _vpc_endpoint(given: Given) -> tuple[str, Values]:
    """Describe an endpoint; one with interfaces has names of its own, for its Region first and then for each subnet."""
    id_, values = _ec2("vpce", "vpc-endpoint")(given)
    if given.text("vpcEndpointType") != "Interface":
        return id_, values
    region, service = given.account.region, given.text("serviceName").rpartition(".")[2]
    subnets = given.inputs.get("subnetIds")
    numbers = range(len(subnets) if isinstance(subnets, list) else 0)
    name, own = f"{id_}-{given.alphanumeric(8)}", f"{service}.{region}.vpce.amazonaws.com"
    zone = f"Z{given.hex(13, 'zone').upper()}"
    labels = [name, *(f"{name}-{region}{chr(ord('a') + number)}" for number in numbers)]
    return id_, {
        **values,
        "dnsEntries": [{"dnsName": f"{label}.{own}", "hostedZoneId": zone} for label in labels],
        "networkInterfaceIds": [f"eni-0{given.hex(16, f'interface {number}')}" for number in numbers],
        "state": "available",
    }


def _load_balancer(given: Given) -> tuple[str, Values]:
    name, digits = given.physical_name, given.hex(16)
    is_network = given.text("loadBalancerType") == "network"
    arn = given.arn("elasticloadbalancing", f"loadbalancer/{'net' if is_network else 'app'}/{name}/{digits}")
    region = given.account.region
    number = int(digits[:8], 16)
    dns_name = (
        f"{name}-{digits}.elb.{region}.amazonaws.com"
        if is_network
        else f"internal-{name}-{number}.{region}.elb.amazonaws.com"
    )
    return arn, {"arn": arn, "name": name, "dnsName": dns_name, "zoneId": f"Z{given.hex(13, 'zone').upper()}"}


def _target_group(given: Given) -> tuple[str, Values]:
    name = given.physical_name
    arn = given.arn("elasticloadbalancing", f"targetgroup/{name}/{given.hex(16)}")
    return arn, {"arn": arn, "name": name}


def _listener(given: Given) -> tuple[str, Values]:
    arn = given.text("loadBalancerArn").replace(":loadbalancer/", ":listener/") + f"/{given.hex(16)}"
    return arn, {"arn": arn}


def _target_group_attachment(given: Given) -> tuple[str, Values]:
    return f"{given.text('targetGroupArn')}-{given.hex(26)}", {}


def _vpc_link(given: Given) -> tuple[str, Values]:
    id_ = given.alphanumeric(6)
    arn = given.arn("apigateway", f"/vpclinks/{id_}", account=False)
    return id_, {"name": given.physical_name, "arn": arn}


def _api(given: Given) -> tuple[str, Values]:
    id_ = given.alphanumeric(10)
    scheme = "wss" if given.text("protocolType") == "WEBSOCKET" else "https"
    return id_, {
        "name": given.physical_name,
        "arn": given.arn("apigateway", f"/apis/{id_}", account=False),
        "apiEndpoint": f"{scheme}://{id_}.execute-api.{given.account.region}.amazonaws.com",
        "executionArn": given.arn("execute-api", id_),
    }


def _stage(given: Given) -> tuple[str, Values]:
    api, name = given.text("apiId"), given.text("name")
    return name, {
        "arn": given.arn("apigateway", f"/apis/{api}/stages/{name}", account=False),
        "executionArn": given.arn("execute-api", f"{api}/{name}"),
    }


def _short_id(length: int) -> Describe:
    return lambda given: (given.alphanumeric(length), {})


def _log_group(given: Given) -> tuple[str, Values]:
    name = given.physical_name
    return name, {"name": name, "arn": given.arn("logs", f"log-group:{name}")}


def _role(given: Given) -> tuple[str, Values]:
    name = given.physical_name
    arn = given.arn("iam", f"role{given.text('path') or '/'}{name}", region=False)
    return name, {"name": name, "arn": arn, "uniqueId": f"AROA{given.hex(17).upper()}"}


def _role_policy(given: Given) -> tuple[str, Values]:
    name = given.physical_name
    return f"{given.text('role')}:{name}", {"name": name}


def _role_policy_attachment(given: Given) -> tuple[str, Values]:
    return f"{given.text('role')}-{given.hex(26)}", {}


def _permission(given: Given) -> tuple[str, Values]:
    statement = given.text("statementId") or f"{given.name}-{given.hex(7, 'name')}"
    return statement, {"statementId": statement}


def _named(given: Given) -> tuple[str, Values]:
    """Describe what has its name for an id and no ARN."""
    return given.physical_name, {"name": given.physical_name}


def _joined(separator: str, *keys: str) -> Describe:
    """Describe what has some of its inputs for an id."""
    return lambda given: (separator.join(map(given.text, keys)), {})


def _metric_alarm(given: Given) -> tuple[str, Values]:
    name = given.physical_name
    return name, {"name": name, "arn": given.arn("cloudwatch", f"alarm:{name}")}


def _api_part(length: int) -> Describe:
    """Describe a part of an API that has a name."""
    return lambda given: (given.alphanumeric(length), {"name": given.physical_name})


def _rest_api(given: Given) -> tuple[str, Values]:
    id_ = given.alphanumeric(10)
    return id_, {
        "name": given.physical_name,
        "arn": given.arn("apigateway", f"/restapis/{id_}", account=False),
        "executionArn": given.arn("execute-api", id_),
        "rootResourceId": given.alphanumeric(10, "root"),
    }


def _rest_stage(given: Given) -> tuple[str, Values]:
    api, name = given.text("restApi"), given.text("stageName")
    return f"ags-{api}-{name}", {
        "arn": given.arn("apigateway", f"/restapis/{api}/stages/{name}", account=False),
        "executionArn": given.arn("execute-api", f"{api}/{name}"),
        "invokeUrl": f"https://{api}.execute-api.{given.account.region}.amazonaws.com/{name}",
        "webAclArn": "",
    }


def _client_certificate(given: Given) -> tuple[str, Values]:
    id_ = given.alphanumeric(6)
    return id_, {"arn": given.arn("apigateway", f"/clientcertificates/{id_}", account=False)}


def _execute_api_zone(region: str) -> str:
    """Return AWS's hosted zone of a Region's domain names of API Gateway: all of them are in one."""
    return f"Z{sha256(f'execute-api/{region}'.encode()).hexdigest()[:13].upper()}"


def _rest_domain_name(given: Given) -> tuple[str, Values]:
    name, region = given.text("domainName"), given.account.region
    configuration = given.inputs.get("endpointConfiguration")
    kind = configuration.get("types") if isinstance(configuration, dict) else None
    arn = given.arn("apigateway", f"/domainnames/{name}", account=False)
    if kind == "REGIONAL":
        return name, {
            "arn": arn,
            "regionalDomainName": f"d-{given.alphanumeric(10)}.execute-api.{region}.amazonaws.com",
            "regionalZoneId": _execute_api_zone(region),
        }
    return name, {
        "arn": arn,
        "cloudfrontDomainName": f"{given.alphanumeric(14)}.cloudfront.net",
        "cloudfrontZoneId": CLOUDFRONT_ZONE,
    }


def _domain_name(given: Given) -> tuple[str, Values]:
    name, region = given.text("domainName"), given.account.region
    target: Values = {
        "targetDomainName": f"d-{given.alphanumeric(10)}.execute-api.{region}.amazonaws.com",
        "hostedZoneId": _execute_api_zone(region),
    }
    configuration = given.inputs.get("domainNameConfiguration")
    return name, {
        "arn": given.arn("apigateway", f"/domainnames/{name}", account=False),
        "apiMappingSelectionExpression": "$request.basepath",
        "domainNameConfiguration": {**configuration, **target} if isinstance(configuration, dict) else target,
    }


def _api_key(given: Given) -> tuple[str, Values]:
    id_ = given.alphanumeric(10)
    return id_, {
        "name": given.physical_name,
        "arn": given.arn("apigateway", f"/apikeys/{id_}", account=False),
        # Secret on AWS and here: what one types on a laptop is the name that stands in the stack file.
        "value": given.text("value") or given.name,
    }


def _usage_plan(given: Given) -> tuple[str, Values]:
    id_ = given.alphanumeric(6)
    arn = given.arn("apigateway", f"/usageplans/{id_}", account=False)
    return id_, {"name": given.physical_name, "arn": arn}


def _usage_plan_key(given: Given) -> tuple[str, Values]:
    return given.text("keyId"), {}


def _record(given: Given) -> tuple[str, Values]:
    """Describe a DNS record whose name is written in full: the name of its zone is not among the inputs."""
    name = given.text("name").removesuffix(".")
    parts = [given.text("zoneId"), name, given.text("type"), given.text("setIdentifier")]
    return "_".join(filter(None, parts)), {"fqdn": name}


def _account(_given: Given) -> tuple[str, Values]:
    return "api-gateway-account", {}


def _anything(given: Given) -> tuple[str, Values]:
    """Describe a type that Gatelink itself does not register, for programs that add resources of their own."""
    service, _, rest = given.type.partition(":")[2].partition("/")
    id_ = f"{given.name}-{given.hex(7)}"
    return id_, {"name": given.physical_name, "arn": given.arn(service, f"{rest.partition(':')[0]}/{id_}")}


_DESCRIBE: Final[Mapping[str, Describe]] = {
    "aws:apigateway/account:Account": _account,
    "aws:apigateway/apiKey:ApiKey": _api_key,
    "aws:apigateway/basePathMapping:BasePathMapping": _joined("/", "domainName", "basePath"),
    "aws:apigateway/clientCertificate:ClientCertificate": _client_certificate,
    "aws:apigateway/deployment:Deployment": _short_id(6),
    "aws:apigateway/domainName:DomainName": _rest_domain_name,
    "aws:apigateway/methodSettings:MethodSettings": _joined("-", "restApi", "stageName", "methodPath"),
    "aws:apigateway/restApi:RestApi": _rest_api,
    "aws:apigateway/stage:Stage": _rest_stage,
    "aws:apigateway/usagePlan:UsagePlan": _usage_plan,
    "aws:apigateway/usagePlanKey:UsagePlanKey": _usage_plan_key,
    "aws:apigateway/vpcLink:VpcLink": _vpc_link,
    "aws:apigatewayv2/api:Api": _api,
    "aws:apigatewayv2/apiMapping:ApiMapping": _short_id(6),
    "aws:apigatewayv2/authorizer:Authorizer": _api_part(6),
    "aws:apigatewayv2/deployment:Deployment": _short_id(6),
    "aws:apigatewayv2/domainName:DomainName": _domain_name,
    "aws:apigatewayv2/integration:Integration": _short_id(7),
    "aws:apigatewayv2/integrationResponse:IntegrationResponse": _short_id(7),
    "aws:apigatewayv2/model:Model": _api_part(6),
    "aws:apigatewayv2/route:Route": _short_id(7),
    "aws:apigatewayv2/routeResponse:RouteResponse": _short_id(7),
    "aws:apigatewayv2/stage:Stage": _stage,
    "aws:apigatewayv2/vpcLink:VpcLink": _vpc_link,
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _named,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _metric_alarm,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _ec2("sg", "security-group"),
    "aws:ec2/eip:Eip": _ec2("eipalloc", "elastic-ip"),
    "aws:ec2/flowLog:FlowLog": _ec2("fl", "vpc-flow-log"),
    "aws:ec2/internetGateway:InternetGateway": _ec2("igw", "internet-gateway"),
    "aws:ec2/natGateway:NatGateway": _ec2("nat", "natgateway"),
    "aws:ec2/route:Route": _ec2("r-rtb", "route"),
    "aws:ec2/routeTable:RouteTable": _ec2("rtb", "route-table"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _ec2("rtbassoc", "route-table-association"),
    "aws:ec2/securityGroup:SecurityGroup": _ec2("sg", "security-group"),
    "aws:ec2/subnet:Subnet": _ec2("subnet", "subnet"),
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _vpc_endpoint,
    "aws:iam/role:Role": _role,
    "aws:iam/rolePolicy:RolePolicy": _role_policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _role_policy_attachment,
    "aws:lambda/permission:Permission": _permission,
    "aws:lb/listener:Listener": _listener,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:lb/targetGroup:TargetGroup": _target_group,
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": _target_group_attachment,
    "aws:route53/record:Record": _record,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _ec2("sgr", "security-group-rule"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _ec2("sgr", "security-group-rule"),
    "aws:wafv2/webAclAssociation:WebAclAssociation": _joined(",", "webAclArn", "resourceArn"),
}
