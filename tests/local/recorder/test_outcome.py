"""What a run's end means to its user."""

import signal

import pytest

from apigateway.errors import RecordingError
from local.recorder.outcome import Outcome
from local.recording import Recording

EMPTY = Recording(project="gatelink", stack="dev", resources=(), outputs={})


def test_a_recording_comes_with_what_the_program_printed(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Outcome(status=0, stdout=EMPTY.to_json(), stderr="hello\n")
    assert outcome.recording() == EMPTY
    assert capsys.readouterr().err == "hello\n"


@pytest.mark.parametrize(
    ("status", "stdout", "stderr", "message"),
    [
        (3, "Pulumi.dev.yaml has 2 problems:\n  one\n", "a warning\n", "Pulumi.dev.yaml has 2 problems:\n  one"),
        (1, "", "Traceback:\nZeroDivisionError\n", "the program failed:\nTraceback:\nZeroDivisionError"),
        (7, "", "", "the program failed:\nended with status 7"),
        (0, "", "", "the program failed:\nended with status 0"),
        (-signal.SIGKILL, "", "", "the program failed:\nended by SIGKILL"),
        (-signal.SIGSEGV, "", "half a line", "the program failed:\nhalf a line\nended by SIGSEGV"),
    ],
)
def test_any_other_end_is_an_error(status: int, stdout: str, stderr: str, message: str) -> None:
    with pytest.raises(RecordingError) as error:
        Outcome(status=status, stdout=stdout, stderr=stderr).recording()
    assert str(error.value) == message


def test_an_outcome_travels_as_json() -> None:
    outcome = Outcome(status=1, stdout="ö", stderr='"\n')
    assert Outcome.from_json(outcome.to_json()) == outcome
