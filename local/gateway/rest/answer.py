"""The last step of every answer of a REST API: compressed where the client takes it, and marked with its ids.

Sources: "Payload compression for REST APIs in API Gateway" (``gzip``, ``deflate`` and ``identity`` are what it knows
of ``Accept-Encoding``); the ids are on every answer of API Gateway.
"""

import gzip
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from apigateway.mapping.data import Pairs
from local.gateway.headers import find, without
from local.gateway.replies import Reply

_COMPRESS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "deflate": zlib.compress,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RestAnswer:
    """What a client is to get."""

    status: int
    headers: Pairs
    body: bytes


def finish(answer: RestAnswer, *, accepted: Pairs, minimum_compression_size: int | None, marks: Pairs) -> Reply:
    """Make the reply to a client that sent the headers ``accepted``; ``marks`` are its ids."""
    large = minimum_compression_size is not None and len(answer.body) >= max(minimum_compression_size, 1)
    coding = _coding(accepted)
    if large and coding is not None and find(answer.headers, "content-encoding") is None:
        headers = without(answer.headers, {"content-length"})
        answer = replace(answer, headers=(*headers, ("Content-Encoding", coding)), body=_COMPRESS[coding](answer.body))
    names = {name.lower() for name, _ in marks}
    return Reply(status=answer.status, headers=(*without(answer.headers, names), *marks), body=answer.body)


def _coding(headers: Pairs) -> str | None:
    """Choose the compression that a client likes best, gzip where it likes both alike."""
    weights: dict[str, float] = {}
    for coding in (find(headers, "accept-encoding") or "").split(","):
        name, _, weight = coding.replace(" ", "").lower().partition(";q=")
        try:
            weights[name] = float(weight or 1)
        except ValueError:
            weights[name] = 0
    best = max(_COMPRESS, key=lambda name: weights.get(name, 0))
    return best if weights.get(best, 0) > 0 else None
