"""Single components of plain Python objects: what is refused before anything is registered, and what is made."""

from collections.abc import Callable

import pulumi
import pulumi_aws as aws
import pytest

import settings
from components import (
    ApiAlarmsArgs,
    ApiKey,
    ApiKeyArgs,
    Backend,
    BackendArgs,
    CustomDomain,
    CustomDomainArgs,
    HttpApi,
    HttpApiArgs,
    HttpVpcLink,
    HttpVpcLinkArgs,
    InvokeRoleArgs,
    Network,
    NetworkArgs,
    NetworkInUse,
    RestApi,
    RestApiArgs,
    RestReach,
    RestVpcLink,
    RestVpcLinkArgs,
    SettingsError,
    TargetAlarmsArgs,
    UsagePlansArgs,
    WebSocketApi,
    WebSocketApiArgs,
    cloud_map_backend,
    existing_backend,
    user_errors,
)
from settings import (
    Alarms,
    BalancedBackend,
    CloudMap,
    CloudMapBackend,
    Domain,
    FlowLogs,
    HttpStage,
    Listener,
    NewNetwork,
    Target,
    single,
)
from settings import (
    RestApi as RestApiSpec,
)
from settings import (
    WebSocketApi as WebSocketApiSpec,
)
from settings.base import Model
from tests.components.test_program import surroundings
from tests.library.programs import AliasMonitor, http_api, problems_of, record
from tests.programs import only, run_program

ELB = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
ALB, NLB = f"{ELB}:loadbalancer/app/shop/0a1b2c3d", f"{ELB}:loadbalancer/net/shop/0a1b2c3d"
LISTENER = f"{ELB}:listener/app/shop/0a1b2c3d/01234567"
TOPIC = "arn:aws:sns:us-east-1:123456789012:pager"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d"
NETWORK = NetworkInUse(
    vpc_id="vpc-0a1b2c3d", cidr="10.0.0.0/16", private_subnet_ids=["subnet-0a1b2c3d", "subnet-0b1b2c3d"]
)
SHOP = existing_backend(listener_arn=LISTENER, port=80, protocol="HTTP")
BEHIND_NLB = existing_backend(
    listener_arn=LISTENER.replace("/app/", "/net/"),
    port=80,
    protocol="TCP",
    dns_name="shop-0a1b2c3d.elb.us-east-1.amazonaws.com",
    load_balancer_arn=NLB,
)
SRV = cloud_map_backend(
    CloudMapBackend(
        cloud_map=CloudMap(service_arn="arn:aws:servicediscovery:us-east-1:123456789012:service/srv-0a1b", port=80)
    )
)
APPLICATION = BalancedBackend(load_balancer="application", listener=Listener(port=80))
CHAT = WebSocketApiSpec.of(
    {
        "protocol": "WEBSOCKET",
        "routes": {
            "$default": {
                "integration": {"integrationType": "HTTP_PROXY", "integrationMethod": "POST", "backend": "shop"}
            }
        },
    }
)
PETS = {
    "protocol": "REST",
    "routes": {
        "GET /pets": {
            "authorization": "AWS_IAM",
            "integration": {"integrationType": "HTTP_PROXY", "integrationMethod": "GET", "backend": "shop"},
        }
    },
}
PRIVATE = {**PETS, "endpointConfiguration": {"types": ["PRIVATE"]}, "invokePrincipals": ["222233334444"]}


def http(name: str = "shop", **args: object) -> Callable[[], object]:
    return lambda: HttpApi(name, HttpApiArgs(**{"spec": http_api(), "backends": {"shop": SHOP}, **args}))  # type: ignore[arg-type]


def alarmed() -> HttpApi:
    return HttpApi("shop", HttpApiArgs(spec=http_api(), backends={"shop": SHOP}, link_id="link"))


