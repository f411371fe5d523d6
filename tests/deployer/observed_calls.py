"""The calls that the AWS provider was seen to make as it applied, refreshed and destroyed stacks of the program.

Of API Gateway the method and the path, in which ``x`` is an id; of other services the actions. What an emulator could
not take stopped some types half-way (records, web ACLs, stages of REST APIs), so that the list is not all.
"""

API_GATEWAY = """
GET /account
PATCH /account
POST /apikeys
GET /apikeys/x
POST /apis
DELETE /apis/x
GET /apis/x
POST /apis/x/authorizers
GET /apis/x/authorizers/x
POST /apis/x/deployments
DELETE /apis/x/deployments/x
GET /apis/x/deployments/x
POST /apis/x/integrations
DELETE /apis/x/integrations/x
GET /apis/x/integrations/x
POST /apis/x/routes
DELETE /apis/x/routes/x
GET /apis/x/routes/x
POST /apis/x/routes/x/routeresponses
DELETE /apis/x/routes/x/routeresponses/x
GET /apis/x/routes/x/routeresponses/x
POST /apis/x/stages
DELETE /apis/x/stages/x
GET /apis/x/stages/x
POST /domainnames
GET /domainnames/x
POST /restapis
GET /restapis/x
PUT /restapis/x
GET /restapis/x/resources
POST /usageplans
GET /usageplans/x
POST /usageplans/x/keys
GET /usageplans/x/keys/x
POST /vpclinks
DELETE /vpclinks/x
GET /vpclinks/x
"""

OTHERS = {
    "cloudwatch": "DescribeAlarms ListTagsForResource PutMetricAlarm",
    "ec2": """
        AllocateAddress AssociateRouteTable AttachInternetGateway AuthorizeSecurityGroupEgress
        AuthorizeSecurityGroupIngress CreateFlowLogs CreateInternetGateway CreateNatGateway CreateRoute
        CreateRouteTable CreateSecurityGroup CreateSubnet CreateTags CreateVpc CreateVpcEndpoint
        DeleteFlowLogs DeleteInternetGateway DeleteNatGateway DeleteRoute DeleteRouteTable
        DeleteSecurityGroup DeleteSubnet DeleteVpc DeleteVpcEndpoints DescribeAddresses
        DescribeAddressesAttribute DescribeFlowLogs DescribeInternetGateways DescribeNatGateways
        DescribeNetworkAcls DescribeNetworkInterfaces DescribePrefixLists DescribeRouteTables
        DescribeSecurityGroupRules DescribeSecurityGroups DescribeSubnets DescribeVpcAttribute
        DescribeVpcEndpoints DescribeVpcs DetachInternetGateway DisassociateAddress DisassociateRouteTable
        ModifySubnetAttribute ModifyVpcAttribute ReleaseAddress RevokeSecurityGroupEgress
        RevokeSecurityGroupIngress
    """,
    "elasticloadbalancing": """
        CreateListener CreateLoadBalancer CreateTargetGroup DeleteListener DeleteLoadBalancer
        DeleteTargetGroup DescribeCapacityReservation DescribeListenerAttributes DescribeListeners
        DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeTags DescribeTargetGroupAttributes
        DescribeTargetGroups DescribeTargetHealth ModifyLoadBalancerAttributes ModifyTargetGroupAttributes
        RegisterTargets SetSecurityGroups
    """,
    "iam": """
        AttachRolePolicy CreateRole DeleteRole DeleteRolePolicy DetachRolePolicy GetRole GetRolePolicy
        ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies PutRolePolicy
    """,
    "lambda": "AddPermission GetPolicy",
    "logs": """
        CreateLogGroup DeleteLogGroup DescribeLogGroups DescribeMetricFilters ListTagsForResource
        PutMetricFilter PutRetentionPolicy
    """,
    "route53": "GetHostedZone",
}
