"""Requests to services that speak JSON: Amazon EventBridge, Amazon Kinesis, AWS Step Functions.

Targets and versions of the protocol are those of botocore ``events``, ``kinesis``, ``stepfunctions`` and ``dynamodb``.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apigateway.arns import ACCOUNT, PARTITION, REGION
from apigateway.errors import shown
from apigateway.json_path import JsonValue
from apigateway.mapping.data import Pairs
from local.aws import ACCOUNT_ID
from local.gateway.service_calls.call import ServiceParameterError, Unsigned
from local.gateway.service_calls.values import read_list, read_time


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonService:
    """How a service is spoken to."""

    prefix: str
    version: str

    def target(self, action: str) -> str:
        """Return the header by which the service knows the action."""
        return f"{self.prefix}.{action}"

    def headers(self, action: str) -> Pairs:
        """Return the headers of a request."""
        return (("Content-Type", f"application/x-amz-json-{self.version}"), ("X-Amz-Target", self.target(action)))


JSON_SERVICES: Final = {
    "dynamodb": JsonService(prefix="DynamoDB_20120810", version="1.0"),
    "events": JsonService(prefix="AWSEvents", version="1.1"),
    "kinesis": JsonService(prefix="Kinesis_20131202", version="1.1"),
    "states": JsonService(prefix="AWSStepFunctions", version="1.0"),
}

_MACHINE = re.compile(
    rf"(?P<before>arn:{PARTITION}:states:{REGION}:){ACCOUNT}(?P<machine>:stateMachine:[^\s:]+)(?::[^\s:]+)?"
)
_EXECUTION = re.compile(rf"(?P<before>arn:{PARTITION}:states:{REGION}:){ACCOUNT}(?P<after>:execution:\S+)")


def json_request(service: str, action: str, parameters: Mapping[str, str]) -> Unsigned:
    """Return the request for an action with an integration's parameters."""
    given = {name: value for name, value in parameters.items() if name != "Region"}
    members: dict[str, JsonValue]
    match service:
        case "events":
            members = {"Entries": [_event(given)]}
        case "kinesis":
            members = {**given, "Data": _record(given["Data"])}
        case _:
            members = {name[0].lower() + name[1:]: at_home(value) for name, value in given.items()}
    return Unsigned(headers=JSON_SERVICES[service].headers(action), body=json.dumps(members).encode())


def at_home(text: str) -> str:
    """Return the local ARN of a state machine or an execution; any other text as it is.

    There are no versions or aliases here, so whichever an ARN names, the machine itself is meant.
    """
    if machine := _MACHINE.fullmatch(text):
        return f"{machine['before']}{ACCOUNT_ID}{machine['machine']}"
    if execution := _EXECUTION.fullmatch(text):
        return f"{execution['before']}{ACCOUNT_ID}{execution['after']}"
    return text


def _event(given: Mapping[str, str]) -> dict[str, JsonValue]:
    entry: dict[str, JsonValue] = dict(given)
    if "Time" in given:
        entry["Time"] = read_time("Time", given["Time"])
    if "Resources" in given:
        entry["Resources"] = list[JsonValue](read_list("Resources", given["Resources"]))
    return entry


def _record(data: str) -> str:
    """Return a record's data, which the integration has to give in base64: API Gateway passes it on as it is."""
    try:
        base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise ServiceParameterError(f'Data must be base64, got "{shown(data)}"') from None
    return data
