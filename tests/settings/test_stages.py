import pytest

from settings import HttpStage, Limits, Stage, WebSocketApi, WebSocketStage, load_settings
from settings.stages import ExecutionLogs
from tests.settings.examples import CHAT, ORDERS, changed, problems, problems_with, warnings

DAYS = "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653"


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        ("nmae", "dev", "nmae: unknown key; did you mean name?"),
        ("name", 5, 'name: must be text, got 5; write "5" in quotes'),
        ("name", "", 'name: not the name of a stage, got ""; expected 1 to 128 letters, digits, "-" and "_"'),
        ("name", "a b", 'name: not the name of a stage, got "a b"; expected 1 to 128 letters, digits, "-" and "_"'),
        ("throttling", None, "throttling: must be blocked or a block of rateLimit and burstLimit, got null"),
        ("throttling", 0, "throttling: must be blocked or a block of rateLimit and burstLimit, got 0"),
        ("throttling", "none", 'throttling: must be blocked or a block of rateLimit and burstLimit, got "none"'),
        ("throttling", {"rateLimit": 10}, "throttling.burstLimit: is required"),
        ("throttling", {"burstLimit": 10}, "throttling.rateLimit: is required"),
        (
            "throttling",
            {"rateLimit": 0, "burstLimit": 5},
            "throttling.rateLimit: must be above 0, got 0; write `throttling: blocked` to refuse every call",
        ),
        (
            "throttling",
            {"rateLimit": 10, "burstLimit": 0},
            "throttling.burstLimit: must be above 0, got 0; write `throttling: blocked` to refuse every call",
        ),
        (
            "throttling",
            {"rateLimit": -0.5, "burstLimit": 5},
            "throttling.rateLimit: must be above 0, got -0.5; write `throttling: blocked` to refuse every call",
        ),
        ("throttling", {"rateLimit": "1", "burstLimit": 1}, 'throttling.rateLimit: must be a number, got "1"'),
        ("throttling", {"rateLimit": 1, "burstLimit": 1.5}, "throttling.burstLimit: must be a whole number, got 1.5"),
        (
            "throttling",
            {"rateLimit": 1, "burstLimit": 1, "burst": 1},
            "throttling.burst: unknown key; did you mean burstLimit?",
        ),
        (
            "variables",
            {"a-b": "x"},
            ('variables.a-b: not the name of a stage variable, got "a-b"; expected 1 to 64 letters, digits and "_"'),
        ),
        (
            "variables",
            {"a": "x y"},
            (
                'variables.a: not the value of a stage variable, got "x y"; expected 1 to 512 letters, digits and '
                "- . _ : / ? & = ,"
            ),
        ),
        ("variables", {"a": 5}, 'variables.a: must be text, got 5; write "5" in quotes'),
        (
            "variables",
            {"a": ""},
            (
                'variables.a: not the value of a stage variable, got ""; expected 1 to 512 letters, digits and - . '
                "_ : / ? & = ,"
            ),
        ),
        ("accessLogs", True, "accessLogs: must be false or a block of keys, got true"),
        ("accessLogs", "no", 'accessLogs: must be false or a block of keys, got "no"'),
        ("accessLogs", {"retentionDays": 2}, f"accessLogs.retentionDays: must be {DAYS}, got 2"),
        (
            "accessLogs",
            {"kmsKeyArn": "alias/logs"},
            'accessLogs.kmsKeyArn: must be the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID, got "alias/logs"',
        ),
        (
            "accessLogs",
            {"format": "$context.status"},
            ('accessLogs.format: must include $context.requestId or $context.extendedRequestId, got "$context.status"'),
        ),
        ("accessLogs", {"retention": 3}, "accessLogs.retention: unknown key; did you mean retentionDays?"),
        ("detailedMetrics", "yes", 'detailedMetrics: must be true or false, got "yes"'),
    ],
)
def test_bad_stage_of_any_api(keys: str, value: object, problem: str) -> None:
    assert problems_with((*ORDERS, "stage"), keys, value) == [f"apis.orders.stage.{problem}"]


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        ("name", "$default", 'name: only an HTTP API has a $default stage, got "$default"'),
        (
            "autoDeploy",
            True,
            ("autoDeploy: unknown key; a WebSocket stage is always redeployed when its routes or integrations change"),
        ),
        ("executionLogs", True, "executionLogs: must be false or a block of keys with level, got true"),
        ("executionLogs", {"level": "DEBUG"}, 'executionLogs.level: must be OFF, ERROR or INFO, got "DEBUG"'),
        ("executionLogs", {"level": False}, "executionLogs.level: must be OFF, ERROR or INFO, got false"),
        ("executionLogs", {"dataTrace": "yes"}, 'executionLogs.dataTrace: must be true or false, got "yes"'),
        (
            "accessLogs",
            {"format": "$context.requestId $context.path"},
            (
                'accessLogs.format: "path" is a $context variable of HTTP APIs only, got "$context.requestId '
                '$context.path"'
            ),
        ),
        (
            "routeSettings",
            {"sned": {}},
            'routeSettings.sned: no route "sned" under apis.chat.routes; did you mean send?',
        ),
        (
            "routeSettings",
            {"GET /items/{id}": {}},
            (
                'routeSettings["GET /items/{id}"]: no route "GET /items/{id}" under apis.chat.routes; known: '
                "$connect, send, $default"
            ),
        ),
        (
            "routeSettings",
            {"send": {"throttling": {"rateLimit": 0, "burstLimit": 1}}},
            (
                "routeSettings.send.throttling.rateLimit: must be above 0, got 0; write `throttling: blocked` to "
                "refuse every call"
            ),
        ),
        (
            "routeSettings",
            {"send": {"accessLogs": False}},
            "routeSettings.send.accessLogs: unknown key; known keys: detailedMetrics, executionLogs, throttling",
        ),
    ],
)
def test_bad_websocket_stage(keys: str, value: object, problem: str) -> None:
    assert problems_with((*CHAT, "stage"), keys, value) == [f"apis.chat.stage.{problem}"]


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        ("autoDeploy", "true", 'autoDeploy: must be true or false, got "true"'),
        (
            "executionLogs",
            {"level": "INFO"},
            "executionLogs: unknown key; API Gateway writes no execution logs for HTTP APIs",
        ),
        (
            "accessLogs",
            {"format": "$context.requestId $context.connectionId"},
            (
                'accessLogs.format: "connectionId" is a $context variable of WebSocket APIs only, got '
                '"$context.requestId $context.connectionId"'
            ),
        ),
        (
            "routeSettings",
            {"GET /items": {}},
            (
                'routeSettings["GET /items"]: no route "GET /items" under apis.orders.routes; did you mean GET '
                "/items/{id}?"
            ),
        ),
    ],
)
def test_bad_http_stage(keys: str, value: object, problem: str) -> None:
    assert problems_with((*ORDERS, "stage"), keys, value) == [f"apis.orders.stage.{problem}"]


