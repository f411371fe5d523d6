"""What the routes and models of a REST API must be to each other and to what their integrations read."""

import pytest

from apigateway.gateway_responses import VALUE_GRAMMAR
from settings import RestApi, find_warnings, load_settings
from tests.settings.broken_apis import MODEL
from tests.settings.examples import REMOVED, Location, changed, problems, rules_of
from tests.settings.rest_examples import (
    ANSWER,
    PET,
    PET_INTEGRATION,
    PETS,
    PREFLIGHT,
    SHARED,
    SHOP,
    with_everything,
    with_shop,
)

ROUTES: Location = (*SHOP, "routes")
MODELS: Location = (*SHOP, "models")
UNIQUE = "it is unique across query string, header, path"


def found(changes: dict[Location, object]) -> list[str]:
    return problems(changed(with_shop(changes)))


def test_a_sound_api_has_no_problems() -> None:
    settings = load_settings(changed(with_shop()), "us-east-1")
    assert isinstance(settings.apis["shop"], RestApi)
    assert find_warnings(settings) == []


def test_an_api_with_everything_has_no_problems() -> None:
    settings = load_settings(changed(with_everything()), "us-east-1")
    assert list(settings.apis) == ["chat", "orders", "shop", "vault"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({ROUTES: {}}, ["apis.shop.routes: must hold at least one route"]),
        ({ROUTES: REMOVED}, ["apis.shop.routes: is required"]),
        ({PREFLIGHT: {}}, ['apis.shop.routes["OPTIONS /pets/{petId}"].integration: is required']),
        (
            {(*ROUTES, "GET /pets", "integration"): "lst"},
            [
                (
                    'apis.shop.routes["GET /pets"].integration: no integration "lst" under apis.shop.integrations; '
                    "did you mean list?"
                )
            ],
        ),
        (
            {(*ROUTES, "$default"): {"integration": "list"}},
            [
                (
                    'apis.shop.routes["$default"]: not a route key of a REST API, got "$default"; expected "METHOD '
                    '/path"; $default belongs to HTTP APIs, write ANY /{proxy+} here, and ANY / for the root'
                )
            ],
        ),
        (
            {(*PET, "retired"): True},
            [
                (
                    'apis.shop.routes["GET /pets/{petId}"].retired: unknown key; take the route of a REST API out of '
                    "the file"
                )
            ],
        ),
        (
            {(*SHOP, "stage"): {"routeSettings": {"GET /pet": {}}}},
            [
                (
                    'apis.shop.stage.routeSettings["GET /pet"]: no route "GET /pet" under apis.shop.routes; did you '
                    "mean GET /pets?"
                )
            ],
        ),
    ],
)
def test_routes_and_what_names_them(changes: dict[Location, object], expected: list[str]) -> None:
    assert found(changes) == expected


NO_STATUS = "expected a number from 100 to 599; give single codes such as 400"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {(*PET, "methodResponses"): {"4xx": {}}},
            f'apis.shop.routes["GET /pets/{{petId}}"].methodResponses.4xx: not a status code, got "4xx"; {NO_STATUS}',
        ),
        (
            {(*SHOP, "gatewayResponses"): {"DEFAULT_4XX": {"statusCode": "4xx"}}},
            f'apis.shop.gatewayResponses.DEFAULT_4XX.statusCode: not a status code, got "4xx"; {NO_STATUS}',
        ),
        (
            {(*SHOP, "gatewayResponses"): {"DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.a": "*"}}}},
            (
                'apis.shop.gatewayResponses.DEFAULT_4XX.responseParameters["gatewayresponse.header.a"]: '
                "not a value of a "
                f"gateway response's parameter, got \"*\"; {VALUE_GRAMMAR}; write '*' (in YAML \"'*'\", "
                "which takes the outer "
                "quotes away)"
            ),
        ),
        (
            {(*SHARED, "path"): "/{stageVariables.y}/a"},
            (
                "apis.shop.integrations.list.path: holds {stageVariables.y}, which is no stage variable, got "
                '"/{stageVariables.y}/a"; write ${stageVariables.y}'
            ),
        ),
        (
            {(*SHARED, "path"): "/$stageVariables.mode/y"},
            (
                "apis.shop.integrations.list.path: holds $stageVariables.mode, which is no stage variable, got "
                '"/$stageVariables.mode/y"; write ${stageVariables.mode}'
            ),
        ),
        ({(*SHOP, "name"): "x"}, "apis.shop.name: unknown key; the name is the key under apis"),
        ({(*SHOP, "Name"): "x"}, "apis.shop.Name: unknown key; the name is the key under apis"),
        ({(*SHOP, "stageName"): "x"}, "apis.shop.stageName: unknown key; write stage: {name: …}"),
        (
            {(*SHOP, "stages"): []},
            "apis.shop.stages: must hold at least one stage, got []; leave it out for one with the stack's name",
        ),
        (
            {(*SHOP, "stages"): None},
            "apis.shop.stages: must hold at least one stage, got null; leave it out for one with the stack's name",
        ),
    ],
)
def test_what_is_written_amiss(changes: dict[Location, object], expected: str) -> None:
    assert found(changes) == [expected]


