"""What was said in a practice: all that a debrief is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.assess.labels import Move
from bot.content.scenarios import Ending


@dataclass(frozen=True)
class Line:
    """One line. `turn` counts the learner's lines from 1; the customer's answer has the same number, the opening 0.

    `moves` are the learner's only, with places in `text`. `anger` and `trust` (0 to 100) and `mood` (in words) are the customer's after it.
    """

    turn: int
    who: Literal["agent", "customer"]
    text: str
    moves: tuple[Move, ...] = ()
    anger: int = 0
    trust: int = 0
    mood: str = ""


@dataclass(frozen=True)
class Given:
    """What a tutor marked a criterion in place of the assessor, and why; `mark` is None where it does not apply."""

    criterion: str
    mark: bool | None
    reason: str


@dataclass(frozen=True)
class Review:
    """What tutors said about the marks of a run. `advisory` are criteria on which markers agree too little: they leave the band."""

    given: tuple[Given, ...] = ()
    advisory: frozenset[str] = frozenset()

    @property
    def marks(self) -> dict[str, bool | None]:
        """By criterion."""
        return {given.criterion: given.mark for given in self.given}

    @property
    def denied(self) -> frozenset[str]:
        """Criteria that a tutor marked as not met."""
        return frozenset(given.criterion for given in self.given if not given.mark)


@dataclass(frozen=True)
class Played:
    """A run. `ending` is None when the learner left it; `body` is a key of knowledge/bodies.yml, or None where it is not known."""

    scenario: str
    difficulty: int
    body: str | None
    lines: tuple[Line, ...]
    ending: Ending | None = None
    hidden_mood: bool = False
    review: Review = field(default_factory=Review)

    @property
    def agent(self) -> tuple[Line, ...]:
        """The learner's lines."""
        return tuple(line for line in self.lines if line.who == "agent")

    @property
    def turns(self) -> int:
        return len(self.agent)
