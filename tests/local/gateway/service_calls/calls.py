"""Requests for services, and what is read of them."""

import json
from typing import Any
from urllib.parse import parse_qsl

from apigateway.mapping.data import Pairs
from local.gateway.client import Outgoing
from local.gateway.service_calls.call import ServiceCall
from local.gateway.service_calls.subtypes import request_of_subtype
from local.gateway.service_calls.uris import request_of_uri

HOME = "eu-central-1"
LOCAL = "http://127.0.0.1:4566"
ORDERS = f"https://sqs.{HOME}.amazonaws.com/210987654321/orders"
MACHINE = f"arn:aws:states:{HOME}:210987654321:stateMachine:fulfil"
LOCAL_MACHINE = f"arn:aws:states:{HOME}:123456789012:stateMachine:fulfil"
EVENT = {"Source": "shop", "DetailType": "placed", "Detail": '{"id": 7}'}


def call(subtype: str, endpoint: str = LOCAL, **parameters: str) -> ServiceCall:
    return request_of_subtype(subtype, parameters, region=HOME, endpoint=endpoint, timeout=30)


def header(outgoing: Outgoing, name: str) -> str:
    return dict(outgoing.headers)[name]


def form(made: ServiceCall) -> dict[str, str]:
    assert made.outgoing.body is not None
    return dict(parse_qsl(made.outgoing.body.decode(), keep_blank_values=True, strict_parsing=True))


def document(made: ServiceCall) -> Any:  # noqa: ANN401 - whatever JSON it is
    assert made.outgoing.body is not None
    return json.loads(made.outgoing.body)


def of_uri(
    tail: str, *, query: str = "", headers: Pairs = (), body: bytes | None = None, method: str = "POST"
) -> ServiceCall:
    uri = f"arn:aws:apigateway:{HOME}:{tail}"
    return request_of_uri(uri, method=method, query=query, headers=headers, body=body, timeout=29)
