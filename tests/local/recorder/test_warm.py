"""The recorder that stays: what it keeps from one recording to the next, and how it ends."""

import asyncio
import os
import signal
import socket
import sys
import sysconfig
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest

from apigateway.errors import RecordingError
from local.recorder import record
from local.recorder.request import environment
from local.recorder.warm import WarmRecorder
from local.recording import Json
from local.stack_file import StackConfig
from tests.local.recorder.projects import project
from tests.programs import stack_config


@pytest.fixture(name="warm")
async def _warm() -> AsyncIterator[WarmRecorder]:
    recorder = WarmRecorder()
    yield recorder
    await recorder.close()


PIDS = "import os, pulumi\npulumi.export('pids', [os.getppid(), os.getpid()])\n"


async def pids(warm: WarmRecorder, directory: Path) -> tuple[int, int]:
    """Return the process that a recording was forked from, and the recording's own."""
    return pids_in((await warm.record(project(directory, PIDS))).outputs)


def pids_in(outputs: Mapping[str, Json]) -> tuple[int, int]:
    match outputs["pids"]:
        case [int(parent), int(own)]:
            return parent, own
        case other:
            pytest.fail(f"no process ids: {other}")


async def test_the_dev_stack_is_recorded_as_by_a_cold_recorder(warm: WarmRecorder) -> None:
    config = stack_config("dev")
    cold = record(config)
    assert [await warm.record(config) for _ in range(3)] == [cold] * 3


