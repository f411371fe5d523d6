"""What an integration of a REST API must be to its routes, its URL, its answers and its backend."""

from typing import Any

import pytest

from settings import load_settings
from tests.settings.broken_apis import FUNCTION, ROLE
from tests.settings.broken_rest import CALL, HTTP
from tests.settings.examples import Location, changed, problems, rules_of
from tests.settings.rest_examples import ANSWER, MOCK, PET_INTEGRATION, PETS, PROXY, SHARED, SHOP, with_shop

QUEUE = "arn:aws:apigateway:us-east-1:sqs:path/111122223333/{queue}"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
URL = {**PROXY, "integrationUri": "https://pets.example/{petId}"}
LIST = "apis.shop.integrations.list"
PET = 'apis.shop.routes["GET /pets/{petId}"].integration'
OPTIONS = 'apis.shop.routes["OPTIONS /pets/{petId}"].integration'

NO_TEMPLATE = (
    f'{OPTIONS}.requestTemplates: needs a template that makes {{"statusCode": 200}}, or every answer is 500; got none'
)


def found(changes: dict[Location, object]) -> list[str]:
    return problems(changed(with_shop(changes)))


def mapping(destination: str, source: str) -> dict[str, str]:
    return {f"integration.request.{destination}": source}


@pytest.mark.parametrize(
    ("integration", "expected"),
    [
        (
            {**PETS, "requestParameters": mapping("header.id", "method.request.path.petid")},
            [
                (
                    f'{PET}.requestParameters["integration.request.header.id"]: the route GET /pets/{{petId}} has no '
                    'path variable {petid}, got "method.request.path.petid"; did you mean method.request.path.petId?'
                )
            ],
        ),
        (
            {
                **PETS,
                "requestParameters": {
                    **mapping("header.Tenant", "context.accountId"),
                    **mapping("header.tenant", "'acme'"),
                    **mapping("querystring.tenant", "'acme'"),
                },
            },
            [
                (
                    f'{PET}.requestParameters["integration.request.header.tenant"]: the same header is mapped by '
                    "integration.request.header.Tenant"
                )
            ],
        ),
        (
            {**PETS, "path": "/pets/{petId}"},
            [
                (
                    f"{PET}.path: {{petId}} is filled by nothing; map integration.request.path.petId: "
                    "method.request.path.petId"
                )
            ],
        ),
        (
            {**PETS, "path": "/pets/{name}/{name}"},
            [f"{PET}.path: {{name}} is filled by nothing; map integration.request.path.name"],
        ),
        (
            URL,
            [
                (
                    f"{PET}.integrationUri: {{petId}} is filled by nothing; map integration.request.path.petId: "
                    "method.request.path.petId"
                )
            ],
        ),
        (
            {**PETS, "requestParameters": mapping("path.petId", "method.request.path.petId")},
            [
                (
                    f'{PET}.requestParameters["integration.request.path.petId"]: fills nothing: path has no {{petId}}, '
                    'got "/pets"'
                )
            ],
        ),
        (
            {
                **PETS,
                "path": "/pets/{petId}",
                "requestParameters": mapping("path.petid", "method.request.path.petId"),
            },
            [
                (
                    f"{PET}.path: {{petId}} is filled by nothing; map integration.request.path.petId: "
                    "method.request.path.petId"
                ),
                (
                    f'{PET}.requestParameters["integration.request.path.petid"]: fills nothing: path has no {{petid}}, '
                    'got "/pets/{petId}"; did you mean integration.request.path.petId?'
                ),
            ],
        ),
        (
            {
                **CALL,
                "integrationUri": QUEUE.replace("queue", "queue+"),
                "credentialsArn": ROLE,
                "requestParameters": mapping("path.queue", "'orders'"),
            },
            [
                (
                    f"{PET}.integrationUri: has {{queue+}}, which belongs to route keys, got "
                    f'"{QUEUE.replace("queue", "queue+")}"; write {{queue}}'
                )
            ],
        ),
        (
            {
                "integrationType": "AWS_PROXY",
                "integrationUri": FUNCTION,
                "requestParameters": mapping("path.petId", "method.request.path.petId"),
            },
            [
                (
                    f'{PET}.requestParameters["integration.request.path.petId"]: fills nothing: integrationUri has no '
                    f'{{petId}}, got "{FUNCTION}"'
                )
            ],
        ),
        (
            {**CALL, "requestParameters": {**mapping("header.TE", "'a'"), **mapping("querystring.te", "'a'")}},
            [
                (
                    f'{PET}.requestParameters["integration.request.header.TE"]: integration.request.header.TE makes '
                    "every request of an AWS integration fail with 500"
                )
            ],
        ),
    ],
)
def test_mappings_and_placeholders(integration: dict[str, Any], expected: list[str]) -> None:
    assert found({PET_INTEGRATION: integration}) == expected


