from policy.aws_types import REST_METHOD_SETTINGS, STAGE
from policy.checks.no_data_trace import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, resource


def stage(default: Value, route: Value = False) -> Resource:
    return resource(
        STAGE,
        "chat-dev",
        defaultRouteSettings={"dataTraceEnabled": default},
        routeSettings=[{"routeKey": "send", "dataTraceEnabled": route}],
    )


def methods(traced: Value) -> Resource:
    return resource(REST_METHOD_SETTINGS, "pets-methods", methodPath="*/*", settings={"dataTraceEnabled": traced})


CASES = Cases(
    policy=POLICY,
    good={
        "websocket": (stage(False),),
        "nothing said": (stage(None, None), resource(STAGE, "orders-default"), methods(None)),
        "rest": (methods(False),),
    },
    bad={
        "websocket": ((stage(True),), ["chat-dev: defaultRouteSettings.dataTraceEnabled must be false, got true"]),
        "a route": (
            (stage(False, True),),
            ["chat-dev: routeSettings.send.dataTraceEnabled must be false, got true"],
        ),
        "rest": ((methods(True),), ["pets-methods: settings.dataTraceEnabled must be false, got true"]),
        "without a log": (
            (resource(STAGE, "chat-dev", defaultRouteSettings={"dataTraceEnabled": True, "loggingLevel": "OFF"}),),
            ["chat-dev: defaultRouteSettings.dataTraceEnabled must be false, got true"],
        ),
    },
    undecided={
        "a flag": (
            (stage(UNKNOWN), methods(UNKNOWN)),
            [
                "chat-dev: defaultRouteSettings.dataTraceEnabled is not known",
                "pets-methods: settings.dataTraceEnabled is not known",
            ],
        ),
        "a block": (
            (resource(STAGE, "chat-dev", defaultRouteSettings=UNKNOWN),),
            ["chat-dev: defaultRouteSettings.dataTraceEnabled is not known"],
        ),
        "a route, not known": (
            (resource(STAGE, "chat-dev", routeSettings=[UNKNOWN]),),
            ["chat-dev: routeSettings.dataTraceEnabled is not known"],
        ),
    },
)
