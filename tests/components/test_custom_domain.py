from typing import Any

import pytest

from components.custom_domain import component_name
from local.recording import Recording
from tests.programs import Settings, dev_settings, names, only, rest_api, run_program

DOMAIN_NAME = "aws:apigatewayv2/domainName:DomainName"
MAPPING = "aws:apigatewayv2/apiMapping:ApiMapping"
RECORD = "aws:route53/record:Record"
STAGE = "aws:apigatewayv2/stage:Stage"
REST_DOMAIN_NAME = "aws:apigateway/domainName:DomainName"
BASE_PATH = "aws:apigateway/basePathMapping:BasePathMapping"
REST_API = "aws:apigateway/restApi:RestApi"
REST_STAGE = "aws:apigateway/stage:Stage"

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/api"
SHARED: Settings = {"domainName": "api.example.com", "certificateArn": CERTIFICATE}
TAGS = {"team": "edge", "Project": "gatelink", "Stack": "dev"}


def program(domains: dict[str, Settings], *, known: bool = True, **of_each_api: object) -> Recording:
    """Run the dev stack, with a second HTTP API and with domains by API."""
    settings = dev_settings()
    settings["apis"]["returns"] = settings["apis"]["orders"]
    for name, domain in domains.items():
        settings["apis"][name] = {**settings["apis"][name], **of_each_api, "domain": domain}
    return run_program(settings, known=known)


def output(recording: Recording, api: str) -> Any:  # noqa: ANN401 - JSON
    apis: Any = recording.outputs["apis"]
    return apis[api]


def test_a_domain_is_regional_and_speaks_tls_1_2() -> None:
    domain = only(program({"orders": SHARED}), DOMAIN_NAME)
    assert domain.name == "api-example-com"
    assert domain.inputs == {
        "domainName": "api.example.com",
        "domainNameConfiguration": {
            "certificateArn": CERTIFICATE,
            "endpointType": "REGIONAL",
            "securityPolicy": "TLS_1_2",
            "ipAddressType": "ipv4",
        },
        "tags": TAGS,
    }


def test_callers_show_certificates_where_the_stack_says_so() -> None:
    ownership = "arn:aws:acm:us-east-1:123456789012:certificate/ownership"
    truststore = {"truststoreUri": "s3://trust/store.pem", "truststoreVersion": "v7"}
    domain = {**SHARED, "mutualTlsAuthentication": truststore, "ownershipVerificationCertificateArn": ownership}
    inputs: Any = only(program({"orders": domain}, disableExecuteApiEndpoint=True), DOMAIN_NAME).inputs
    assert inputs["mutualTlsAuthentication"] == truststore
    assert inputs["domainNameConfiguration"]["ownershipVerificationCertificateArn"] == ownership


@pytest.mark.parametrize("known", [True, False])
def test_two_apis_on_one_domain(known: bool) -> None:
    recording = program({"orders": SHARED, "returns": {**SHARED, "apiMappingKey": "returns/v1"}}, known=known)
    domain = only(recording, DOMAIN_NAME)
    assert names(recording, MAPPING) == ["api-example-com", "api-example-com-returns/v1"]
    for api, key in (("orders", None), ("returns", "returns/v1")):
        mapping = only(recording, MAPPING, f"api-example-com-{key}" if key else "api-example-com")
        stage = only(recording, STAGE, f"{api}-default")
        assert mapping.inputs == {
            "apiId": only(recording, "aws:apigatewayv2/api:Api", api).id if known else "<unknown>",
            "domainName": "api.example.com" if known else "<unknown>",
            "stage": "$default",
            **({"apiMappingKey": key} if key else {}),
        }
        assert {domain.urn, stage.urn} <= set(mapping.dependencies)
    assert output(recording, "orders")["domainEndpoint"] == "https://api.example.com"
    assert output(recording, "returns")["domainEndpoint"] == "https://api.example.com/returns/v1"


