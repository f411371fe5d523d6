"""Is a request of the form that its method wants? Its required parameters, and its body by the model of its type.

Sources: "Request validation for REST APIs in API Gateway" (a parameter has to be there and not blank; a content type
without a model is not validated), "Data models for REST APIs" (JSON Schema draft 4), "Amazon API Gateway important
notes" (names are case-sensitive).
"""

from collections.abc import Iterator

from apigateway.json_path import MISSING, JsonValue
from apigateway.mapping.data import RequestData, values_of
from local.gateway.bodies import JSON
from local.gateway.faults import Faulted, invalid_body, missing_parameters
from local.gateway.models import misfits
from local.gateway.rest.payload import first_media_type
from local.topology.rest import RestMethod


def validate(method: RestMethod, request: RequestData) -> None:
    """Hold a request against its method, parameters first. Raises ``Faulted``."""
    if method.validates_parameters and (names := list(_missing(method, request))):
        raise Faulted(missing_parameters(names), f"the request lacks {', '.join(names)}")
    if not method.validates_body:
        return
    content_type = first_media_type(request.headers, "content-type") or JSON
    models = {key.lower(): model for key, model in method.request_models.items()}
    model = models.get(content_type, models.get("$default"))
    if model is None:
        return
    if problems := _problems(model, request):
        raise Faulted(invalid_body(f"[{', '.join(problems)}]"), f"the body does not fit its model: {problems[0]}")


def _missing(method: RestMethod, request: RequestData) -> Iterator[str]:
    for declaration, required in sorted(method.parameters.items()):
        location, _, name = declaration.removeprefix("method.request.").partition(".")
        pairs = {"header": request.headers, "querystring": request.query}.get(location)
        if required and pairs is not None and not any(value.strip() for value in values_of(pairs, name)):
            yield name


def _problems(model: JsonValue, request: RequestData) -> list[str]:
    body: JsonValue
    if not request.body.strip():
        body = {}  # as in a mapping, where an empty body reads as an empty object
    elif request.document.content is MISSING:
        return ["the body is not JSON"]
    else:
        body = request.document.content
    found = misfits(model, body)
    if found is None:
        return ["the body is nested too deeply"]
    return [f"{_place(misfit.path)}{misfit.message}" for misfit in found]


def _place(path: tuple[str | int, ...]) -> str:
    return f"{'.'.join(map(str, path))}: " if path else ""
