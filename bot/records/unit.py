"""What a turn leaves behind: written together with the turn where it is stored with its reply, at once everywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection, Engine

from bot.conversation import Record, Turn
from bot.groups.record import Joined, Left
from bot.linking.record import CodeGiven, Linked, Unlinked
from bot.privacy import Mask
from bot.progress.record import Told
from bot.quiz.attempt import Appeal, Attempt
from bot.records.groups import keep_group
from bot.records.learners import learner_for
from bot.records.links import keep_link
from bot.records.news import keep_told
from bot.records.practices import keep_practice
from bot.records.reminders import keep_reminder
from bot.records.study import keep_study
from bot.reminding.record import ReminderSet


@dataclass
class Unit:
    """What the turn being taken leaves to its store: records, and the mask of its message once it is known."""

    records: list[Record] = field(default_factory=list)
    mask: Mask | None = None


# What the tracker store will write in the transaction of the turn being taken in this task.
with_the_turn: ContextVar[Unit | None] = ContextVar("with_the_turn", default=None)


def keep(connection: Connection, sender: str, records: Sequence[Record]) -> None:
    """Write records in the caller's transaction."""
    for record in records:
        if isinstance(record, (Attempt, Appeal)):
            keep_study(connection, sender, record)
        elif isinstance(record, Told):
            keep_told(connection, learner_for(connection, sender, record.at.timestamp()), record)
        elif isinstance(record, (Joined, Left)):
            keep_group(connection, sender, record)
        elif isinstance(record, (CodeGiven, Linked, Unlinked)):
            keep_link(connection, sender, record)
        elif isinstance(record, ReminderSet):
            keep_reminder(connection, sender, record)
        else:
            keep_practice(connection, sender, record)


def record(engine: Engine, sender: str, turn: Turn) -> None:
    """Leave records and mask to the turn being stored, or write the records now where none is (an action server of its own).

    Raises sqlalchemy's errors.
    """
    unit = with_the_turn.get()
    if unit is not None:
        unit.records.extend(turn.records)
        unit.mask = turn.mask
    elif turn.records:
        with engine.begin() as connection:
            keep(connection, sender, turn.records)
