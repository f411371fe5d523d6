"""Stages of REST APIs: their names, logs, variables and cache."""

from collections.abc import Mapping

import pytest

from tests.settings.broken_infrastructure import TOPIC
from tests.settings.broken_rest_surroundings import (
    STAGE,
)
from tests.settings.examples import Location
from tests.settings.findings import found
from tests.settings.rest_examples import PETS, SHOP, with_shop

HTTP = {**PETS, "integrationType": "HTTP", "integrationResponses": {"200": {}}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            with_shop({STAGE: {}, (*SHOP, "stages"): [{}]}),
            [("one-or-several-stages", "apis.shop.stages: is given beside stage; keep one of the two")],
        ),
        (
            with_shop({(*SHOP, "stages"): [{}, {"name": "a"}, {"name": "a"}, {}]}),
            [
                ("one-or-several-stages", 'apis.shop.stages[2].name: must differ from that of stages[1], got "a"'),
                (
                    "one-or-several-stages",
                    "apis.shop.stages[3].name: is required: stages[0] has the Pulumi stack's name",
                ),
            ],
        ),
        (
            with_shop({(*STAGE, "name"): "$default"}),
            [("stage-name", 'apis.shop.stage.name: only an HTTP API has a $default stage, got "$default"')],
        ),
        (
            with_shop({(*STAGE, "accessLogs"): False, (*SHOP, "alarms"): TOPIC}),
            [
                (
                    "alarm-logs",
                    (
                        "apis.shop.stage.accessLogs: must not be false: the alarm on refused calls counts them in "
                        "access logs"
                    ),
                )
            ],
        ),
        (
            with_shop(
                {
                    (*SHOP, "stages"): [
                        {
                            "cacheDataEncrypted": False,
                            "routeSettings": {"GET /pets": {"cachingEnabled": False, "cacheTtlInSeconds": 5}},
                        },
                        {"name": "big", "cacheClusterSize": "237", "cacheTtlInSeconds": 5},
                    ]
                }
            ),
            [
                ("rest-cache", f"apis.shop.stages[0].{key}: needs a cacheClusterSize: the stage has no cache")
                for key in (
                    "cacheDataEncrypted",
                    'routeSettings["GET /pets"].cachingEnabled',
                    'routeSettings["GET /pets"].cacheTtlInSeconds',
                )
            ],
        ),
        (
            with_shop({(*STAGE, "cacheClusterSize"): "1", (*STAGE, "cacheTtlInSeconds"): 60}),
            [
                (
                    "rest-cache",
                    (
                        'apis.shop.stage.cacheClusterSize: must be "0.5", "1.6", "6.1", "13.5", "28.4", "58.2", '
                        '"118" or "237", got "1"'
                    ),
                )
            ],
        ),
        (
            with_shop({(*STAGE, "cacheclusterSize"): "0.5", (*STAGE, "cacheTtlInSeconds"): 60}),
            [("known-key", "apis.shop.stage.cacheclusterSize: unknown key; did you mean cacheClusterSize?")],
        ),
        (
            with_shop({(*STAGE, "cacheTtlInSeconds"): 3601}),
            [("rest-cache", "apis.shop.stage.cacheTtlInSeconds: must be 0 to 3600, got 3601")],
        ),
        (
            with_shop({(*STAGE, "executionLogs"): {"dataTrace": True}}),
            [
                (
                    "data-trace",
                    (
                        "apis.shop.stage.executionLogs.dataTrace: logs whole requests and answers, which may hold "
                        "secrets"
                    ),
                )
            ],
        ),
        (
            with_shop({(*STAGE, "routeSettings"): {"GET /pets": {"executionLogs": {"dataTrace": True}}}}),
            [
                (
                    "data-trace",
                    (
                        'apis.shop.stage.routeSettings["GET /pets"].executionLogs.dataTrace: logs whole requests and '
                        "answers, which may hold secrets"
                    ),
                )
            ],
        ),
        (
            with_shop({(*STAGE, "variables"): {"apiKey": "x"}}),
            [
                (
                    "stage-variable-secret",
                    (
                        "apis.shop.stage.variables.apiKey: looks like a secret by its name: everybody who can read the "
                        "API can read stage variables"
                    ),
                )
            ],
        ),
        (
            with_shop({(*STAGE, "accessLogs"): {"format": "$context.requestId $context.routeKey"}}),
            [
                (
                    "log-format",
                    (
                        'apis.shop.stage.accessLogs.format: "routeKey" is a $context variable of WebSocket and HTTP '
                        'APIs only, got "$context.requestId $context.routeKey"'
                    ),
                )
            ],
        ),
    ],
)
def test_stages(changes: Mapping[Location, object], expected: list[tuple[str, str]]) -> None:
    assert found(changes) == expected
