"""What an HTTP API can call without a server or a function: ten actions of five AWS services.

From the AWS pages "Create AWS service integrations for HTTP APIs in API Gateway" and "Integration subtype reference"
(the parameters), the API references of Amazon SQS, Amazon EventBridge, Amazon Kinesis, AWS Step Functions and AWS
AppConfig with their botocore models (what a parameter may be), and the Service Authorization Reference (the actions and
ARNs of a role).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from apigateway.arns import ACCOUNT, PARTITION, REGION, Arn
from apigateway.errors import ExpressionError
from apigateway.suggest import nearest

Statement: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
"""What a role may do: actions, and the resources that they are allowed on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceIntegration:
    """One subtype: the parameters that it takes, and what its role needs."""

    subtype: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    service: str
    """The service as IAM and ARNs call it."""

    kms_actions: tuple[str, ...] = ()
    """What the caller needs of the customer key that the resource is encrypted with."""

    @property
    def action(self) -> str:
        """The IAM action, which is named like the service's API action."""
        return f"{self.service}:{self.subtype.partition('-')[2]}"

    @property
    def parameters(self) -> tuple[str, ...]:
        """All the parameters, the required ones first."""
        return self.required + self.optional


_INTEGRATIONS = (
    ServiceIntegration(
        subtype="EventBridge-PutEvents",
        required=("Detail", "DetailType", "Source"),
        optional=("Time", "EventBusName", "Resources", "Region", "TraceHeader"),
        service="events",  # uses a bus's key itself ("Authorizing EventBridge to use a customer managed key")
    ),
    ServiceIntegration(
        subtype="SQS-SendMessage",
        required=("QueueUrl", "MessageBody"),
        optional=(
            "DelaySeconds",
            "MessageAttributes",
            "MessageDeduplicationId",
            "MessageGroupId",
            "MessageSystemAttributes",
            "Region",
        ),
        service="sqs",
        kms_actions=("kms:GenerateDataKey", "kms:Decrypt"),  # "Configure KMS permissions for Amazon SQS"
    ),
    ServiceIntegration(
        subtype="SQS-ReceiveMessage",
        required=("QueueUrl",),
        optional=(
            "AttributeNames",
            "MaxNumberOfMessages",
            "MessageAttributeNames",
            "ReceiveRequestAttemptId",
            "VisibilityTimeout",
            "WaitTimeSeconds",
            "Region",
        ),
        service="sqs",
        kms_actions=("kms:Decrypt",),
    ),
    ServiceIntegration(
        subtype="SQS-DeleteMessage", required=("QueueUrl", "ReceiptHandle"), optional=("Region",), service="sqs"
    ),
    ServiceIntegration(subtype="SQS-PurgeQueue", required=("QueueUrl",), optional=("Region",), service="sqs"),
    ServiceIntegration(
        subtype="AppConfig-GetConfiguration",
        required=("Application", "Environment", "Configuration", "ClientId"),
        optional=("ClientConfigurationVersion", "Region"),
        service="appconfig",
        kms_actions=("kms:Decrypt",),
    ),
    ServiceIntegration(
        subtype="Kinesis-PutRecord",
        required=("StreamName", "Data", "PartitionKey"),
        optional=("SequenceNumberForOrdering", "ExplicitHashKey", "Region"),
        service="kinesis",
        kms_actions=("kms:GenerateDataKey",),  # "Permissions to use user-generated KMS keys"
    ),
    ServiceIntegration(
        subtype="StepFunctions-StartExecution",
        required=("StateMachineArn",),
        optional=("Name", "Input", "Region"),
        service="states",  # encrypts with the role of the state machine
    ),
    ServiceIntegration(
        subtype="StepFunctions-StartSyncExecution",
        required=("StateMachineArn",),
        optional=("Name", "Input", "Region", "TraceHeader"),
        service="states",
        kms_actions=("kms:Decrypt",),  # ``includedData`` of StartSyncExecution
    ),
    ServiceIntegration(
        subtype="StepFunctions-StopExecution",
        required=("ExecutionArn",),
        optional=("Cause", "Error", "Region"),
        service="states",
    ),
)

