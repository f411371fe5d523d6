"""What the stack's tags must be beside those that Gatelink adds."""

from collections.abc import Iterator

from apigateway.errors import Problem
from apigateway.rules import stack_file

from .finding import problem_at
from .stack import Settings

_OWN_TAGS = ("Project", "Stack", "Name")
_MOST_TAGS = 50 - len(_OWN_TAGS)


def check_tags(settings: Settings) -> Iterator[Problem]:
    """Keep the stack's tags apart from Gatelink's own; IAM does not tell keys apart by case (IAM User Guide)."""
    own = {key.lower(): key for key in _OWN_TAGS}
    for key in settings.tags:
        if key.lower() in own:
            message = f"{own[key.lower()]} is added by Gatelink, and IAM takes both for one key"
            yield problem_at(stack_file.OWN_TAG, message, "tags", key)
    if len(settings.tags) > _MOST_TAGS:
        message = f"must be at most {_MOST_TAGS}, for Gatelink adds three of 50, got {len(settings.tags)}"
        yield problem_at(stack_file.TAG_COUNT, message, "tags")
