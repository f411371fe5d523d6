"""The outputs of a Gatelink stack: a contract between the program that exports them and the projects that read them.

Each class is a block of outputs, each field an output: its name in the stack is the field's in camelCase. The program
fills the classes with what the engine will know (``pulumi.Input[str]``); a reader gets them filled with texts. An
output that not every stack has is None where it is missing.

A name stays as it is, and so does what it stands for. New outputs come beside the old, each with the version that
brings it; a reader passes over outputs that it does not know.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Final, Generic, TypeAlias, TypeVar

Text = TypeVar("Text")
"""A text: in the program one that the engine may learn later, for a reader a plain one."""
Texts = TypeVar("Texts")
"""A list of texts, likewise."""

FIRST: Final = "0.1.0"
"""The version that brought the first outputs."""

PROTOCOLS: Final = ("HTTP", "REST", "WEBSOCKET")
WEBSOCKET_OUTPUTS: Final = ("connections_url", "manage_connections_arn")
"""What every WebSocket API has, and every stage of one."""


@dataclass(frozen=True, slots=True)
class TextKind:
    """A text that is not empty: one of ``words``, where there are any."""

    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListKind:
    """A list of texts."""


@dataclass(frozen=True, slots=True)
class BlockKind:
    """A block of outputs."""

    block: type


@dataclass(frozen=True, slots=True)
class NamedKind:
    """Values by names: ``nouns`` says of what."""

    nouns: str
    of: "Kind"


Kind: TypeAlias = TextKind | ListKind | BlockKind | NamedKind
"""What an output holds."""

TEXT: Final = TextKind()
LIST: Final = ListKind()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputInfo:
    """What the contract says of one output."""

    attribute: str
    """The name of its field."""
    name: str
    """Its name in the stack."""
    kind: Kind
    since: str
    """The version of Gatelink that brings it."""
    about: str
    """What it is, for the reference."""
    when: str
    """Where it is there; empty for an output that is always there."""
    is_required: bool


def _is(about: str, kind: Kind = TEXT, *, when: str = "", since: str = FIRST) -> dict[str, object]:
    """Describe an output, in the metadata of its field."""
    return {"about": about, "kind": kind, "when": when, "since": since}


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendOutputs(Generic[Text]):
    """A backend: what its kind has, be it a load balancer of Gatelink's, an existing one, or a Cloud Map service."""

    load_balancer_arn: Text | None = field(
        default=None, metadata=_is("ARN of the load balancer", when="the backend has a load balancer")
    )
    dns_name: Text | None = field(
        default=None, metadata=_is("DNS name of the load balancer", when="the backend has a load balancer")
    )
    listener_arn: Text | None = field(
        default=None, metadata=_is("ARN of the listener", when="the backend has a load balancer")
    )
    target_group_arn: Text | None = field(
        default=None,
        metadata=_is("ARN of the target group that takes targets", when="Gatelink makes the backend's load balancer"),
    )
    service_arn: Text | None = field(
        default=None, metadata=_is("ARN of the Cloud Map service", when="the backend is a Cloud Map service")
    )
    security_group_id: Text | None = field(
        default=None,
        metadata=_is(
            "id of the load balancer's security group, which targets admit; with Cloud Map, the instances' own",
            when="Gatelink makes the backend's load balancer, or the stack file names a group",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcLinkOutputs(Generic[Text]):
    """The VPC links. Backends that share a network load balancer share its v1 link."""

    rest: Mapping[str, Text] = field(
        metadata=_is("ids of the v1 links, by backend, for WebSocket and REST APIs", NamedKind("backends", TEXT))
    )
    http: Text | None = field(
        default=None, metadata=_is("id of the v2 link", when="an HTTP API, or a REST API on an ALB, has a backend")
    )
    http_security_group_id: Text | None = field(
        default=None, metadata=_is("id of the v2 link's security group", when="there is a v2 link")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOutputs(Generic[Text]):
    """One of several stages of an API."""

    endpoint: Text = field(
        metadata=_is("URL of the stage at AWS's own name for the API, even where `disableExecuteApiEndpoint` shuts it")
    )
    connections_url: Text | None = field(
        default=None, metadata=_is("URL of the stage's connections at that name", when="the API is a WebSocket API")
    )
    manage_connections_arn: Text | None = field(
        default=None,
        metadata=_is(
            "ARN for `execute-api:ManageConnections` in the policy of a backend", when="the API is a WebSocket API"
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiOutputs(Generic[Text, Texts]):
    """An API. What belongs to a stage is of the first one, or of the only one that can be reached."""

    api_id: Text = field(metadata=_is("id of the API"))
    protocol: Text = field(metadata=_is("`HTTP`, `REST` or `WEBSOCKET`", TextKind(PROTOCOLS)))
    endpoint: Text = field(
        metadata=_is(
            "URL that clients call: AWS's own name for the API with the stage; `domainEndpoint` where "
            "`disableExecuteApiEndpoint` shuts that name and the API has a domain"
        )
    )
    execution_arn: Text = field(metadata=_is("ARN that policies begin with: `<executionArn>/<stage>/<route>`"))
    stage: Text = field(metadata=_is("name of the stage that `endpoint` leads to"))
    connections_url: Text | None = field(
        default=None,
        metadata=_is(
            "URL by which a backend posts to connections; `domainConnectionsUrl` where `endpoint` is the domain's",
            when="the API is a WebSocket API",
        ),
    )
    manage_connections_arn: Text | None = field(
        default=None,
        metadata=_is(
            "ARN for `execute-api:ManageConnections` in the policy of a backend", when="the API is a WebSocket API"
        ),
    )
    stages: Mapping[str, StageOutputs[Text]] | None = field(
        default=None,
        metadata=_is(
            "every stage, by name", NamedKind("stages", BlockKind(StageOutputs)), when="the API has several stages"
        ),
    )
    invoke_role_arn: Text | None = field(
        default=None,
        metadata=_is(
            "ARN of the role that callers of other accounts assume",
            when="an HTTP or WebSocket API has invokePrincipals",
        ),
    )
    domain_endpoint: Text | None = field(
        default=None, metadata=_is("URL that clients call at the API's own domain", when="the API has a domain")
    )
    domain_connections_url: Text | None = field(
        default=None, metadata=_is("`connectionsUrl` at the domain", when="a WebSocket API has a domain")
    )
    caller_policy: Text | None = field(
        default=None,
        metadata=_is(
            "IAM policy, as JSON, that callers in other accounts need", when="callers of a REST API need a policy"
        ),
    )
    vpc_endpoint_ids: Texts | None = field(
        default=None, metadata=_is("ids of the VPC endpoints that lead to the API", LIST, when="the API is private")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainOutputs(Generic[Text]):
    """A custom domain: where its DNS record leads."""

    target_domain_name: Text = field(metadata=_is("name of AWS's that the record leads to"))
    hosted_zone_id: Text = field(metadata=_is("zone of that name, for an alias record"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StackOutputs(Generic[Text, Texts]):
    """All outputs of a stack."""

    gatelink_version: Text | None = field(
        default=None,
        metadata=_is("version of Gatelink that the stack was last deployed with", since="0.2.0"),
    )
    vpc_id: Text | None = field(default=None, metadata=_is("id of the VPC in use", when="the stack has a network"))
    vpc_cidr: Text | None = field(
        default=None, metadata=_is("IPv4 range of the VPC in use", when="the stack has a network")
    )
    private_subnet_ids: Texts | None = field(
        default=None, metadata=_is("ids of the private subnets", LIST, when="the stack has a network")
    )
    backends: Mapping[str, BackendOutputs[Text]] = field(
        metadata=_is("the backends, by name", NamedKind("backends", BlockKind(BackendOutputs)))
    )
    vpc_links: VpcLinkOutputs[Text] = field(metadata=_is("the VPC links", BlockKind(VpcLinkOutputs)))
    apis: Mapping[str, ApiOutputs[Text, Texts]] = field(
        metadata=_is("the APIs, by name", NamedKind("APIs", BlockKind(ApiOutputs)))
    )
    domains: Mapping[str, DomainOutputs[Text]] | None = field(
        default=None,
        metadata=_is(
            "the custom domains, by domain name",
            NamedKind("domains", BlockKind(DomainOutputs)),
            when="an API has a domain",
        ),
    )


ReadTexts: TypeAlias = tuple[str, ...]
ReadApi: TypeAlias = ApiOutputs[str, ReadTexts]
ReadStack: TypeAlias = StackOutputs[str, ReadTexts]
"""What a reader gets."""


def outputs_of(block: type) -> dict[str, OutputInfo]:
    """Return what the contract says of a block's outputs, by the name of the field."""
    return {
        one.name: OutputInfo(
            attribute=one.name,
            name=_camel(one.name),
            is_required=one.default is MISSING,
            kind=one.metadata["kind"],
            since=one.metadata["since"],
            about=one.metadata["about"],
            when=one.metadata["when"],
        )
        for one in fields(block)
    }


def exported(block: object) -> dict[str, Any]:
    """Return a block as a stack exports it: by camelCase names, without what it does not have."""
    found: dict[str, Any] = {}
    for info in outputs_of(type(block)).values():
        value = getattr(block, info.attribute)
        if value is not None:
            found[info.name] = _plain(value, info.kind)
    return found


def _plain(value: Any, kind: Kind) -> object:  # noqa: ANN401  (what a field of this kind holds)
    match kind:
        case BlockKind():
            return exported(value)
        case NamedKind(of=of):
            return {name: _plain(item, of) for name, item in value.items()}
        case TextKind() | ListKind():
            return value


def _camel(attribute: str) -> str:
    first, *others = attribute.split("_")
    return first + "".join(word.capitalize() for word in others)
