"""Is a message of the form that its route wants? It is held against the model that the message selects.

Sources: "Request validation for WebSocket APIs in API Gateway", "WebSocket selection expressions" (``$default`` stands
in for a key that has no model; without it the message is refused), "Data models for REST APIs" (JSON Schema draft 4).
Of the two pages that tell which integrations this is for, one leaves the proxies out; a choice: it is for all.
"""

from apigateway.json_path import MISSING
from apigateway.mapping.data import RequestData
from local.gateway.faults import Faulted
from local.gateway.models import misfits
from local.gateway.websocket.faults import BAD_BODY
from local.topology.websocket import WebSocketRoute

_DEFAULT = "$default"


def validate(route: WebSocketRoute, message: RequestData) -> None:
    """Hold a message against the models of its route, if it has any. Raises ``Faulted``."""
    if not route.models:
        return
    selected = _DEFAULT
    if route.model_selection is not None:
        selected = route.model_selection.evaluate(message.document) or _DEFAULT
    model = route.models.get(selected, route.models.get(_DEFAULT))
    if model is None:
        known = ", ".join(route.models)
        raise Faulted(BAD_BODY, f'{route.model_selection} gave "{selected}", and there is no such model ({known})')
    content = message.document.content
    if content is MISSING:
        raise Faulted(BAD_BODY, "the message does not fit its model: it is not JSON")
    found = misfits(model, content)
    if found is None:
        raise Faulted(BAD_BODY, "the message is nested deeper than can be held against its model here")
    if found:
        problems = "; ".join(f"{misfit.json_path}: {misfit.message}" for misfit in found)
        raise Faulted(BAD_BODY, f"the message does not fit its model: {problems}")