def test_a_second_variable_below_a_resource() -> None:
    routes = {
        "GET /pets/{id}": {"integration": "list"},
        "GET /pets/{proxy+}": {"integration": "list"},
        "GET /pets/{id}/toys": {"integration": "list"},
    }
    one = "are both below /pets, where one variable is allowed"
    assert found({(*ROUTES, key): route for key, route in routes.items()}) == [
        f'apis.shop.routes["GET /pets/{{id}}"]: "{{id}}" and "{{petId}}" {one}; write GET /pets/{{petId}}',
        f'apis.shop.routes["GET /pets/{{proxy+}}"]: "{{proxy+}}" and "{{petId}}" {one}',
        f'apis.shop.routes["GET /pets/{{id}}/toys"]: "{{id}}" and "{{petId}}" {one}; write GET /pets/{{petId}}/toys',
    ]


def test_the_tree_is_held_together_with_unsound_routes() -> None:
    """A route whose integration is unsound is a resource by its key all the same; one with an unsound key is none."""
    changes: dict[Location, object] = {
        (*PET, "integration"): {**PETS, "timeoutInMillis": "long"},
        (*ROUTES, "GET /pets/{}"): {"integration": "list"},
        (*ROUTES, "GET /pets/{id}"): {"integration": "list"},
    }
    assert rules_of(changed(with_shop(changes))) == ["value", "rest-route-key", "rest-resource-tree"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {(*PET, "requestParameters"): {"method.request.path.name": {}, "method.request.path.petId": {}}},
            [
                (
                    'apis.shop.routes["GET /pets/{petId}"].requestParameters["method.request.path.name"]: the route '
                    'GET /pets/{petId} has no path variable {name}, got "method.request.path.name"'
                )
            ],
        ),
        (
            {
                (*PET, "requestParameters"): {
                    "method.request.header.a": {},
                    "method.request.querystring.a": {},
                    "method.request.header.A": {},
                }
            },
            [
                (
                    'apis.shop.routes["GET /pets/{petId}"].requestParameters["method.request.querystring.a"]: the name '
                    f'"a" is taken by method.request.header.a: {UNIQUE}'
                )
            ],
        ),
        (
            {
                (*PET_INTEGRATION, "requestParameters", "integration.request.header.pet"): (
                    "method.request.multivalueheader.petId"
                )
            },
            [
                (
                    'apis.shop.routes["GET /pets/{petId}"].integration.requestParameters'
                    '["integration.request.header.pet"]: the name "petId" is taken by method.request.path.petId: '
                    f"{UNIQUE}"
                )
            ],
        ),
        (
            {
                (*SHARED, "requestParameters"): {
                    "integration.request.header.a": "method.request.querystring.a",
                    "integration.request.header.b": "method.request.multivaluequerystring.a",
                    "integration.request.header.c": "method.request.header.a",
                }
            },
            [
                (
                    'apis.shop.integrations.list.requestParameters["integration.request.header.c"]: the name "a" is '
                    f"taken by method.request.querystring.a: {UNIQUE}"
                )
            ],
        ),
        (
            {
                (*SHARED, "requestParameters"): {"integration.request.header.a": "method.request.querystring.a"},
                (*ROUTES, "GET /pets", "requestParameters"): {"method.request.header.a": {}},
                (*ROUTES, "GET /a/{a}"): {"integration": "list"},
                (*ROUTES, "GET /b"): {"integration": "list"},
            },
            [
                (
                    'apis.shop.integrations.list.requestParameters["integration.request.header.a"]: on the route GET '
                    f'/pets, the name "a" is taken by method.request.header.a: {UNIQUE}'
                ),
                (
                    'apis.shop.integrations.list.requestParameters["integration.request.header.a"]: on the route GET '
                    f'/a/{{a}}, the name "a" is taken by method.request.path.a: {UNIQUE}'
                ),
            ],
        ),
    ],
)
def test_declarations(changes: dict[Location, object], expected: list[str]) -> None:
    assert found(changes) == expected


