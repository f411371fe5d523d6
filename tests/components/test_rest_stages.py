"""Stages of REST APIs: deployments, logs, method settings, caches, and web ACLs."""

from typing import Any

import pytest

from apigateway.access_log import DEFAULT_FORMAT
from local.recording import Recording
from tests.components.rest_apis import API, DEPLOYMENT, METHOD_SETTINGS, MOCK, STAGE, TAGS, catalog
from tests.programs import Settings, names, only

WEB_ACL = "aws:wafv2/webAclAssociation:WebAclAssociation"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/edge/0a1b2c3d-4e5f-6789-0abc-def012345678"
DEFAULTS = {
    "throttlingRateLimit": 1000,
    "throttlingBurstLimit": 500,
    "metricsEnabled": False,
    "loggingLevel": "ERROR",
    "dataTraceEnabled": False,
    "cachingEnabled": False,
}
CACHED = {"cachingEnabled": True, "cacheTtlInSeconds": 300, "cacheDataEncrypted": True}


def settings_of(recording: Recording) -> dict[str, Any]:
    """Return the method settings by method path."""
    return {str(found.inputs["methodPath"]): found.inputs["settings"] for found in recording.of_type(METHOD_SETTINGS)}


def test_a_stage_points_at_the_deployment() -> None:
    recording = catalog(
        stage={
            "name": "dev",
            "description": "for us",
            "variables": {"tenant": "acme"},
            "xrayTracing": True,
            "clientCertificateId": "a1b2c3",
            "cacheClusterSize": "0.5",
        }
    )
    group = only(recording, LOG_GROUP, "catalog-dev-access-logs")
    assert only(recording, STAGE, "catalog-dev").inputs == {
        "restApi": only(recording, API).id,
        "stageName": "dev",
        "deployment": only(recording, DEPLOYMENT).id,
        "description": "for us",
        "variables": {"tenant": "acme"},
        "accessLogSettings": {"destinationArn": group.outputs["arn"], "format": DEFAULT_FORMAT["REST"]},
        "cacheClusterEnabled": True,
        "cacheClusterSize": "0.5",
        "clientCertificateId": "a1b2c3",
        "xrayTracingEnabled": True,
        "tags": TAGS,
    }


def test_the_least_stage() -> None:
    recording = catalog(stage={"accessLogs": False, "executionLogs": False})
    assert only(recording, STAGE, "catalog-dev").inputs == {
        "restApi": only(recording, API).id,
        "stageName": "dev",
        "deployment": only(recording, DEPLOYMENT).id,
        "cacheClusterEnabled": False,
        "xrayTracingEnabled": False,
        "tags": TAGS,
    }
    assert settings_of(recording) == {"*/*": {**DEFAULTS, "loggingLevel": "OFF"}}
    assert not names(recording, "aws:apigateway/account:Account")
    assert not [name for name in names(recording, LOG_GROUP) if name.startswith("catalog")]


def test_log_groups_have_names_of_aws_and_a_retention() -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-4e5f-6789-0abc-def012345678"
    recording = catalog(stage={"accessLogs": {"retentionDays": 90, "kmsKeyArn": key}})
    api = only(recording, API).id
    groups = {
        "catalog-dev-access-logs": "/aws/vendedlogs/gatelink/gatelink/dev/catalog/dev",
        "catalog-dev-execution-logs": f"API-Gateway-Execution-Logs_{api}/dev",
    }
    for logical, name in groups.items():
        assert only(recording, LOG_GROUP, logical).inputs == {
            "name": name,
            "retentionInDays": 90,
            "kmsKeyId": key,
            "tags": TAGS,
        }


@pytest.mark.parametrize("stage", [{}, {"accessLogs": False}, {"executionLogs": False}])
def test_a_stage_with_logs_comes_after_the_accounts_role_and_its_groups(stage: Settings) -> None:
    recording = catalog(stage=stage)
    found = only(recording, STAGE).dependencies
    assert only(recording, "aws:apigateway/account:Account").urn in found
    groups = [group for group in recording.of_type(LOG_GROUP) if group.name.startswith("catalog")]
    assert groups
    assert {group.urn for group in groups} <= set(found)


@pytest.mark.parametrize(
    ("throttling", "rate", "burst"),
    [(None, 1000, 500), ({"rateLimit": 0.5, "burstLimit": 1}, 0.5, 1), ("blocked", 0, 0)],
)
def test_both_limits_are_always_set(throttling: object, rate: float, burst: int) -> None:
    stage = {} if throttling is None else {"throttling": throttling}
    assert settings_of(catalog(stage=stage))["*/*"] == {
        **DEFAULTS,
        "throttlingRateLimit": rate,
        "throttlingBurstLimit": burst,
    }


ROUTES: Settings = {
    "GET /": {"integration": MOCK},
    "GET /pets/{petId}": {"integration": MOCK},
    "ANY /pets": {"integration": MOCK},
    "GET /pets": {"integration": MOCK},
    "POST /pets": {"integration": MOCK},
}