def test_the_stage_that_a_domain_leads_to() -> None:
    settings = dev_settings()
    orders = settings["apis"]["orders"]
    orders.pop("stage")
    settings["apis"]["orders"] = {
        **orders,
        "stages": [{"name": "blue"}, {"name": "green"}],
        "domain": {**SHARED, "stage": "green"},
    }
    recording = run_program(settings)
    mapping = only(recording, MAPPING)
    assert mapping.inputs["stage"] == "green"
    assert only(recording, STAGE, "orders-green").urn in mapping.dependencies


def test_alias_records_where_the_zone_is_given() -> None:
    recording = program({"orders": {**SHARED, "hostedZoneId": "Z0123456789ABC"}})
    target: Any = only(recording, DOMAIN_NAME).outputs["domainNameConfiguration"]
    record = only(recording, RECORD)
    assert record.name == "api-example-com-A"
    assert record.inputs == {
        "zoneId": "Z0123456789ABC",
        "name": "api.example.com",
        "type": "A",
        "aliases": [
            {"name": target["targetDomainName"], "zoneId": target["hostedZoneId"], "evaluateTargetHealth": False}
        ],
    }


def test_a_dualstack_domain_has_records_of_both_kinds() -> None:
    recording = program({"orders": {**SHARED, "hostedZoneId": "Z0123456789ABC", "ipAddressType": "dualstack"}})
    configuration: Any = only(recording, DOMAIN_NAME).inputs["domainNameConfiguration"]
    assert configuration["ipAddressType"] == "dualstack"
    assert {record.name: record.inputs["type"] for record in recording.of_type(RECORD)} == {
        "api-example-com-A": "A",
        "api-example-com-AAAA": "AAAA",
    }


def test_a_first_preview_has_the_same_records() -> None:
    recording = program({"orders": {**SHARED, "hostedZoneId": "Z0123456789ABC"}}, known=False)
    assert only(recording, RECORD).inputs["aliases"] == [
        {"name": "<unknown>", "zoneId": "<unknown>", "evaluateTargetHealth": False}
    ]


def test_without_a_zone_the_outputs_say_what_a_record_leads_to() -> None:
    recording = program({"orders": SHARED})
    target: Any = only(recording, DOMAIN_NAME).outputs["domainNameConfiguration"]
    assert not recording.of_type(RECORD)
    assert recording.outputs["domains"] == {
        "api.example.com": {"targetDomainName": target["targetDomainName"], "hostedZoneId": target["hostedZoneId"]}
    }


@pytest.mark.parametrize(
    ("domain_name", "name"),
    [("api.example.com", "api-example-com"), ("*.eu.example.com", "wildcard-eu-example-com")],
)
def test_names_of_domains(domain_name: str, name: str) -> None:
    assert component_name(domain_name) == name


def test_a_key_that_another_api_takes_over_is_given_up_first() -> None:
    """A domain has each key once: AWS refuses the second mapping."""
    before, after = (only(program({api: SHARED}), MAPPING) for api in ("orders", "returns"))
    assert (after.urn, after.delete_before_replace) == (before.urn, True)
    assert after.inputs["apiId"] != before.inputs["apiId"]


PQ = "SecurityPolicy_TLS13_1_2_PQ_2025_09"
EDGE: Settings = {**SHARED, "endpointType": "EDGE"}
ENHANCED: Settings = {**SHARED, "securityPolicy": PQ, "endpointAccessMode": "STRICT"}


def with_rest_apis(domains: dict[str, Settings], *, known: bool = True, **orders: object) -> Recording:
    """Run the dev stack with REST APIs that have domains, and with more settings of the HTTP API."""
    settings = dev_settings()
    settings["apis"]["orders"] |= orders
    settings["apis"] |= {name: rest_api("orders", domain=domain) for name, domain in domains.items()}
    return run_program(settings, known=known)


