"""What tutors said about the marks of practices, as debriefs take it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.debrief import Given, Review
from bot.records.desk_tables import advisory_criteria, mark_changes, practice_marks


def reviews_of(connection: Connection, practices: Sequence[int]) -> dict[int, Review]:
    """By practice, for each of them. A mark that was changed and changed back is a tutor's mark too, with the last reason."""
    advisory = advisory_of(connection)
    given: dict[int, list[Given]] = {practice: [] for practice in practices}
    changed = (practice_marks.c.practice_id.in_(practices), practice_marks.c.version > 0)
    wanted = sa.select(practice_marks).where(*changed).order_by(practice_marks.c.practice_id, practice_marks.c.criterion)
    marks = connection.execute(wanted).all() if practices else []
    reasons = _reasons(connection, {mark.practice_id for mark in marks})
    for mark in marks:
        given[mark.practice_id].append(Given(mark.criterion, mark.mark, reasons.get((mark.practice_id, mark.criterion), "")))
    return {practice: Review(tuple(found), advisory) for practice, found in given.items()}


def advisory_of(connection: Connection) -> frozenset[str]:
    """The criteria that leave the band."""
    return frozenset(connection.execute(sa.select(advisory_criteria.c.criterion)).scalars())


def _reasons(connection: Connection, practices: set[int]) -> dict[tuple[int, str], str]:
    """The last of each criterion."""
    if not practices:
        return {}
    wanted = sa.select(mark_changes).where(mark_changes.c.practice_id.in_(practices), mark_changes.c.kind == "criterion")
    return {(row.practice_id, row.criterion): row.reason for row in connection.execute(wanted.order_by(mark_changes.c.id))}
