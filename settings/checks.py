"""What the parts of a stack must be to each other: every check of one value alone is in its model."""

from collections.abc import Mapping

from apigateway.errors import Problem

from .api_checks import check_api
from .backend_checks import check_backends
from .domain_checks import check_domains
from .limit_checks import check_quotas
from .network_checks import check_network
from .region_checks import check_regions
from .resource_names import check_resource_names
from .stack import Settings
from .stage_checks import check_stages
from .tag_checks import check_tags


def find_problems(settings: Settings, raw: Mapping[str, object], region: str | None = None) -> list[Problem]:
    """Return every problem between the parts of a stack, in the order of the file's sections.

    ``raw`` is what the file holds and ``region`` the AWS Region, if it is known.
    """
    return [
        *check_tags(settings),
        *check_network(settings, raw, region),
        *check_backends(settings, raw),
        *(found for name, api in settings.apis.items() for found in check_api(name, api, settings, raw)),
        *(found for name, api in settings.apis.items() for found in check_stages(name, api, raw)),
        *check_domains(settings, raw),
        *check_resource_names(settings),
        *check_regions(settings, region),
        *check_quotas(settings),
    ]
