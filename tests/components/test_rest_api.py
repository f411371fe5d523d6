"""A REST API: what is registered, what redeploys it, in which order, and what its callers need."""

import asyncio
import functools
import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from apigateway.link_variables import link_variable
from apigateway.resource_policies import policy_text
from components.backend_in_use import BackendInUse
from components.rest_api import RestApi, RestApiArgs
from components.rest_definition import FORMAT
from components.rest_integrations import RestReach
from local.recorder.monitor import RecordingMonitor, run_recorded
from local.recording import Recording
from settings import ExistingBackend
from settings import RestApi as RestApiSpec
from tests.components.rest_apis import (
    API,
    BY_V1_LINK,
    BY_V2_LINK,
    DEPLOYMENT,
    FUNCTION,
    MOCK,
    PERMISSION,
    STAGE,
    TAGS,
    V1_LINK,
    V2_LINK,
    body_of,
    catalog,
    integration_of,
    legacy_settings,
    rest_settings,
    triggers_of,
)
from tests.programs import Settings, names, only, run_program

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
PRINCIPALS = ["222233334444"]
ALLOW = {
    "Effect": "Allow",
    "Principal": {"AWS": ["arn:aws:iam::222233334444:root"]},
    "Action": "execute-api:Invoke",
    "Resource": "*",
}
OWN_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"},
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
            "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b"}},
        },
    ],
}
Change = Callable[[Settings], object]


def within(endpoints: list[str]) -> Settings:
    """Return the statement that limits an API to some endpoints."""
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:SourceVpce": endpoints}},
    }


def private(*endpoints: str, **api: Any) -> Recording:  # noqa: ANN401 - JSON
    """Run a program with a private API."""
    configuration = {"types": ["PRIVATE"], "vpcEndpointIds": list(endpoints)}
    return catalog(endpointConfiguration=configuration, **api)


def policy_of(recording: Recording) -> Any:  # noqa: ANN401 - JSON
    """Return the API's policy; the document has the same."""
    policy = json.loads(str(only(recording, API).inputs["policy"]))
    assert body_of(recording)["x-amazon-apigateway-policy"] == policy
    return policy


# --- the API


def test_the_api() -> None:
    recording = catalog()
    inputs = dict(only(recording, API).inputs)
    assert json.loads(str(inputs.pop("body")))["info"]["title"] == "catalog"
    assert inputs == {
        "endpointConfiguration": {"types": "REGIONAL", "ipAddressType": "ipv4"},
        "binaryMediaTypes": [],
        "minimumCompressionSize": "-1",
        "apiKeySource": "HEADER",
        "disableExecuteApiEndpoint": False,
        "description": "REST API catalog",
        "tags": TAGS,
    }


def test_what_the_stack_says_of_the_api() -> None:
    recording = catalog(
        endpointConfiguration={"types": ["EDGE"]},
        ipAddressType="dualstack",
        binaryMediaTypes=["image/png", "*/*"],
        minimumCompressionSize=0,
        apiKeySourceType="AUTHORIZER",
        disableExecuteApiEndpoint=True,
        domain={"domainName": "pets.example.com", "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"},
        description="Pets",
        resourcePolicy=OWN_POLICY,
    )
    inputs = dict(only(recording, API).inputs)
    document = json.loads(str(inputs.pop("body")))
    assert inputs == {
        "endpointConfiguration": {"types": "EDGE", "ipAddressType": "dualstack"},
        "policy": policy_text(OWN_POLICY),
        "binaryMediaTypes": ["image/png", "*/*"],
        "minimumCompressionSize": "0",
        "apiKeySource": "AUTHORIZER",
        "disableExecuteApiEndpoint": True,
        "description": "Pets",
        "tags": TAGS,
    }
    assert document["x-amazon-apigateway-policy"] == OWN_POLICY
    assert document["x-amazon-apigateway-binary-media-types"] == ["image/png", "*/*"]
    assert document["x-amazon-apigateway-minimum-compression-size"] == 0
    assert document["x-amazon-apigateway-api-key-source"] == "AUTHORIZER"
    endpoint = {"x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": True}}
    assert document["servers"] == [{"url": "/", **endpoint}]
    assert document.items() >= endpoint.items()