UNSOUND: dict[str, tuple[Callable[[], object], list[str]]] = {
    "no link": (http(), ["apis.shop: needs link_id, the id of an HttpVpcLink that leads to shop"]),
    "all at once": (
        http(
            spec=http_api(stage=HttpStage(name="dev", access_logs=False), alarms=Alarms(sns_topic_arn=TOPIC)),
            backends={},
        ),
        [
            'apis.shop.routes["GET /items"].integration.backend: no backend "shop" under backends; known: none',
            "apis.shop.stage.accessLogs: must not be false: the alarm on refused calls counts them in access logs",
            "apis.shop: needs link_id, the id of an HttpVpcLink that leads to shop",
        ],
    ),
    "a name that cannot be one": (
        http("my shop", link_id="link"),
        [
            (
                'apis["my shop"]: must be a name of up to 64 letters, digits, _ and - that begins with a letter, '
                'got "my shop"'
            )
        ],
    ),
    "another Region's topic": (
        http(link_id="link", spec=http_api(alarms=Alarms(sns_topic_arn=TOPIC.replace("us-east-1", "eu-west-1")))),
        [
            (
                "apis.shop.alarms.snsTopicArn: must stand in us-east-1, the stack's Region, "
                'got "arn:aws:sns:eu-west-1:123456789012:pager"'
            )
        ],
    ),
    "a WebSocket API by an application load balancer": (
        lambda: WebSocketApi("chat", WebSocketApiArgs(spec=CHAT, backends={"shop": SHOP})),
        [
            (
                'apis.chat.routes["$default"].integration.backend: must be a backend with a network load balancer, '
                'got "shop", which has an application load balancer: the VPC links that WebSocket APIs can use lead to '
                "network load balancers only"
            ),
            "apis.chat: needs the dns_name of the backend shop, by which its listener is called",
            'apis.chat: needs link_ids["shop"], the id of the RestVpcLink to that backend',
        ],
    ),
    "a REST API without ways": (
        lambda: RestApi("pets", RestApiArgs(spec=RestApiSpec.of(PETS), reach=RestReach(backends={"shop": SHOP}))),
        [
            "apis.pets: needs the dns_name of the backend shop, by which its listener is called",
            "apis.pets: needs reach.http_link_id, the id of an HttpVpcLink that leads to shop",
            "apis.pets: needs the load_balancer_arn of the backend shop, which its link is told",
        ],
    ),
    "a private REST API without an endpoint": (
        lambda: RestApi(
            "pets",
            RestApiArgs(
                spec=RestApiSpec.of(PRIVATE), reach=RestReach(backends={"shop": BEHIND_NLB}, link_ids={"shop": "link"})
            ),
        ),
        ["apis.pets: needs vpc_endpoint_ids: a private API is called by a VPC endpoint"],
    ),
    "a REST API to Cloud Map, called by an endpoint": (
        lambda: RestApi(
            "pets",
            RestApiArgs(
                spec=RestApiSpec.of(PETS),
                reach=RestReach(backends={"shop": SRV}, link_ids={"shop": "link"}),
                vpc_endpoint_ids=["vpce-1"],
            ),
        ),
        [
            (
                'apis.pets.routes["GET /pets"].integration.backend: must be a backend with a load balancer, '
                'got "shop", a Cloud Map service: the VPC links of REST APIs lead to load balancers only'
            ),
            "apis.pets: goes without vpc_endpoint_ids, by which only a private API is called",
        ],
    ),
    "a network of too many zones and too few addresses": (
        lambda: Network(
            "network",
            NetworkArgs(
                spec=NewNetwork(
                    cidr="10.0.0.0/24",
                    nat_gateways="single",
                    flow_logs=FlowLogs(kms_key_arn="arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d"),
                )
            ),
        ),
        [
            (
                "network.cidr: is too small: a VPC must be /16 to /22 with public subnets for NAT gateways, "
                'got "10.0.0.0/24"'
            ),
            (
                "network.flowLogs.kmsKeyArn: must stand in us-east-1, the stack's Region, "
                'got "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d"'
            ),
        ],
    ),
    "a backend with the other kind's protocol": (
        lambda: Backend(
            "shop",
            BackendArgs(
                spec=BalancedBackend(load_balancer="application", listener=Listener(port=80, protocol="TCP")),
                network=NETWORK,
            ),
        ),
        ['backends.shop.listener.protocol: must be HTTP or HTTPS with loadBalancer application, got "TCP"'],
    ),
    "a target that is not named": (
        lambda: Backend("shop", BackendArgs(spec=APPLICATION, network=NETWORK, target=SHOP)),
        ["backends.shop.target.backend: is required: the name of the backend that is given as target"],
    ),
    "a target that is not given": (
        lambda: Backend(
            "shop",
            BackendArgs(
                spec=BalancedBackend(
                    load_balancer="network", listener=Listener(port=80), target=Target(type="alb", backend="web")
                ),
                network=NETWORK,
            ),
        ),
        ['backends.shop.target.backend: no backend "web" under backends; known: shop'],
    ),
    "a v1 link to an application load balancer": (
        lambda: RestVpcLink("shop", RestVpcLinkArgs(load_balancer_arn=ALB)),
        [f'vpcLinks.rest.shop: needs the load_balancer_arn of a network load balancer, got "{ALB}"'],
    ),
    "a v1 link to Cloud Map": (
        lambda: RestVpcLink("shop", RestVpcLinkArgs(load_balancer_arn=SRV.load_balancer_arn)),
        ["vpcLinks.rest.shop: needs a load_balancer_arn: a v1 link leads to a network load balancer"],
    ),
    "a listener of the other kind": (
        lambda: existing_backend(
            listener_arn=LISTENER, port=443, protocol="TLS", load_balancer_arn=NLB, security_group_id="group"
        ),
        ['security_group_id: must be a security group\'s id such as sg-0a1b2c3d4e5f67890, got "group"'],
    ),
    "a listener of another balancer": (
        lambda: existing_backend(listener_arn=LISTENER, port=443, protocol="TLS", load_balancer_arn=NLB),
        [
            f'listener_arn: must be of a network load balancer where the protocol is TLS, got "{LISTENER}"',
            (
                "listener_arn: must be a listener of load_balancer_arn, so begin with "
                f'"{ELB}:listener/net/shop/0a1b2c3d/", got "{LISTENER}"'
            ),
            "host_name: is required where the listener speaks TLS: the name that its certificate bears",
        ],
    ),
}


