"""What a turn gives to record: written together with the turn where it is stored with its reply, at once everywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar

from sqlalchemy.engine import Connection, Engine

from bot.conversation import Record
from bot.quiz.attempt import Appeal, Attempt
from bot.records.practices import keep_practice
from bot.records.study import keep_study

# The list that the tracker store will write in the transaction of the turn being taken in this task.
with_the_turn: ContextVar[list[Record] | None] = ContextVar("with_the_turn", default=None)


def keep(connection: Connection, sender: str, records: Sequence[Record]) -> None:
    """Write records in the caller's transaction."""
    for record in records:
        if isinstance(record, (Attempt, Appeal)):
            keep_study(connection, sender, record)
        else:
            keep_practice(connection, sender, record)


def record(engine: Engine, sender: str, records: Sequence[Record]) -> None:
    """Hand records to the turn being stored, or write them now where none is (an action server of its own). Raises sqlalchemy's errors."""
    waiting = with_the_turn.get()
    if waiting is not None:
        waiting.extend(records)
    elif records:
        with engine.begin() as connection:
            keep(connection, sender, records)