def test_a_shared_integration_is_held_to_each_route() -> None:
    changes: dict[Location, object] = {
        (*SHARED, "requestParameters"): mapping("header.id", "method.request.path.petId"),
        (*SHARED, "path"): "/pets/{name}",
        (*SHOP, "routes", "GET /{name}"): {"integration": "list"},
        (*SHOP, "routes", "GET /{name}/{petId}"): {"integration": "list"},
    }
    place = f'{LIST}.requestParameters["integration.request.header.id"]'
    read = 'has no path variable {petId}, got "method.request.path.petId"'
    assert found(changes) == [
        f"{place}: the route GET /pets {read}",
        f"{place}: the route GET /{{name}} {read}",
        f"{LIST}.path: {{name}} is filled by nothing; map integration.request.path.name",
    ]


@pytest.mark.parametrize(
    ("integration", "expected"),
    [
        (
            {**HTTP, "integrationResponses": {}},
            [
                (
                    f"{LIST}.integrationResponses: needs a response without a selectionPattern, for answers that no "
                    "other one takes; got none"
                )
            ],
        ),
        (
            {
                **HTTP,
                "integrationResponses": {
                    "200": {"selectionPattern": r"2\d\d"},
                    "201": {"selectionPattern": r"2\d\d"},
                    "404": {"selectionPattern": ""},
                    "500": {},
                },
            },
            [
                (f'{LIST}.integrationResponses.201.selectionPattern: "2\\d\\d" already chooses the response 200'),
                (
                    f"{LIST}.integrationResponses.500: the response 404 is the default one already; give this one a "
                    "selectionPattern"
                ),
            ],
        ),
        (
            {**HTTP, "integrationResponses": {"200": {"selectionPattern": "default"}}},
            [
                (
                    f"{LIST}.integrationResponses.200.selectionPattern: a pattern that matches these characters alone, "
                    'got "default"; leave selectionPattern out for the default response'
                )
            ],
        ),
        (
            {
                **HTTP,
                "integrationResponses": {
                    "200": {
                        "responseParameters": {
                            "method.response.header.ETag": "'a'",
                            "method.response.header.etag": "'b'",
                        }
                    }
                },
            },
            [
                (
                    f'{LIST}.integrationResponses.200.responseParameters["method.response.header.etag"]: the same '
                    "header is mapped by method.response.header.ETag"
                )
            ],
        ),
        (
            {
                **HTTP,
                "integrationResponses": {"200": {"selectionPattern": r"2\d\d"}, "500": {"selectionPattern": "5.."}},
            },
            [
                (
                    f"{LIST}.integrationResponses: needs a response without a selectionPattern, for answers that no "
                    "other one takes, such as 300; got 200, 500"
                )
            ],
        ),
        (
            {**CALL, "integrationResponses": {"200": {"selectionPattern": ".*"}}},
            [
                (
                    f"{LIST}.integrationResponses: needs a response without a selectionPattern, for answers that no "
                    "other one takes; got 200"
                )
            ],
        ),
        (
            {
                "integrationType": "AWS_PROXY",
                "integrationUri": "arn:aws:apigateway:us-east-1:firehose:action/PutRecord",
                "integrationMethod": "POST",
            },
            [
                (
                    f"{LIST}.integrationUri: not a Lambda function but a service, to which AWS_PROXY is not supported "
                    'here, got "arn:aws:apigateway:us-east-1:firehose:action/PutRecord"; write integrationType: AWS'
                )
            ],
        ),
        (
            {**CALL, "integrationMethod": "GET"},
            [f"{LIST}.integrationMethod: must be POST, got GET; API Gateway calls Lambda by POST"],
        ),
        (
            {**CALL, "integrationUri": QUEUE.replace("{queue}", "orders")},
            [f'{LIST}.credentialsArn: is required: "sqs" is called with a role'],
        ),
        (
            {**PETS, "cacheKeyParameters": ["method.request.header.a", "method.request.header.a"]},
            [
                f"{LIST}.cacheKeyParameters[1]: method.request.header.a is named twice",
                (
                    f'{LIST}.cacheKeyParameters[0]: is not declared by the route GET /pets, got "method.request.'
                    "header.a\"; declare method.request.header.a under the route's requestParameters"
                ),
                (
                    f'{LIST}.cacheKeyParameters[1]: is not declared by the route GET /pets, got "method.request.'
                    "header.a\"; declare method.request.header.a under the route's requestParameters"
                ),
            ],
        ),
        (
            {
                **PETS,
                "requestParameters": mapping("header.tenant", "method.request.querystring.tenant"),
                "cacheKeyParameters": [
                    "integration.request.header.tennant",
                    "integration.request.header.page",
                    "method.request.multivaluequerystring.tenant",
                    "method.request.querystring.tennant",
                ],
            },
            [
                (
                    f"{LIST}.cacheKeyParameters[0]: is written by none of requestParameters, got "
                    '"integration.request.header.tennant"; did you mean integration.request.header.tenant?'
                ),
                (
                    f"{LIST}.cacheKeyParameters[1]: is written by none of requestParameters, got "
                    '"integration.request.header.page"'
                ),
                (
                    f"{LIST}.cacheKeyParameters[3]: is not declared by the route GET /pets, got "
                    '"method.request.querystring.tennant"; did you mean method.request.querystring.tenant?'
                ),
            ],
        ),
    ],
)
def test_answers_calls_and_cache_keys(integration: dict[str, Any], expected: list[str]) -> None:
    assert found({SHARED: integration}) == expected


