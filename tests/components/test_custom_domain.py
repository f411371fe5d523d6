from typing import Any

import pytest

from components.custom_domain import component_name
from local.recording import Recording
from tests.programs import Settings, dev_settings, names, only, run_program

DOMAIN_NAME = "aws:apigatewayv2/domainName:DomainName"
MAPPING = "aws:apigatewayv2/apiMapping:ApiMapping"
RECORD = "aws:route53/record:Record"
STAGE = "aws:apigatewayv2/stage:Stage"

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