@pytest.mark.parametrize("case", UNSOUND)
def test_what_is_unsound_is_refused_before_anything_is_registered(case: str) -> None:
    program, expected = UNSOUND[case]
    assert problems_of(program) == (expected, [])


SURROUNDINGS: dict[str, tuple[Callable[[HttpApi], object], list[str]]] = {
    "alarms": (ApiAlarmsArgs.of, ["apis.shop.alarms: is required for alarms"]),
    "a role": (InvokeRoleArgs.of, ["apis.shop.invokePrincipals: is required for a role: who may assume it"]),
    "a domain": (CustomDomainArgs.of, ["apis.shop.domain: is required for a custom domain"]),
}


@pytest.mark.parametrize("case", SURROUNDINGS)
def test_what_an_api_does_not_ask_for_is_not_made(case: str) -> None:
    make, expected = SURROUNDINGS[case]
    assert problems_of(lambda: make(alarmed()))[0] == expected


def test_a_plan_wants_its_keys() -> None:
    spec = CHAT.model_copy(update={"usage_plans": {}})
    keyed = WebSocketApiSpec.of(
        {
            **CHAT.model_dump(mode="json", by_alias=True, exclude_unset=True),
            "usagePlans": {"partner": {"apiKeys": ["acme"]}},
        }
    )

    def api(given: WebSocketApiSpec) -> WebSocketApi:
        return WebSocketApi(
            "chat", WebSocketApiArgs(spec=given, backends={"shop": BEHIND_NLB}, link_ids={"shop": "link"})
        )

    other = {"zenith": ApiKeyArgs()}
    assert problems_of(lambda: UsagePlansArgs.of(api(spec), {}))[0] == [
        "apis.chat.usagePlans: is required for usage plans"
    ]
    assert problems_of(
        lambda: UsagePlansArgs.of(api(keyed), {name: ApiKey(name, args) for name, args in other.items()})
    )[0] == ['apis.chat.usagePlans.partner.apiKeys[0]: is given no ApiKey, got "acme"']


def test_apis_that_share_a_domain_agree_on_it() -> None:
    def program() -> None:
        apis = [
            HttpApi(name, HttpApiArgs(spec=http_api(domain=domain), backends={"shop": SHOP}, link_id="link"))
            for name, domain in (
                ("items", Domain(domain_name="api.example.com", certificate_arn=CERTIFICATE, api_mapping_key="v1")),
                ("orders", Domain(domain_name="api.example.com", certificate_arn=CERTIFICATE, api_mapping_key="v1")),
            )
        ]
        CustomDomain("api", CustomDomainArgs.of(*apis))

    assert problems_of(program)[0] == [
        'apis.orders.domain.apiMappingKey: must differ from that of apis.items.domain, got "v1"'
    ]