async def test_what_is_installed_stays_and_what_may_be_edited_does_not(warm: WarmRecorder, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("", encoding="utf-8")
    program = (
        "import sys, pulumi\n"
        "pulumi.export('there', [name in sys.modules for name in ('pulumi_aws.sqs.queue', 'own', 'settings')])\n"
        "import own, pulumi_aws as aws, settings\n"
        "aws.sqs.Queue('jobs')\n"
    )
    config = project(tmp_path, program)
    assert (await warm.record(config)).outputs == {"there": [False, False, False]}
    assert (await warm.record(config)).outputs == {"there": [True, False, False]}


async def test_a_module_may_read_the_configuration_when_it_is_imported(warm: WarmRecorder, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("import pulumi\nWORD = pulumi.Config().require('word')\n", encoding="utf-8")
    program = "import own, pulumi\npulumi.export('word', own.WORD)\n"
    for word in ("one", "two"):
        config = project(tmp_path, program, f"  gatelink:word: {word}\n")
        assert (await warm.record(config)).outputs == {"word": word}


async def test_every_recording_has_a_process_of_its_own(warm: WarmRecorder, tmp_path: Path) -> None:
    first, second = await pids(warm, tmp_path), await pids(warm, tmp_path)
    assert first[0] == second[0]
    assert first[1] != second[1]


async def test_recordings_asked_for_at_once_are_made_in_turn(warm: WarmRecorder, tmp_path: Path) -> None:
    config = project(tmp_path, PIDS)
    one, other = await asyncio.gather(warm.record(config), warm.record(config))
    assert one.outputs != other.outputs


async def test_a_process_that_has_gone_is_started_again(warm: WarmRecorder, tmp_path: Path) -> None:
    resident, _ = await pids(warm, tmp_path)
    os.kill(resident, signal.SIGKILL)
    assert (await pids(warm, tmp_path))[0] != resident


async def test_a_program_that_ends_the_process_is_recorded_without_it(warm: WarmRecorder, tmp_path: Path) -> None:
    program = (
        "import os, pulumi\n"
        f"if os.getppid() != {os.getpid()}:\n"
        "    os.kill(os.getppid(), 9)\n"
        "pulumi.export('answer', 42)\n"
    )
    assert (await warm.record(project(tmp_path, program))).outputs == {"answer": 42}


async def test_where_processes_cannot_be_forked_every_recording_is_a_cold_one(
    warm: WarmRecorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.recorder.warm.CAN_FORK", False)
    parent, _ = await pids(warm, tmp_path)
    assert parent == os.getpid()


@pytest.fixture(name="threaded")
def _threaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed module that starts a thread when it is imported: where a user's own installations are."""
    monkeypatch.setenv("PYTHONUSERBASE", str(tmp_path / "base"))
    installed = Path(sysconfig.get_path("purelib", f"{os.name}_user", {"userbase": str(tmp_path / "base")}))
    monkeypatch.setenv("PYTHONPATH", str(installed))
    installed.mkdir(parents=True)
    file = installed / "threaded.py"
    file.write_text("import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n")
    return file


async def test_a_process_with_threads_is_not_forked(warm: WarmRecorder, tmp_path: Path, threaded: Path) -> None:
    program = f"import sys\nTHERE = 'threaded' in sys.modules\nimport threaded\n{PIDS}"
    program += "pulumi.export('threaded', [THERE, threaded.__file__])\n"
    residents = [(await pids(warm, tmp_path))[0]]
    for _ in range(3):
        outputs = (await warm.record(project(tmp_path, program))).outputs
        assert outputs["threaded"] == [False, str(threaded)]
        residents.append(pids_in(outputs)[0])
    # The first of these was forked before the module was known; the process that then imported it ended.
    assert residents[0] == residents[1]
    assert len(set(residents)) == 3


CALLS = (
    "import socket\n"
    "with socket.create_connection(('127.0.0.1', {port})) as connection:\n"
    "    connection.sendall(b'running')\n"
    "    connection.recv(1)\n"
)


class Caller:
    """A program that calls the test, and then waits for an answer that never comes."""

    def __init__(self, directory: Path) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setblocking(False)
        self._connection: socket.socket | None = None
        port = self._server.getsockname()[1]
        self.config: StackConfig = project(directory, CALLS.format(port=port))

    async def runs(self) -> None:
        loop = asyncio.get_running_loop()
        self._connection, _ = await loop.sock_accept(self._server)
        assert await loop.sock_recv(self._connection, 7) == b"running"

    async def has_ended(self) -> None:
        assert self._connection
        assert await asyncio.get_running_loop().sock_recv(self._connection, 1) == b""

    def close(self) -> None:
        self._server.close()
        if self._connection:
            self._connection.close()


@pytest.fixture(name="caller")
def _caller(tmp_path: Path) -> Iterator[Caller]:
    caller = Caller(tmp_path)
    yield caller
    caller.close()


async def test_a_recording_that_is_cancelled_ends_the_program(
    warm: WarmRecorder, caller: Caller, tmp_path: Path
) -> None:
    recording = asyncio.create_task(warm.record(caller.config))
    await caller.runs()
    recording.cancel()
    with pytest.raises(asyncio.CancelledError):
        await recording
    await caller.has_ended()
    await pids(warm, tmp_path)


async def test_closing_ends_the_program(warm: WarmRecorder, caller: Caller) -> None:
    recording = asyncio.create_task(warm.record(caller.config))
    await caller.runs()
    await warm.close()
    with pytest.raises(RecordingError, match=r"^the recorder is closed$"):
        await recording
    await caller.has_ended()
    with pytest.raises(RecordingError, match=r"^the recorder is closed$"):
        await warm.record(caller.config)


async def test_closing_twice_or_unused_is_no_matter() -> None:
    recorder = WarmRecorder()
    await recorder.close()
    await recorder.close()


GATEWAY = """
import asyncio, sys
from pathlib import Path
from local.recorder.warm import WarmRecorder
from local.stack_file import read_stack

async def main(sound, *others):
    warm = WarmRecorder()
    await warm.record(read_stack(Path(sound), "dev"))
    print("recorded", flush=True)
    for directory in others:
        await warm.record(read_stack(Path(directory), "dev"))
    await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("busy", [True, False])
async def test_a_parent_that_is_killed_leaves_nothing_behind(
    caller: Caller, tmp_path_factory: pytest.TempPathFactory, *, busy: bool
) -> None:
    sound = project(tmp_path_factory.mktemp("sound"), "import pulumi\n")
    others = [str(caller.config.directory)] if busy else []
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", GATEWAY, str(sound.directory), *others),
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert parent.stdout
    assert await parent.stdout.readline() == b"recorded\n"
    if busy:
        await caller.runs()
    parent.kill()
    # The resident process has the parent's standard error, which therefore ends with both of them.
    assert await parent.communicate() == (b"", b"")
    if busy:
        await caller.has_ended()