def test_both_limits_of_throttling_are_judged() -> None:
    assert problems_with(CHAT, "stage.throttling", {"rateLimit": float("nan"), "burstLimit": -1}) == [
        (
            "apis.chat.stage.throttling.rateLimit: must be above 0, got nan; write `throttling: blocked` "
            "to refuse every call"
        ),
        (
            "apis.chat.stage.throttling.burstLimit: must be above 0, got -1; write `throttling: blocked` "
            "to refuse every call"
        ),
    ]


def test_too_many_variables() -> None:
    variables = {f"v{number}": "x" for number in range(101)}
    assert problems_with(CHAT, "stage.variables", variables) == [
        (
            'apis.chat.stage.variables: must be at most 100, got 101: AWS does not raise the quota "Stage '
            "variables per "
            'stage"'
        )
    ]
    del variables["v100"]
    api = load_settings(changed({(*CHAT, "stage", "variables"): variables})).apis["chat"]
    assert api.all_stages[0].variables == variables


@pytest.mark.parametrize(
    ("api", "stage", "expected"),
    [
        ("chat", {}, WebSocketStage()),
        ("chat", {"throttling": "blocked"}, WebSocketStage(throttling="blocked")),
        ("chat", {"executionLogs": False}, WebSocketStage(execution_logs=False)),
        ("chat", {"executionLogs": {"level": "OFF"}}, WebSocketStage(execution_logs=ExecutionLogs(level="OFF"))),
        ("orders", {}, HttpStage(name="$default", throttling=Limits(rate_limit=1000, burst_limit=500))),
        ("orders", {"name": "v-1", "autoDeploy": True, "accessLogs": False}, HttpStage(name="v-1", access_logs=False)),
        (
            "orders",
            {"autoDeploy": False, "throttling": {"rateLimit": 0.5, "burstLimit": 1}},
            HttpStage(auto_deploy=False, throttling=Limits(rate_limit=0.5, burst_limit=1)),
        ),
    ],
)
def test_legal_stage(api: str, stage: object, expected: Stage) -> None:
    assert load_settings(changed({("apis", api, "stage"): stage})).apis[api].stage == expected


