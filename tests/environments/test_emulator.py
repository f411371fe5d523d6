"""The stack `local`: the keys that lead the AWS provider to an emulator."""

import inspect
import re

import pulumi
import pulumi_aws
from ruamel.yaml import YAML

from tests.environments.stacks import config
from tests.programs import ROOT


def test_the_provider_is_led_to_the_emulator_for_all_that_components_make() -> None:
    """A service that is missing would be asked in AWS itself."""
    endpoints = _endpoints()
    assert endpoints.keys() == {_service(kind) for kind in _made_by_components()} | {"sts"}
    assert set(endpoints.values()) == {"http://localhost:4566"}


def test_the_providers_keys_are_those_of_its_package() -> None:
    parameters = inspect.signature(pulumi_aws.Provider._internal_init).parameters
    known = {re.sub(r"_(\w)", lambda match: match[1].upper(), name) for name in parameters}
    keys = {key.removeprefix("aws:") for key in config("local").values if key.startswith("aws:")}
    assert keys <= known
    services = inspect.signature(pulumi_aws.ProviderEndpointArgs.__init__).parameters
    assert {name.rstrip("_") for name in services} >= _endpoints().keys()


def test_the_providers_keys_reach_the_program_as_the_engine_passes_them() -> None:
    values = config("local").values
    given = {key: value for key, value in values.items() if key.startswith("aws:") and key != "aws:endpoints"}
    assert given == {
        "aws:accessKey": "test",
        "aws:region": "us-east-1",
        "aws:s3UsePathStyle": "true",
        "aws:secretKey": "test",
        "aws:skipCredentialsValidation": "true",
        "aws:skipMetadataApiCheck": "true",
        "aws:skipRequestingAccountId": "true",
    }
    assert values["aws:endpoints"].startswith('[{"apigateway":"http://localhost:4566","apigatewayv2":')


def _endpoints() -> dict[str, str]:
    (endpoints,) = YAML(typ="safe", pure=True).load(config("local").values["aws:endpoints"])
    return dict(endpoints)


def _made_by_components() -> set[tuple[str, str]]:
    """Return the package and class of every resource that a component's source makes."""
    found = set()
    for file in (ROOT / "components").rglob("*.py"):
        for package, name in re.findall(r"\baws\.(\w+)\.([A-Z]\w+)\(", file.read_text(encoding="utf-8")):
            made = getattr(getattr(pulumi_aws, package), name)
            if issubclass(made, pulumi.CustomResource):
                found.add((package, name))
    return found


def _service(kind: tuple[str, str]) -> str:
    """Return what the provider calls the service of a resource."""
    package, name = kind
    if package == "cloudwatch":
        return "logs" if name.startswith("Log") else "cloudwatch"
    return {"lb": "elbv2", "vpc": "ec2", "lambda_": "lambda"}.get(package, package)
