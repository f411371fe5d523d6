"""The ``$context`` of a request to a REST API.

Source: "Variables for data transformations for API Gateway".
"""

import hashlib
import uuid

from local.gateway.context import Client, domain_prefix, new_id, request_variables


def new_rest_id() -> str:
    """Make the id of a request to a REST API, which is a UUID; its extended id is of the other kind."""
    return str(uuid.uuid4())


def resource_id(api_id: str, path: str) -> str:
    """Make the id of a resource: short as on AWS, and the same whenever the API is served again."""
    digest = int.from_bytes(hashlib.sha256(f"{api_id} {path}".encode()).digest()[:8], "big")
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "".join(digits[digest // 36**place % 36] for place in range(6))


def rest_variables(
    *, client: Client, api_id: str, account_id: str, method: str, path: str, http: str
) -> dict[str, str]:
    """Return what is known of a request to a REST API before its stage and its route; its path includes the stage.

    The request came by the API's own address; a custom domain name has a ``domainPrefix`` of its own.
    """
    return {
        **client.variables,
        **request_variables(new_rest_id()),
        "accountId": account_id,
        "apiId": api_id,
        "domainPrefix": domain_prefix(api_id, None),
        "extendedRequestId": new_id(),
        "httpMethod": method,
        "path": path,
        "protocol": http,
    }
