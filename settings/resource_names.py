"""The names under which the parts of APIs become resources: no two may be the same."""

from collections.abc import Iterator

from apigateway.errors import Problem
from apigateway.paths import Location, format_path
from apigateway.rules import stack_file

from .api_places import functions_with_places, stages_with_places
from .apis import Api, HttpApi, WebSocketApi
from .finding import problem_at
from .rest_apis import RestApi
from .stack import Settings


def check_resource_names(settings: Settings) -> Iterator[Problem]:
    """Report two parts of one kind that would make one resource name.

    A resource is named by its API and its own name with a hyphen between, so ``b-x`` of the API ``a`` would meet ``x``
    of the API ``a-b``. Resources of APIs of different kinds are mistaken for each other only where their parents are of
    one type, which their URNs bear: usage plans, and the alarms of stages. Routes, integrations and models of a REST
    API are no resources, but parts of its definition.
    """
    for block in ("routes", "integrations", "authorizers", "models", "stages", "usagePlans", "functions"):
        seen: dict[tuple[str, str], Location] = {}
        for name, api in settings.apis.items():
            for part, place in _parts(block, api):
                here: Location = ("apis", name, *place)
                has_parent_of_any = block == "usagePlans" or (block == "stages" and api.alarms is not None)
                kind = "any" if has_parent_of_any else api.protocol
                first = seen.setdefault((kind, f"{name}-{part}"), here)
                if first != here:
                    message = f"makes the same resource name as {format_path(here)}; rename one of the two"
                    yield problem_at(stack_file.RESOURCE_NAME, message, *first)


def _parts(block: str, api: Api) -> Iterator[tuple[str, Location]]:
    """Yield what each part of a block adds to the API's name, and the part's place."""
    match block, api:
        case "routes", HttpApi():
            yield from ((key.replace(" ", "", 1), (block, key)) for key in api.routes)
        case "stages", _:
            named = {stage.name: place for place, stage in reversed([*stages_with_places(api)]) if stage.name}
            yield from ((name.removeprefix("$"), (*place, "name")) for name, place in reversed(named.items()))
        case "functions", _:
            functions = {function.name: place for place, function in reversed([*functions_with_places(api)])}
            yield from reversed(functions.items())
        case "models", WebSocketApi():
            yield from ((name, (block, name)) for name in api.models)
        case "usagePlans", WebSocketApi() | RestApi():
            yield from ((name, (block, name)) for name in api.usage_plans)
        case "routes", WebSocketApi():
            yield from ((key, (block, key)) for key in api.routes)
        case "integrations", WebSocketApi() | HttpApi():
            yield from ((name, (block, name)) for name in api.integrations)
        case "authorizers", _:
            yield from ((name, (block, name)) for name in api.authorizers)
        case _:
            return
