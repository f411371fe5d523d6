"""Custom domain names: names of yours that lead to APIs, each API under a mapping key of its own.

From the AWS pages "Custom domain names for HTTP APIs / WebSocket APIs in API Gateway" and "Map API stages to a custom
domain name": such a domain is Regional and speaks TLS 1.2, and REST APIs may share it with HTTP APIs. A domain of REST
APIs alone may be edge-optimized or have another security policy ("Choose a security policy for your custom domain",
"Set up an edge-optimized custom domain name"), and is a resource of another type, so that both can change in place. AWS
has a domain name once, so one that an HTTP API comes to share, or no longer shares, is taken out of the stack file,
deployed, and put in again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import pulumi
import pulumi_aws as aws

from apigateway.errors import Problem, SettingsError
from apigateway.paths import format_path
from gatelink.outputs import DomainOutputs, exported
from settings import HttpApi as HttpApiSpec
from settings import RestApi as RestApiSpec
from settings import RestStage
from settings import WebSocketApi as WebSocketApiSpec
from settings.domains import Domain, RestDomain
from settings.single import check_one_domain

from .arguments import check_args, check_values
from .defaults import stack_tags
from .exports import DomainExports
from .http_api import HttpApi
from .naming import Tags
from .rest_api import RestApi
from .stack import Stack
from .stages import DeployedStage
from .websocket_api import WebSocketApi


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedApi:
    """An API under a domain: the stage that answers, and the mapping key, None for the whole domain."""

    api_id: pulumi.Input[str]
    stage: DeployedStage
    key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomDomainArgs:
    """What a domain is made of: its settings, on which all its APIs agree, and its APIs by name."""

    spec: Domain
    apis: Mapping[str, MappedApi]
    tags: Tags = field(default_factory=stack_tags)

    @classmethod
    def of(cls, *apis: WebSocketApi | HttpApi | RestApi, tags: Tags | None = None) -> Self:
        """Return the domain that the settings of one or several APIs name.

        Raises ``SettingsError`` where they do not agree on it, or one names none.
        """
        check_values("CustomDomainArgs.of", apis=(apis, Sequence[WebSocketApi | HttpApi | RestApi]))
        check_one_domain({api.name: api.spec for api in apis})
        domains = [api.spec.domain for api in apis if api.spec.domain]
        names = sorted({domain.domain_name for domain in domains})
        problems = [
            Problem(format_path(("apis", api.name, "domain")), "is required for a custom domain")
            for api in apis
            if api.spec.domain is None
        ]
        if len(names) > 1:
            message = f"must be one and the same, got {', '.join(names)}"
            problems += [Problem(format_path(("apis", api.name, "domain", "domainName")), message) for api in apis]
        if not apis:
            problems = [Problem("CustomDomainArgs.of", "must be given an API, got none")]
        if problems:
            raise SettingsError(tuple(problems))
        return cls(spec=domains[0], apis=_mapped(apis), tags=stack_tags() if tags is None else tags)


class CustomDomain(pulumi.ComponentResource):
    """A domain name, the mappings of its APIs, and its alias records where the hosted zone is given."""

    target_domain_name: pulumi.Output[str]
    """The name of AWS's that a DNS record of the domain leads to."""
    hosted_zone_id: pulumi.Output[str]
    """The zone of AWS's that the target is in, for an alias record."""

    def __init__(self, name: str, args: CustomDomainArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("CustomDomain", name, args, CustomDomainArgs)
        super().__init__("gatelink:components:CustomDomain", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        spec, rest_alone = args.spec, _of_rest_alone(args)
        made = _rest_domain(name, rest_alone, args.tags, child) if rest_alone else _domain(name, spec, args.tags, child)
        # A domain has each key once: where another API takes a key over, the old mapping goes first.
        alone = pulumi.ResourceOptions(parent=self, delete_before_replace=True)
        for api in args.apis.values():
            logical = f"{name}-{api.key}" if api.key else name
            if rest_alone and "/" not in (api.key or ""):
                _map_base_path(logical, api, made, alone)
            else:
                _map_api(logical, api, made, alone)
        self.target_domain_name, self.hosted_zone_id = made.target, made.zone_id
        if spec.hosted_zone_id:
            for kind in ("A", "AAAA") if spec.ip_address_type == "dualstack" else ("A",):
                aws.route53.Record(
                    f"{name}-{kind}",
                    zone_id=spec.hosted_zone_id,
                    name=spec.domain_name,
                    type=kind,
                    aliases=[
                        aws.route53.RecordAliasArgs(
                            name=self.target_domain_name, zone_id=self.hosted_zone_id, evaluate_target_health=False
                        )
                    ],
                    opts=child,
                )
        self.register_outputs({"domainName": spec.domain_name, **exported(self.outputs())})

    def outputs(self) -> DomainExports:
        """Return what whoever keeps the DNS zone needs for a record of the domain."""
        return DomainOutputs(target_domain_name=self.target_domain_name, hosted_zone_id=self.hosted_zone_id)


def provide(stack: Stack, apis: Mapping[str, WebSocketApi | HttpApi | RestApi]) -> dict[str, CustomDomain]:
    """Make the domains that the stack's APIs name, each once, and return them by domain name."""
    sharing: dict[str, list[WebSocketApi | HttpApi | RestApi]] = {}
    specs: dict[str, Domain] = {}
    for api in apis.values():
        if api.spec.domain:
            specs.setdefault(api.spec.domain.domain_name, api.spec.domain)
            sharing.setdefault(api.spec.domain.domain_name, []).append(api)
    return {
        domain_name: CustomDomain(
            component_name(domain_name),
            CustomDomainArgs(spec=spec, apis=_mapped(sharing[domain_name]), tags=stack.tags),
        )
        for domain_name, spec in specs.items()
    }


def _mapped(apis: Iterable[WebSocketApi | HttpApi | RestApi]) -> dict[str, MappedApi]:
    """Return APIs under their domain, by name: each with the stage that answers there and its key."""
    return {
        api.name: MappedApi(
            api_id=api.api_id, stage=api.stages[domain_stage(domain, api.stages)], key=domain.api_mapping_key
        )
        for api in apis
        if (domain := api.spec.domain)
    }


def component_name(domain_name: str) -> str:
    """Return the logical name of a domain: ``*.example.com`` is ``wildcard-example-com``."""
    return domain_name.replace("*", "wildcard").replace(".", "-")


def domain_stage(domain: Domain, stages: Mapping[str, object]) -> str:
    """Return the name of the stage that answers under a domain: the one that it names, or the API's first."""
    return domain.stage or next(iter(stages))


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainUrls:
    """What an API answers to under its domain; None for connections that it does not have."""

    endpoint: str
    connections_url: str | None = None


def domain_urls(api: WebSocketApiSpec | HttpApiSpec | RestApiSpec) -> DomainUrls | None:
    """Return what an API answers to under its domain, None where it has no domain."""
    if api.domain is None:
        return None
    key = api.domain.api_mapping_key
    place = f"{api.domain.domain_name}/{key}" if key else api.domain.domain_name
    if isinstance(api, WebSocketApiSpec):
        return DomainUrls(endpoint=f"wss://{place}", connections_url=f"https://{place}")
    return DomainUrls(endpoint=f"https://{place}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A domain that is there: its name, and the name and zone of AWS's that a DNS record of it leads to."""

    name: pulumi.Output[str]
    target: pulumi.Output[str]
    zone_id: pulumi.Output[str]


def _of_rest_alone(args: CustomDomainArgs) -> RestDomain | None:
    """Return a domain that only REST APIs have, None for one that another kind of API has, too."""
    alone = all(isinstance(api.stage.spec, RestStage) for api in args.apis.values())
    return args.spec if alone and isinstance(args.spec, RestDomain) else None


def _domain(name: str, spec: Domain, tags: Tags, options: pulumi.ResourceOptions) -> _Made:
    """Make a domain that every kind of API can have."""
    mutual_tls = spec.mutual_tls_authentication
    domain = aws.apigatewayv2.DomainName(
        name,
        domain_name=spec.domain_name,
        domain_name_configuration=aws.apigatewayv2.DomainNameDomainNameConfigurationArgs(
            certificate_arn=spec.certificate_arn,
            endpoint_type="REGIONAL",
            security_policy="TLS_1_2",
            ip_address_type=spec.ip_address_type,
            ownership_verification_certificate_arn=spec.ownership_verification_certificate_arn,
        ),
        mutual_tls_authentication=aws.apigatewayv2.DomainNameMutualTlsAuthenticationArgs(
            truststore_uri=mutual_tls.truststore_uri, truststore_version=mutual_tls.truststore_version
        )
        if mutual_tls
        else None,
        tags=tags,
        opts=options,
    )
    # AWS completes the block that the program gives it: before the domain is there, it holds the program's part.
    completed: pulumi.Output[aws.apigatewayv2.outputs.DomainNameDomainNameConfiguration]
    completed = domain.id.apply(lambda _: domain.domain_name_configuration)
    return _Made(name=domain.id, target=completed.target_domain_name, zone_id=completed.hosted_zone_id)


def _rest_domain(name: str, spec: RestDomain, tags: Tags, options: pulumi.ResourceOptions) -> _Made:
    """Make a domain that only REST APIs have."""
    mutual_tls = spec.mutual_tls_authentication
    domain = aws.apigateway.DomainName(
        name,
        domain_name=spec.domain_name,
        certificate_arn=spec.certificate_arn if spec.is_edge else None,
        regional_certificate_arn=None if spec.is_edge else spec.certificate_arn,
        endpoint_configuration=aws.apigateway.DomainNameEndpointConfigurationArgs(
            types=spec.endpoint_type, ip_address_type=spec.ip_address_type
        ),
        security_policy=spec.security_policy,
        endpoint_access_mode=spec.endpoint_access_mode,
        mutual_tls_authentication=aws.apigateway.DomainNameMutualTlsAuthenticationArgs(
            truststore_uri=mutual_tls.truststore_uri, truststore_version=mutual_tls.truststore_version
        )
        if mutual_tls
        else None,
        ownership_verification_certificate_arn=spec.ownership_verification_certificate_arn,
        tags=tags,
        opts=options,
    )
    if spec.is_edge:
        return _Made(name=domain.domain_name, target=domain.cloudfront_domain_name, zone_id=domain.cloudfront_zone_id)
    return _Made(name=domain.domain_name, target=domain.regional_domain_name, zone_id=domain.regional_zone_id)


def _map_api(logical: str, api: MappedApi, domain: _Made, options: pulumi.ResourceOptions) -> None:
    """Lead a key of a Regional domain to an API, be it of one level or deeper."""
    aws.apigatewayv2.ApiMapping(
        logical,
        api_id=api.api_id,
        domain_name=domain.name,
        # The resource's own output: a mapping is refused while its stage is not there.
        stage=api.stage.resource_name,
        api_mapping_key=api.key,
        opts=options,
    )


def _map_base_path(logical: str, api: MappedApi, domain: _Made, options: pulumi.ResourceOptions) -> None:
    """Lead a key of one level to a REST API, as every endpoint type and every security policy allow it."""
    aws.apigateway.BasePathMapping(
        logical,
        rest_api=api.api_id,
        domain_name=domain.name,
        stage_name=api.stage.resource_name,
        base_path=api.key,
        opts=options,
    )
