"""How a request came to an API: by the API's own address, or by a custom domain name.

Source: "Use API mappings to connect API stages to a custom domain name for REST APIs", and the same page for HTTP APIs:
with API mappings of several levels, API Gateway makes all header names lower-case.
"""

from dataclasses import dataclass

from local.topology import Api
from local.topology.domains import Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """A custom domain name that led a request to a stage of an API."""

    domain: str
    """The name, as the stack has it."""
    key: str
    """The mapping key, which the path of the request begins with; empty where the whole domain is the stage's."""
    stage: str

    @property
    def lowers_names(self) -> bool:
        """Whether the names of a request's headers become lower-case: its mapping key has several levels."""
        return "/" in self.key

    def path(self, raw_path: str) -> str:
        """Return what is left of a request's path below the mapping key; it begins with ``/``."""
        return raw_path.removeprefix(f"/{self.key}" if self.key else "") or "/"


def own_entrance(api: Api, domains: tuple[Domain, ...]) -> Entrance | None:
    """Return the way in of an API that has a domain name alone: by the first of the stack's that leads to it."""
    for domain in domains if api.by_domain_alone else ():
        for mapping in domain.mappings:
            if mapping.api_id == api.api_id:
                return Entrance(domain=domain.name, key=mapping.key, stage=mapping.stage)
    return None