def test_the_document_has_the_same_text_whatever_the_order_in_the_file() -> None:
    routes = {"GET /a": {"integration": MOCK}, "GET /b": {"integration": MOCK}}
    turned = {key: routes[key] for key in reversed(routes)}
    assert only(catalog(routes), API).inputs["body"] == only(catalog(turned), API).inputs["body"]


def test_nothing_of_an_api_that_stays_public_is_replaced_by_our_doing() -> None:
    recording = catalog({"GET /pets": {"integration": BY_V1_LINK}})
    api, deployment, stage = (only(recording, kind) for kind in (API, DEPLOYMENT, STAGE))
    assert [made.delete_before_replace for made in (api, deployment, stage)] == [False, False, None]
    assert [made.replacement_trigger for made in (api, deployment, stage)] == ["public", None, None]
    assert not api.replace_on_changes
    assert not stage.replace_on_changes


# --- a first preview


def test_a_first_preview_knows_the_document_of_an_api_without_backends() -> None:
    assert only(catalog(known=False), API).inputs["body"] == only(catalog(), API).inputs["body"]


def test_a_first_preview_does_not_know_the_document_of_an_api_with_backends() -> None:
    inputs = only(catalog({"GET /pets": {"integration": BY_V1_LINK}}, known=False), API).inputs
    assert inputs["body"] == "<unknown>"
    assert {key for key, value in inputs.items() if value == "<unknown>"} == {"body"}


def test_a_first_preview_knows_the_document_of_an_api_before_a_balancer_that_exists() -> None:
    """For the link's id, which is not known yet, is with the stage and not in the document."""
    first, last = (run_program(legacy_settings("net"), known=known) for known in (False, True))
    assert only(first, API).inputs["body"] == only(last, API).inputs["body"]
    assert only(first, STAGE).inputs["variables"] == {"vpcLink_legacy": "<unknown>"}


def plain(value: str) -> Callable[[], pulumi.Input[str]]:
    return lambda: value


def secret(value: str) -> Callable[[], pulumi.Input[str]]:
    """Return a maker of a secret: there are outputs in a running program alone."""
    return lambda: pulumi.Output.secret(value)


def run_component(
    link_id: Callable[[], pulumi.Input[str]], dns_name: Callable[[], pulumi.Input[str]] = lambda: "pets.example"
) -> Recording:
    """Run a program of one component, with a backend that exists and a link of this id."""
    balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/pets/0123456789abcdef"
    listener = f"{balancer.replace(':loadbalancer/', ':listener/')}/fedcba9876543210"
    spec = ExistingBackend.model_validate(
        {
            "loadBalancerArn": balancer,
            "listenerArn": listener,
            "dnsName": "pets.example",
            "port": 80,
            "protocol": "TCP",
        }
    )
    api = RestApiSpec.model_validate({"protocol": "REST", "routes": {"GET /pets": {"integration": BY_V1_LINK}}})
    monitor = RecordingMonitor(project="gatelink", stack="dev", region="us-east-1")

    def program() -> None:
        backend = BackendInUse(spec=spec, http_uri=listener, load_balancer_arn=balancer, dns_name=dns_name())
        RestApi(
            "catalog",
            RestApiArgs(
                spec=api,
                stack="dev",
                log_prefix="/logs",
                reach=RestReach(backends={"chat": backend}, link_ids={"chat": link_id()}, http_link_id=None),
                vpc_endpoint_ids=(),
                account_logging=None,
                tags={},
            ),
        )

    async def run() -> Recording:
        return await run_recorded(monitor, program)

    return asyncio.run(run())


def test_a_secret_in_the_document_makes_it_one() -> None:
    assert '"uri": "http://pets.example/pets"' in str(only(run_component(plain("l1")), API).inputs["body"])
    recording = run_component(plain("l1"), secret("pets.example"))
    assert only(recording, API).inputs["body"] == "<secret>"
    assert triggers_of(recording) == "<secret>"
    assert only(recording, STAGE).inputs["variables"] == {"vpcLink_chat": "l1"}


