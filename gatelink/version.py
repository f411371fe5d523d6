"""The version of Gatelink, which every stack exports as ``gatelinkVersion``."""

from typing import Final

VERSION: Final = "0.2.0"
"""What pyproject.toml takes for the version of the package, and what the policy pack and the changelog have."""
