from typing import Any

import pytest

from local.recording import Recording
from tests.programs import Settings, dev_settings, names, only, rest_api, run_program

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
API = "aws:apigatewayv2/api:Api"

TOPIC = "arn:aws:sns:us-east-1:123456789012:pager"
OTHER_TOPIC = "arn:aws:sns:us-east-1:123456789012:mail"
TAGS = {"team": "edge", "Project": "gatelink", "Stack": "dev"}
TELL = {"alarmActions": [TOPIC], "okActions": [TOPIC], "treatMissingData": "notBreaching", "tags": TAGS}


def settings_with(api: str, **alarms: object) -> Settings:
    settings = dev_settings()
    settings["apis"][api]["alarms"] = {"snsTopicArn": TOPIC, **alarms}
    return settings


def metric(key: str, name: str, statistic: str, dimensions: dict[str, str]) -> Settings:
    return {
        "id": key,
        "metric": {
            "namespace": "AWS/ApiGateway",
            "metricName": name,
            "stat": statistic,
            "period": 300,
            "dimensions": dimensions,
        },
    }


def percent(expression: str) -> Settings:
    return {"id": "percent", "expression": expression, "label": "Faults in percent of calls", "returnData": True}


@pytest.fixture(scope="module", name="orders")
def _orders() -> Recording:
    return run_program(settings_with("orders"))


def test_the_alarms_of_an_api_and_its_backend(orders: Recording) -> None:
    assert names(orders, ALARM) == [
        "orders-default-faults",
        "orders-default-latency",
        "orders-default-throttled",
        "orders-unhealthy",
    ]


def test_the_share_of_faults_of_an_http_api(orders: Recording) -> None:
    dimensions = {"ApiId": only(orders, API, "orders").id, "Stage": "$default"}
    assert only(orders, ALARM, "orders-default-faults").inputs == {
        "alarmDescription": "More than 1 % of calls failed",
        "metricQueries": [
            percent("100 * faults / calls"),
            metric("faults", "5xx", "Sum", dimensions),
            metric("calls", "Count", "SampleCount", dimensions),
        ],
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 1,
        "evaluationPeriods": 1,
        **TELL,
    }


def test_the_share_of_faults_of_a_websocket_api() -> None:
    recording = run_program(settings_with("chat", errorPercent=2.5))
    dimensions = {"ApiId": only(recording, API, "chat").id, "Stage": "dev"}
    faults = only(recording, ALARM, "chat-dev-faults").inputs
    assert faults["metricQueries"] == [
        percent("100 * (FILL(answered, 0) + FILL(unanswered, 0)) / (FILL(connects, 0) + FILL(messages, 0))"),
        metric("answered", "IntegrationError", "Sum", dimensions),
        metric("unanswered", "ExecutionError", "Sum", dimensions),
        metric("connects", "ConnectCount", "Sum", dimensions),
        metric("messages", "MessageCount", "Sum", dimensions),
    ]
    assert (faults["threshold"], faults["alarmDescription"]) == (2.5, "More than 2.5 % of calls failed")


def test_slow_answers() -> None:
    recording = run_program(settings_with("orders", latencyMillis=800))
    assert only(recording, ALARM, "orders-default-latency").inputs == {
        "alarmDescription": "One answer of a hundred took longer than 800 ms",
        "namespace": "AWS/ApiGateway",
        "metricName": "IntegrationLatency",
        "dimensions": {"ApiId": only(recording, API, "orders").id, "Stage": "$default"},
        "extendedStatistic": "p99",
        "period": 300,
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 800,
        "evaluationPeriods": 1,
        **TELL,
    }


def test_refused_calls_are_counted_in_the_access_log() -> None:
    recording = run_program(settings_with("orders", throttledCalls=50))
    assert only(recording, FILTER).inputs == {
        "logGroupName": only(recording, LOG_GROUP, "orders-default-access-logs").outputs["name"],
        "pattern": '{ $.status = "429" }',
        "metricTransformation": {
            "namespace": "Gatelink/gatelink/dev",
            "name": "orders-default-throttled",
            "value": "1",
            "defaultValue": "0",
            "unit": "Count",
        },
    }
    assert only(recording, FILTER).name == "orders-default-throttled"
    assert only(recording, ALARM, "orders-default-throttled").inputs == {
        "alarmDescription": "Throttling refused 50 calls or more",
        "namespace": "Gatelink/gatelink/dev",
        "metricName": "orders-default-throttled",
        "statistic": "Sum",
        "period": 300,
        "comparisonOperator": "GreaterThanOrEqualToThreshold",
        "threshold": 50,
        "evaluationPeriods": 1,
        **TELL,
    }


def test_refused_calls_are_found_in_the_field_that_the_format_says() -> None:
    settings = settings_with("orders")
    line = '{"id":"$context.requestId","code":"$context.status"}'
    settings["apis"]["orders"]["stage"]["accessLogs"] = {"format": line}
    assert only(run_program(settings), FILTER).inputs["pattern"] == '{ $.code = "429" }'


