"""The cost of an HTTP API of the local gateway: its requests beside those of a bare reverse proxy."""

from collections.abc import Callable
from typing import Final

from bench.beside import ROUNDS, SECONDS, Comparison, Pair, compare
from bench.stacks import HTTP_API

_PAIR: Final = Pair(name="gateway", api=HTTP_API, bare="bench.bare_proxy")


def measure(tell: Callable[[str], None], rounds: int = ROUNDS, seconds: float = SECONDS) -> Comparison:
    """Send requests through both; ``tell`` hears of progress."""
    return compare(_PAIR, tell, rounds, seconds)