def test_a_secret_id_of_a_link_is_one_of_the_stage_and_not_of_the_document() -> None:
    recording = run_component(secret("l1"))
    assert only(recording, STAGE).inputs["variables"] == "<secret>"
    assert triggers_of(recording) == "<secret>"
    assert only(recording, API).inputs["body"] == only(run_component(plain("l1")), API).inputs["body"]


# --- functions


def test_each_function_lets_the_api_in_once() -> None:
    token = {"authorizerType": "TOKEN", "authorizerUri": f"{FUNCTION}:auth"}
    functions = {
        "GET /a": {"integration": {"integrationType": "AWS_PROXY", "integrationUri": f"{FUNCTION}:pets"}},
        "GET /b": {
            "integration": {
                "integrationType": "AWS",
                "integrationUri": f"{FUNCTION}:pets",
                "integrationResponses": {"200": {}},
            },
            "authorization": "first",
        },
        "GET /c": {"integration": MOCK, "authorization": "second"},
        "GET /d": {"integration": MOCK, "authorization": "pool"},
        "GET /e": {"integration": MOCK, "authorization": "role"},
    }
    recording = catalog(
        functions,
        authorizers={
            "second": {"authorizerType": "REQUEST", "authorizerUri": f"{FUNCTION}:auth"},
            "first": token,
            "role": {
                **token,
                "authorizerUri": f"{FUNCTION}:other",
                "authorizerCredentialsArn": "arn:aws:iam::123456789012:role/asks",
            },
            "pool": {
                "authorizerType": "COGNITO_USER_POOLS",
                "providerArns": ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a1B2c3D4e"],
            },
        },
    )
    arn = only(recording, API).outputs["executionArn"]
    allowed = {"action": "lambda:InvokeFunction", "principal": "apigateway.amazonaws.com"}
    assert {made.name: made.inputs for made in recording.of_type(PERMISSION)} == {
        "catalog-pets": {**allowed, "function": f"{FUNCTION}:pets", "sourceArn": f"{arn}/*"},
        "catalog-first-authorizer": {**allowed, "function": f"{FUNCTION}:auth", "sourceArn": f"{arn}/authorizers/*"},
    }
    deployment = only(recording, DEPLOYMENT)
    assert {made.urn for made in recording.of_type(PERMISSION)} <= set(deployment.dependencies)


def test_a_function_that_only_a_stage_knows_gets_no_permission() -> None:
    token = {"authorizerType": "TOKEN", "authorizerUri": f"{FUNCTION}:auth-${{stageVariables.tenant}}"}
    recording = catalog(
        {"GET /pets": {"integration": MOCK, "authorization": "token"}},
        authorizers={"token": token},
        stage={"variables": {"tenant": "acme"}},
    )
    assert not names(recording, PERMISSION)


# --- who may call


