"""A learner who talks with the tutor, with records in a database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from random import Random

from sqlalchemy.engine import Engine

from bot.conversation import Message, State, Turn
from bot.quiz import Learner
from bot.records import Practices, Study, keep
from bot.records.groups import LearnerGroups
from bot.records.learner_data import LearnerData
from bot.records.links import Links
from bot.records.reminders import Reminders
from bot.tutor import Tutor

MONDAY = datetime(2026, 11, 30, 9, tzinfo=timezone.utc)


@dataclass
class Talk:
    """A conversation: `say` gives the replies' text, `turn` is the last turn, the clock goes on a few seconds with each."""

    tutor: Tutor
    engine: Engine
    sender: str = "somebody"
    state: State = field(default_factory=State)
    now: datetime = MONDAY
    turn: Turn | None = None

    def say(self, text: str, intent: str = "ask", confidence: float = 0.9) -> str:
        self.now += timedelta(seconds=7)
        self.turn = self.turn_for(text, intent, confidence)
        with self.engine.begin() as connection:
            keep(connection, self.sender, self.turn.records)
        self.state = State.from_slots(self.turn.state.to_slots())
        return "\n".join(reply.text for reply in self.turn.replies)

    def turn_for(self, text: str, intent: str = "ask", confidence: float = 0.9) -> Turn:
        """What would be said and kept now; the conversation stays where it is."""
        dice = Random(f"{self.sender}{self.now}")
        practices, groups, data = Practices(self.engine), LearnerGroups(self.engine), LearnerData(self.engine)
        study, links = Study(self.engine), Links(self.engine, "a secret")
        own = Learner(self.sender, study, self.now, dice, practices=practices, groups=groups, data=data)
        return self.tutor.respond(
            Message(text, intent, confidence), self.state, replace(own, links=links, reminders=Reminders(self.engine))
        )

    def press(self, title: str) -> str:
        """Press the newest button of that title."""
        assert self.turn
        tokens = [button.token for reply in self.turn.replies for button in reply.buttons if button.title == title]
        return self.say(tokens[-1])

    def ask_only(self, item: str) -> str:
        """A quiz of this one item, from whatever state."""
        self.state = replace(self.state, quiz=None)
        return self.say(f"quiz:check.{item}")

    @property
    def study(self) -> Study:
        return Study(self.engine)

    @property
    def kinds(self) -> list[str]:
        assert self.turn
        return [reply.kind for reply in self.turn.replies]
