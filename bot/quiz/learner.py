"""Who is being asked, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from bot.quiz.attempt import StudyRecords
from bot.quiz.memory.schedule import Card

if TYPE_CHECKING:
    from bot.groups.record import GroupRecords
    from bot.linking.record import LinkRecords
    from bot.practising.record import PracticeRecords
    from bot.privacy.held import HeldRecords
    from bot.reminding.record import ReminderRecords


@dataclass(frozen=True)
class Learner:
    """The conversation's key, the learner's records (None where nothing is kept, as in the terminal), the moment, the dice, and the
    awarding body once known.
    """

    sender: str
    records: StudyRecords | None
    now: datetime
    dice: Random
    body: str | None = None
    practices: PracticeRecords | None = None
    groups: GroupRecords | None = None
    data: HeldRecords | None = None
    links: LinkRecords | None = None
    reminders: ReminderRecords | None = None

    @property
    def cards(self) -> dict[str, Card]:
        return self.records.cards(self.sender) if self.records else {}

    @property
    def seconds(self) -> float:
        return self.now.timestamp()
