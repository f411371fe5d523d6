"""A service of another team behind a Gatelink backend: it takes what the WebSocket API forwards, and answers by it.

Its tasks register with the backend's target group, admit the backend's load balancer alone, and may post to the API's
connections, whose URL they find in their environment.
"""

import pulumi
import pulumi_aws as aws

from gatelink.outputs.reading import GatelinkStack

NAME = pulumi.get_project()

config = pulumi.Config()
port = config.require_int("port")
gatelink = GatelinkStack(config.require("gatelinkStack"))
backend = gatelink.backend(config.require("backend"))
api = gatelink.api(config.require("api"))

targets = aws.ec2.SecurityGroup(NAME, description="Tasks of the service", vpc_id=gatelink.network.vpc_id)
aws.vpc.SecurityGroupIngressRule(
    f"{NAME}-from-balancer",
    security_group_id=targets.id,
    description="From the load balancer of the backend",
    referenced_security_group_id=backend.security_group_id,
    ip_protocol="tcp",
    from_port=port,
    to_port=port,
)
# To the image, the log group and connectionsUrl, which are public names.
aws.vpc.SecurityGroupEgressRule(
    f"{NAME}-https",
    security_group_id=targets.id,
    description="HTTPS",
    cidr_ipv4="0.0.0.0/0",
    ip_protocol="tcp",
    from_port=443,
    to_port=443,
)

ECS_MAY_ASSUME = pulumi.Output.json_dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
task_role = aws.iam.Role(f"{NAME}-task", description="What the service may do", assume_role_policy=ECS_MAY_ASSUME)
manages_connections = aws.iam.RolePolicy(
    f"{NAME}-manage-connections",
    role=task_role.id,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "execute-api:ManageConnections",
                    "Resource": api.manage_connections_arn,
                }
            ],
        }
    ),
)
execution_role = aws.iam.Role(
    f"{NAME}-execution", description="Pulls the image and writes the logs", assume_role_policy=ECS_MAY_ASSUME
)
aws.iam.RolePolicyAttachment(
    f"{NAME}-execution",
    role=execution_role.name,
    policy_arn=pulumi.Output.format(
        "arn:{}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy", aws.get_partition().partition
    ),
)

logs = aws.cloudwatch.LogGroup(NAME, retention_in_days=30)
task = aws.ecs.TaskDefinition(
    NAME,
    family=NAME,
    requires_compatibilities=["FARGATE"],
    network_mode="awsvpc",
    cpu="256",
    memory="512",
    task_role_arn=task_role.arn,
    execution_role_arn=execution_role.arn,
    container_definitions=pulumi.Output.json_dumps(
        [
            {
                "name": NAME,
                "image": config.require("image"),
                "essential": True,
                "portMappings": [{"containerPort": port, "protocol": "tcp"}],
                "environment": [
                    {"name": "PORT", "value": str(port)},
                    {"name": "CONNECTIONS_URL", "value": api.connections_url},
                ],
                "logConfiguration": {
                    "logDriver": "awslogs",
                    "options": {
                        "awslogs-group": logs.name,
                        "awslogs-region": aws.get_region().region,
                        "awslogs-stream-prefix": NAME,
                    },
                },
            }
        ]
    ),
)

service = aws.ecs.Service(
    NAME,
    cluster=aws.ecs.Cluster(NAME).arn,
    task_definition=task.arn,
    launch_type="FARGATE",
    desired_count=config.require_int("desiredCount"),
    network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
        subnets=gatelink.network.private_subnet_ids, security_groups=[targets.id], assign_public_ip=False
    ),
    # ECS registers the address of each task with the target group, and takes it out before it stops the task.
    load_balancers=[
        aws.ecs.ServiceLoadBalancerArgs(
            target_group_arn=backend.target_group_arn, container_name=NAME, container_port=port
        )
    ],
    opts=pulumi.ResourceOptions(depends_on=[manages_connections]),
)

pulumi.export("serviceName", service.name)
pulumi.export("endpoint", api.endpoint)
