"""The services of AWS that integrations call, on this machine.

aws_resources    what a stack names
embedded ─────► __main__ ─► server ─► moto             the process that answers
                    │          └─► app_config, step_functions    what moto lacks
                    └─► providing                      makes what the stack names
"""

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
    named_by_subtype,
    named_by_uri,
)
from local.aws.embedded import EmbeddedAws

__all__ = [
    "ACCOUNT_ID",
    "AwsResource",
    "Bucket",
    "Configuration",
    "EmbeddedAws",
    "EventBus",
    "Queue",
    "StateMachine",
    "Stream",
    "Topic",
    "named_by_subtype",
    "named_by_uri",
]
