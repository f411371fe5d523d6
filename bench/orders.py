"""What the processes of the program's measurement tell each other, as JSON."""

import json
from dataclasses import asdict, dataclass
from typing import Literal, Self

from local.recording import Json, Recording

Side = Literal["program", "bare", "methods", "document"]
"""The program, or the bare SDK: with the program's own calls, with a REST API's methods, or with its document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A provider function that the program called, such as ``aws:index/getRegion:getRegion``."""

    after: int
    """How many resources the program had made by then."""
    token: str
    arguments: dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One run of the program, which both sides are held to: everything that it asked of the engine, in its order."""

    recording: Recording
    """In the order in which the program made its resources."""
    questions: tuple[Question, ...]

    def to_json(self) -> str:
        """Print the run; :meth:`from_json` reads it."""
        questions = [asdict(question) for question in self.questions]
        return json.dumps({"recording": self.recording.to_json(), "questions": questions})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` printed."""
        document = json.loads(text)
        questions = tuple(Question(**entry) for entry in document["questions"])
        return cls(recording=Recording.from_json(document["recording"]), questions=questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to run: the program with these settings, or what the bare SDK makes of its reference."""

    side: Side
    settings: dict[str, Json]
    reference: str
    """As JSON."""

    def to_json(self) -> str:
        """Print the order; :meth:`from_json` reads it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` printed."""
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one run took, and what it registered."""

    import_seconds: float
    seconds: float
    late_imports: list[str]
    """Modules that were imported while the clock ran: there should be none."""
    recording: str
    """As JSON."""

    def to_json(self) -> str:
        """Print the answer; :meth:`from_json` reads it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` printed."""
        return cls(**json.loads(text))