def test_principals_make_the_policy_and_are_told_theirs() -> None:
    recording = catalog(invokePrincipals=PRINCIPALS)
    assert policy_of(recording) == {"Version": "2012-10-17", "Statement": [ALLOW]}
    apis: Any = recording.outputs["apis"]
    arn = only(recording, API).outputs["executionArn"]
    assert json.loads(apis["catalog"]["callerPolicy"]) == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": [f"{arn}/*"]}],
    }


@pytest.mark.parametrize(
    "api",
    [
        {"resourcePolicy": OWN_POLICY},
        {"routes": {"GET /health": {"integration": MOCK, "authorization": "AWS_IAM"}}},
    ],
    ids=["a policy", "a signed route"],
)
def test_whose_callers_need_a_policy_of_their_own(api: Settings) -> None:
    recording = catalog(**api)
    apis: Any = recording.outputs["apis"]
    (statement,) = json.loads(apis["catalog"]["callerPolicy"])["Statement"]
    assert statement["Resource"] == [f"{only(recording, API).outputs['executionArn']}/*"]


def test_principals_are_of_the_stacks_partition() -> None:
    recording = run_program(rest_settings(invokePrincipals=PRINCIPALS), region="cn-north-1")
    assert policy_of(recording)["Statement"][0]["Principal"] == {"AWS": ["arn:aws-cn:iam::222233334444:root"]}


def test_a_policy_of_the_stacks_own_stays_as_it_is() -> None:
    assert policy_of(catalog(resourcePolicy=OWN_POLICY)) == OWN_POLICY
    assert policy_of(private("vpce-0a1b", resourcePolicy=OWN_POLICY)) == OWN_POLICY


def test_an_api_without_either_has_no_policy() -> None:
    recording = catalog()
    assert "policy" not in only(recording, API).inputs
    assert "x-amazon-apigateway-policy" not in body_of(recording)
    apis: Any = recording.outputs["apis"]
    assert "callerPolicy" not in apis["catalog"]


def test_principals_of_a_private_api_get_in_by_its_endpoints_alone() -> None:
    recording = private("vpce-0a1b", "vpce-0c2d", invokePrincipals=PRINCIPALS)
    endpoints = ["vpce-0a1b", "vpce-0c2d"]
    assert policy_of(recording)["Statement"] == [ALLOW, within(endpoints)]
    assert only(recording, API).inputs["endpointConfiguration"] == {
        "types": "PRIVATE",
        "ipAddressType": "dualstack",
        "vpcEndpointIds": endpoints,
    }
    said = {"disableExecuteApiEndpoint": False, "vpcEndpointIds": endpoints}
    assert body_of(recording)["x-amazon-apigateway-endpoint-configuration"] == said
    assert body_of(recording)["servers"] == [{"url": "/", "x-amazon-apigateway-endpoint-configuration": said}]
    assert "policy" not in triggers_of(recording)
    assert "execute-api" not in names(recording, ENDPOINT)


def test_a_private_api_that_names_no_endpoint_gets_the_stacks() -> None:
    recording = private(invokePrincipals=PRINCIPALS)
    endpoint = only(recording, ENDPOINT, "execute-api").id
    assert policy_of(recording)["Statement"] == [ALLOW, within([endpoint])]
    assert only(recording, ENDPOINT, "execute-api").urn in only(recording, API).dependencies
    apis: Any = recording.outputs["apis"]
    api = only(recording, API).id
    assert apis["catalog"]["endpoint"] == f"https://{api}-{endpoint}.execute-api.us-east-1.amazonaws.com/dev"
    assert apis["catalog"]["vpcEndpointIds"] == [endpoint]


def test_a_first_preview_of_a_private_api() -> None:
    configuration = {"types": ["PRIVATE"]}
    recording = catalog(known=False, endpointConfiguration=configuration, invokePrincipals=PRINCIPALS)
    inputs = only(recording, API).inputs
    assert (inputs["body"], inputs["policy"], triggers_of(recording)["policy"]) == ("<unknown>",) * 3


# --- outputs


def test_the_outputs() -> None:
    recording = catalog()
    api = only(recording, API).id
    apis: Any = recording.outputs["apis"]
    assert apis["catalog"] == {
        "apiId": api,
        "protocol": "REST",
        "endpoint": f"https://{api}.execute-api.us-east-1.amazonaws.com/dev",
        "executionArn": f"arn:aws:execute-api:us-east-1:123456789012:{api}",
        "stage": "dev",
    }
    assert only(recording, "gatelink:components:RestApi").outputs == apis["catalog"]


def test_the_outputs_of_several_stages() -> None:
    recording = catalog(stages=[{"name": "blue"}, {"name": "green"}])
    url = f"https://{only(recording, API).id}.execute-api.us-east-1.amazonaws.com"
    apis: Any = recording.outputs["apis"]
    assert (apis["catalog"]["stage"], apis["catalog"]["endpoint"]) == ("blue", f"{url}/blue")
    assert apis["catalog"]["stages"] == {name: {"endpoint": f"{url}/{name}"} for name in ("blue", "green")}


# --- what redeploys, and what does not


def settings_with_everything() -> Settings:
    """Return settings of an API with a backend of each kind, an authorizer, a model and two stages."""
    return rest_settings(
        {
            "GET /pets": {"integration": "pets", "authorization": "token"},
            "ANY /orders/{proxy+}": {
                "integration": {
                    **BY_V2_LINK,
                    "path": "/orders/{proxy}",
                    "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"},
                }
            },
            "POST /pets": {"integration": MOCK, "requestModels": {"application/json": "pet"}},
        },
        integrations={"pets": BY_V1_LINK},
        authorizers={"token": {"authorizerType": "TOKEN", "authorizerUri": f"{FUNCTION}:auth"}},
        models={"pet": {"schema": {"type": "object"}}},
        stages=[{"name": "dev"}, {"name": "blue"}],
    )


def api_of(settings: Settings) -> Any:  # noqa: ANN401 - JSON
    return settings["apis"]["catalog"]


@functools.cache
def run_with(*changes: Change, known: bool = True) -> Recording:
    """Run the program on these settings, changed; each change once for all tests."""
    settings = settings_with_everything()
    for change in changes:
        change(settings)
    return run_program(settings, known=known)


@pytest.fixture(scope="module", name="before")
def _before() -> Recording:
    return run_with()


def a_mapping(settings: Settings) -> None:
    api_of(settings)["integrations"]["pets"] = {
        **BY_V1_LINK,
        "requestParameters": {"integration.request.header.tenant": "stageVariables.tenant"},
    }


def a_path(settings: Settings) -> None:
    api_of(settings)["integrations"]["pets"] = {**BY_V1_LINK, "path": "/elsewhere"}


def a_timeout(settings: Settings) -> None:
    api_of(settings)["integrations"]["pets"] = {**BY_V1_LINK, "timeoutInMillis": 1000}


def a_template(settings: Settings) -> None:
    api_of(settings)["routes"]["POST /pets"]["integration"] = {
        **MOCK,
        "requestTemplates": {"application/json": '{"statusCode": 200 }'},
    }


def a_response(settings: Settings) -> None:
    responses = {"200": {}, "404": {"selectionPattern": "404"}}
    api_of(settings)["routes"]["POST /pets"]["integration"] = {**MOCK, "integrationResponses": responses}


def a_model(settings: Settings) -> None:
    api_of(settings)["models"]["pet"]["schema"] = {"type": "object", "required": ["name"]}


def an_authorizer(settings: Settings) -> None:
    api_of(settings)["authorizers"]["token"]["authorizerResultTtlInSeconds"] = 0


def who_may_call(settings: Settings) -> None:
    api_of(settings)["routes"]["GET /pets"]["authorization"] = "AWS_IAM"


def a_declared_parameter(settings: Settings) -> None:
    api_of(settings)["routes"]["GET /pets"]["requestParameters"] = {"method.request.header.a": {"required": True}}


def a_new_route(settings: Settings) -> None:
    api_of(settings)["routes"]["DELETE /pets"] = {"integration": "pets"}


def a_route_less(settings: Settings) -> None:
    del api_of(settings)["routes"]["POST /pets"]


def a_gateway_response(settings: Settings) -> None:
    api_of(settings)["gatewayResponses"] = {"UNAUTHORIZED": {"statusCode": "403"}}


def binary_types(settings: Settings) -> None:
    api_of(settings)["binaryMediaTypes"] = ["image/png"]


def compression(settings: Settings) -> None:
    api_of(settings)["minimumCompressionSize"] = 1024


def where_the_api_key_is(settings: Settings) -> None:
    api_of(settings)["apiKeySourceType"] = "AUTHORIZER"


def principals(settings: Settings) -> None:
    api_of(settings)["invokePrincipals"] = PRINCIPALS


def a_policy(settings: Settings) -> None:
    api_of(settings)["resourcePolicy"] = OWN_POLICY


def where_it_answers(settings: Settings) -> None:
    api_of(settings)["endpointConfiguration"] = {"types": ["EDGE"]}


CONTENT = [
    a_mapping,
    a_path,
    a_timeout,
    a_template,
    a_response,
    a_model,
    an_authorizer,
    who_may_call,
    a_declared_parameter,
    a_new_route,
    a_route_less,
    a_gateway_response,
    binary_types,
    compression,
    where_the_api_key_is,
    principals,
    a_policy,
    where_it_answers,
]


@pytest.mark.parametrize("change", CONTENT)
def test_a_change_of_what_is_snapshotted_redeploys(change: Change, before: Recording) -> None:
    after = triggers_of(run_with(change))
    assert after["spec"] != triggers_of(before)["spec"]
    assert {**after, "spec": ""} == {**triggers_of(before), "spec": ""}


def test_another_format_of_documents_redeploys(before: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.integration_plan.FORMAT", FORMAT + 1)
    after = run_program(settings_with_everything())
    assert triggers_of(after)["spec"] != triggers_of(before)["spec"]
    assert only(after, API).inputs == only(before, API).inputs


@pytest.mark.parametrize("change", [a_mapping, a_model, an_authorizer, principals])
def test_a_preview_knows_the_specs_hash_before_any_id(change: Change) -> None:
    unknown = triggers_of(run_with(change, known=False))
    assert unknown["spec"] == triggers_of(run_with(change))["spec"]
    assert {value for key, value in unknown.items() if key != "spec"} == {"<unknown>"}


def test_what_a_deployment_depends_on_by_its_id_has_a_key_of_its_own(before: Recording) -> None:
    chat, orders = (only(before, BALANCER, name).outputs for name in ("chat", "orders"))
    assert {key: value for key, value in triggers_of(before).items() if key != "spec"} == {
        "connectionId:chat": only(before, V1_LINK).id,
        "integrationUri:chat": f"http://{chat['dnsName']}",
        "connectionId:orders": only(before, V2_LINK).id,
        "integrationUri:orders": f"http://{orders['dnsName']}",
        "integrationTarget:orders": orders["arn"],
    }


def tags(settings: Settings) -> None:
    settings["tags"] = {"team": "core"}


def addresses(settings: Settings) -> None:
    settings["backends"]["chat"]["target"]["addresses"] = ["10.20.1.5"]


def limits(settings: Settings) -> None:
    for stage in api_of(settings)["stages"]:
        stage["throttling"] = "blocked"


def stage_variables(settings: Settings) -> None:
    api_of(settings)["stages"][0]["variables"] = {"tenant": "acme"}


def a_description(settings: Settings) -> None:
    api_of(settings)["description"] = "Pets"
    api_of(settings)["version"] = "2"


def address_type(settings: Settings) -> None:
    api_of(settings)["ipAddressType"] = "dualstack"


def a_shared_integrations_name(settings: Settings) -> None:
    api_of(settings)["integrations"]["animals"] = api_of(settings)["integrations"].pop("pets")
    api_of(settings)["routes"]["GET /pets"]["integration"] = "animals"


def the_order(settings: Settings) -> None:
    routes = api_of(settings)["routes"]
    api_of(settings)["routes"] = {key: routes[key] for key in reversed(routes)}


@pytest.mark.parametrize(
    "change",
    [
        tags,
        addresses,
        limits,
        stage_variables,
        a_description,
        address_type,
        a_shared_integrations_name,
        the_order,
    ],
)
def test_a_change_of_anything_else_does_not_redeploy(change: Change, before: Recording) -> None:
    after = run_with(change)
    assert after != before or change is the_order or change is a_shared_integrations_name
    assert triggers_of(after) == triggers_of(before)


def test_another_endpoint_of_a_private_api_redeploys_by_the_policys_text() -> None:
    recording = private(invokePrincipals=PRINCIPALS)
    assert len(str(triggers_of(recording)["policy"])) == len("0" * 64)
    elsewhere = run_program(
        rest_settings(endpointConfiguration={"types": ["PRIVATE"]}, invokePrincipals=PRINCIPALS), stack="prod"
    )
    assert triggers_of(elsewhere)["spec"] == triggers_of(recording)["spec"]
    assert triggers_of(elsewhere)["policy"] != triggers_of(recording)["policy"]


# --- letting go of a link


def test_the_order_of_a_first_deployment(before: Recording) -> None:
    api, deployment = only(before, API), only(before, DEPLOYMENT)
    assert api.urn in deployment.dependencies
    for stage in before.of_type(STAGE):
        assert {deployment.urn, only(before, V1_LINK).urn, only(before, V2_LINK).urn} <= set(stage.dependencies)


def test_every_stage_has_the_ids_of_the_links_that_the_document_names(before: Recording) -> None:
    paths = body_of(before)["paths"]
    pets, orders = paths["/pets"]["get"], paths["/orders/{proxy+}"]["x-amazon-apigateway-any-method"]
    connections = [found["x-amazon-apigateway-integration"]["connectionId"] for found in (pets, orders)]
    assert connections == ["${stageVariables.vpcLink_chat}", "${stageVariables.vpcLink}"]
    links = {"vpcLink_chat": only(before, V1_LINK).id, "vpcLink": only(before, V2_LINK).id}
    assert [stage.inputs["variables"] for stage in before.of_type(STAGE)] == [links, links]


def test_the_links_stand_beside_the_stages_own_variables(before: Recording) -> None:
    dev, blue = (only(run_with(stage_variables), STAGE, f"catalog-{name}") for name in ("dev", "blue"))
    links = only(before, STAGE, "catalog-dev").inputs["variables"]
    assert isinstance(links, dict)
    assert dev.inputs["variables"] == {**links, "tenant": "acme"}
    assert blue.inputs["variables"] == links


def test_a_backend_whose_name_no_variable_may_have_gets_another_one() -> None:
    settings = rest_settings({"GET /pets": {"integration": {**BY_V1_LINK, "backend": "chat-eu"}}})
    settings["backends"]["chat-eu"] = settings["backends"].pop("chat")
    recording = run_program(settings)
    variable = link_variable("chat-eu")
    assert variable.startswith("vpcLink_chat_eu_")
    assert integration_of(recording, "GET /pets")["connectionId"] == f"${{stageVariables.{variable}}}"
    assert only(recording, STAGE).inputs["variables"] == {variable: only(recording, V1_LINK).id}
    assert triggers_of(recording)["connectionId:chat-eu"] == only(recording, V1_LINK).id


def test_a_link_is_named_by_the_deployment_and_the_stages_alone(before: Recording) -> None:
    """So nothing but these has to change before a link goes: the one by a new one, the others in place."""
    for kind in (V1_LINK, V2_LINK):
        link = only(before, kind)
        naming = {made.type for made in before.resources if link.id in json.dumps(made.inputs)}
        depending = {made.type for made in before.resources if link.urn in made.dependencies}
        assert naming == depending == {DEPLOYMENT, STAGE}


def test_another_link_changes_the_stage_and_the_triggers_and_not_the_document() -> None:
    was, is_now = ({made.urn: made for made in run_component(plain(link)).resources} for link in ("l1", "l2"))
    assert was.keys() == is_now.keys()
    changed = {urn for urn, made in is_now.items() if made.inputs != was[urn].inputs}
    assert {is_now[urn].type for urn in changed} == {DEPLOYMENT, STAGE}
    for urn in changed:
        assert json.dumps(is_now[urn].inputs) == json.dumps(was[urn].inputs).replace('"l1"', '"l2"')


def turned_to_mock(settings: Settings) -> None:
    api_of(settings)["routes"]["GET /pets"]["integration"] = MOCK
    del api_of(settings)["integrations"]


def removed(settings: Settings) -> None:
    del api_of(settings)["routes"]["GET /pets"]
    del api_of(settings)["integrations"], api_of(settings)["authorizers"]


@pytest.mark.parametrize("change", [turned_to_mock, removed])
def test_a_route_that_leaves_its_backend_is_gone_everywhere_at_once_and_lets_the_link_go(
    change: Change, before: Recording
) -> None:
    after = run_with(change)
    was, is_now = ({made.urn: made for made in run.resources} for run in (before, after))
    gone = {urn for urn in was.keys() - is_now.keys() if "chat" in urn and "vpcLink" in urn}
    assert gone == {only(before, V1_LINK).urn}
    assert not is_now.keys() - was.keys()
    changed = {
        urn: {key for key in made.inputs if made.inputs[key] != was[urn].inputs.get(key)}
        for urn, made in is_now.items()
        if made.inputs != was[urn].inputs and made.type.startswith("aws:apigateway/")
    }
    stages = {stage.urn: {"variables"} for stage in after.of_type(STAGE)}
    assert changed == {only(after, API).urn: {"body"}, only(after, DEPLOYMENT).urn: {"triggers"}, **stages}
    for stage in after.of_type(STAGE):
        assert stage.inputs["variables"] == {"vpcLink": only(after, V2_LINK).id}
    assert "connectionId:chat" not in triggers_of(after)
    assert only(before, V1_LINK).id not in json.dumps([made.inputs for made in after.resources])
