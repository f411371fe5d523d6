from policy.aws_types import API, REST_METHOD_SETTINGS, REST_STAGE, STAGE
from policy.checks.execution_log import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, preview, resource

HTTP = resource(API, "orders", protocolType="HTTP")
WEBSOCKET = resource(API, "chat", protocolType="WEBSOCKET")
PETS = resource(REST_STAGE, "pets", stageName="pets-id")


def stage(level: Value, api: Resource = WEBSOCKET, **properties: Value) -> Resource:
    return resource(STAGE, f"{api.name}-dev", apiId=api.id, defaultRouteSettings={"loggingLevel": level}, **properties)


def methods(level: Value, path: str = "*/*") -> Resource:
    return resource(
        REST_METHOD_SETTINGS, f"pets-{path}", stageName="pets-id", methodPath=path, settings={"loggingLevel": level}
    )


CASES = Cases(
    policy=POLICY,
    good={
        "websocket": (WEBSOCKET, stage("ERROR")),
        "websocket, every call": (WEBSOCKET, stage("INFO")),
        "websocket, a route": (
            WEBSOCKET,
            stage("ERROR", routeSettings=[{"routeKey": "send", "loggingLevel": "INFO"}]),
        ),
        "http has none": (HTTP, stage(None, HTTP), resource(STAGE, "bare", apiId=HTTP.id)),
        "http in a preview": (HTTP, preview(stage(None, HTTP), apiId=HTTP)),
        "rest": (PETS, methods("ERROR"), methods("INFO", "~1pets/GET")),
        "rest in a preview": (PETS, preview(methods("ERROR"), stageName=PETS)),
    },
    bad={
        "websocket": (
            (WEBSOCKET, stage("OFF")),
            ['chat-dev: defaultRouteSettings.loggingLevel must be ERROR or INFO, got "OFF"'],
        ),
        "websocket, nothing said": (
            (WEBSOCKET, resource(STAGE, "chat-dev", apiId=WEBSOCKET.id)),
            ["chat-dev: defaultRouteSettings.loggingLevel must be ERROR or INFO, got none"],
        ),
        "websocket, a route": (
            (WEBSOCKET, stage("INFO", routeSettings=[{"routeKey": "send", "loggingLevel": "OFF"}])),
            ['chat-dev: routeSettings.send.loggingLevel must be ERROR or INFO, got "OFF"'],
        ),
        "websocket in a preview": (
            (WEBSOCKET, preview(stage("OFF"), apiId=WEBSOCKET)),
            ['chat-dev: defaultRouteSettings.loggingLevel must be ERROR or INFO, got "OFF"'],
        ),
        "rest": ((PETS, methods("OFF")), ['pets-*/*: settings.loggingLevel must be ERROR or INFO, got "OFF"']),
        "rest, a method": (
            (PETS, methods("INFO"), methods(None, "~1pets/GET")),
            ["pets-~1pets/GET: settings.loggingLevel must be ERROR or INFO, got none"],
        ),
        "rest, one method alone": (
            (PETS, methods("INFO", "~1pets/GET")),
            ["pets: settings.loggingLevel of */* must be ERROR or INFO, got none"],
        ),
        "rest, no settings": ((PETS,), ["pets: settings.loggingLevel of */* must be ERROR or INFO, got none"]),
    },
    undecided={
        "a level": (
            (WEBSOCKET, stage(UNKNOWN), PETS, methods(UNKNOWN)),
            [
                "chat-dev: defaultRouteSettings.loggingLevel is not known",
                "pets-*/*: settings.loggingLevel is not known",
            ],
        ),
        "settings of routes": (
            (WEBSOCKET, stage("INFO", routeSettings=UNKNOWN)),
            ["chat-dev: routeSettings.loggingLevel is not known"],
        ),
        "an API of another stack": ((stage("OFF"),), ["chat-dev: apiId is not known"]),
    },
)
