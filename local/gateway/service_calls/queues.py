"""Requests to Amazon SQS in the AWS query protocol: a form, which is answered in XML.

That the client of an HTTP API gets XML has been seen; the names of the form's fields are those of "Making query API
requests using AWS query protocol in Amazon SQS".
"""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlencode

from local.aws import ACCOUNT_ID
from local.gateway.service_calls.call import Unsigned
from local.gateway.service_calls.values import read_attributes, read_list

_LISTS: Final = {"AttributeNames": "AttributeName", "MessageAttributeNames": "MessageAttributeName"}
_ATTRIBUTES: Final = {"MessageAttributes": "MessageAttribute", "MessageSystemAttributes": "MessageSystemAttribute"}


def queue_request(action: str, parameters: Mapping[str, str]) -> Unsigned:
    """Return the request for an action on the queue that ``QueueUrl`` names, in whatever account."""
    queue = parameters["QueueUrl"].rpartition("/")[2]
    fields = [("Action", action), ("Version", "2012-11-05"), *_fields(parameters)]
    return Unsigned(
        target=f"/{ACCOUNT_ID}/{queue}",
        headers=(("Content-Type", "application/x-www-form-urlencoded"),),
        body=urlencode(fields).encode(),
    )


def _fields(parameters: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in parameters.items():
        if name in _LISTS:
            for index, item in enumerate(read_list(name, value), start=1):
                yield f"{_LISTS[name]}.{index}", item
        elif name in _ATTRIBUTES:
            for index, (attribute, members) in enumerate(read_attributes(name, value), start=1):
                field = f"{_ATTRIBUTES[name]}.{index}"
                yield f"{field}.Name", attribute
                yield from ((f"{field}.Value.{member}", text) for member, text in members.items())
        elif name not in {"QueueUrl", "Region"}:
            yield name, value
