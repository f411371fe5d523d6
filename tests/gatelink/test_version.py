"""One version, wherever it is written."""

import re
import tomllib

from gatelink.outputs.contract import BlockKind, NamedKind, StackOutputs, outputs_of
from gatelink.version import VERSION
from tests.programs import ROOT


def test_the_package_takes_its_version_from_here() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert pyproject["project"]["dynamic"] == ["version"]
    assert pyproject["tool"]["hatch"]["version"]["path"] == "gatelink/version.py"


def test_the_policy_pack_and_the_changelog_have_the_version() -> None:
    pack = (ROOT / "policy" / "PulumiPolicy.yaml").read_text(encoding="utf-8")
    assert f"\nversion: {VERSION}\n" in pack
    assert f"\n## {VERSION} - " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_output_is_brought_by_a_version_to_come() -> None:
    seen: list[str] = []
    left: list[type] = [StackOutputs]
    while left:
        for info in outputs_of(left.pop()).values():
            seen.append(info.since)
            kind = info.kind.of if isinstance(info.kind, NamedKind) else info.kind
            if isinstance(kind, BlockKind):
                left.append(kind.block)
    assert set(seen) == {"0.1.0", "0.2.0"}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", since) for since in seen)
    assert max(tuple(map(int, since.split("."))) for since in seen) <= tuple(map(int, VERSION.split(".")))
