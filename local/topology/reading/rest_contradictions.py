"""Holds the arguments of a recorded REST API against the OpenAPI document that is its body.

From the AWS pages "OpenAPI extensions for API Gateway" and "Amazon API Gateway important notes", and from what the
provider does with the arguments once it has imported the document.
"""

import json
from collections.abc import Iterator
from typing import Final

from local.recording import Json
from local.topology.reading.fields import Part

EXTENSION: Final = "x-amazon-apigateway-"

_KNOWN_OF_SERVER: Final = frozenset({"url", "description", f"{EXTENSION}endpoint-configuration"})


def contradictions(resource: Part, document: Part) -> Iterator[str]:
    """Yield where an argument of the resource is not what the document says.

    The provider imports the document and then sets the arguments that are given: of two that differ, the other one is
    undone by each deployment.
    """
    mode = resource.content.get("putRestApiMode")
    if mode not in (None, "overwrite"):
        yield f'{resource.place}: putRestApiMode must be overwrite, got "{mode}": a method would outlive its route'
    endpoint, *others = _endpoint_configurations(document) or ({},)
    for other in others:
        if other != endpoint:
            yield (
                f"{resource.place}: {EXTENSION}endpoint-configuration is {json.dumps(endpoint)}, and that of a server "
                f"is {json.dumps(other)}"
            )
    said: dict[str, Json] = {
        "apiKeySource": document.content.get(f"{EXTENSION}api-key-source") or "HEADER",
        "binaryMediaTypes": document.content.get(f"{EXTENSION}binary-media-types"),
        "disableExecuteApiEndpoint": endpoint.get("disableExecuteApiEndpoint"),
        "minimumCompressionSize": document.content.get(f"{EXTENSION}minimum-compression-size"),
        "policy": document.content.get(f"{EXTENSION}policy"),
        "endpointConfiguration.vpcEndpointIds": endpoint.get("vpcEndpointIds"),
    }
    compression = resource.optional_text("minimumCompressionSize")
    given: dict[str, Json] = {
        **{key: resource.content.get(key) for key in said},
        # The provider's way to say none, which it also says again.
        "minimumCompressionSize": None if compression == "-1" else compression,
        "policy": _parsed(resource.optional_text("policy")),
        "endpointConfiguration.vpcEndpointIds": resource.part("endpointConfiguration").content.get("vpcEndpointIds"),
    }
    for key, value in given.items():
        if value and _comparable(value) != _comparable(said[key]):
            yield f"{resource.place}: {key} is {json.dumps(value)}, and the body says {json.dumps(said[key])}"


def _endpoint_configurations(document: Part) -> tuple[dict[str, Json], ...]:
    """Return what a document says of endpoints: by itself, as of OpenAPI 2, and in its servers, as of OpenAPI 3.

    Nothing else of a server is read: by default an import ignores the paths of their URLs.
    """
    servers = [Part(f"{document.place}: servers", server) for server in document.blocks("servers")]
    for server in servers:
        server.refuse_others(_KNOWN_OF_SERVER)
    key = f"{EXTENSION}endpoint-configuration"
    return tuple(dict(place.part(key).content) for place in (document, *servers) if key in place.content)


def _parsed(policy: str | None) -> Json:
    """Return a policy as data; one that is no JSON as it is."""
    try:
        value: Json = json.loads(policy or "null")
    except json.JSONDecodeError:
        return policy
    return value


def _comparable(value: Json) -> str:
    """Return a text that is equal for equal values: in the order of no list, and numbers as their text."""
    if isinstance(value, list):
        return json.dumps(sorted(map(_comparable, value)))
    return str(value) if isinstance(value, int | float | str) else json.dumps(value, sort_keys=True)
