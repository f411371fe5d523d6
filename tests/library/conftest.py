"""The wheel, built and installed once, where a consumer's environment would have it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import ROOT

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


@pytest.fixture(scope="session", name="wheel")
def _wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of the repository as it is."""
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session", name="site")
def _site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel, and nothing else, into a folder."""
    folder = tmp_path_factory.mktemp("site")
    run(*PIP, "install", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    return folder


def build_wheel(source: Path, into: Path) -> Path:
    """Build a wheel of a source tree or archive, without a network."""
    run(*PIP, "wheel", str(source), "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(into))
    (wheel,) = into.glob("*.whl")
    return wheel


def run(*command: str) -> None:
    """Run a command; where it fails, the test shows what it printed."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
