"""What redeploys the HTTP stages that do not deploy by themselves, read off recordings before and after a change."""

from collections.abc import Callable
from typing import Any

import pytest

from local.recording import Recording
from tests.programs import Settings, dev_settings, names, only, run_program

DEPLOYMENT = "aws:apigatewayv2/deployment:Deployment"
STAGE = "aws:apigatewayv2/stage:Stage"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:check"


def shop() -> Settings:
    """Return a stack with one HTTP API that has a private integration, a service, an authorizer and two stages."""
    settings = dev_settings()
    del settings["apis"]["chat"]
    settings["apis"]["orders"] |= {
        "stages": [
            {"name": "live", "autoDeploy": False},
            {"name": "next", "autoDeploy": False},
            {"name": "$default"},
        ],
        "authorizers": {"guard": {"authorizerType": "REQUEST", "authorizerUri": FUNCTION}},
        "integrations": {
            "queue": {
                "integrationType": "AWS_PROXY",
                "integrationSubtype": "SQS-SendMessage",
                "requestParameters": {
                    "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/orders",
                    "MessageBody": "$request.body",
                },
            }
        },
    }
    del settings["apis"]["orders"]["stage"]
    settings["apis"]["orders"]["routes"]["POST /orders"] = {"integration": "queue", "authorization": "guard"}
    return settings


def triggers(recording: Recording) -> Any:  # noqa: ANN401 - JSON
    return only(recording, DEPLOYMENT, "orders").inputs["triggers"]


def edited(change: Callable[[Settings], object], *, known: bool = True) -> Any:  # noqa: ANN401 - JSON
    settings = shop()
    change(settings)
    return triggers(run_program(settings, known=known))


def test_a_stage_that_deploys_by_itself_has_no_deployment() -> None:
    assert names(run_program(dev_settings()), DEPLOYMENT) == ["chat"]


@pytest.mark.parametrize("known", [True, False])
def test_the_other_stages_share_one_deployment(known: bool) -> None:
    recording = run_program(shop(), known=known)
    deployment = only(recording, DEPLOYMENT)
    for name in ("orders-live", "orders-next"):
        stage = only(recording, STAGE, name)
        assert "autoDeploy" not in stage.inputs
        assert stage.inputs["deploymentId"] == (deployment.id if known else "<unknown>")
        assert deployment.urn in stage.dependencies
    by_itself = only(recording, STAGE, "orders-default")
    assert by_itself.inputs["autoDeploy"] is True
    assert "deploymentId" not in by_itself.inputs
    assert deployment.urn not in by_itself.dependencies


def test_a_deployment_comes_after_what_it_snapshots_and_before_the_old_one_goes() -> None:
    recording = run_program(shop())
    deployment = only(recording, DEPLOYMENT)
    assert deployment.delete_before_replace is False
    snapshotted = {
        found.urn
        for kind in ("route:Route", "integration:Integration", "authorizer:Authorizer")
        for found in recording.of_type(f"aws:apigatewayv2/{kind}")
    }
    assert len(snapshotted) == 5
    assert snapshotted <= set(deployment.dependencies)


def test_what_is_known_only_in_aws_is_a_trigger_of_its_own() -> None:
    recording = run_program(shop())
    made = triggers(recording)
    assert set(made) == {
        "spec",
        "connectionId",
        "integrationUri:orders",
        "authorizer:guard",
        "credentials:orders-queue",
    }
    assert made["connectionId"] == only(recording, "aws:apigatewayv2/vpcLink:VpcLink").id
    assert made["integrationUri:orders"] == only(recording, "aws:lb/listener:Listener", "orders").outputs["arn"]
    assert made["authorizer:guard"] == only(recording, "aws:apigatewayv2/authorizer:Authorizer").id
    assert made["credentials:orders-queue"] == only(recording, "aws:iam/role:Role", "orders-queue").outputs["arn"]


def test_a_first_preview_knows_the_hash_and_nothing_else() -> None:
    known, unknown = triggers(run_program(shop())), triggers(run_program(shop(), known=False))
    assert unknown == {**dict.fromkeys(known, "<unknown>"), "spec": known["spec"]}


def test_an_api_without_backends_has_no_link_to_follow() -> None:
    settings = shop()
    del settings["apis"]["orders"]["routes"]["ANY /{proxy+}"]
    assert set(triggers(run_program(settings))) == {"spec", "authorizer:guard", "credentials:orders-queue"}


