"""What comes of a run of the program: its recording, or the error that its user sees."""

import json
import signal
import sys
from dataclasses import asdict, dataclass
from typing import Self

from apigateway.errors import RecordingError
from local.recording import Recording

USER_ERROR_STATUS = 3
"""The exit status by which a run says that the program refused the user's input, rather than that it broke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the process of one run ended."""

    status: int
    """Its exit status; negative for the signal that ended it."""
    stdout: str
    """The recording as JSON, or with ``USER_ERROR_STATUS`` the message for the user."""
    stderr: str
    """What the program printed, and the traceback of one that broke."""

    def recording(self) -> Recording:
        """Return the recording, and pass on what the program printed; raises ``RecordingError`` where there is none."""
        if self.status == 0 and self.stdout:
            sys.stderr.write(self.stderr)
            return Recording.from_json(self.stdout)
        if self.status == USER_ERROR_STATUS:
            raise RecordingError(self.stdout.strip())
        said = self.stderr.strip()
        if self.status < 0:
            said = f"{said}\nended by {signal.Signals(-self.status).name}".lstrip()
        raise RecordingError(f"the program failed:\n{said or f'ended with status {self.status}'}")

    def to_json(self) -> str:
        """Print the outcome; :meth:`from_json` reads it back to an equal one."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` printed."""
        return cls(**json.loads(text))
