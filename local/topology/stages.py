"""A stage that serves its API, and whom it lets in how often."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.topology.limits import UNLIMITED, KeyPlan, StageLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage of any kind of API."""

    name: str
    variables: Mapping[str, str]
    limits: StageLimits = UNLIMITED
    api_keys: Mapping[str, str] = field(default_factory=dict)
    """Value of an API key that its usage plans let in → the key's id; HTTP APIs have none."""
    plans: Mapping[str, KeyPlan] = field(default_factory=dict)
    """Value of an API key → what its usage plan lets it ask for, where it limits anything."""
