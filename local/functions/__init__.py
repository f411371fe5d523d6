"""Lambda functions on a laptop: Python handlers, each in processes of its own.

pool ─► process ─► worker (a process for one invocation at a time, which loads nothing of this package)
"""

from local.functions.handlers import HandlerName, parse_handler
from local.functions.outcomes import Broken, Invocation, NoHandler, Raised, Returned, TookTooLong
from local.functions.pool import Functions

__all__ = [
    "Broken",
    "Functions",
    "HandlerName",
    "Invocation",
    "NoHandler",
    "Raised",
    "Returned",
    "TookTooLong",
    "parse_handler",
]
