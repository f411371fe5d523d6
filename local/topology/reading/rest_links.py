"""Where a private integration of a recorded REST API leads: the id of a link, or a stage variable that has it.

From the AWS page "Set up a private integration": ``connectionId`` is one or the other. API Gateway looks the variable
up with each request, in the stage that the request came to. Here one reach is found for the integration, so the stages
have to agree.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from apigateway.errors import TopologyError
from local.topology.calls import PrivateCall, Reach, Unreachable
from local.topology.reading.fields import Part
from local.topology.reading.network import Network
from local.topology.reading.reachability import reach_by_balancer, reach_by_url
from local.topology.stages import Stage

_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestLinks:
    """What an integration's link is looked up in: the network, and the stages of its API by name."""

    network: Network
    stages: Mapping[str, Stage]

    def call(self, integration: Part, uri: str) -> PrivateCall:
        """Return the call that an integration makes; raises TopologyError where the stages do not say one link."""
        target = integration.optional_text("integrationTarget")
        return PrivateCall(uri=uri, reach=self._reach(integration, uri, target), stage_in_path=target is not None)

    def _reach(self, integration: Part, uri: str, target: str | None) -> Reach:
        connection = integration.text("connectionId")
        variable = _VARIABLE.fullmatch(connection)
        link = self._by_variable(integration.place, variable[1]) if variable else connection
        if link is None:
            return Unreachable(reason=f"its API has no stage that says which VPC link {connection} is")
        if target is None:
            return reach_by_url(self.network, link, uri, caller="an integration without an integrationTarget")
        return reach_by_balancer(self.network, link, target, uri)

    def _by_variable(self, place: str, variable: str) -> str | None:
        """Return what every stage has for a variable; None where there is no stage."""
        said = {name: stage.variables.get(variable) for name, stage in self.stages.items()}
        missing = [name for name, link in said.items() if link is None]
        if missing:
            raise TopologyError(
                "\n".join(
                    f'{place}: connectionId is the stage variable "{variable}", which stage "{name}" does not have'
                    for name in missing
                )
            )
        links = set(said.values())
        if len(links) > 1:
            stages = ", ".join(f'"{link}" in stage "{name}"' for name, link in sorted(said.items()))
            raise TopologyError(
                f'{place}: connectionId is the stage variable "{variable}", which must be the same link in every stage '
                f"for the local gateway, got {stages}"
            )
        return links.pop() if links else None
