from policy.aws_types import REST_METHOD_SETTINGS, REST_STAGE, STAGE
from policy.checks.throttling import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, preview, resource

PETS = resource(REST_STAGE, "pets", stageName="pets-id")


def limits(rate: Value, burst: Value) -> dict[str, Value]:
    return {"throttlingRateLimit": rate, "throttlingBurstLimit": burst}


def stage(rate: Value, burst: Value, *routes: dict[str, Value]) -> Resource:
    return resource(STAGE, "orders", defaultRouteSettings=limits(rate, burst), routeSettings=routes)


def methods(rate: Value, burst: Value, path: str = "*/*") -> Resource:
    return resource(
        REST_METHOD_SETTINGS, f"pets-{path}", stageName="pets-id", methodPath=path, settings=limits(rate, burst)
    )


CASES = Cases(
    policy=POLICY,
    good={
        "a stage": (stage(200.0, 400),),
        "less than one a second": (stage(0.5, 1),),
        "a route": (stage(200.0, 400, {"routeKey": "GET /a", **limits(1.0, 1)}),),
        "blocked": (stage(0.0, 0), PETS, methods(0.0, 0)),
        "blocked but for a route": (stage(0, 0, {"routeKey": "GET /a", **limits(1.0, 1)}),),
        "rest": (PETS, methods(200.0, 400), methods(1.0, 1, "~1pets/GET")),
        "rest in a preview": (PETS, preview(methods(200.0, 400), stageName=PETS)),
    },
    bad={
        "nothing said": (
            (resource(STAGE, "orders"),),
            [
                "orders: defaultRouteSettings.throttlingRateLimit must be above 0, got none",
                "orders: defaultRouteSettings.throttlingBurstLimit must be above 0, got none",
            ],
        ),
        "one limit": (
            (stage(200.0, None),),
            ["orders: defaultRouteSettings.throttlingBurstLimit must be above 0, got none"],
        ),
        "one limit of 0": (
            (stage(0, 400),),
            ["orders: defaultRouteSettings.throttlingRateLimit must be above 0, got 0"],
        ),
        "a route": (
            (stage(200.0, 400, {"routeKey": "GET /a", "throttlingRateLimit": 1}),),
            ["orders: routeSettings.GET /a.throttlingBurstLimit must be above 0, got none"],
        ),
        "rest without limits": (
            (PETS, methods(-1, -1)),
            [
                "pets-*/*: settings.throttlingRateLimit must be above 0, got -1",
                "pets-*/*: settings.throttlingBurstLimit must be above 0, got -1",
            ],
        ),
        "rest, a method": (
            (PETS, methods(200.0, 400), methods(None, 400, "~1pets/GET")),
            ["pets-~1pets/GET: settings.throttlingRateLimit must be above 0, got none"],
        ),
        "rest, no settings": (
            (PETS,),
            [
                "pets: settings.throttlingRateLimit of */* must be above 0, got none",
                "pets: settings.throttlingBurstLimit of */* must be above 0, got none",
            ],
        ),
    },
    undecided={
        "a limit": (
            (stage(UNKNOWN, 400),),
            ["orders: defaultRouteSettings.throttlingRateLimit is not known"],
        ),
        "a block": (
            (PETS, resource(REST_METHOD_SETTINGS, "all", stageName="pets-id", methodPath="*/*", settings=UNKNOWN)),
            [
                "all: settings.throttlingRateLimit is not known",
                "all: settings.throttlingBurstLimit is not known",
            ],
        ),
    },
)