@pytest.mark.parametrize(
    ("stage", "level", "data_trace", "has_logs"),
    [
        (WebSocketStage(), "ERROR", False, True),
        (WebSocketStage(execution_logs=False), "OFF", False, True),
        (WebSocketStage(execution_logs=ExecutionLogs(level="INFO", data_trace=True)), "INFO", True, True),
        (WebSocketStage(execution_logs=ExecutionLogs(level="OFF")), "OFF", False, True),
        (WebSocketStage(access_logs=False), "ERROR", False, True),
        (WebSocketStage(access_logs=False, execution_logs=False), "OFF", False, False),
        (WebSocketStage(access_logs=False, execution_logs=ExecutionLogs(level="OFF")), "OFF", False, False),
    ],
)
def test_logs_of_a_websocket_stage(stage: WebSocketStage, level: str, data_trace: bool, has_logs: bool) -> None:
    logs = stage.execution_logs_of()
    assert (logs.level, logs.data_trace, stage.has_logs) == (level, data_trace, has_logs)


def test_http_stage_has_no_execution_logs() -> None:
    assert HttpStage().execution_logs_of("GET /items") is None


@pytest.mark.parametrize(
    ("account", "logs", "made"), [("create", True, True), ("create", False, False), ("existing", True, False)]
)
def test_who_makes_the_account_role(account: str, logs: bool, made: bool) -> None:
    stage = {} if logs else {"accessLogs": False, "executionLogs": False}
    raw = changed({("accountLogging",): account, (*CHAT, "stage"): stage})
    assert load_settings(raw).makes_account_logging is made


def test_http_apis_need_no_account_role() -> None:
    assert not load_settings({**changed({}), "apis": {"orders": changed({})["apis"]["orders"]}}).makes_account_logging


SEVERAL_OF_CHAT = [{"name": "dev"}, {}, {"name": "blue"}]
ALARMS = {"snsTopicArn": "arn:aws:sns:us-east-1:123456789012:oncall"}


@pytest.mark.parametrize(
    ("api", "stages", "expected"),
    [
        (ORDERS, 5, ["stages: must be a list, got 5"]),
        (ORDERS, [5], ["stages[0]: must be a block of keys, got 5"]),
        (ORDERS, [{"name": "a"}, {"name": "a"}], ['stages[1].name: must differ from that of stages[0], got "a"']),
        (ORDERS, [{}, {"name": "a"}, {}], ['stages[2].name: must differ from that of stages[0], got "$default"']),
        (CHAT, [{}, {"name": "a"}, {}], ["stages[2].name: is required: stages[0] has the Pulumi stack's name"]),
        (
            CHAT,
            [{"name": "a b"}, {"name": "a"}, {"name": "a"}, {"nmae": "x"}],
            [
                ('stages[0].name: not the name of a stage, got "a b"; expected 1 to 128 letters, digits, "-" and "_"'),
                "stages[3].nmae: unknown key; did you mean name?",
                'stages[2].name: must differ from that of stages[1], got "a"',
            ],
        ),
        (
            CHAT,
            [{"throttling": {"rateLimit": 1}}, {"name": "a", "routeSettings": {"sned": {}}}],
            [
                "stages[0].throttling.burstLimit: is required",
                'stages[1].routeSettings.sned: no route "sned" under apis.chat.routes; did you mean send?',
            ],
        ),
        (
            ORDERS,
            [{"name": "default"}, {"name": "$default"}],
            [
                "stages[0].name: makes the same resource name as apis.orders.stages[1].name; rename one of the two",
            ],
        ),
    ],
)
def test_bad_stages(api: tuple[str, str], stages: object, expected: list[str]) -> None:
    assert problems_with(api, "stages", stages) == [f"apis.{api[1]}.{problem}" for problem in expected]


