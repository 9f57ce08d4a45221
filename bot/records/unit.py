"""What a turn gives to record: written together with the turn where it is stored with its reply, at once everywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar

from sqlalchemy.engine import Engine

from bot.quiz.attempt import Record
from bot.records.study import keep

# The list that the tracker store will write in the transaction of the turn being taken in this task.
with_the_turn: ContextVar[list[Record] | None] = ContextVar("with_the_turn", default=None)


def record(engine: Engine, sender: str, records: Sequence[Record]) -> None:
    """Hand records to the turn being stored, or write them now where none is (an action server of its own). Raises sqlalchemy's errors."""
    waiting = with_the_turn.get()
    if waiting is not None:
        waiting.extend(records)
    elif records:
        with engine.begin() as connection:
            keep(connection, sender, records)