SERVICE_INTEGRATIONS: Final = MappingProxyType({integration.subtype: integration for integration in _INTEGRATIONS})
"""Every subtype, in the order of the AWS page."""

_RANGES: Final = MappingProxyType(
    {
        "DelaySeconds": (0, 900),
        "MaxNumberOfMessages": (1, 10),
        "VisibilityTimeout": (0, 43_200),
        "WaitTimeSeconds": (0, 20),
    }
)

_WHOLE_NUMBER = re.compile(r"[0-9]{1,6}")
_MAPPING_KEY = re.compile(r"(?:append|overwrite|remove):.*|integration\.request\..*", re.DOTALL)
_PREFIX = rf"arn:{PARTITION}:states:{REGION}:{ACCOUNT}"
_STATE_MACHINE = re.compile(rf"(?P<machine>{_PREFIX}:stateMachine:[^\s:/$]+)(?::[^\s:/$]+)?")
_EXECUTION = re.compile(rf"{_PREFIX}:execution:[^\s:/$]+:[^\s:/$]+")
_QUEUE = r"(?P<account>[0-9]{12})/(?P<name>[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo)"
_SUFFIX = (
    r"(?:amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|api\.aws|api\.amazonwebservices\.com\.cn"
    r"|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)"
)
_QUEUE_URL = re.compile(
    rf"https://(?:sqs(?:-fips)?\.(?P<region>{REGION})\.{_SUFFIX}|(?P<legacy>{REGION})\.queue\.{_SUFFIX}"
    rf"|queue\.amazonaws\.com)/{_QUEUE}"
)
_BUS_NAME = re.compile(r"[/._A-Za-z0-9-]{1,256}")
_BUS_ARN = re.compile(rf"arn:{PARTITION}:events:{REGION}:{ACCOUNT}:event-bus/[/._A-Za-z0-9-]+")
_BUS = re.compile(rf"{_BUS_NAME.pattern}|{_BUS_ARN.pattern}")
_STREAM = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_REGION = re.compile(REGION)
_SOURCE = re.compile(r"(?!aws\.).*", re.DOTALL)
_FORMS: Final = MappingProxyType(
    {
        "QueueUrl": (_QUEUE_URL, "the URL of a queue, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME"),
        "StateMachineArn": (
            _STATE_MACHINE,
            "the ARN of a state machine, arn:aws:states:REGION:ACCOUNT:stateMachine:NAME",
        ),
        "ExecutionArn": (_EXECUTION, "the ARN of an execution, arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME"),
        "EventBusName": (_BUS, "the name or ARN of an event bus: up to 256 letters, digits, /, ., - and _"),
        "StreamName": (_STREAM, "the name of a stream: up to 128 letters, digits, _, . and -"),
        "Region": (_REGION, "a Region such as us-east-1"),
        "Source": (_SOURCE, 'a source of yours: one that begins with "aws." is an AWS service'),
    }
)
_APPCONFIG_ID = re.compile(r"(?=[a-z]*[0-9])[a-z0-9]{7}")
_CONFIGURATION = re.compile(
    r"(?P<application>application/[^\s/]+)(?P<environment>/environment/[^\s/]+)/configuration/(?P<profile>[^\s/]+)"
)

_RESOURCES: Final = MappingProxyType(
    {
        "events": (re.compile(r"event-bus/\S+"), "events:REGION:ACCOUNT:event-bus/NAME"),
        "sqs": (re.compile(r"[^\s/:]+"), "sqs:REGION:ACCOUNT:NAME"),
        "appconfig": (
            _CONFIGURATION,
            "appconfig:REGION:ACCOUNT:application/ID/environment/ID/configuration/ID",
        ),
        "kinesis": (re.compile(r"stream/\S+"), "kinesis:REGION:ACCOUNT:stream/NAME"),
        "states": (re.compile(r"stateMachine:\S+"), "states:REGION:ACCOUNT:stateMachine:NAME"),
    }
)
_STOPPED = (
    re.compile(r"stateMachine:\S+|execution:[^\s:]+:\S+"),
    "states:REGION:ACCOUNT:execution:MACHINE:NAME, or …:stateMachine:NAME for all of its executions",
)

