"""The ``$context`` of a request to an HTTP API.

Source: "Customize HTTP API access logs".
"""

from collections.abc import Callable, Iterator, Mapping

from local.gateway.context import Client, domain_prefix, request_variables


class LateContext(Mapping[str, str]):
    """``$context`` that is made when something reads it: most requests read nothing of it."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], dict[str, str]]) -> None:
        self._make = make
        self._made: dict[str, str] | None = None

    def _variables(self) -> dict[str, str]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, name: str) -> str:
        return self._variables()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables())

    def __len__(self) -> int:
        return len(self._variables())


def http_variables(
    *,
    client: Client,
    api_id: str,
    account_id: str,
    request_id: str,
    at: float,
    method: str,
    path: str,
    stage: str,
    route_key: str,
    mapping_key: str | None,
) -> dict[str, str]:
    """Return ``$context`` of a request to an HTTP API; its path is all of the client's, unlike ``$request.path``.

    ``mapping_key`` is that of a custom domain name, empty where the whole domain leads to the stage; None without one.
    """
    variables = {
        **client.variables,
        **request_variables(request_id, at),
        "accountId": account_id,
        "apiId": api_id,
        "domainPrefix": domain_prefix(api_id, None if mapping_key is None else client.host),
        "httpMethod": method,
        "path": path,
        "protocol": "HTTP/1.1",
        "routeKey": route_key,
        "stage": stage,
    }
    if mapping_key is not None:
        variables["customDomain.basePathMatched"] = mapping_key or "(none)"
    return variables