@pytest.mark.parametrize("known", [True, False])
def test_a_rest_api_and_an_http_api_share_a_domain(known: bool) -> None:
    recording = with_rest_apis({"catalog": {**SHARED, "apiMappingKey": "catalog/v1"}}, known=known, domain=SHARED)
    assert only(recording, DOMAIN_NAME).name == "api-example-com"
    assert not recording.of_type(REST_DOMAIN_NAME)
    assert not recording.of_type(BASE_PATH)
    assert names(recording, MAPPING) == ["api-example-com", "api-example-com-catalog/v1"]
    mapping = only(recording, MAPPING, "api-example-com-catalog/v1")
    assert mapping.inputs == {
        "apiId": only(recording, REST_API).id if known else "<unknown>",
        "domainName": "api.example.com" if known else "<unknown>",
        "stage": "dev",
        "apiMappingKey": "catalog/v1",
    }
    assert only(recording, REST_STAGE).urn in mapping.dependencies
    assert output(recording, "catalog")["domainEndpoint"] == "https://api.example.com/catalog/v1"


def test_the_words_of_a_rest_domain_are_the_default_ones_where_they_say_the_same() -> None:
    said = {**SHARED, "endpointType": "REGIONAL", "securityPolicy": "TLS_1_2"}
    recordings = [with_rest_apis({"catalog": domain}) for domain in (SHARED, said)]
    assert recordings[0] == recordings[1]


@pytest.mark.parametrize("known", [True, False])
def test_a_domain_that_only_rest_apis_have_can_become_any_other_of_theirs_in_place(known: bool) -> None:
    domains: dict[str, Settings] = {"catalog": SHARED, "ledger": {**SHARED, "apiMappingKey": "ledger"}}
    recording = with_rest_apis(domains, known=known)
    assert not recording.of_type(DOMAIN_NAME)
    assert not recording.of_type(MAPPING)
    domain = only(recording, REST_DOMAIN_NAME)
    assert domain.inputs == {
        "domainName": "api.example.com",
        "regionalCertificateArn": CERTIFICATE,
        "endpointConfiguration": {"types": "REGIONAL", "ipAddressType": "ipv4"},
        "securityPolicy": "TLS_1_2",
        "tags": TAGS,
    }
    edge = with_rest_apis({name: {**said, "endpointType": "EDGE"} for name, said in domains.items()}, known=known)
    assert only(edge, REST_DOMAIN_NAME).urn == domain.urn
    assert names(edge, BASE_PATH) == names(recording, BASE_PATH) == ["api-example-com", "api-example-com-ledger"]


def test_callers_of_rest_apis_show_certificates_where_the_stack_says_so() -> None:
    ownership = "arn:aws:acm:us-east-1:123456789012:certificate/ownership"
    truststore = {"truststoreUri": "s3://trust/store.pem", "truststoreVersion": "v7"}
    domain = {**SHARED, "mutualTlsAuthentication": truststore, "ownershipVerificationCertificateArn": ownership}
    inputs = only(with_rest_apis({"catalog": domain}), REST_DOMAIN_NAME).inputs
    assert inputs["mutualTlsAuthentication"] == truststore
    assert inputs["ownershipVerificationCertificateArn"] == ownership


def test_an_edge_optimized_domain_is_for_rest_apis() -> None:
    recording = with_rest_apis({"catalog": EDGE})
    assert not recording.of_type(DOMAIN_NAME)
    domain = only(recording, REST_DOMAIN_NAME)
    assert domain.name == "api-example-com"
    assert domain.inputs == {
        "domainName": "api.example.com",
        "certificateArn": CERTIFICATE,
        "endpointConfiguration": {"types": "EDGE", "ipAddressType": "ipv4"},
        "securityPolicy": "TLS_1_2",
        "tags": TAGS,
    }


