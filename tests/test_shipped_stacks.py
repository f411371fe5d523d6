"""The stack files are those that the tests know: each is equal to its copy in ``tests/stacks/``.

This is for whoever develops Gatelink. Whoever makes the stack files their own deletes this one file: all other tests
read the copies, and stay green.
"""

from pathlib import Path

import pytest

from tests.programs import ROOT, STACKS

COPIES = sorted(file.relative_to(STACKS) for file in STACKS.rglob("*") if file.is_file())


@pytest.mark.parametrize("file", COPIES, ids=str)
def test_a_shipped_file_is_equal_to_its_copy(file: Path) -> None:
    shipped = ROOT / file
    is_equal = shipped.is_file() and shipped.read_bytes() == (STACKS / file).read_bytes()
    assert is_equal, (
        f"{file} differs from tests/stacks/{file}. If the stack files are your own now, delete "
        "tests/test_shipped_stacks.py: the other tests read the copies. If Gatelink itself changes, copy the file."
    )
