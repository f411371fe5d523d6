"""What moto lacks of Amazon EventBridge: a target gets the whole event, as it is on AWS.

moto fills a template in, without the account and without escaping, and wants a library of its own for that. A rule with
an input transformer, which only somebody at this machine can have made, still needs that library.
"""

from typing import Any

from moto.events.utils import EventMessageType, EventTemplateParser


class WholeEvents(EventTemplateParser):
    """Makes what a target gets of an event."""

    @staticmethod
    def parse(input_template: str, input_paths_map: dict[str, Any], event: EventMessageType) -> dict[str, Any]:
        """Return the event, but for moto's own note of when it came."""
        if input_template:
            return EventTemplateParser.parse(input_template, input_paths_map, event)
        return {name: value for name, value in event.items() if name != "ingestion-time"}
