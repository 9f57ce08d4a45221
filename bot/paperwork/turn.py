"""What one turn of the paperwork starts from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.content.scenarios import Scenario
from bot.paperwork.session import Session


@dataclass(frozen=True)
class Turn:
    """A session, the scenario that it belongs to, and the day on which the learner writes."""

    session: Session
    scenario: Scenario
    today: date

    @property
    def place(self) -> str:
        """What is open, as tokens of buttons name it: a stage, or the key of a box."""
        return self.session.box or self.session.stage

    def at(self, session: Session) -> Turn:
        """The same turn with another session."""
        return replace(self, session=session)
