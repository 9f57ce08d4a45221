"""What goes into a turn and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.account import Account
from bot.answer import Context
from bot.groups.record import GroupRecord
from bot.linking.record import LinkRecord
from bot.practising.record import PracticeRecord
from bot.practising.run import Run
from bot.privacy import Mask
from bot.progress.record import Told
from bot.quiz.attempt import Record as StudyRecord
from bot.quiz.session import Session
from bot.reminding.record import ReminderSet
from bot.reply import Reply

Record = StudyRecord | PracticeRecord | GroupRecord | LinkRecord | ReminderSet | Told


@dataclass(frozen=True)
class Message:
    """What was typed or the token that was pressed, with the intent recognised in it and how sure that is, from 0 to 1."""

    text: str
    intent: str = "ask"
    confidence: float = 1.0


@dataclass(frozen=True)
class State:
    """What a conversation carries from turn to turn, one small value for each skill."""

    answer: Context = field(default_factory=Context)
    quiz: Session | None = None
    practice: Run | None = None
    account: Account | None = None

    def on_hold(self) -> State:
        """The same with quiz and practice paused."""
        quiz = self.quiz and replace(self.quiz, paused=True)
        practice = replace(self.practice, phase="paused") if self.practice and self.practice.is_open else self.practice
        return replace(self, quiz=quiz, practice=practice)

    def to_slots(self) -> dict[str, dict[str, Any] | None]:
        """Slot values by slot name."""
        return {
            "conversation": self.answer.to_dict(),
            "quiz": self.quiz.to_dict() if self.quiz else None,
            "practice": self.practice.to_dict() if self.practice else None,
            "account": self.account.to_dict() or None if self.account else None,
        }

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> State:
        """Anything unknown is ignored, so that an old slot never breaks a conversation."""
        quiz, practice = Session.from_dict(slots.get("quiz")), Run.from_dict(slots.get("practice"))
        return cls(Context.from_dict(slots.get("conversation")), quiz, practice, Account.from_dict(slots.get("account")))


@dataclass(frozen=True)
class Turn:
    """What is said back, in order, the state to carry on, what to record, and what of the message may not be kept anywhere."""

    replies: tuple[Reply, ...]
    state: State
    records: tuple[Record, ...] = ()
    mask: Mask = field(default_factory=Mask)

    def masked(self, mask: Mask) -> Turn:
        """The same turn without the pieces: they were understood and marked, and go no further."""
        if not mask.pieces:
            return replace(self, mask=mask)
        replies = tuple(mask.of_parts(reply) for reply in self.replies)
        state = State.from_slots(mask.value(self.state.to_slots()))
        return Turn(replies, state, tuple(mask.of_parts(record) for record in self.records), mask)
