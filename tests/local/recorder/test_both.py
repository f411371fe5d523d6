"""What holds of a run however it is made: cold, first of a warm recorder's, or later."""

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from apigateway.errors import RecordingError, SettingsError
from local.recorder import record
from local.recorder.warm import WarmRecorder
from local.recording import Recording
from local.stack_file import StackConfig
from tests.local.recorder.projects import project

Record: TypeAlias = Callable[[StackConfig], Awaitable[Recording]]


@pytest.fixture(name="recorded", params=["cold", "first", "later"])
async def _recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Record]:
    async def cold(config: StackConfig) -> Recording:
        return record(config)

    warm = WarmRecorder()
    if request.param == "later":
        await warm.record(project(tmp_path_factory.mktemp("earlier"), "import pulumi_aws\n"))
    yield cold if request.param == "cold" else warm.record
    await warm.close()


async def test_the_program_runs_in_its_folder_with_its_configuration(recorded: Record, tmp_path: Path) -> None:
    program = (
        "import os, pulumi, sys\n"
        "pulumi.export('word', pulumi.Config().require('word'))\n"
        "pulumi.export('token', pulumi.Config().require_secret('token'))\n"
        "pulumi.export('names', [pulumi.get_project(), pulumi.get_stack()])\n"
        "pulumi.export('folders', [os.getcwd(), sys.path[0]])\n"
        "pulumi.export('session', os.getsid(0))\n"
        "pulumi.export('input', sys.stdin.read())\n"
    )
    outputs = (await recorded(project(tmp_path, program, "  gatelink:word: OFF\n  gatelink:token: s1\n"))).outputs
    assert outputs["session"] != os.getsid(0)
    assert {**outputs, "session": 0} == {
        "word": "OFF",
        "token": "<secret>",
        "names": ["gatelink", "dev"],
        "folders": [str(tmp_path), str(tmp_path)],
        "session": 0,
        "input": "",
    }


async def test_a_programs_own_package_may_have_the_name_of_one_of_ours(recorded: Record, tmp_path: Path) -> None:
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "__init__.py").write_text("OURS = False\n", encoding="utf-8")
    program = "import pulumi, settings\npulumi.export('ours', settings.OURS)\n"
    assert (await recorded(project(tmp_path, program))).outputs == {"ours": False}


async def test_whatever_is_printed_goes_to_standard_error(
    recorded: Record, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program = (
        "import atexit, os, pulumi, subprocess, sys\n"
        "atexit.register(print, 'good-bye')\n"
        "print('hello')\n"
        "subprocess.run([sys.executable, '-c', 'print(\"from a child\")'], check=True)\n"
        "os.write(1, b'written\\n')\n"
        "pulumi.export('answer', 42)\n"
    )
    capfd.readouterr()
    assert (await recorded(project(tmp_path, program))).outputs == {"answer": 42}
    assert capfd.readouterr() == ("", "hello\nfrom a child\nwritten\ngood-bye\n")


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (
            "import pulumi\nraise pulumi.RunError('Pulumi.dev.yaml has 1 problem:\\n  one')\n",
            r"Pulumi.dev.yaml has 1 .*",
        ),
        ("print('so far')\n1 / 0\n", r"the program failed:\nso far\nTraceback .*ZeroDivisionError: division by zero"),
        ("import nothing_of_the_kind\n", r"the program failed:\n.*No module named 'nothing_of_the_kind'"),
        ("def\n", r"the program failed:\n.*SyntaxError: invalid syntax"),
        ("import sys\nsys.exit(0)\n", r"the program calls sys\.exit\(0\); it must go on to its end to be recorded"),
        ("import sys\nsys.exit('no')\n", r"the program calls sys\.exit\('no'\); it must .*"),
        ("import os\nos._exit(0)\n", r"the program failed:\nended with status 0"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", r"the program failed:\nended by SIGKILL"),
    ],
)
async def test_a_program_that_ends_otherwise_is_an_error(
    recorded: Record, tmp_path: Path, program: str, message: str
) -> None:
    with pytest.raises(RecordingError) as error:
        await recorded(project(tmp_path, program))
    assert re.fullmatch(message, str(error.value), re.DOTALL), str(error.value)
    sound = "import pulumi\npulumi.export('answer', 42)\n"
    assert (await recorded(project(tmp_path, sound))).outputs == {"answer": 42}


async def test_problems_of_the_file_end_it_before_the_program_runs(recorded: Record, tmp_path: Path) -> None:
    config = project(tmp_path, "raise SystemError\n", "  gatelink:apis: {404: {}}\n")
    with pytest.raises(SettingsError, match="404"):
        await recorded(config)


async def test_an_edit_within_the_same_second_to_the_same_size_counts(
    recorded: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    program = "import numbers_of, pulumi\npulumi.export('number', numbers_of.NUMBER)\n"
    for number in (1, 2, 3):
        (tmp_path / "numbers_of.py").write_text(f"NUMBER = {number}\n", encoding="utf-8")
        assert (await recorded(project(tmp_path, program))).outputs == {"number": number}
    (tmp_path / "numbers_of.py").unlink()
    with pytest.raises(RecordingError, match="No module named 'numbers_of'"):
        await recorded(project(tmp_path, program))
