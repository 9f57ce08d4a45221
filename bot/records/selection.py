"""Whose records statistics are about, and of which time."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.records.access import Viewer, seen_learners
from bot.records.desk_tables import memberships
from bot.records.tables import identities

DAY = 86_400
WEEK = 7 * DAY
_FIRST_MONDAY = 4 * DAY  # 1970 began on a Thursday


@dataclass(frozen=True)
class Selection:
    """`learners` gives their numbers, to be used inside `in_()`; None for everybody. From `since` until before `until`, in seconds since
    1970.
    """

    learners: sa.sql.Select | None
    since: float
    until: float

    def of(self, learner: sa.sql.ColumnElement) -> tuple[sa.sql.ColumnElement, ...]:
        """Conditions that a column of learners' numbers must meet."""
        return () if self.learners is None else (learner.in_(self.learners),)

    def said_by(self, sender: sa.sql.ColumnElement) -> tuple[sa.sql.ColumnElement, ...]:
        """The same for a column of conversations. Those of nobody known belong to everybody only."""
        if self.learners is None:
            return ()
        return (sender.in_(sa.select(identities.c.sender_id).where(identities.c.learner_id.in_(self.learners))),)

    def at(self, moment: sa.sql.ColumnElement) -> tuple[sa.sql.ColumnElement, ...]:
        """Conditions that a column of moments must meet."""
        return (moment >= self.since, moment < self.until)


def selected(viewer: Viewer, group: int | None, since: float, until: float) -> Selection:
    """Of one group that the viewer may see, which the caller has made sure of, or of all whom they may see."""
    members = sa.select(memberships.c.learner_id).where(memberships.c.group_id == group)
    return Selection(members if group is not None else seen_learners(viewer), since, until)


def selected_learner(learner: int, since: float, until: float) -> Selection:
    return Selection(sa.select(sa.literal(learner)), since, until)


def period(connection: Connection, moment: sa.sql.ColumnElement, weeks: int) -> sa.sql.ColumnElement:
    """A column that counts periods of so many weeks, which begin on Mondays at midnight UTC: `period_start` tells when."""
    return whole(connection, (moment - _FIRST_MONDAY) / float(weeks * WEEK))


def period_start(number: int, weeks: int) -> float:
    """When a period began, in seconds since 1970."""
    return float(_FIRST_MONDAY + number * weeks * WEEK)


def period_of(moment: float, weeks: int) -> int:
    return int((moment - _FIRST_MONDAY) // (weeks * WEEK))


def whole(connection: Connection, value: sa.sql.ColumnElement) -> sa.sql.ColumnElement:
    """Rounded down. SQLite need not have `floor`, and PostgreSQL rounds when it casts."""
    return sa.cast(sa.func.floor(value) if connection.dialect.name == "postgresql" else value, sa.Integer)
