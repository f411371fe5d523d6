"""Makes the resources that a stack names, in moto's own memory: an API could not be told which id to give."""

import json
import re
from typing import TypeVar, assert_never

from moto.appconfig.models import Application, ConfigurationProfile, appconfig_backends
from moto.events.models import events_backends
from moto.kinesis.models import kinesis_backends
from moto.moto_api._internal import mock_random
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.stepfunctions.exceptions import StateMachineDoesNotExist
from moto.stepfunctions.models import stepfunctions_backends
from moto.utilities.utils import get_partition

from local.aws.app_config import ID_DIGITS, Environment, environments_of, find
from local.aws.aws_resources import (
    ACCOUNT_ID,
    AwsResource,
    Bucket,
    Configuration,
    EventBus,
    Queue,
    StateMachine,
    Stream,
    Topic,
)
from local.aws.step_functions import DEFINITION

_ID = re.compile(r"[a-z0-9]{4,7}")
_EVERY_EVENT = json.dumps({"source": [{"prefix": ""}]})
_RULE = "gatelink-every-event"

_Thing = TypeVar("_Thing", Application, ConfigurationProfile)


def provide(resource: AwsResource) -> None:
    """Make a resource where it is not there yet. What the service has against it is raised as moto raises it."""
    match resource:
        case Queue():
            _provide_queue(resource)
        case EventBus():
            _provide_bus(resource)
        case Topic(region=region, name=name):
            sns_backends[ACCOUNT_ID][region].create_topic(name, _like_its_name(name, "FifoTopic"))
        case Bucket(region=region, name=name):
            if name not in s3_backends.bucket_accounts:
                s3_backends[ACCOUNT_ID][get_partition(region)].create_bucket(name, region)
        case Stream(region=region, name=name):
            streams = kinesis_backends[ACCOUNT_ID][region]
            if name not in streams.streams:
                streams.create_stream(name, shard_count=1)
        case StateMachine():
            _provide_machine(resource)
        case Configuration():
            _provide_configuration(resource)
        case _:
            assert_never(resource)


def _provide_queue(queue: Queue) -> None:
    queues = sqs_backends[ACCOUNT_ID][queue.region]
    if queue.name not in queues.queues:
        queues.create_queue(queue.name, {}, **_like_its_name(queue.name, "FifoQueue"))


def _like_its_name(name: str, fifo: str) -> dict[str, str]:
    """Return the attributes of a queue or topic: with deduplication by content, a message may have an id, or none."""
    return {fifo: "true", "ContentBasedDeduplication": "true"} if name.endswith(".fifo") else {}


def _provide_bus(bus: EventBus) -> None:
    """Make a bus, and a rule by which every event on it can be read from a queue."""
    events = events_backends[ACCOUNT_ID][bus.region]
    if bus.name not in events.event_buses:
        events.create_event_bus(bus.name)
    _provide_queue(bus.queue)
    if _RULE in events.event_buses[bus.name].rules:
        return
    events.put_rule(_RULE, event_bus_arn=bus.name, event_pattern=_EVERY_EVENT)
    arn = f"arn:{get_partition(bus.region)}:sqs:{bus.region}:{ACCOUNT_ID}:{bus.queue.name}"
    events.put_targets(_RULE, bus.name, [{"Id": "queue", "Arn": arn}])


def _provide_machine(machine: StateMachine) -> None:
    """Make a state machine.

    One that is run synchronously somewhere becomes an Express workflow, whatever else is done with it: that type alone
    takes both calls on AWS. One with a definition of somebody else keeps the type that he gave it.
    """
    machines = stepfunctions_backends[ACCOUNT_ID][machine.region]
    partition = get_partition(machine.region)
    try:
        made = machines.describe_state_machine(
            f"arn:{partition}:states:{machine.region}:{ACCOUNT_ID}:stateMachine:{machine.name}"
        )
    except StateMachineDoesNotExist:
        role = f"arn:{partition}:iam::{ACCOUNT_ID}:role/gatelink-{machine.name}"
        machines.create_state_machine(
            machine.name, DEFINITION, role, sm_type="EXPRESS" if machine.is_express else "STANDARD"
        )
    else:
        if machine.is_express and made.definition == DEFINITION:
            made.type = "EXPRESS"


def _provide_configuration(configuration: Configuration) -> None:
    """Make an application, an environment and a profile; a part that looks like an id has it as its id, too."""
    backend = appconfig_backends[ACCOUNT_ID][configuration.region]
    application = find(backend.applications, configuration.application)
    if application is None:
        application = backend.create_application(configuration.application, None, {})
        application.id = _move(backend.applications, application, configuration.application)
    environments = environments_of(application)
    if find(environments, configuration.environment) is None:
        made = Environment(id=_id_of(configuration.environment), name=configuration.environment)
        environments[made.id] = made
    if find(application.config_profiles, configuration.profile) is None:
        profile = backend.create_configuration_profile(
            application.id, configuration.profile, "", "hosted", "", [], "AWS.Freeform", {}
        )
        profile.id = _move(application.config_profiles, profile, configuration.profile)


def _move(things: dict[str, _Thing], thing: _Thing, name: str) -> str:
    """Put a thing of moto's under the id that it is to have, and return that."""
    del things[thing.id]
    wanted = _id_of(name)
    things[wanted] = thing
    return wanted


def _id_of(name: str) -> str:
    return name if _ID.fullmatch(name) else mock_random.get_random_hex(ID_DIGITS)
