"""What belongs to an API of whatever kind: its domain, its callers, its alarms."""

from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, StringConstraints

from apigateway.arns import check_principal
from apigateway.rules import authorizers as authorizer_rules
from apigateway.rules import routes as rules

from .base import Between, Checked, Flag, Model, TopicArn
from .domains import Domain
from .one_of import OneOf


class Alarms(Model):
    """CloudWatch alarms of an API: faults, slow answers, refused calls, and its backends' unhealthy targets."""

    sns_topic_arn: TopicArn
    """Who is told when an alarm begins and ends."""

    error_percent: Annotated[float, Field(strict=True), Between(0.01, 100)] = 1.0
    """The alarm on faults begins above this share of calls, in five minutes."""

    latency_millis: Annotated[int, Field(strict=True), Between(1, 30_000)] = 5_000
    """The alarm on slow answers begins above this 99th percentile of the integrations' latency, in five minutes."""

    throttled_calls: Annotated[int, Field(strict=True), Between(1, 1_000_000)] = 10
    """The alarm on refused calls begins at this number of answers 429, in five minutes."""


PRINCIPAL_SHAPE: Final = ("222233334444", r"[0-9]{12}|arn:aws[a-z-]*:iam::[0-9]{12}:(root|(role|user)/.+)")
"""An example of a principal, and the pattern of all for editors."""

Principal = Annotated[str, Checked(check_principal, authorizer_rules.PRINCIPAL, *PRINCIPAL_SHAPE)]


class ApiParts(Model):
    """What the APIs of every kind share."""

    model_config = ConfigDict(
        json_schema_extra={"not": {"required": ["stage", "stages"], "properties": {"stage": {"type": "object"}}}}
    )

    domain: Domain | None = None
    """A name of yours under which the API answers. Left out: AWS's own name alone."""

    invoke_principals: tuple[Principal, ...] = ()
    """Accounts (ids) or roles (ARNs) that may assume a role, made for them, that may call this API's routes."""

    disable_execute_api_endpoint: Flag = False
    """Whether AWS's own name for the API answers nobody."""

    version: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    """A mark of your own for this state of the API. Left out: none."""

    ip_address_type: Annotated[Literal["ipv4", "dualstack"], OneOf(rules.ADDRESSES)] | None = None
    """Whether AWS's own name for the API answers on IPv6 too. Left out: ``ipv4``, and ``dualstack`` for a private API,
    which has no other."""

    alarms: Alarms | None = None
    """Left out: none."""

    description: Annotated[str, Field(max_length=1024)] | None = None
    """A note for those who read the API in AWS."""

    @property
    def address_type(self) -> Literal["ipv4", "dualstack"]:
        """``ipAddressType`` with its default applied."""
        return self.ip_address_type or "ipv4"
