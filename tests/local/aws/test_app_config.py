import pytest
import pytest_asyncio
from botocore.exceptions import ClientError

from local.aws import Configuration, EmbeddedAws
from tests.local.aws.conftest import REGION, Client, Service

pytestmark = pytest.mark.asyncio(loop_scope="module")

BY_NAME = Configuration(region=REGION, application="the shop", environment="development", profile="feature flags")
BY_ID = Configuration(region=REGION, application="abc1234", environment="def5678", profile="987abcd")


@pytest_asyncio.fixture(loop_scope="module")
async def app_config(aws: EmbeddedAws, client: Client) -> Service:
    await aws.provide([BY_NAME, BY_ID])
    return client("appconfig")


def get(app_config: Service, configuration: Configuration, **more: str) -> Service:
    return app_config.get_configuration(
        Application=configuration.application,
        Environment=configuration.environment,
        Configuration=configuration.profile,
        ClientId="laptop",
        **more,
    )


def ids_of(app_config: Service, name: str) -> tuple[str, str]:
    """Return the id of an application, and that of its profile."""
    application = next(item["Id"] for item in app_config.list_applications()["Items"] if item["Name"] == name)
    (profile,) = app_config.list_configuration_profiles(ApplicationId=application)["Items"]
    return application, profile["Id"]


@pytest.mark.parametrize("configuration", [BY_NAME, BY_ID])
async def test_the_latest_version_is_deployed(app_config: Service, configuration: Configuration) -> None:
    application, profile = ids_of(app_config, configuration.application)
    with pytest.raises(ClientError) as caught:
        get(app_config, configuration)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert caught.value.response["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": f"{configuration.profile} has no version yet: give it one with aws appconfig "
        f"create-hosted-configuration-version --application-id {application} --configuration-profile-id {profile}",
    }
    for content in (b'{"dark": false}', b'{"dark": true}'):
        app_config.create_hosted_configuration_version(
            ApplicationId=application,
            ConfigurationProfileId=profile,
            Content=content,
            ContentType="application/json",
        )
    for known in ({}, {"ClientConfigurationVersion": "1"}):
        answer = get(app_config, configuration, **known)
        assert answer["Content"].read() == b'{"dark": true}'
        assert (answer["ConfigurationVersion"], answer["ContentType"]) == ("2", "application/json")
    answer = get(app_config, configuration, ClientConfigurationVersion="2")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert answer["Content"].read() == b""
    assert answer["ConfigurationVersion"] == "2"


async def test_a_part_given_by_id_has_that_id(app_config: Service) -> None:
    assert ids_of(app_config, "abc1234") == ("abc1234", "987abcd")
    environments = app_config.list_environments(ApplicationId="abc1234")["Items"]
    assert [item["Id"] for item in environments] == ["def5678"]


async def test_providing_twice_makes_nothing_twice(aws: EmbeddedAws, app_config: Service) -> None:
    before = ids_of(app_config, "the shop")
    await aws.provide([BY_NAME])
    assert ids_of(app_config, "the shop") == before
    assert len(app_config.list_environments(ApplicationId=before[0])["Items"]) == 1


async def test_environments_can_be_made_too(app_config: Service) -> None:
    application = app_config.create_application(Name="mine")["Id"]
    made = app_config.create_environment(ApplicationId=application, Name="test", Description="for tests")
    assert (made["Name"], made["State"]) == ("test", "ReadyForDeployment")
    found = app_config.get_environment(ApplicationId=application, EnvironmentId=made["Id"])
    assert (found["Id"], found["Description"]) == (made["Id"], "for tests")


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"application": "none"}, "Application none not found"),
        ({"environment": "none"}, "Environment none not found"),
        ({"profile": "none"}, "ConfigurationProfile none not found"),
    ],
)
async def test_a_part_that_is_not_there_is_named(app_config: Service, part: dict[str, str], message: str) -> None:
    parts = {"application": "abc1234", "environment": "def5678", "profile": "987abcd"} | part
    with pytest.raises(ClientError) as caught:
        get(app_config, Configuration(region=REGION, **parts))
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert caught.value.response["Error"]["Message"] == message
