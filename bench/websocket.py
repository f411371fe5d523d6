"""The cost of a WebSocket API of the local gateway: its messages beside those of a bare bridge.

A message goes to the backend as an HTTP request, and its answer comes back as a message.
"""

from collections.abc import Callable
from typing import Final

from bench.beside import ROUNDS, SECONDS, Comparison, Pair, compare
from bench.stacks import WEBSOCKET_API

_PAIR: Final = Pair(name="websocket", api=WEBSOCKET_API, bare="bench.bare_bridge")


def measure(tell: Callable[[str], None], rounds: int = ROUNDS, seconds: float = SECONDS) -> Comparison:
    """Send messages through both; ``tell`` hears of progress."""
    return compare(_PAIR, tell, rounds, seconds)