@pytest.mark.parametrize(
    ("integration", "expected"),
    [
        (
            {**ANSWER, "requestTemplates": {}},
            [
                NO_TEMPLATE,
            ],
        ),
        (
            {**ANSWER, "requestTemplates": {"application/json": "{statusCode:200}", "$default": '{"status": 200}'}},
            [
                (
                    f'{OPTIONS}.requestTemplates["$default"]: must make {{"statusCode": 200}}, or the answer is 500; '
                    'got "{\\"status\\": 200}"'
                )
            ],
        ),
        (
            {**ANSWER, "requestParameters": mapping("header.id", "method.request.path.nope")},
            [
                (
                    f"{OPTIONS}.requestParameters: does not belong here: a MOCK integration sends no request to write "
                    "them into"
                )
            ],
        ),
        (
            {**ANSWER, "backend": "chat"},
            [f"{OPTIONS}.backend: does not belong here, but to HTTP_PROXY and HTTP integrations"],
        ),
        (
            {"integrationType": "MOCK"},
            [
                NO_TEMPLATE,
                (
                    f"{OPTIONS}.integrationResponses: needs a response without a selectionPattern, for answers that no "
                    "other one takes; got none"
                ),
            ],
        ),
    ],
)
def test_mock(integration: dict[str, Any], expected: list[str]) -> None:
    assert found({MOCK: integration}) == expected


@pytest.mark.parametrize(
    ("endpoint", "millis", "mode", "expected"),
    [
        ("EDGE", 29_000, "BUFFERED", []),
        (
            "EDGE",
            29_001,
            "BUFFERED",
            ["must be 50 to 29000 for an EDGE API, or more with responseTransferMode STREAM, got 29001"],
        ),
        ("EDGE", 900_000, "STREAM", []),
        ("REGIONAL", 60_000, "BUFFERED", []),
        ("REGIONAL", 900_001, "STREAM", ["must be 50 to 900000, got 900001"]),
        ("REGIONAL", 49, "BUFFERED", ["must be 50 to 900000, got 49"]),
    ],
)
def test_timeouts(endpoint: str, millis: int, mode: str, expected: list[str]) -> None:
    raw = changed(
        with_shop(
            {
                (*SHOP, "endpointConfiguration"): {"types": [endpoint]},
                SHARED: {**PETS, "timeoutInMillis": millis, "responseTransferMode": mode},
            }
        )
    )
    if expected:
        assert problems(raw) == [f"{LIST}.timeoutInMillis: {message}" for message in expected]
    else:
        load_settings(raw)


