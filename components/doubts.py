"""What is legal and most likely not meant: a program of single components hears of it while it runs.

Of a stack file, ``python -m local check`` says it.
"""

from collections.abc import Iterable

import pulumi

from apigateway.errors import Problem


def tell(doubts: Iterable[Problem]) -> None:
    """Log each doubt as a warning of the stack, with the rule that it comes from."""
    for doubt in doubts:
        pulumi.log.warn(f"{doubt} [{doubt.rule}]")
