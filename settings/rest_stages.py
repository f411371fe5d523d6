"""Stages of REST APIs: what every stage has, and the cache, X-Ray and client certificates that only theirs have."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Discriminator, Strict

from apigateway import access_log, stages
from apigateway.link_variables import is_link_variable
from apigateway.rules import rest as rules
from apigateway.rules import stages as stage_rules

from .base import Between, Checked, Flag, branch, problem, show, switch, switch_branch
from .one_of import OneOf
from .stages import (
    DEFAULT_LIMITS,
    LOG_LINE,
    HttpAccessLogs,
    LoggedRouteSettings,
    LoggedStage,
    Throttling,
    VariableName,
    VariableValue,
)

CacheTtl = Annotated[int, Strict(), Between(0, 3600, rules.CACHE)]
CACHE_TTL = 300


def _free_name(name: str) -> str:
    """Keep the names of the variables that hold VPC links."""
    if is_link_variable(name):
        message = f"must not be vpcLink nor begin with vpcLink_, as the VPC links are called, got {show(name)}"
        raise problem(message, rules.LINK_VARIABLE)
    return name


class RestAccessLogs(HttpAccessLogs):
    """One line a request in CloudWatch Logs."""

    format: (
        Annotated[str, Checked(lambda text: access_log.check_format("REST", text), stage_rules.LOG_FORMAT, LOG_LINE)]
        | None
    ) = None
    """The line, of ``$context`` variables. Left out: JSON with the request's id, route, status and times."""


class RestRouteSettings(LoggedRouteSettings):
    """Settings of one route of a REST API's stage; what is left out is the stage's."""

    hints: ClassVar[dict[str, str]] = {"cacheDataEncrypted": "unknown key; it is a setting of the stage"}

    throttling: Throttling | None = None
    """Left out: the stage's. ``blocked`` counts from the second ``pulumi up`` on where these settings are new."""

    caching_enabled: Flag | None = None
    """Whether answers are cached. Left out: those of GET routes are, where the stage has a cache."""

    cache_ttl_in_seconds: CacheTtl | None = None
    """Left out: the stage's."""


class RestStage(LoggedStage):
    """A stage of a REST API; it is redeployed when what it deploys changes."""

    hints: ClassVar[dict[str, str]] = {
        "autoDeploy": "unknown key; a REST stage is always redeployed when what it deploys changes",
        "tracingEnabled": "unknown key; did you mean xrayTracing?",
        "xrayTracingEnabled": "unknown key; did you mean xrayTracing?",
        "methodSettings": "unknown key; write throttling, executionLogs and the like, and routeSettings for one route",
        "cacheClusterEnabled": "unknown key; a cacheClusterSize makes the cache",
        "deploymentId": "unknown key; the deployment is made here",
        "stageVariables": "unknown key; did you mean variables?",
    }

    name: (
        Annotated[
            str,
            Checked(
                lambda name: stages.check_stage_name("REST", name), stage_rules.NAME, "dev", r"[A-Za-z0-9_-]{1,128}"
            ),
        ]
        | None
    ) = None
    """Left out: the Pulumi stack's name."""

    access_logs: Annotated[
        Annotated[Literal[False], branch("off")] | Annotated[RestAccessLogs, branch("on")],
        Discriminator(switch_branch),
        switch(),
    ] = RestAccessLogs()
    """Access logs, or false for none."""

    variables: dict[Annotated[VariableName, AfterValidator(_free_name)], VariableValue] = {}
    """Stage variables, beside those that hold the VPC links: ``vpcLink`` and ``vpcLink_NAME`` are taken. No secrets:
    everybody who can read the API can read them."""

    throttling: Throttling = DEFAULT_LIMITS
    """Of each route. Left out: 1000 requests a second, 500 at once. ``blocked`` counts from the second ``pulumi up``
    on where the stage is new."""

    route_settings: Mapping[str, RestRouteSettings] = {}
    """Route key → settings of that route."""

    xray_tracing: Flag = False
    """Whether AWS X-Ray traces requests."""

    cache_cluster_size: (
        Annotated[
            Literal["0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"], OneOf(rules.CACHE, in_quotes=True)
        ]
        | None
    ) = None
    """GB of the stage's cache (charged by the hour). Left out: none."""

    cache_ttl_in_seconds: CacheTtl = CACHE_TTL
    """How long an answer is cached, 0 to 3600. Left out: 300."""

    cache_data_encrypted: Flag = True
    """Whether cached answers are encrypted."""

    @property
    def log_format(self) -> str:
        """The access log's line with its default applied."""
        return (self.access_logs.format if self.access_logs else None) or access_log.DEFAULT_FORMAT["REST"]
