"""Changed marks that learners are still to be told of."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.progress.record import Changed, Told
from bot.records.desk_tables import mark_changes
from bot.records.tables import appeals, attempts, practices


def untold(connection: Connection, learner: int) -> tuple[Changed, ...]:
    """Oldest first. Of a mark that was changed several times only the last is told."""
    joined = mark_changes.outerjoin(practices, practices.c.id == mark_changes.c.practice_id)
    joined = joined.outerjoin(attempts, attempts.c.id == mark_changes.c.attempt_id)
    joined = joined.outerjoin(appeals, sa.and_(appeals.c.attempt_id == attempts.c.id, mark_changes.c.kind == "appeal"))
    wanted = sa.select(mark_changes, practices.c.scenario, attempts.c.item, appeals.c.status).select_from(joined)
    rows = connection.execute(wanted.where(*_of(learner)).order_by(mark_changes.c.id)).all()
    last = {(row.practice_id, row.criterion, row.attempt_id): row for row in rows}
    return tuple(_changed(row) for row in sorted(last.values(), key=lambda row: row.id))


def keep_told(connection: Connection, learner: int, told: Told) -> None:
    """Those changes, and earlier ones of the learner's that they stand for, are told."""
    if told.changes:
        until = mark_changes.c.id <= max(told.changes)
        connection.execute(sa.update(mark_changes).where(*_of(learner), until).values(told_at=told.at.timestamp()))


def _of(learner: int) -> tuple[sa.sql.ColumnElement, ...]:
    runs = sa.select(practices.c.id).where(practices.c.learner_id == learner)
    answers = sa.select(attempts.c.id).where(attempts.c.learner_id == learner)
    return mark_changes.c.told_at.is_(None), sa.or_(mark_changes.c.practice_id.in_(runs), mark_changes.c.attempt_id.in_(answers))


def _changed(row: Row) -> Changed:
    return Changed(row.id, row.reason, row.new, row.scenario or "", row.criterion or "", row.item or "", row.status or "")