@pytest.mark.parametrize(
    ("words", "inputs"),
    [
        (
            {"securityPolicy": PQ, "endpointAccessMode": "STRICT"},
            {"securityPolicy": PQ, "endpointAccessMode": "STRICT"},
        ),
        ({"securityPolicy": "TLS_1_0"}, {"securityPolicy": "TLS_1_0"}),
    ],
    ids=["enhanced", "old"],
)
def test_another_security_policy_is_for_rest_apis(words: Settings, inputs: Settings) -> None:
    domain = only(with_rest_apis({"catalog": {**SHARED, **words, "ipAddressType": "dualstack"}}), REST_DOMAIN_NAME)
    assert domain.inputs == {
        "domainName": "api.example.com",
        "regionalCertificateArn": CERTIFICATE,
        "endpointConfiguration": {"types": "REGIONAL", "ipAddressType": "dualstack"},
        **inputs,
        "tags": TAGS,
    }


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("domain", [EDGE, ENHANCED], ids=["edge", "enhanced"])
def test_keys_of_one_level_are_base_paths_where_only_rest_apis_can_be(domain: Settings, known: bool) -> None:
    recording = with_rest_apis({"catalog": domain, "ledger": {**domain, "apiMappingKey": "ledger"}}, known=known)
    assert not recording.of_type(MAPPING)
    assert names(recording, BASE_PATH) == ["api-example-com", "api-example-com-ledger"]
    for api, name, key in (("catalog", "api-example-com", None), ("ledger", "api-example-com-ledger", "ledger")):
        mapping = only(recording, BASE_PATH, name)
        stage = only(recording, REST_STAGE, f"{api}-dev")
        assert mapping.inputs == {
            "restApi": only(recording, REST_API, api).id if known else "<unknown>",
            "domainName": "api.example.com",
            "stageName": "dev",
            **({"basePath": key} if key else {}),
        }
        assert {only(recording, REST_DOMAIN_NAME).urn, stage.urn} <= set(mapping.dependencies)
        assert mapping.delete_before_replace is True
    assert output(recording, "ledger")["domainEndpoint"] == "https://api.example.com/ledger"


def test_a_deeper_key_of_a_regional_domain_is_an_api_mapping() -> None:
    """A base path has no slash."""
    recording = with_rest_apis({"catalog": ENHANCED, "ledger": {**ENHANCED, "apiMappingKey": "ledger/v1"}})
    assert names(recording, BASE_PATH) == ["api-example-com"]
    mapping = only(recording, MAPPING)
    assert mapping.inputs == {
        "apiId": only(recording, REST_API, "ledger").id,
        "domainName": "api.example.com",
        "stage": "dev",
        "apiMappingKey": "ledger/v1",
    }
    assert only(recording, REST_DOMAIN_NAME).urn in mapping.dependencies


@pytest.mark.parametrize(
    ("domain", "target", "zone"),
    [
        (EDGE, "cloudfrontDomainName", "cloudfrontZoneId"),
        (ENHANCED, "regionalDomainName", "regionalZoneId"),
    ],
    ids=["edge", "enhanced"],
)
def test_alias_records_of_a_domain_for_rest_apis(domain: Settings, target: str, zone: str) -> None:
    recording = with_rest_apis({"catalog": {**domain, "hostedZoneId": "Z0123456789ABC", "ipAddressType": "dualstack"}})
    outputs = only(recording, REST_DOMAIN_NAME).outputs
    assert names(recording, RECORD) == ["api-example-com-A", "api-example-com-AAAA"]
    for record in recording.of_type(RECORD):
        assert record.inputs["aliases"] == [
            {"name": outputs[target], "zoneId": outputs[zone], "evaluateTargetHealth": False}
        ]
    assert recording.outputs["domains"] == {
        "api.example.com": {"targetDomainName": outputs[target], "hostedZoneId": outputs[zone]}
    }


@pytest.mark.parametrize("domain", [EDGE, ENHANCED], ids=["edge", "enhanced"])
def test_a_first_preview_has_the_records_of_a_domain_for_rest_apis(domain: Settings) -> None:
    recording = with_rest_apis({"catalog": {**domain, "hostedZoneId": "Z0123456789ABC"}}, known=False)
    assert only(recording, RECORD).inputs["aliases"] == [
        {"name": "<unknown>", "zoneId": "<unknown>", "evaluateTargetHealth": False}
    ]