def test_settings_of_one_route_are_complete() -> None:
    stage = {
        "throttling": {"rateLimit": 7, "burstLimit": 8},
        "detailedMetrics": True,
        "executionLogs": {"level": "INFO"},
        "routeSettings": {
            "GET /": {"throttling": "blocked"},
            "GET /pets/{petId}": {"executionLogs": {"level": "ERROR", "dataTrace": True}, "detailedMetrics": False},
        },
    }
    recording = catalog(ROUTES, stage=stage)
    shared = {**DEFAULTS, "throttlingRateLimit": 7, "throttlingBurstLimit": 8, "metricsEnabled": True}
    assert settings_of(recording) == {
        "*/*": {**shared, "loggingLevel": "INFO"},
        "~1/GET": {**shared, "loggingLevel": "INFO", "throttlingRateLimit": 0, "throttlingBurstLimit": 0},
        "~1pets~1{petId}/GET": {**shared, "metricsEnabled": False, "dataTraceEnabled": True},
    }
    assert names(recording, METHOD_SETTINGS) == [
        "catalog-dev-GET/",
        "catalog-dev-GET/pets/{petId}",
        "catalog-dev-methods",
    ]


def test_an_any_route_has_the_settings_of_all_methods_that_have_no_route_of_their_own() -> None:
    recording = catalog(ROUTES, stage={"routeSettings": {"ANY /pets": {"throttling": "blocked"}}})
    blocked = {**DEFAULTS, "throttlingRateLimit": 0, "throttlingBurstLimit": 0}
    assert settings_of(recording) == {
        "*/*": DEFAULTS,
        **{f"~1pets/{method}": blocked for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")},
    }


def test_method_settings_come_after_their_stage() -> None:
    recording = catalog(ROUTES, stage={"routeSettings": {"GET /": {"throttling": "blocked"}}})
    stage = only(recording, STAGE)
    for found in recording.of_type(METHOD_SETTINGS):
        assert stage.urn in found.dependencies
        assert (found.inputs["restApi"], found.inputs["stageName"]) == (only(recording, API).id, "dev")


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ({}, CACHED),
        ({"cacheTtlInSeconds": 60}, {**CACHED, "cacheTtlInSeconds": 60}),
        ({"cacheDataEncrypted": False}, {**CACHED, "cacheDataEncrypted": False}),
    ],
)
def test_a_cache(stage: Settings, expected: Settings) -> None:
    recording = catalog(stage={"cacheClusterSize": "1.6", **stage})
    assert only(recording, STAGE).inputs["cacheClusterSize"] == "1.6"
    assert settings_of(recording) == {"*/*": {**DEFAULTS, **expected}}


@pytest.mark.parametrize(
    ("route", "own", "expected"),
    [
        ("GET /pets", {"throttling": "blocked"}, {"GET": True}),
        ("POST /pets", {"throttling": "blocked"}, {"POST": False}),
        ("POST /pets", {"cachingEnabled": True}, {"POST": True}),
        ("GET /pets", {"cachingEnabled": False}, {"GET": False}),
        (
            "ANY /any",
            {"throttling": "blocked"},
            {"GET": True} | dict.fromkeys(("PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD"), False),
        ),
    ],
)
def test_a_cache_holds_the_answers_of_get_methods_unless_a_route_says_otherwise(
    route: str, own: Settings, expected: dict[str, bool]
) -> None:
    routes = {**ROUTES, "ANY /any": {"integration": MOCK}}
    recording = catalog(routes, stage={"cacheClusterSize": "0.5", "routeSettings": {route: own}})
    found = settings_of(recording)
    assert found.pop("*/*")["cachingEnabled"] is True
    assert {path.rpartition("/")[2]: settings["cachingEnabled"] for path, settings in found.items()} == expected


def test_a_route_may_have_a_time_of_its_own_in_the_cache() -> None:
    stage = {"cacheClusterSize": "0.5", "routeSettings": {"GET /pets": {"cacheTtlInSeconds": 0}}}
    assert settings_of(catalog(ROUTES, stage=stage))["~1pets/GET"] == {
        **DEFAULTS,
        **CACHED,
        "cacheTtlInSeconds": 0,
    }


def test_every_stage_is_protected_by_the_web_acl() -> None:
    recording = catalog(webAclArn=ACL, stages=[{"name": "blue"}, {"name": "green"}])
    for name in ("blue", "green"):
        found = only(recording, WEB_ACL, f"catalog-{name}")
        stage = only(recording, STAGE, f"catalog-{name}")
        assert found.inputs == {"resourceArn": stage.outputs["arn"], "webAclArn": ACL}
        assert found.delete_before_replace is True
        assert stage.urn in found.dependencies


def test_no_web_acl_protects_an_api_that_names_none() -> None:
    assert not names(catalog(), WEB_ACL)


def test_several_stages_share_the_deployment() -> None:
    recording = catalog(stages=[{"name": "blue", "accessLogs": False}, {"name": "green"}])
    deployment = only(recording, DEPLOYMENT).id
    assert [stage.inputs["deployment"] for stage in recording.of_type(STAGE)] == [deployment, deployment]
    assert names(recording, METHOD_SETTINGS) == ["catalog-blue-methods", "catalog-green-methods"]
    assert [name for name in names(recording, LOG_GROUP) if name.startswith("catalog")] == [
        "catalog-blue-execution-logs",
        "catalog-green-access-logs",
        "catalog-green-execution-logs",
    ]