def test_a_listener_of_the_programs_own_is_an_output() -> None:
    def program() -> None:
        group = aws.ec2.SecurityGroup("shop", vpc_id="vpc-0a1b2c3d")
        balancer = aws.lb.LoadBalancer("shop", load_balancer_type="application", internal=True)
        listener = aws.lb.Listener(
            "shop",
            load_balancer_arn=balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="forward")],
        )
        shop = existing_backend(
            listener_arn=listener.arn,
            port=80,
            protocol="HTTP",
            load_balancer_arn=balancer.arn,
            security_group_id=group.id,
        )
        link = HttpVpcLink("http", HttpVpcLinkArgs(network=NETWORK, backends={"shop": shop, "again": shop}))
        HttpApi("shop", HttpApiArgs(spec=http_api(), backends={"shop": shop}, link_id=link.link_id))
        watched = TargetAlarmsArgs.of(shop, [TOPIC])
        assert watched is None  # the program's own target group is none that the backend knows

    recording = record(program)
    integration = only(recording, "aws:apigatewayv2/integration:Integration")
    assert integration.inputs["integrationUri"] == only(recording, "aws:lb/listener:Listener").outputs["arn"]
    rule = only(recording, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert (rule.name, rule.inputs["referencedSecurityGroupId"]) == (
        "http-to-shop",
        only(recording, "aws:ec2/securityGroup:SecurityGroup", "shop").id,
    )
    assert recording.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") == ()


def test_what_is_left_out_is_the_stacks() -> None:
    recording = record(lambda: HttpApi("shop", HttpApiArgs(spec=http_api(), backends={"shop": SHOP}, link_id="link")))
    assert only(recording, "aws:apigatewayv2/api:Api").inputs["tags"] == {"Project": "shop", "Stack": "dev"}
    group = only(recording, "aws:cloudwatch/logGroup:LogGroup")
    assert group.inputs["name"] == "/aws/vendedlogs/gatelink/shop/dev/shop/default"


@pytest.mark.parametrize(("kind", "expected"), [("network", "off"), ("application", None)])
def test_a_network_load_balancer_admits_links_unless_told_otherwise(kind: str, expected: str | None) -> None:
    spec = BalancedBackend.of({"loadBalancer": kind, "listener": {"port": 80}})
    recording = record(lambda: Backend("shop", BackendArgs(spec=spec, network=NETWORK)))
    key = "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
    assert only(recording, "aws:lb/loadBalancer:LoadBalancer").inputs.get(key) == expected


def test_an_error_names_whose_settings_they_are() -> None:
    def program() -> None:
        with user_errors("the shop"):
            http()()

    with pytest.raises(pulumi.RunError) as error:
        record(program)
    assert str(error.value) == (
        "the shop has 1 problem:\n  apis.shop: needs link_id, the id of an HttpVpcLink that leads to shop"
    )


def test_a_model_says_every_problem_of_its_own_in_our_words() -> None:
    with pytest.raises(SettingsError) as error:
        BalancedBackend.of({"loadBalancer": "alb", "listener": {"port": "80"}, "targets": {}})
    by_fields = pytest.raises(SettingsError, match=r"^port: must be a whole number, got \"80\"$")
    with by_fields:
        Listener(port="80")  # type: ignore[arg-type]
    assert [(problem.path, problem.message, problem.rule) for problem in error.value.problems] == [
        ("loadBalancer", 'must be network or application, got "alb"; did you mean application?', "load-balancer"),
        ("listener.port", 'must be a whole number, got "80"', "value"),
        ("targets", "unknown key; did you mean target?", "known-key"),
    ]


def test_a_renamed_component_bears_its_old_name() -> None:
    """The engine finds the children of an alias by themselves: their names begin with their component's."""
    monitor = AliasMonitor()
    args = HttpApiArgs(spec=http_api(), backends={"shop": SHOP}, link_id="link")
    options = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="shop")])
    recording = record(lambda: HttpApi("orders", args, options), monitor)
    (component,) = (resource for resource in recording.resources if not resource.custom)
    assert monitor.aliases == {component.urn: ["shop"]}
    assert len(recording.resources) == 6


def test_the_program_of_a_stack_file_checks_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(problems: object) -> None:
        raise AssertionError(problems)

    monkeypatch.setattr(single, "_refuse", refuse)
    assert problems_of(http(spec=http_api(), link_id="link"), AssertionError)[0] == ["[]"]
    assert run_program(surroundings()).resources


def test_a_file_is_read_without_the_constructor() -> None:
    """Pydantic would call a constructor of ours for each block of a file, and take several times as long."""
    for name in settings.__all__:
        model = getattr(settings, name)
        if isinstance(model, type) and issubclass(model, Model):
            assert not model.__pydantic_custom_init__, name
