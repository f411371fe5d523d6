"""What is known of a backend, new or not: what links, APIs and alarms need, and other stacks may read."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from gatelink.outputs import BackendOutputs
from settings import Backend as BackendSpec
from settings import CloudMapBackend, ExistingBackend
from settings.backends import url_of, url_port

from .exports import BackendExports


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendInUse:
    """What links, APIs and alarms need of a backend, whichever kind it is. None is what its kind does not have."""

    spec: BackendSpec
    http_uri: pulumi.Input[str]
    """The ``integrationUri`` of an HTTP API: a listener's ARN, or a Cloud Map service's with the attributes wanted."""
    load_balancer_arn: pulumi.Input[str] | None = None
    dns_name: pulumi.Input[str] | None = None
    security_group_id: pulumi.Input[str] | None = None
    """The group of the balancer or of the instances; targets of a balancer made here admit it."""
    made_here: bool = False
    """Whether the group is this stack's, so that rules may be added to it."""
    target_group_arn: pulumi.Input[str] | None = None
    listener: aws.lb.Listener | None = None
    """The listener, where it is made here."""
    load_balancer_arn_suffix: pulumi.Input[str] | None = None
    target_group_arn_suffix: pulumi.Input[str] | None = None
    """The two suffixes are the dimensions that CloudWatch knows a balancer and its target group by."""

    def url(self) -> pulumi.Output[str]:
        """Return the start of a URL on the listener: the certificate's name with TLS, else the balancer's own.

        Raises ``ValueError`` for a Cloud Map service, which no API calls by a URL.
        """
        if isinstance(self.spec, CloudMapBackend) or self.dns_name is None:
            raise ValueError("only a backend behind a load balancer has a URL")
        secure = url_of(self.spec)
        if secure is not None:
            return pulumi.Output.from_input(secure)
        return pulumi.Output.concat("http://", self.dns_name, url_port(self.spec))

    def outputs(self) -> BackendExports:
        """Return what other stacks may read of this backend."""
        service_arn = self.spec.cloud_map.service_arn if isinstance(self.spec, CloudMapBackend) else None
        return BackendOutputs(
            load_balancer_arn=self.load_balancer_arn,
            dns_name=self.dns_name,
            listener_arn=None if service_arn else self.http_uri,
            target_group_arn=self.target_group_arn,
            service_arn=service_arn,
            security_group_id=self.security_group_id,
        )


def existing(spec: ExistingBackend) -> BackendInUse:
    """Return the backend behind a listener that exists."""
    return BackendInUse(
        spec=spec,
        http_uri=spec.listener_arn,
        load_balancer_arn=spec.load_balancer_arn,
        dns_name=spec.dns_name,
        security_group_id=spec.security_group_id,
        load_balancer_arn_suffix=balancer_suffix(spec.load_balancer_arn),
    )


def cloud_map(spec: CloudMapBackend) -> BackendInUse:
    """Return the backend that is a service in AWS Cloud Map."""
    wanted = "&".join(f"{name}={value}" for name, value in spec.cloud_map.attributes.items())
    arn = spec.cloud_map.service_arn
    return BackendInUse(
        spec=spec, http_uri=f"{arn}?{wanted}" if wanted else arn, security_group_id=spec.security_group_id
    )


def balancer_suffix(arn: str) -> str:
    """Return the end of a balancer's ARN: ``app/NAME/ID`` or ``net/NAME/ID``."""
    return arn.partition(":loadbalancer/")[2]
