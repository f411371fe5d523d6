"""Rules of custom domain names."""

from typing import Final

from apigateway.rules.rule import Rule

DOMAIN_NAME: Final = Rule(
    "domain-name",
    "A domain name is in lower case, and of 253 characters at most.",
    "botocore model of apigatewayv2, CreateDomainName, and RFC 1035",
)
DOMAIN_SHARED: Final = Rule(
    "domain-shared",
    "APIs that share a domain name agree on its settings, and each has a mapping key of its own.",
    "API Gateway Developer Guide, Custom domain names",
)
DOMAIN_WEBSOCKET: Final = Rule(
    "domain-websocket",
    "A WebSocket API has a domain name of its own kind: HTTP and REST APIs cannot share it.",
    "API Gateway Developer Guide, Use API mappings for WebSocket APIs",
)
MAPPING_KEY: Final = Rule(
    "mapping-key",
    "A mapping key has 1 to 300 letters, digits and $-_.+!*'()/ and one level for a WebSocket API, or with TLS_1_0.",
    "API Gateway Developer Guide, Map API stages to a custom domain name",
)
MUTUAL_TLS: Final = Rule(
    "mutual-tls",
    "Mutual TLS is for HTTP and REST APIs, and a certificate that proves ownership is for mutual TLS.",
    "API Gateway Developer Guide, Mutual TLS for HTTP APIs",
)
MUTUAL_TLS_BYPASS: Final = Rule(
    "mutual-tls-bypass",
    "With mutual TLS the default endpoint, which asks for no certificate, is disabled.",
    "API Gateway Developer Guide, Mutual TLS for HTTP APIs",
    "warning",
)
DOMAIN_STAGE: Final = Rule("domain-stage", "A domain leads to a stage of its API, by its name.", "Gatelink")
DOMAIN_REGION: Final = Rule(
    "domain-region",
    "A domain's certificate stands in the API's Region; that of an edge-optimized domain has a rule of its own.",
    "botocore model of apigatewayv2, CreateDomainName",
)
NO_ENDPOINT: Final = Rule(
    "no-endpoint",
    "An API whose default endpoint is disabled has a domain.",
    "API Gateway Developer Guide, Disable the default endpoint",
    "warning",
)
RESERVED_PATH: Final = Rule(
    "reserved-path",
    "/ping and /sping of a custom domain are API Gateway's own.",
    "API Gateway Developer Guide, Important notes",
    "warning",
)
