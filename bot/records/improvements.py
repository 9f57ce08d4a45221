"""What tutors put right, until it is written into files and afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.improving import Change
from bot.records.access import Viewer, seen_learners
from bot.records.desk_tables import improvements, messages
from bot.records.tables import identities

_LARGEST = 2**31 - 1  # what a database's whole number holds


@dataclass(frozen=True)
class Said:
    """A learner's message as the desk read it. `reply` is the kind of reply it had, `answer` the answer; `at` in seconds since 1970."""

    event: int
    sender: str
    at: float
    text: str
    intent: str | None
    confidence: float | None
    reply: str | None
    answer: str | None


def said(connection: Connection, event: int) -> Said | None:
    """The message of an event; None when there is none, or it was erased."""
    row = connection.execute(sa.select(messages).where(messages.c.event_id == event)).first() if event <= _LARGEST else None
    return said_of(row) if row else None


def said_of(row: Row) -> Said:
    return Said(row.event_id, row.sender_id, row.at, row.text, row.intent, row.confidence, row.reply, row.answer)


def add_change(connection: Connection, change: Change) -> bool:
    """Whether it is new: the same tutors' words to the same target wait only once. The change's `id` is not looked at."""
    same = (
        improvements.c.kind == change.kind,
        improvements.c.event_id == change.event if change.event is not None else improvements.c.text == change.text,
        improvements.c.target == change.target,
        improvements.c.applied_at.is_(None),
    )
    if connection.execute(sa.select(improvements.c.id).where(*same)).first():
        return False
    values = {"kind": change.kind, "text": change.text, "target": change.target, "was": change.was, "by": change.by, "at": change.at}
    connection.execute(sa.insert(improvements).values(**values, sender_id=change.sender, event_id=change.event))
    return True


def waiting(connection: Connection, viewer: Viewer | None = None) -> tuple[Change, ...]:
    """Changes that are not applied, oldest first: all, or those from conversations that the viewer may see."""
    wanted = sa.select(improvements).where(improvements.c.applied_at.is_(None)).order_by(improvements.c.id)
    return tuple(map(_change, connection.execute(_seen(wanted, viewer))))


def applied(connection: Connection, viewer: Viewer, limit: int = 50) -> tuple[tuple[Change, float], ...]:
    """The newest that were applied, with when."""
    wanted = (
        sa.select(improvements).where(improvements.c.applied_at.is_not(None)).order_by(improvements.c.applied_at.desc(), improvements.c.id)
    )
    return tuple((_change(row), row.applied_at) for row in connection.execute(_seen(wanted, viewer).limit(limit)))


def withdraw(connection: Connection, number: int, viewer: Viewer) -> Change | None:
    """The change that waited and is gone; None when there is none that the viewer may see."""
    wanted = sa.select(improvements).where(improvements.c.id == min(number, _LARGEST), improvements.c.applied_at.is_(None))
    row = connection.execute(_seen(wanted, viewer)).first()
    if row is None:
        return None
    gone = connection.execute(sa.delete(improvements).where(improvements.c.id == number, improvements.c.applied_at.is_(None)))
    return _change(row) if gone.rowcount else None


def mark_applied(connection: Connection, changes: Iterable[Change], at: float) -> None:
    """Those that were withdrawn meanwhile stay gone."""
    numbers = [change.id for change in changes]
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        connection.execute(sa.update(improvements).where(improvements.c.id.in_(part)).values(applied_at=at))


def put_right(connection: Connection) -> tuple[frozenset[int], tuple[str, ...]]:
    """Events with a change, applied or not, and the texts of all changes."""
    rows: Sequence[Row] = connection.execute(sa.select(improvements.c.event_id, improvements.c.text)).all()
    return frozenset(row.event_id for row in rows if row.event_id is not None), tuple(row.text for row in rows)


def _seen(wanted: sa.sql.Select, viewer: Viewer | None) -> sa.sql.Select:
    learners = seen_learners(viewer) if viewer else None
    if learners is None:
        return wanted
    return wanted.where(improvements.c.sender_id.in_(sa.select(identities.c.sender_id).where(identities.c.learner_id.in_(learners))))


def _change(row: Row) -> Change:
    return Change(row.id, row.kind, row.text, row.target, row.was, row.by, row.at, row.sender_id, row.event_id)