# The beginnings of a partition's Regions (botocore ``partitions``); all others are of ``aws``.
_PARTITIONS: Final = MappingProxyType(
    {
        "cn-": "aws-cn",
        "us-gov-": "aws-us-gov",
        "eusc-": "aws-eusc",
        "us-iso-": "aws-iso",
        "us-isob-": "aws-iso-b",
        "eu-isoe-": "aws-iso-e",
        "us-isof-": "aws-iso-f",
    }
)


def check_subtype(text: str) -> None:
    """Hold an ``integrationSubtype`` against the list. Raises ``ExpressionError``."""
    if text not in SERVICE_INTEGRATIONS:
        near = nearest(text, SERVICE_INTEGRATIONS)
        raise ExpressionError(
            text,
            "not an action that an HTTP API can call",
            grammar="" if near else f"expected one of {', '.join(SERVICE_INTEGRATIONS)}",
            suggestion=f'did you mean "{near}"?' if near else "",
        )


def check_parameters(subtype: str, parameters: Mapping[str, str]) -> Iterator[tuple[str | None, str]]:
    """Yield what is wrong with the parameters of a known subtype: the parameter, or None for all of them, and why.

    Values that hold a ``$`` are known only when a request comes; all others are held against what the service takes.
    """
    integration = SERVICE_INTEGRATIONS[subtype]
    missing = [name for name in integration.required if name not in parameters]
    if missing:
        yield None, f"{subtype} needs {' and '.join(missing)}, got {', '.join(parameters) or 'no parameters'}"
    for name, value in parameters.items():
        if name not in integration.parameters:
            yield name, _unknown(integration, name)
        elif problem := _value_problem(name, value):
            yield name, problem
    yield from _queue_problems(subtype, parameters)


def queue_region(parameters: Mapping[str, str]) -> str | None:
    """Return the Region of the queue that the parameters name by its URL; None where only a request tells."""
    arn = _queue_arn(parameters.get("QueueUrl", ""))
    return arn and Arn.parse(arn).region


def _queue_problems(subtype: str, parameters: Mapping[str, str]) -> Iterator[tuple[str | None, str]]:
    """Yield what parameters of a queue have against each other (API reference of Amazon SQS, ``SendMessage``)."""
    url, region = parameters.get("QueueUrl", ""), parameters.get("Region", "")
    place = queue_region(parameters)
    if place and _REGION.fullmatch(region) and place != region:
        yield "Region", f'must be {place}, the Region of the queue, got "{region}"'
    if place is None or not url.endswith(".fifo") or subtype != "SQS-SendMessage":
        return
    if "MessageGroupId" not in parameters:
        yield None, f"{subtype} to a FIFO queue needs MessageGroupId, got {', '.join(parameters)}"
    if "DelaySeconds" in parameters:
        yield "DelaySeconds", "cannot be given for each message of a FIFO queue; the queue itself has a delay"


def target_arn(subtype: str, parameters: Mapping[str, str], *, partition: str, region: str, account: str) -> str | None:
    """Return the ARN that the parameters name, for a role limited to it; None where only a request tells.

    ``partition``, ``region`` and ``account`` are the API's own, which stand in for what the parameters leave out.
    """
    match SERVICE_INTEGRATIONS[subtype].service:
        case "sqs":
            return _queue_arn(parameters.get("QueueUrl", ""))
        case "states":
            name = "ExecutionArn" if subtype == "StepFunctions-StopExecution" else "StateMachineArn"
            value = parameters.get(name, "")
            return value if _FORMS[name][0].fullmatch(value) else None
        case "events":
            bus = parameters.get("EventBusName", "default")
            if _BUS_ARN.fullmatch(bus):
                return bus
            resource = f"event-bus/{bus}" if _BUS_NAME.fullmatch(bus) else None
        case "kinesis":
            stream = parameters.get("StreamName", "")
            resource = f"stream/{stream}" if _STREAM.fullmatch(stream) else None
        case _:
            resource = _configuration(parameters)
    place = parameters.get("Region", region)
    if resource is None or not _REGION.fullmatch(place):
        return None
    return f"arn:{partition}:{SERVICE_INTEGRATIONS[subtype].service}:{place}:{account}:{resource}"


