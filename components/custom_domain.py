"""Custom domain names: names of yours that lead to APIs, each API under a mapping key of its own.

From the AWS pages "Custom domain names for HTTP APIs / WebSocket APIs in API Gateway" and "Map API stages to a custom
domain name": such a domain is Regional and speaks TLS 1.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from settings import HttpApi as HttpApiSpec
from settings import WebSocketApi as WebSocketApiSpec
from settings.domains import Domain

from .http_api import HttpApi
from .naming import Tags
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
    tags: Tags


class CustomDomain(pulumi.ComponentResource):
    """A domain name, the mappings of its APIs, and its alias records where the hosted zone is given."""

    target_domain_name: pulumi.Output[str]
    """The name of AWS's that a DNS record of the domain leads to."""
    hosted_zone_id: pulumi.Output[str]
    """The zone of AWS's that the target is in, for an alias record."""

    def __init__(self, name: str, args: CustomDomainArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gatelink:components:CustomDomain", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        domain = _domain_name(name, args, child)
        for api in args.apis.values():
            aws.apigatewayv2.ApiMapping(
                f"{name}-{api.key}" if api.key else name,
                api_id=api.api_id,
                domain_name=domain.id,
                # The resource's own output: a mapping is refused while its stage is not there.
                stage=api.stage.resource.name,
                api_mapping_key=api.key,
                # A domain has each key once: where another API takes a key over, the old mapping goes first.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
        # AWS completes the block that the program gives it: before the domain is there, it holds the program's part.
        completed: pulumi.Output[aws.apigatewayv2.outputs.DomainNameDomainNameConfiguration]
        completed = domain.id.apply(lambda _: domain.domain_name_configuration)
        self.target_domain_name = completed.target_domain_name
        self.hosted_zone_id = completed.hosted_zone_id
        if args.spec.hosted_zone_id:
            for kind in ("A", "AAAA") if args.spec.ip_address_type == "dualstack" else ("A",):
                aws.route53.Record(
                    f"{name}-{kind}",
                    zone_id=args.spec.hosted_zone_id,
                    name=args.spec.domain_name,
                    type=kind,
                    aliases=[
                        aws.route53.RecordAliasArgs(
                            name=self.target_domain_name, zone_id=self.hosted_zone_id, evaluate_target_health=False
                        )
                    ],
                    opts=child,
                )
        self.register_outputs({"domainName": args.spec.domain_name, **self.outputs()})

    def outputs(self) -> dict[str, pulumi.Output[str]]:
        """Return what whoever keeps the DNS zone needs for a record of the domain."""
        return {"targetDomainName": self.target_domain_name, "hostedZoneId": self.hosted_zone_id}


def provide(stack: Stack, apis: Mapping[str, WebSocketApi | HttpApi]) -> dict[str, CustomDomain]:
    """Make the domains that the stack's APIs name, each once, and return them by domain name."""
    mapped: dict[str, dict[str, MappedApi]] = {}
    specs: dict[str, Domain] = {}
    for name, api in apis.items():
        spec = api.spec.domain
        if spec:
            specs.setdefault(spec.domain_name, spec)
            stage = api.stages[domain_stage(spec, api.stages)]
            mapping = MappedApi(api_id=api.api_id, stage=stage, key=spec.api_mapping_key)
            mapped.setdefault(spec.domain_name, {})[name] = mapping
    return {
        domain_name: CustomDomain(
            component_name(domain_name), CustomDomainArgs(spec=spec, apis=mapped[domain_name], tags=stack.tags)
        )
        for domain_name, spec in specs.items()
    }


def component_name(domain_name: str) -> str:
    """Return the logical name of a domain: ``*.example.com`` is ``wildcard-example-com``."""
    return domain_name.replace("*", "wildcard").replace(".", "-")


def domain_stage(domain: Domain, stages: Mapping[str, object]) -> str:
    """Return the name of the stage that answers under a domain: the one that it names, or the API's first."""
    return domain.stage or next(iter(stages))


def domain_urls(api: WebSocketApiSpec | HttpApiSpec) -> dict[str, str]:
    """Return what an API answers to under its domain, by the name of the output; nothing where it has no domain."""
    if api.domain is None:
        return {}
    key = api.domain.api_mapping_key
    place = f"{api.domain.domain_name}/{key}" if key else api.domain.domain_name
    if isinstance(api, HttpApiSpec):
        return {"domainEndpoint": f"https://{place}"}
    return {"domainEndpoint": f"wss://{place}", "domainConnectionsUrl": f"https://{place}"}


def _domain_name(name: str, args: CustomDomainArgs, options: pulumi.ResourceOptions) -> aws.apigatewayv2.DomainName:
    spec = args.spec
    mutual_tls = spec.mutual_tls_authentication
    return aws.apigatewayv2.DomainName(
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
        tags=args.tags,
        opts=options,
    )
