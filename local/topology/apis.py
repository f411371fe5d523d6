"""What every kind of API has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from local.topology.stages import Stage

ApiKeySource: TypeAlias = Literal["HEADER", "AUTHORIZER"]
"""Where WebSocket and REST APIs take API keys from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseApi:
    """An API, whatever its routes are."""

    name: str
    """The stack's name for it, as in the output ``apis.<name>``."""
    api_id: str
    execution_arn: str
    """``arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5``."""
    stages: Mapping[str, Stage]
    by_domain_alone: bool = False
    """Whether the API's own address is shut (``disableExecuteApiEndpoint``)."""

    @property
    def region(self) -> str:
        """The Region that the API is in: callers sign for it."""
        return self.execution_arn.split(":")[3]

    @property
    def account_id(self) -> str:
        """The account that the API is in."""
        return self.execution_arn.split(":")[4]