def check_resource_arn(subtype: str, arn: str) -> None:
    """Hold the ARN that a subtype's role is limited to against the subtype. Raises ``ExpressionError``."""
    integration = SERVICE_INTEGRATIONS[subtype]
    pattern, form = _STOPPED if subtype == "StepFunctions-StopExecution" else _RESOURCES[integration.service]
    given = Arn.parse(arn)
    complete = given.service == integration.service and given.region and given.account.isdigit()
    if not complete or not pattern.fullmatch(given.resource):
        raise ExpressionError(arn, f"not a resource of {subtype}", grammar=f"expected arn:{given.partition}:{form}")


def role_statements(subtype: str, resource: str | None, kms_key_arn: str | None) -> list[Statement]:
    """Return what the role of a subtype may do: its action on the resource, and what a customer key needs.

    Without a resource, the action is allowed on all of them.
    """
    integration = SERVICE_INTEGRATIONS[subtype]
    resources = ("*",) if resource is None else _granted(subtype, resource)
    statements: list[Statement] = [((integration.action,), resources)]
    if kms_key_arn is not None and integration.kms_actions:
        statements.append((integration.kms_actions, (kms_key_arn,)))
    return statements


def _granted(subtype: str, resource: str) -> tuple[str, ...]:
    """Return the ARNs that IAM asks for where an action touches the resource.

    ``StopExecution`` is allowed on executions, not on their state machine. A version or an alias is allowed by the ARN
    of its state machine ("Authorization for versions and aliases in Step Functions workflows"). ``GetConfiguration``
    needs the application, the environment and the configuration profile, each by its own ARN.
    """
    if machine := _STATE_MACHINE.fullmatch(resource):
        stopped = f"{machine['machine'].replace(':stateMachine:', ':execution:')}:*"
        return (stopped if subtype == "StepFunctions-StopExecution" else machine["machine"],)
    if configuration := _CONFIGURATION.fullmatch(Arn.parse(resource).resource):
        application = resource.removesuffix(configuration[0]) + configuration["application"]
        return (
            application,
            f"{application}{configuration['environment']}",
            f"{application}/configurationprofile/{configuration['profile']}",
        )
    return (resource,)


def _unknown(integration: ServiceIntegration, name: str) -> str:
    known = f"expected one of {', '.join(integration.parameters)}"
    if _MAPPING_KEY.fullmatch(name):
        reason = f"the parameters of {integration.subtype} bear the service's own names"
        return str(ExpressionError(name, reason, grammar=known))
    near = nearest(name, integration.parameters)
    reason = f"not a parameter of {integration.subtype}"
    return str(ExpressionError(name, reason, grammar=f'did you mean "{near}"?' if near else known))


def _value_problem(name: str, value: str) -> str:
    """Say what a service has against a value; the empty text for nothing."""
    if not value:
        return 'must be a value of 1 to 512 characters, got ""'
    if "$" in value:
        return ""
    if name in _RANGES:
        least, greatest = _RANGES[name]
        if not _WHOLE_NUMBER.fullmatch(value) or not least <= int(value) <= greatest:
            return f'must be a whole number of {least} to {greatest}, got "{value}"'
    if name in _FORMS:
        pattern, form = _FORMS[name]
        if not pattern.fullmatch(value):
            return f'must be {form}, got "{value}"'
    return ""


def _queue_arn(url: str) -> str | None:
    match = _QUEUE_URL.fullmatch(url)
    if not match:
        return None
    region = match["region"] or match["legacy"] or "us-east-1"
    partition = next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")
    return f"arn:{partition}:sqs:{region}:{match['account']}:{match['name']}"


def _configuration(parameters: Mapping[str, str]) -> str | None:
    """Return the resource of a configuration whose parts are named by id.

    A name of seven letters cannot be told from an id, and an ARN with it would grant nothing; so an id counts only
    when it has a digit, as most have.
    """
    ids = [parameters.get(name, "") for name in ("Application", "Environment", "Configuration")]
    if not all(_APPCONFIG_ID.fullmatch(value) for value in ids):
        return None
    application, environment, profile = ids
    return f"application/{application}/environment/{environment}/configuration/{profile}"
