"""Says which mapping found no header only for the case of a name, which is easily overlooked.

Source: "Amazon API Gateway important notes" (the names of headers and query strings are case-sensitive).
"""

from collections.abc import Iterable, Iterator

from apigateway.mapping.data import Pairs
from apigateway.mapping.rest_sources import IntegrationHeader, MethodParameter, RequestSource, ResponseSource


def other_case(whose: str, sources: Iterable[RequestSource | ResponseSource], headers: Pairs) -> Iterator[str]:
    """Yield ``the answer has ETag, not etag: …`` for each header that a mapping reads in another case than it has."""
    there = {name.lower(): name for name, _ in headers}
    exact = {name for name, _ in headers}
    wanted = [
        source.name
        for source in sources
        if isinstance(source, IntegrationHeader | MethodParameter) and source.location in {"header", "multivalueheader"}
    ]
    for name in dict.fromkeys(wanted):
        if name not in exact and name.lower() in there:
            yield f"{whose} has {there[name.lower()]}, not {name}: a mapping counts the case of names"
