"""The type tokens of the resources that policies look at."""

from typing import Final

API: Final = "aws:apigatewayv2/api:Api"
DOMAIN: Final = "aws:apigatewayv2/domainName:DomainName"
INTEGRATION: Final = "aws:apigatewayv2/integration:Integration"
ROUTE: Final = "aws:apigatewayv2/route:Route"
STAGE: Final = "aws:apigatewayv2/stage:Stage"
VPC_LINK: Final = "aws:apigatewayv2/vpcLink:VpcLink"

REST_API: Final = "aws:apigateway/restApi:RestApi"
REST_API_POLICY: Final = "aws:apigateway/restApiPolicy:RestApiPolicy"
REST_STAGE: Final = "aws:apigateway/stage:Stage"
REST_METHOD_SETTINGS: Final = "aws:apigateway/methodSettings:MethodSettings"
REST_DOMAIN: Final = "aws:apigateway/domainName:DomainName"
WEB_ACL_ASSOCIATION: Final = "aws:wafv2/webAclAssociation:WebAclAssociation"

LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"

VPC: Final = "aws:ec2/vpc:Vpc"
SUBNET: Final = "aws:ec2/subnet:Subnet"
FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"
SECURITY_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_SECURITY_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
SECURITY_GROUP_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS_RULE: Final = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"

LOAD_BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
LISTENER: Final = "aws:lb/listener:Listener"
TARGET_GROUP: Final = "aws:lb/targetGroup:TargetGroup"

IAM_POLICY: Final = "aws:iam/policy:Policy"
ROLE: Final = "aws:iam/role:Role"
ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
ROLE_POLICY_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
