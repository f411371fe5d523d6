"""The resources of AWS services that a recorded integration names, so that a laptop has them, too.

Only what stands there literally counts: a ``$`` begins an expression, whose value is known when a request comes. The
forms of URLs and ARNs are those of :mod:`apigateway.service_integrations`; the paths of a service's URI are those of
its API (botocore ``sqs``, ``s3``, ``appconfig``), and the names of topics and buckets are those of "Amazon SNS message
publishing" and "General purpose bucket naming rules".
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeAlias
from urllib.parse import unquote_plus

from apigateway.arns import ACCOUNT, PARTITION, REGION, ServiceUri
from apigateway.service_integrations import SERVICE_INTEGRATIONS, queue_region

ACCOUNT_ID: Final = "123456789012"
"""The one account on a laptop, which stands in for every account that a stack names."""

LACKING: Final = "NotInEmbeddedAws"
"""The type of the error, of status 501, by which the embedded AWS says that it cannot do something."""

DEFAULT_BUS: Final = "default"

_LONGEST_QUEUE_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue of Amazon SQS; one whose name ends in ``.fifo`` keeps the order."""

    region: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventBus:
    """An event bus of Amazon EventBridge."""

    region: str
    name: str

    @property
    def queue(self) -> Queue:
        """The queue in which everything that was put on the bus can be read.

        A bus may have a name that a queue may not: what is no letter, digit, ``-`` or ``_`` becomes ``-``.
        """
        suffix = "-events"
        name = re.sub(r"[^A-Za-z0-9_-]", "-", self.name)[: _LONGEST_QUEUE_NAME - len(suffix)]
        return Queue(region=self.region, name=name + suffix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic of Amazon SNS; one whose name ends in ``.fifo`` keeps the order."""

    region: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A bucket of Amazon S3."""

    region: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A data stream of Amazon Kinesis."""

    region: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMachine:
    """A state machine of AWS Step Functions.

    A stack does not say of which type it is: what it does with the machine has to.
    """

    region: str
    name: str
    is_express: bool = False
    """Whether it is run synchronously, which only an Express workflow can be ("StartSyncExecution")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A configuration of AWS AppConfig; each of its parts is given by name or id."""

    region: str
    application: str
    environment: str
    profile: str


AwsResource: TypeAlias = Queue | EventBus | Topic | Bucket | Stream | StateMachine | Configuration

_MACHINE = re.compile(
    rf"arn:{PARTITION}:states:(?P<region>{REGION}):{ACCOUNT}:(?:stateMachine|execution):(?P<name>[A-Za-z0-9_.+=@!-]+)"
    r"(?::[A-Za-z0-9_.+=@!-]+)?(?![A-Za-z0-9_.+=@!:/$-])"
)
_BUS = re.compile(
    rf"(?:arn:{PARTITION}:events:{REGION}:{ACCOUNT}:event-bus/)?(?P<name>(?!arn:)[/._A-Za-z0-9-]{{1,256}})"
)
_QUEUE_URL = re.compile(r"https://[a-z0-9.-]+/[0-9]{12}/(?P<name>[A-Za-z0-9_-]{1,80}(?:\.fifo)?)(?![A-Za-z0-9_.$-])")
_NAMED = r"""["']{key}["']\s*:\s*["'](?P<value>[^"'$]+)["']"""
_BUS_IN_TEMPLATE = re.compile(_NAMED.format(key="EventBusName"))
_STREAM_IN_TEMPLATE = re.compile(_NAMED.format(key="StreamName"))
_TOPIC = re.compile(
    rf"arn:{PARTITION}:sns:(?P<region>{REGION}):{ACCOUNT}:(?P<name>[A-Za-z0-9_-]{{1,256}}(?:\.fifo)?)(?![A-Za-z0-9_.:$-])"
)
_BUCKET = r"(?P<name>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])"
_BUCKET_PATH = re.compile(rf"path/{_BUCKET}(?:[/?].*)?")
_BUCKET_SUBDOMAIN = re.compile(rf"arn:[^:]*:apigateway:[^:]*:{_BUCKET}\.s3:path/.*")
_QUEUE_PATH = re.compile(rf"path/{ACCOUNT}/(?P<name>[A-Za-z0-9_-]{{1,80}}(?:\.fifo)?)/?")
_CONFIGURATION_PATH = re.compile(
    r"path/applications/(?P<application>[^/${}]+)/environments/(?P<environment>[^/${}]+)"
    r"/configurations/(?P<profile>[^/?${}]+)(?:\?.*)?"
)


def named_by_subtype(subtype: str, parameters: Mapping[str, str], region: str) -> Iterator[AwsResource]:
    """Yield what the parameters of an HTTP API's service integration name; ``region`` is the API's own."""
    literal = {name: value for name, value in parameters.items() if "$" not in value}
    if "Region" in parameters:
        if "Region" not in literal:
            return
        region = literal["Region"]
    match SERVICE_INTEGRATIONS[subtype].service:
        case "sqs":
            yield from _queues_in(literal.get("QueueUrl", ""))
        case "events":
            if "EventBusName" in literal or "EventBusName" not in parameters:
                yield from _bus(literal.get("EventBusName", DEFAULT_BUS), region)
        case "kinesis":
            if "StreamName" in literal:
                yield Stream(region=region, name=literal["StreamName"])
        case "states":
            machine = literal.get("StateMachineArn", literal.get("ExecutionArn", ""))
            yield from _machines_in(machine, subtype.partition("-")[2])
        case _:
            parts = [literal.get(name) for name in ("Application", "Environment", "Configuration")]
            application, environment, profile = parts
            if application and environment and profile:
                yield Configuration(region=region, application=application, environment=environment, profile=profile)


def named_by_uri(uri: ServiceUri, writings: Iterable[str]) -> Iterator[AwsResource]:
    """Yield what an ``AWS`` integration of a REST or WebSocket API names.

    That may stand in its URI, or in what else it writes: mapping templates, fixed values of its query string. An event
    without a bus goes to the default one, which is there then.
    """
    call = uri.text.split(":", 5)[-1]
    yield from _named_by_path(uri, call)
    texts = [unquote_plus(part) for part in (call, *writings)]
    match uri.service:
        case "sqs":
            yield from chain.from_iterable(map(_queues_in, texts))
        case "events":
            is_silent = not any("EventBusName" in part for part in texts)
            for bus in [DEFAULT_BUS] if is_silent else _values_in(texts, _BUS_IN_TEMPLATE):
                yield from _bus(bus, uri.region)
        case "sns":
            yield from chain.from_iterable(map(_topics_in, texts))
        case "kinesis":
            yield from (Stream(region=uri.region, name=name) for name in _values_in(texts, _STREAM_IN_TEMPLATE))
        case "states":
            yield from chain.from_iterable(_machines_in(text, call.removeprefix("action/")) for text in texts)


def _named_by_path(uri: ServiceUri, call: str) -> Iterator[AwsResource]:
    match uri.service:
        case "sqs":
            if path := _QUEUE_PATH.fullmatch(call.partition("?")[0]):
                yield Queue(region=uri.region, name=path["name"])
        case "s3":
            if bucket := _BUCKET_SUBDOMAIN.fullmatch(uri.text) or _BUCKET_PATH.fullmatch(call):
                yield Bucket(region=uri.region, name=bucket["name"])
        case "appconfig":
            if path := _CONFIGURATION_PATH.fullmatch(call):
                yield Configuration(region=uri.region, **path.groupdict())


def _values_in(texts: Iterable[str], pattern: re.Pattern[str]) -> Iterator[str]:
    return (match["value"] for text in texts for match in pattern.finditer(text))


def _queues_in(text: str) -> Iterator[Queue]:
    for match in _QUEUE_URL.finditer(text):
        if region := queue_region({"QueueUrl": match[0]}):
            yield Queue(region=region, name=match["name"])


def _bus(text: str, region: str) -> Iterator[EventBus]:
    if match := _BUS.fullmatch(text):
        yield EventBus(region=region, name=match["name"])


def _topics_in(text: str) -> Iterator[Topic]:
    return (Topic(region=match["region"], name=match["name"]) for match in _TOPIC.finditer(text))


def _machines_in(text: str, action: str) -> Iterator[StateMachine]:
    for match in _MACHINE.finditer(text):
        yield StateMachine(region=match["region"], name=match["name"], is_express=action == "StartSyncExecution")
