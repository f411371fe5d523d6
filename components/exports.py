"""The outputs of the contract as the program fills them: with what the engine knows, or will know."""

from collections.abc import Sequence
from typing import TypeAlias

import pulumi

from gatelink.outputs import ApiOutputs, BackendOutputs, DomainOutputs, StackOutputs, StageOutputs

Text: TypeAlias = pulumi.Input[str]
Texts: TypeAlias = pulumi.Input[Sequence[pulumi.Input[str]]]

BackendExports: TypeAlias = BackendOutputs[Text]
StageExports: TypeAlias = StageOutputs[Text]
ApiExports: TypeAlias = ApiOutputs[Text, Texts]
DomainExports: TypeAlias = DomainOutputs[Text]
StackExports: TypeAlias = StackOutputs[Text, Texts]