def test_each_stage_has_alarms() -> None:
    settings = settings_with("orders")
    del settings["apis"]["orders"]["stage"]
    settings["apis"]["orders"]["stages"] = [{"name": "$default"}, {"name": "blue"}]
    recording = run_program(settings)
    assert [name for name in names(recording, ALARM) if name.endswith("-faults")] == [
        "orders-blue-faults",
        "orders-default-faults",
    ]
    blue: Any = only(recording, ALARM, "orders-blue-latency").inputs["dimensions"]
    assert blue["Stage"] == "blue"


@pytest.mark.parametrize(("api", "namespace"), [("chat", "AWS/NetworkELB"), ("orders", "AWS/ApplicationELB")])
def test_unhealthy_targets_of_a_backend(api: str, namespace: str) -> None:
    recording = run_program(settings_with(api))
    balancer: Any = only(recording, "aws:lb/loadBalancer:LoadBalancer", api).outputs
    targets: Any = only(recording, "aws:lb/targetGroup:TargetGroup", api).outputs
    assert only(recording, ALARM, f"{api}-unhealthy").inputs == {
        "alarmDescription": f"A target of the backend {api} is unhealthy",
        "namespace": namespace,
        "metricName": "UnHealthyHostCount",
        "dimensions": {
            "LoadBalancer": balancer["arn"].partition(":loadbalancer/")[2],
            "TargetGroup": targets["arn"].rpartition(":")[2],
        },
        "statistic": "Maximum",
        "period": 60,
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 0,
        "evaluationPeriods": 3,
        **TELL,
    }


SERVICE = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-0123456789abcdef"
BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/old/0123456789abcdef"
LISTENER = f"{BALANCER.replace(':loadbalancer/', ':listener/')}/0123456789abcdef"


@pytest.mark.parametrize(
    "backend",
    [
        {"cloudMap": {"serviceArn": SERVICE, "port": 8080}},
        {
            "listenerArn": LISTENER,
            "loadBalancerArn": BALANCER,
            "dnsName": "internal-old.us-east-1.elb.amazonaws.com",
            "port": 80,
            "protocol": "HTTP",
        },
    ],
    ids=["Cloud Map", "existing"],
)
def test_a_backend_whose_target_group_nobody_knows_has_no_alarm(backend: Settings) -> None:
    settings = settings_with("orders")
    settings["backends"]["orders"] = backend
    assert names(run_program(settings), ALARM) == [
        "orders-default-faults",
        "orders-default-latency",
        "orders-default-throttled",
    ]


def test_all_apis_that_use_a_backend_hear_of_its_targets() -> None:
    settings = settings_with("orders")
    returns = {**settings["apis"]["orders"], "alarms": {"snsTopicArn": OTHER_TOPIC}}
    settings["apis"] |= {"returns": returns, "refunds": returns, "silent": {**returns, "alarms": None}}
    del settings["apis"]["silent"]["alarms"]
    recording = run_program(settings)
    unhealthy = only(recording, ALARM, "orders-unhealthy").inputs
    assert unhealthy["alarmActions"] == unhealthy["okActions"] == [OTHER_TOPIC, TOPIC]
    assert not [name for name in names(recording, ALARM) if name.startswith("silent")]


def test_a_first_preview_makes_the_same_alarms(orders: Recording) -> None:
    preview = run_program(settings_with("orders"), known=False)
    assert names(preview, ALARM) == names(orders, ALARM)
    assert only(preview, ALARM, "orders-default-latency").inputs["dimensions"] == {
        "ApiId": "<unknown>",
        "Stage": "$default",
    }


def test_a_stack_without_alarms_has_none() -> None:
    recording = run_program(dev_settings())
    assert not recording.of_type(ALARM)
    assert not recording.of_type(FILTER)


def with_rest_api(*, known: bool = True) -> Recording:
    settings = dev_settings()
    settings["apis"]["catalog"] = rest_api("orders", alarms={"snsTopicArn": TOPIC})
    return run_program(settings, known=known)


@pytest.mark.parametrize("known", [True, False])
def test_the_metrics_of_a_rest_api_bear_its_name(known: bool) -> None:
    recording = with_rest_api(known=known)
    name = only(recording, "aws:apigateway/restApi:RestApi", "catalog").outputs["name"] if known else "<unknown>"
    dimensions = {"ApiName": str(name), "Stage": "dev"}
    assert only(recording, ALARM, "catalog-dev-faults").inputs == {
        "alarmDescription": "More than 1 % of calls failed",
        "metricQueries": [percent("100 * faults"), metric("faults", "5XXError", "Average", dimensions)],
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 1,
        "evaluationPeriods": 1,
        **TELL,
    }
    assert only(recording, ALARM, "catalog-dev-latency").inputs["dimensions"] == dimensions


def test_the_other_alarms_of_a_rest_api_are_those_of_every_api() -> None:
    recording = with_rest_api()
    assert names(recording, ALARM) == [
        "catalog-dev-faults",
        "catalog-dev-latency",
        "catalog-dev-throttled",
        "orders-unhealthy",
    ]
    assert only(recording, FILTER).inputs["pattern"] == '{ $.status = "429" }'
    assert only(recording, ALARM, "orders-unhealthy").inputs["namespace"] == "AWS/ApplicationELB"
