"""What one turn of a quiz starts from and what it gives."""

from __future__ import annotations

from dataclasses import dataclass

from bot.quiz.attempt import Attempt, Record
from bot.quiz.learner import Learner
from bot.quiz.mark import Mark
from bot.quiz.memory.schedule import Outcome
from bot.quiz.session import Session
from bot.quiz.shown import Shown
from bot.reply import Reply


@dataclass(frozen=True)
class Step:
    """`session` is None once there is none to carry on."""

    replies: tuple[Reply, ...]
    session: Session | None
    records: tuple[Record, ...] = ()


@dataclass(frozen=True)
class Open:
    """The question that is open: whose, in which quiz, as shown."""

    session: Session
    shown: Shown
    learner: Learner

    def attempt(self, verdict: str, outcome: Outcome | None, marked: Mark | None = None, said: str = "") -> Attempt:
        """The record of an answer, or of there being none. Checkpoints never count in the schedule."""
        session, item = self.session, self.shown.item
        return Attempt(
            session=session.id,
            mode=session.mode.value,
            place=session.at,
            number=session.tries + 1,
            item=item.id,
            topic=item.topic,
            kind=item.kind,
            verdict=verdict,
            outcome=outcome if session.mode.schedules else None,
            hints=session.hints,
            said=said,
            chosen=marked.chosen if marked else "",
            seconds=max(0.0, self.learner.seconds - session.shown),
            at=self.learner.now,
            length=len(session.items),
        )
