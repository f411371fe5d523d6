"""The page of policies: its example is sound, and every policy has a row and a section."""

import re
from pathlib import Path

from policy.catalog import POLICIES
from policy.enforcement import read_enforcement
from policy.reference import policies_page


def test_the_example_of_a_configuration_is_sound(tmp_path: Path) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", policies_page(), re.DOTALL)
    file = tmp_path / "example.json"
    file.write_text(example, encoding="utf-8")
    found = read_enforcement(file, POLICIES)
    assert (found.levels["flow-logs"], found.levels["integration-tls"], found.levels["access-log"]) == (
        "disabled",
        "advisory",
        "mandatory",
    )


def test_every_policy_has_a_row_and_the_section_that_it_leads_to() -> None:
    text = policies_page()
    ids = [policy.id for policy in POLICIES]
    assert re.findall(r"^\| \[([\w-]+)\]\(#\1\) \|", text, re.MULTILINE) == ids
    assert re.findall(r"^## ([a-z][\w-]*)$", text, re.MULTILINE) == ids