def a_mapping(settings: Settings) -> None:
    integration = settings["apis"]["orders"]["routes"]["ANY /{proxy+}"]["integration"]
    integration["requestParameters"]["overwrite:header.x-tenant"] = "$stageVariables.tenant"


def an_answers_mapping(settings: Settings) -> None:
    integration = settings["apis"]["orders"]["routes"]["ANY /{proxy+}"]["integration"]
    integration["responseParameters"] = {"404": {"overwrite:statuscode": "410"}}


def a_service_parameter(settings: Settings) -> None:
    settings["apis"]["orders"]["integrations"]["queue"]["requestParameters"]["DelaySeconds"] = "5"


def a_new_route(settings: Settings) -> None:
    settings["apis"]["orders"]["routes"]["GET /orders"] = {"integration": "queue"}


def who_may_call(settings: Settings) -> None:
    settings["apis"]["orders"]["routes"]["ANY /{proxy+}"]["authorization"] = "AWS_IAM"


def what_an_authorizer_reads(settings: Settings) -> None:
    settings["apis"]["orders"]["authorizers"]["guard"]["identitySource"] = ["$request.header.Authorization"]


def cors(settings: Settings) -> None:
    settings["apis"]["orders"]["cors"] = {"allowOrigins": ["https://desk.example"]}


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        a_mapping,
        an_answers_mapping,
        a_service_parameter,
        a_new_route,
        who_may_call,
        what_an_authorizer_reads,
        cors,
    ],
)
def test_a_change_of_what_is_snapshotted_redeploys(change: Callable[[Settings], object], known: bool) -> None:
    before, after = edited(lambda _: None, known=known), edited(change, known=known)
    assert after["spec"] != before["spec"]
    assert {**after, "spec": ""} == {**before, "spec": ""}


def another_balancer(settings: Settings) -> None:
    settings["backends"]["stock"] = settings["backends"].pop("orders")
    settings["apis"]["orders"]["routes"]["ANY /{proxy+}"]["integration"]["backend"] = "stock"


def test_another_balancer_redeploys() -> None:
    before, after = edited(lambda _: None), edited(another_balancer)
    assert after["integrationUri:stock"] != before["integrationUri:orders"]
    assert "integrationUri:orders" not in after


def secure(host_name: str) -> Callable[[Settings], object]:
    def change(settings: Settings) -> None:
        certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1"
        listener = {"port": 443, "protocol": "HTTPS", "certificateArn": certificate}
        settings["backends"]["orders"] |= {"hostName": host_name, "listener": listener}

    return change


def test_another_name_on_a_backends_certificate_redeploys() -> None:
    before, after = edited(secure("a.internal.example")), edited(secure("b.internal.example"))
    assert before["serverNameToVerify:orders"] == "a.internal.example"
    assert after == {**before, "serverNameToVerify:orders": "b.internal.example"}


def a_tag(settings: Settings) -> None:
    settings["tags"]["team"] = "core"


def target_addresses(settings: Settings) -> None:
    settings["backends"]["orders"]["target"]["addresses"] = ["10.20.0.10"]


def a_health_check(settings: Settings) -> None:
    settings["backends"]["orders"]["target"]["healthCheck"] = {"path": "/ready"}


def stage_settings(settings: Settings) -> None:
    settings["apis"]["orders"]["stages"][0] |= {
        "throttling": {"rateLimit": 1, "burstLimit": 1},
        "variables": {"tenant": "x"},
        "accessLogs": False,
    }


def the_order_of_keys(settings: Settings) -> None:
    api = settings["apis"]["orders"]
    api["routes"] = dict(reversed(api["routes"].items()))


def the_name_of_an_api_beside_it(settings: Settings) -> None:
    settings["apis"]["other"] = {
        "protocol": "HTTP",
        "routes": {"GET /": settings["apis"]["orders"]["routes"]["ANY /{proxy+}"]},
    }


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    "change",
    [a_tag, target_addresses, a_health_check, stage_settings, the_order_of_keys, the_name_of_an_api_beside_it],
)
def test_a_change_of_anything_else_does_not_redeploy(change: Callable[[Settings], object], known: bool) -> None:
    assert edited(change, known=known) == edited(lambda _: None, known=known)