def test_the_same_parameter_declared_and_read_is_one() -> None:
    changes: dict[Location, object] = {
        (*SHARED, "requestParameters"): {"integration.request.header.a": "method.request.multivalueheader.a"},
        (*ROUTES, "GET /pets", "requestParameters"): {"method.request.header.a": {"required": True}},
    }
    load_settings(changed(with_shop(changes)))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {(*PET, "requestModels"): {"application/json": "pett"}, MODELS: {"pet": MODEL}},
            [
                (
                    'apis.shop.routes["GET /pets/{petId}"].requestModels["application/json"]: no model "pett" under '
                    "apis.shop.models; did you mean pet?"
                )
            ],
        ),
        (
            {(*PET, "methodResponses"): {"200": {"responseModels": {"application/json": "Empty"}}}},
            [
                (
                    'apis.shop.routes["GET /pets/{petId}"].methodResponses.200.responseModels["application/json"]: no '
                    'model "Empty" under apis.shop.models; API Gateway\'s own is not known here, define it'
                )
            ],
        ),
        (
            {(*PET, "requestModels"): {"$default": "pet"}, MODELS: {"pet": MODEL}},
            [
                (
                    'apis.shop.routes["GET /pets/{petId}"].requestModels["$default"]: not a content type, got '
                    '"$default"; expected a content type such as application/json'
                )
            ],
        ),
        (
            {MODELS: {"pet": {**MODEL, "contentType": "application/xml"}}},
            [
                (
                    'apis.shop.models.pet.contentType: must be application/json, got "application/xml": a REST API '
                    "holds JSON alone to a model"
                )
            ],
        ),
        (
            {
                MODELS: {
                    "pet": {
                        "schema": {
                            "type": "object",
                            "definitions": {"toy": {"type": "object", "properties": {"kind": {"type": "string"}}}},
                            "properties": {
                                "parent": {"$ref": "#"},
                                "toy": {"$ref": "#/definitions/toy"},
                                "name": {"$ref": "#/properties/parent"},
                                "kinds": {"items": {"$ref": "#/definitions/toy/properties/kind"}},
                                "any": {"anyOf": [{"$ref": "#name"}], "enum": [{"$ref": "text"}]},
                                "$ref": {"default": {"$ref": "text"}},
                            },
                        }
                    }
                }
            },
            [
                (
                    'apis.shop.models.pet.schema.properties.name["$ref"]: must be # or #/definitions/NAME, got '
                    '"#/properties/parent"'
                ),
                (
                    'apis.shop.models.pet.schema.properties.kinds.items["$ref"]: must be # or #/definitions/NAME, got '
                    '"#/definitions/toy/properties/kind"'
                ),
                (
                    'apis.shop.models.pet.schema.properties.any.anyOf[0]["$ref"]: must be # or #/definitions/NAME, got '
                    '"#name"'
                ),
            ],
        ),
    ],
)
def test_models(changes: dict[Location, object], expected: list[str]) -> None:
    assert found(changes) == expected


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        (
            (*PET, "methodResponses"),
            {"2xx": {}},
            'methodResponses.2xx: not a status code, got "2xx"; expected a number',
        ),
        (
            (*PET, "methodResponses"),
            {"200": {"responseParameters": {"method.response.header.etag": "yes"}}},
            ('methodResponses.200.responseParameters["method.response.header.etag"]: must be true or false, got "yes"'),
        ),
        (
            (*PET, "requestParameters"),
            {"route.request.header.a": {}},
            (
                'requestParameters["route.request.header.a"]: must be method.request.header.NAME, '
                'method.request.querystring.NAME or method.request.path.NAME, got "route.request.header.a"'
            ),
        ),
        ((*PET, "requestValidatorId"), "x", "requestValidatorId: unknown key; what is required, and what has a model"),
        ((*PET, "routeResponse"), True, "routeResponse: unknown key; a REST API always answers"),
        ((*PET, "apiKeyRequired"), "yes", 'apiKeyRequired: must be true or false, got "yes"'),
    ],
)
def test_bad_values_of_a_route(place: Location, value: object, problem: str) -> None:
    (only,) = found({place: value})
    assert only.startswith(f'apis.shop.routes["GET /pets/{{petId}}"].{problem}')


def test_every_problem_comes_at_once() -> None:
    changes: dict[Location, object] = {
        (*PET, "requestParameters"): {"method.request.path.x": {}},
        (*PET, "requestModels"): {"application/json": "nope"},
        (*PET_INTEGRATION, "backend"): "nope",
        (*PET_INTEGRATION, "requestParameters"): {"integration.request.path.petId": "method.request.path.y"},
        (*PREFLIGHT, "integration"): {**ANSWER, "integrationResponses": {}},
    }
    assert rules_of(changed(with_shop(changes))) == [
        "rest-parameter",
        "request-models",
        "reference",
        "path-variable",
        "rest-integration-responses",
    ]
