"""Objects of a wrong kind, given to components: each is refused by its place, before anything is registered."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

import components
from components import (
    AccountLogging,
    AccountLoggingArgs,
    ApiAlarmsArgs,
    ApiKey,
    Backend,
    BackendArgs,
    CustomDomainArgs,
    HttpApi,
    HttpApiArgs,
    HttpVpcLink,
    HttpVpcLinkArgs,
    InvokeRoleArgs,
    Network,
    NetworkArgs,
    NetworkInUse,
    PrivateEndpoint,
    PrivateEndpointArgs,
    RestApi,
    RestApiArgs,
    RestReach,
    RestVpcLink,
    RestVpcLinkArgs,
    TargetAlarmsArgs,
    UsagePlansArgs,
    WebSocketApi,
    WebSocketApiArgs,
    cloud_map_backend,
    existing_backend,
)
from settings import BalancedBackend, HttpLambdaIntegration, HttpRoute, Listener, NewNetwork
from settings import HttpApi as HttpApiSpec
from settings import RestApi as RestApiSpec
from tests.library.programs import http_api, problems_of, record
from tests.library.test_single_components import CHAT, LISTENER, NETWORK, PETS, SHOP, SRV
from tests.programs import only

ANY: Any = None
"""What a type checker would refuse."""

NLB = BalancedBackend(load_balancer="network", listener=Listener(port=80))
IN_USE = "must be a BackendInUse, such as Backend(…).in_use or existing_backend(…)"
NETWORK_IN_USE = "must be a NetworkInUse, such as Network(…).in_use"


def http(**args: Any) -> Callable[[], object]:  # noqa: ANN401 - of a wrong kind
    """Return a program of one HTTP API; an argument may be a function that makes it."""

    def program() -> object:
        made = {key: value() if callable(value) else value for key, value in args.items()}
        return HttpApi("shop", HttpApiArgs(**{"spec": http_api(), "backends": {"shop": SHOP}, **made}))

    return program


def own_backend() -> Any:  # noqa: ANN401 - where another object is wanted
    return Backend("own", BackendArgs(spec=NLB, network=NETWORK))


def own_link() -> Any:  # noqa: ANN401 - where another object is wanted
    return HttpVpcLink("own", HttpVpcLinkArgs(network=NETWORK, backends={"shop": SHOP}))


def own_listener() -> Any:  # noqa: ANN401 - where another object is wanted
    return aws.lb.Listener("own", load_balancer_arn="arn", default_actions=[])


def rest_reach() -> RestReach:
    v1 = RestVpcLink("own", RestVpcLinkArgs(load_balancer_arn=own_backend().in_use.load_balancer_arn))
    wrong: Any = {"link_ids": {"shop": v1}, "http_link_id": own_link()}
    return RestReach(backends={"shop": SHOP}, **wrong)


WRONG: dict[str, tuple[Callable[[], object], list[str]]] = {
    "a backend component": (
        http(backends=lambda: {"shop": own_backend()}),
        [f'HttpApi("shop").backends.shop: {IN_USE}, got the component Backend; give its in_use'],
    ),
    "the settings of a backend": (
        http(backends={"shop": NLB}),
        [f'HttpApi("shop").backends.shop: {IN_USE}, got settings.BalancedBackend'],
    ),
    "a list of backends": (http(backends=[]), ['HttpApi("shop").backends: must be a dict, got []']),
    "a link component": (
        http(link_id=own_link),
        ['HttpApi("shop").link_id: must be text, an output or None, got the component HttpVpcLink; give its link_id'],
    ),
    "the settings of another API": (
        http(spec=CHAT, backends={}),
        [
            (
                'HttpApi("shop").spec: must be settings.HttpApi, got settings.WebSocketApi; '
                "the component WebSocketApi takes it"
            )
        ],
    ),
    "a block of a file": (
        http(spec={"protocol": "HTTP"}),
        [
            (
                "HttpApi(\"shop\").spec: must be settings.HttpApi, got {'protocol': 'HTTP'}; "
                "make it with settings.HttpApi.of(…)"
            )
        ],
    ),
    "no settings, and tags that are no text": (
        http(spec=None, tags={"a": 1}, permissions_boundary=5, is_checked="no"),
        [
            'HttpApi("shop").spec: must be settings.HttpApi, got None',
            'HttpApi("shop").tags.a: must be text or an output, got 1',
            'HttpApi("shop").permissions_boundary: must be text, an output or None, got 5',
            'HttpApi("shop").is_checked: must be True or False, got "no"',
        ],
    ),
    "no args": (lambda: HttpApi("shop", ANY), ['HttpApi("shop").args: must be an HttpApiArgs, got None']),
    "another component's args": (
        lambda: HttpApi("shop", PrivateEndpointArgs(network=NETWORK)),  # type: ignore[arg-type]
        ['HttpApi("shop").args: must be an HttpApiArgs, got a PrivateEndpointArgs'],
    ),
    "account logging as a flag": (
        lambda: WebSocketApi(
            "chat",
            WebSocketApiArgs(spec=CHAT, account_logging=True, link_ids={5: 6}),  # type: ignore[arg-type, dict-item]
        ),
        [
            'WebSocketApi("chat").link_ids.5: must be text, got 5',
            'WebSocketApi("chat").link_ids.5: must be text or an output, got 6',
            'WebSocketApi("chat").account_logging: must be the component AccountLogging or None, got True',
        ],
    ),
    "the ways of a REST API": (
        lambda: RestApi(
            "pets",
            RestApiArgs(
                spec=RestApiSpec.of(PETS),
                reach=rest_reach(),
                vpc_endpoint_ids=[PrivateEndpoint("own", PrivateEndpointArgs(network=NETWORK))],  # type: ignore[list-item]
                account_logging=AccountLogging,  # type: ignore[arg-type]
            ),
        ),
        [
            (
                'RestApi("pets").reach.link_ids.shop: must be text or an output, got the component RestVpcLink; '
                "give its link_id"
            ),
            (
                'RestApi("pets").reach.http_link_id: must be text, an output or None, got the component HttpVpcLink; '
                "give its link_id"
            ),
            (
                'RestApi("pets").vpc_endpoint_ids[0]: must be text or an output, got the component PrivateEndpoint; '
                "give its in_use.endpoint_id"
            ),
            (
                'RestApi("pets").account_logging: must be the component AccountLogging or None, '
                "got the class AccountLogging"
            ),
        ],
    ),
    "one id instead of a list": (
        lambda: RestApi("pets", RestApiArgs(spec=RestApiSpec.of(PETS), vpc_endpoint_ids="vpce-1")),
        ['RestApi("pets").vpc_endpoint_ids: must be a list, got "vpce-1"'],
    ),
    "a backend where its load balancer is meant": (
        lambda: RestVpcLink("chat", RestVpcLinkArgs(load_balancer_arn=own_backend())),
        [
            (
                'RestVpcLink("chat").load_balancer_arn: must be text, an output or None, got the component Backend; '
                "give its in_use.load_balancer_arn"
            )
        ],
    ),
    "a network component": (
        lambda: Backend("shop", BackendArgs(spec=NLB, network=Network("own", NetworkArgs()))),  # type: ignore[arg-type]
        [f'Backend("shop").network: {NETWORK_IN_USE}, got the component Network; give its in_use'],
    ),
    "no network": (
        lambda: HttpVpcLink("shop", HttpVpcLinkArgs(network=ANY, backends={"shop": SHOP})),
        [f'HttpVpcLink("shop").network: {NETWORK_IN_USE}, got None'],
    ),
    "texts that are no network": (
        lambda: NetworkInUse(vpc_id="shop", cidr="10.0.0.0/99", private_subnet_ids=["subnet-1", "b"]),
        [
            'NetworkInUse.vpc_id: must be a VPC\'s id such as vpc-0a1b2c3d4e5f67890, got "shop"',
            'NetworkInUse.private_subnet_ids[1]: must be a subnet\'s id such as subnet-0a1b2c3d4e5f67890, got "b"',
            'NetworkInUse.cidr: must be an IPv4 range such as 10.0.0.0/16, got "10.0.0.0/99"',
        ],
    ),
    "one subnet": (
        lambda: NetworkInUse(vpc_id="vpc-1", cidr="10.0.0.0/16", private_subnet_ids="subnet-1"),
        ['NetworkInUse.private_subnet_ids: must be a list or an output, got "subnet-1"'],
    ),
    "a listener instead of its ARN": (
        lambda: existing_backend(listener_arn=own_listener(), port=80, protocol="HTTP"),
        ["listener_arn: must be text or an output, got the resource Listener; give its arn"],
    ),
    "a port that is not known": (
        lambda: existing_backend(listener_arn=LISTENER, port=pulumi.Output.from_input(80), protocol="HTTP"),  # type: ignore[arg-type]
        ["port: must be a whole number, got an output, which is not known in time"],
    ),
    "a Cloud Map service by its name": (
        lambda: cloud_map_backend("x"),  # type: ignore[arg-type]
        ['spec: must be settings.CloudMapBackend, got "x"'],
    ),
    "the settings instead of an API": (
        lambda: ApiAlarmsArgs.of(http_api()),  # type: ignore[arg-type]
        [
            (
                "ApiAlarmsArgs.of.api: must be the component WebSocketApi, the component HttpApi or the component "
                "RestApi, got settings.HttpApi"
            )
        ],
    ),
    "a backend component to alarm": (
        lambda: TargetAlarmsArgs.of(own_backend(), "arn"),
        [
            f"TargetAlarmsArgs.of.backend: {IN_USE}, got the component Backend; give its in_use",
            'TargetAlarmsArgs.of.topics: must be a list, got "arn"',
        ],
    ),
    "no API that calls a role": (
        lambda: InvokeRoleArgs.of(ANY),
        ["InvokeRoleArgs.of.api: must be the component WebSocketApi or the component HttpApi, got None"],
    ),
    "keys that are none": (
        lambda: UsagePlansArgs.of(ANY, {"acme": ApiKey}),  # type: ignore[dict-item]
        [
            "UsagePlansArgs.of.api: must be the component WebSocketApi or the component RestApi, got None",
            "UsagePlansArgs.of.keys.acme: must be the component ApiKey, got the class ApiKey",
        ],
    ),
    "a domain of nothing": (CustomDomainArgs.of, ["CustomDomainArgs.of: must be given an API, got none"]),
    "a domain of settings": (
        lambda: CustomDomainArgs.of(http_api()),  # type: ignore[arg-type]
        [
            (
                "CustomDomainArgs.of.apis[0]: must be the component WebSocketApi, the component HttpApi or the "
                "component RestApi, got settings.HttpApi"
            )
        ],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_of_a_wrong_kind_is_refused(case: str) -> None:
    program, expected = WRONG[case]
    problems, registered = problems_of(program)
    assert problems == expected
    assert {name.partition("-")[0] for name in registered} <= {"own"}


def components_by_name() -> dict[str, Any]:
    found = {name: getattr(components, name) for name in components.__all__}
    return {
        name: kind
        for name, kind in found.items()
        if isinstance(kind, type) and issubclass(kind, pulumi.ComponentResource)
    }


@pytest.mark.parametrize("name", components_by_name())
def test_every_component_looks_at_its_arguments_first(name: str) -> None:
    article = "an" if name[0] in "AHI" else "a"
    problems, registered = problems_of(lambda: components_by_name()[name]("shop", None))
    assert (problems, registered) == ([f'{name}("shop").args: must be {article} {name}Args, got None'], [])


def test_what_the_engine_learns_later_is_taken_for_what_it_will_be() -> None:
    """An id may be an output or an awaitable, and so may a tag."""

    def program() -> None:
        async def link_id() -> str:
            return "link"

        owner = pulumi.Output.from_input("edge")
        later = NetworkInUse(
            vpc_id=pulumi.Output.from_input("vpc-1"),
            cidr=pulumi.Output.from_input("10.0.0.0/16"),
            private_subnet_ids=[pulumi.Output.from_input("subnet-1")],
        )
        HttpVpcLink("http", HttpVpcLinkArgs(network=later, backends={"shop": SHOP, "stock": SRV}))
        HttpApi("shop", HttpApiArgs(spec=http_api(), backends={"shop": SHOP}, link_id=link_id(), tags={"owner": owner}))

    recording = record(program)
    assert only(recording, "aws:apigatewayv2/api:Api").inputs["tags"] == {"owner": "edge"}
    assert only(recording, "aws:apigatewayv2/integration:Integration").inputs["connectionId"] == "link"


FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:shop"
WARNED: dict[str, tuple[Callable[[], object], list[str]]] = {
    "an API": (
        http(
            spec=http_api(
                integrations={
                    "items": HttpLambdaIntegration.of(
                        {"integrationType": "AWS_PROXY", "integrationUri": FUNCTION, "payloadFormatVersion": "2.0"}
                    )
                }
            ),
            link_id="link",
        ),
        ["apis.shop.integrations.items: is used by no route and is not provisioned [idle-integration]"],
    ),
    "a backend": (
        lambda: Backend(
            "shop",
            BackendArgs(
                spec=BalancedBackend.of(
                    {"loadBalancer": "network", "listener": {"port": 80}, "accessLogs": {"bucket": "logs"}}
                ),
                network=NETWORK,
            ),
        ),
        [
            (
                "backends.shop.accessLogs: stay empty: a network load balancer logs connections to TLS listeners only, "
                "got TCP [balancer-logs]"
            )
        ],
    ),
    "a network": (
        lambda: Network(
            "network",
            NetworkArgs(spec=NewNetwork.of({"vpcEndpoints": [{"service": "execute-api", "privateDns": True}]})),
        ),
        [
            (
                "network.vpcEndpoints[0].privateDns: captures the names of every API of the Region in this VPC, "
                "connectionsUrl included, with 403 [captured-names]"
            )
        ],
    ),
    "nothing doubtful": (http(link_id="link"), []),
    "account logging": (lambda: AccountLogging("logging", AccountLoggingArgs()), []),
}


@pytest.mark.parametrize("case", WARNED)
def test_what_is_doubtful_is_logged_once(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program, expected = WARNED[case]
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    record(program)
    assert said == expected


def test_a_model_of_a_block_names_its_place() -> None:
    route = {"GET /": {"integration": "items", "integrations": "items"}}
    problems, _ = problems_of(lambda: HttpApiSpec.of({"protocol": "REST", "routes": route}, place="apis.orders"))
    assert [problem.partition(": ")[0] for problem in problems] == [
        "apis.orders.protocol",
        'apis.orders.routes["GET /"].integrations',
    ]
    assert problems[0] == 'apis.orders.protocol: must be HTTP, got "REST"'
    assert HttpApiSpec.of({"protocol": "HTTP", "routes": {"GET /": {"integration": "items"}}}, place="x").routes


def test_an_output_among_settings_is_called_one() -> None:
    def by_itself() -> None:
        HttpRoute.of({"integration": "items", "operationName": pulumi.Output.from_input("items")})

    def in_a_list() -> None:
        HttpRoute.of({"integration": "items", "operationName": [pulumi.Output.from_input("items")]})

    assert problems_of(by_itself)[0] == ["operationName: must be text, got an output, which is not known in time"]
    assert problems_of(in_a_list)[0] == ['operationName: must be text, got ["an output"]']
