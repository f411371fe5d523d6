"""The user's wish to end: Ctrl-C, a request to end, or a terminal that was closed."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeVar

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Value = TypeVar("Value")


class StoppedError(Exception):
    """The user wants to end while the program runs, which may take as long as it likes."""


@dataclass(slots=True)
class Stop:
    """The user's wish to end, and how it was made."""

    event: asyncio.Event = field(default_factory=asyncio.Event)
    by: signal.Signals | None = None

    async def unless(self, work: Coroutine[None, None, Value]) -> Value:
        """Return what ``work`` returns; a wish to end that comes first cancels it and raises ``StoppedError``."""
        working, stopped = asyncio.ensure_future(work), asyncio.ensure_future(self.event.wait())
        try:
            await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise StoppedError
            return await working
        finally:
            for task in (working, stopped):
                task.cancel()
            await asyncio.gather(working, stopped, return_exceptions=True)

    def on(self, number: signal.Signals) -> None:
        """Take note of a signal."""
        self.by = number
        self.event.set()


@contextlib.contextmanager
def listening_to_signals(stop: Stop) -> Iterator[None]:
    """Note Ctrl-C and SIGTERM."""
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop.on, number)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
