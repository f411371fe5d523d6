"""What moto lacks of AWS AppConfig: environments, the list of applications, and ``GetConfiguration``.

A version of a hosted configuration (``create-hosted-configuration-version``) is deployed to every environment of its
application as soon as it is there. Names, ids and answers are those of botocore ``appconfig``: whatever is named may be
named by its id, too, and a client that has the current version is told so by a 204.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from moto.appconfig.models import Application, ConfigurationProfile
from moto.appconfig.responses import AppConfigResponse
from moto.core.exceptions import AWSError
from moto.moto_api._internal import mock_random

PATHS: Final = (
    "{0}/applications/(?P<app_id>[^/]+)/environments$",
    "{0}/applications/(?P<app_id>[^/]+)/environments/(?P<environment_id>[^/]+)$",
    "{0}/applications/(?P<app_id>[^/]+)/environments/(?P<environment_id>[^/]+)/configurations/(?P<configuration>[^/]+)$",
)
"""In the way that moto writes them, beside its own."""

ID_DIGITS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """An environment of an application."""

    id: str
    name: str
    description: str | None = None


_Named = TypeVar("_Named", Application, Environment, ConfigurationProfile)

_environments: WeakKeyDictionary[Application, dict[str, Environment]] = WeakKeyDictionary()


def environments_of(application: Application) -> dict[str, Environment]:
    """Return the environments of an application by their ids; they live as long as it does."""
    return _environments.setdefault(application, {})


class AppConfig(AppConfigResponse):
    """Answers the requests to AWS AppConfig. A method is named like the action that it is."""

    def list_applications(self) -> str:
        """List the applications."""
        return json.dumps({"Items": [item.to_json() for item in self.appconfig_backend.applications.values()]})

    def create_environment(self) -> tuple[str, dict[str, Any]]:
        """Make an environment."""
        application = self.appconfig_backend.get_application(self._get_param("ApplicationId"))
        made = Environment(
            id=mock_random.get_random_hex(ID_DIGITS),
            name=self._get_param("Name"),
            description=self._get_param("Description"),
        )
        environments_of(application)[made.id] = made
        return json.dumps(_shown(application, made)), {"status": 201}

    def get_environment(self) -> str:
        """Describe an environment, which is named by its id."""
        application = self.appconfig_backend.get_application(self._get_param("ApplicationId"))
        environment = _the("Environment", environments_of(application), self._get_param("EnvironmentId"))
        return json.dumps(_shown(application, environment))

    def list_environments(self) -> str:
        """List the environments of an application."""
        application = self.appconfig_backend.get_application(self._get_param("ApplicationId"))
        return json.dumps({"Items": [_shown(application, item) for item in environments_of(application).values()]})

    def get_configuration(self) -> tuple[int, dict[str, Any], str]:
        """Return the latest version of a configuration, to a client that does not have it yet."""
        application = _the("Application", self.appconfig_backend.applications, self.uri_match["Application"])
        _the("Environment", environments_of(application), self.uri_match["Environment"])
        profile = _the("ConfigurationProfile", application.config_profiles, self.uri_match["Configuration"])
        if not profile.config_versions:
            raise _missing(
                f"{profile.name} has no version yet: give it one with aws appconfig create-hosted-configuration-version"
                f" --application-id {application.id} --configuration-profile-id {profile.id}"
            )
        latest = profile.config_versions[max(profile.config_versions)]
        has = self.querystring.get("client_configuration_version", [""])[0]
        headers = {"Configuration-Version": str(latest.version), "Content-Type": latest.content_type}
        if has == str(latest.version):
            return 204, {"status": 204, **headers}, ""
        return 200, headers, latest.content


def find(things: Mapping[str, _Named], wanted: str) -> _Named | None:
    """Return what has an id, else what has a name."""
    return things.get(wanted) or next((thing for thing in things.values() if thing.name == wanted), None)


def _the(kind: str, things: Mapping[str, _Named], wanted: str) -> _Named:
    found = find(things, wanted)
    if found is None:
        raise _missing(f"{kind} {wanted} not found")
    return found


def _missing(message: str) -> AWSError:
    return AWSError(message, exception_type="ResourceNotFoundException", status=404)


def _shown(application: Application, environment: Environment) -> dict[str, Any]:
    return {
        "ApplicationId": application.id,
        "Id": environment.id,
        "Name": environment.name,
        "Description": environment.description,
        "State": "ReadyForDeployment",
    }
