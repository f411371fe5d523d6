"""Custom domain names: which API answers under which of a domain's paths."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainMapping:
    """A stage of an API under a domain."""

    key: str
    """The path that leads to it, such as ``v1`` or ``orders/v1``; empty for every path that no other one takes."""
    api_id: str
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A domain name of the stack's own."""

    name: str
    mappings: tuple[DomainMapping, ...]
    """The longest key first: it wins."""

    def is_for(self, host: str) -> bool:
        """Tell whether a host, in lower case and without a port, is of this domain; ``*.`` stands for one label."""
        name = self.name.lower()
        return host.partition(".")[2] == name[2:] if name.startswith("*.") else host == name

    def find(self, path: str) -> DomainMapping | None:
        """Return what answers a request's path, which is not decoded and begins with ``/``."""
        segments = path.removeprefix("/").split("/")
        for mapping in self.mappings:
            parts = mapping.key.split("/") if mapping.key else []
            if segments[: len(parts)] == parts:
                return mapping
        return None
