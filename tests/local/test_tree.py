"""The tree that ``preview`` and ``up`` print."""

import io
import json

from rich.console import Console

from local.recording import Recording, Resource
from local.tree import print_tree

API = "aws:apigateway/restApi:RestApi"


def tree_of(*resources: Resource) -> list[str]:
    """Return the tree's lines."""
    page = io.StringIO()
    print_tree(Recording(project="p", stack="dev", resources=resources, outputs={}), Console(file=page, width=20))
    return page.getvalue().splitlines()


def rest_api(paths: object) -> Resource:
    """Return a REST API without a parent, of a document with some paths."""
    outputs = {"body": json.dumps({"paths": paths})}
    return Resource(
        urn="urn:1", type=API, name="shop", parent=None, custom=True, id="a1", inputs=outputs, outputs=outputs
    )


def test_the_methods_of_a_rest_api_stand_below_it() -> None:
    any_method = {"x-amazon-apigateway-integration": {"type": "http_proxy", "uri": "http://nlb/pets/{proxy}"}}
    mock = {"x-amazon-apigateway-integration": {"type": "mock"}}
    api = rest_api({"/pets/{proxy+}": {"x-amazon-apigateway-any-method": any_method}, "/": {"get": mock}})
    assert tree_of(api) == [
        "p (dev)",
        "└── aws:apigateway:RestApi shop",
        "    ├── GET / → MOCK",
        "    └── ANY /pets/{proxy+} → HTTP_PROXY http://nlb/pets/{proxy}",
        "1 resources; `python -m local preview` adds their counts and outputs",
    ]