def test_several_stages() -> None:
    chat = load_settings(changed({(*CHAT, "stages"): SEVERAL_OF_CHAT})).apis["chat"]
    assert isinstance(chat, WebSocketApi)
    assert [chat.stage_name("my-stack", stage) for stage in chat.all_stages] == ["dev", "my_stack", "blue"]


def test_a_broken_stage_beside_stages_is_reported_with_it() -> None:
    assert problems(changed({(*ORDERS, "stage"): {"name": ""}, (*ORDERS, "stages"): [{"name": "a"}]})) == [
        'apis.orders.stage.name: not the name of a stage, got ""; expected 1 to 128 letters, digits, "-" and "_"',
        "apis.orders.stages: is given beside stage; keep one of the two",
    ]


@pytest.mark.parametrize(
    ("stage", "problem"),
    [
        ({"accessLogs": False}, "accessLogs: must not be false: the alarm on refused calls counts them in access logs"),
        (
            {"accessLogs": {"format": "$context.requestId $context.status"}},
            (
                'accessLogs.format: must be JSON with a field "$context.status", which the alarm on refused '
                "calls reads, "
                'got "$context.requestId $context.status"'
            ),
        ),
        (
            {"accessLogs": {"format": '{"id":"$context.requestId"}'}},
            (
                'accessLogs.format: must be JSON with a field "$context.status", which the alarm on refused '
                "calls reads, "
                r'got "{\"id\":\"$context.requestId\"}"'
            ),
        ),
    ],
)
def test_alarms_want_access_logs_that_they_can_read(stage: dict[str, object], problem: str) -> None:
    assert problems(changed({(*ORDERS, "alarms"): ALARMS, (*ORDERS, "stage"): stage})) == [
        f"apis.orders.stage.{problem}"
    ]
    raw = changed({(*CHAT, "alarms"): ALARMS, (*CHAT, "stages"): [{"name": "a"}, {"name": "b", **stage}]})
    assert problems(raw) == [f"apis.chat.stages[1].{problem}"]


def test_alarms_can_read_the_default_logs() -> None:
    load_settings(changed({(*ORDERS, "alarms"): ALARMS, (*CHAT, "alarms"): ALARMS}))


@pytest.mark.parametrize(
    ("name", "value", "sign"),
    [
        ("dbPassword", "x", "name"),
        ("API_KEY", "x", "name"),
        ("authToken", "t1", "name"),
        ("clientSecret", "AKIAIOSFODNN7EXAMPLE", "value"),
        ("tenant", "AKIAIOSFODNN7EXAMPLE", "value"),
        ("tenant", "ghp_0123456789abcdefghijABCDEFGHIJ012345", "value"),
        ("tenant", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln", "value"),
    ],
)
def test_a_stage_variable_that_looks_like_a_secret(name: str, value: str, sign: str) -> None:
    assert warnings({(*CHAT, "stage", "variables"): {name: value}}) == [
        (
            f"apis.chat.stage.variables.{name}: looks like a secret by its {sign}: everybody who can read the API can "
            "read stage variables"
        )
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tenant", "acme"),
        ("keyspace", "orders"),
        ("tokenUrl", "https://login.example/token"),
        ("secretArn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:x"),
        ("secretPath", "/prod/db"),
        ("tenant", "AKIA"),
    ],
)
def test_a_stage_variable_that_is_none(name: str, value: str) -> None:
    assert warnings({(*CHAT, "stage", "variables"): {name: value}}) == []


def test_whole_messages_in_the_logs() -> None:
    stages = [{"name": "a"}, {"name": "b", "executionLogs": {"dataTrace": True}}]
    assert warnings({(*CHAT, "stages"): stages}) == [
        "apis.chat.stages[1].executionLogs.dataTrace: logs whole messages, which may hold secrets"
    ]