def test_an_integration_that_cannot_stream_keeps_to_the_quota() -> None:
    changes: dict[Location, object] = {
        (*SHOP, "endpointConfiguration"): {"types": ["EDGE"]},
        SHARED: {**HTTP, "timeoutInMillis": 30_000},
    }
    assert rules_of(changed(with_shop(changes))) == ["rest-timeout"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {(*SHARED, "backend"): "chatt"},
            [f'{LIST}.backend: no backend "chatt" under backends; did you mean chat?'],
        ),
        (
            {
                ("backends", "low"): {"loadBalancer": "application", "listener": {"port": 81}},
                (*SHARED, "backend"): "low",
            },
            [f'{LIST}.backend: must listen on port 80, 443 or 1024 to 65535 for a REST API, got "low" on port 81'],
        ),
        (
            {(*SHARED, "tlsConfig"): {}, (*SHARED, "backend"): "orders"},
            [f'{LIST}.tlsConfig: needs a backend that speaks TLS; "orders" speaks HTTP'],
        ),
        (
            {(*SHARED, "tlsConfig"): {}},
            [f'{LIST}.tlsConfig: needs a backend that speaks TLS; "chat" speaks TCP and has no hostName'],
        ),
        (
            {SHARED: {**PROXY, "integrationUri": "http://pets.example", "tlsConfig": {}}},
            [f'{LIST}.tlsConfig: needs an https:// URL, got "http://pets.example"'],
        ),
        (
            {
                (*PET_INTEGRATION, "backend"): "orders",
                (*PET_INTEGRATION, "requestParameters"): mapping("path.petId", "method.request.body"),
            },
            [
                (
                    f'{PET}.requestParameters["integration.request.path.petId"]: must be one value, got '
                    '"method.request.body": on the way to an application load balancer a template makes the path; a '
                    "part of it is read by method.request.body.PATH"
                )
            ],
        ),
        (
            {
                (*PET_INTEGRATION, "backend"): "orders",
                (*PET_INTEGRATION, "requestParameters"): mapping(
                    "path.petId", "method.request.multivaluequerystring.p"
                ),
            },
            [
                (
                    f'{PET}.requestParameters["integration.request.path.petId"]: must be one value, got '
                    '"method.request.multivaluequerystring.p": on the way to an application load balancer a template '
                    "makes the path; write method.request.querystring.p"
                )
            ],
        ),
    ],
)
def test_backends(changes: dict[Location, object], expected: list[str]) -> None:
    assert found(changes) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {(*SHARED, "tlsConfig"): {}, ("backends", "chat", "hostName"): "chat.example"},
        {SHARED: {**PROXY, "integrationUri": "https://pets.example", "tlsConfig": {}}},
        {
            SHARED: {
                **HTTP,
                "integrationResponses": {
                    "200": {"selectionPattern": r"2\d\d"},
                    "500": {"selectionPattern": r"[1345]\d\d"},
                },
            }
        },
        {(*MOCK, "integrationResponses"): {"204": {"selectionPattern": "204"}}},
        {
            MOCK: {
                **ANSWER,
                "requestTemplates": {"application/json": '{"statusCode": $input.params("code")}'},
                "integrationResponses": {"200": {"selectionPattern": "200"}},
            }
        },
        {(*PET_INTEGRATION, "backend"): "orders"},
        {(*PET_INTEGRATION, "requestParameters"): mapping("path.petId", "method.request.body")},
        {(*SHARED, "requestParameters"): mapping("header.all", "method.request.body"), (*SHARED, "backend"): "orders"},
        {(*SHARED, "path"): "/${stageVariables.version}/pets", (*SHARED, "backend"): "orders"},
        {
            (*PET_INTEGRATION, "backend"): "orders",
            (*PET_INTEGRATION, "requestParameters"): mapping("path.petId", "method.request.body.pet.id"),
        },
        {
            SHARED: {
                **CALL,
                "integrationUri": QUEUE,
                "credentialsArn": ROLE,
                "requestParameters": mapping("path.queue", "'q'"),
            }
        },
        {SHARED: {**CALL, "requestParameters": mapping("header.X-Amz-Invocation-Type", "'Event'")}},
        {PET_INTEGRATION: URL | {"requestParameters": mapping("path.petId", "method.request.path.petId")}},
    ],
)
def test_what_is_sound(changes: dict[Location, object]) -> None:
    load_settings(changed(with_shop(changes)), "us-east-1")


def test_a_listener_without_its_name_is_one_problem() -> None:
    listener = {"port": 443, "protocol": "TLS", "certificateArn": CERTIFICATE}
    changes: dict[Location, object] = {(*SHARED, "tlsConfig"): {}, ("backends", "chat", "listener"): listener}
    assert rules_of(changed(with_shop(changes)), "us-east-1") == ["certificate"]


@pytest.mark.parametrize("written", ["acme", '"acme"'])
def test_text_without_its_quotes(written: str) -> None:
    (line,) = found({(*SHARED, "requestParameters"): mapping("header.tenant", written)})
    assert line.endswith("; write 'acme' (in YAML \"'acme'\", which takes the outer quotes away)")
