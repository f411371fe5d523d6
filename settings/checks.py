"""What the parts of a stack must be to each other: every check of one value alone is in its model."""

from collections.abc import Mapping

from apigateway.errors import Problem

from .api_checks import check_api, check_resource_names
from .infrastructure_checks import check_backend, check_network, check_tags
from .stack import Settings


def find_problems(settings: Settings, raw: Mapping[str, object], region: str | None = None) -> list[Problem]:
    """Return every problem between the parts of a stack, in the order of the file's sections.

    ``raw`` is what the file holds and ``region`` the AWS Region, if it is known.
    """
    return [
        *check_tags(settings),
        *check_network(settings, raw, region),
        *(found for name, backend in settings.backends.items() for found in check_backend(name, backend)),
        *(found for name, api in settings.apis.items() for found in check_api(name, api, settings, raw)),
        *check_resource_names(settings),
    ]
