"""Marks that tutors give a second time without seeing the first, how far they agree, and what follows for the band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.agreement import Agreement, agreement, is_advisory
from bot.assess.transcript import CRITERIA
from bot.records.access import Viewer, seen_learners
from bot.records.desk_tables import advisory_criteria, desk_readers, practice_marks, second_marks
from bot.records.engine import insert_into, reading
from bot.records.marking import Bander, reband
from bot.records.tables import practices

Mark = bool | None
Pair = tuple[Mark, Mark]
_BANDS = "bands"  # its row of desk_readers is how far bands are made again; there is none when all are


@dataclass(frozen=True)
class Waiting:
    """A practice that the tutor could mark; `marked` by how many others. `ended` in seconds since 1970."""

    practice: int
    scenario: str
    ended: float
    marked: int


@dataclass(frozen=True)
class Agreed:
    """How far markers agree on a criterion: tutors with each other, and tutors with the assessor."""

    criterion: str
    tutors: Agreement
    assessor: Agreement
    advisory: bool


def queue(connection: Connection, viewer: Viewer, limit: int) -> tuple[Waiting, ...]:
    """Ended practices that the viewer may see and has not marked: those with the fewest second marks first, then the newest."""
    marked = sa.select(second_marks.c.practice_id, sa.func.count(second_marks.c.tutor_id.distinct()).label("tutors"))
    counted = marked.group_by(second_marks.c.practice_id).subquery()
    own = sa.select(second_marks.c.practice_id).where(second_marks.c.tutor_id == viewer.tutor)
    tutors = sa.func.coalesce(counted.c.tutors, 0)
    wanted = sa.select(practices.c.id, practices.c.scenario, practices.c.ended_at, tutors.label("tutors"))
    wanted = wanted.select_from(practices.outerjoin(counted, counted.c.practice_id == practices.c.id))
    wanted = wanted.where(practices.c.ended_at.isnot(None), practices.c.id.notin_(own), _has_marks())
    seen = seen_learners(viewer)
    if seen is not None:
        wanted = wanted.where(practices.c.learner_id.in_(seen))
    rows = connection.execute(wanted.order_by(tutors, practices.c.ended_at.desc(), practices.c.id).limit(limit))
    return tuple(Waiting(row.id, row.scenario, row.ended_at, row.tutors) for row in rows)


def has_marked(connection: Connection, practice: int, tutor: int) -> bool:
    own = sa.select(second_marks.c.criterion).where(second_marks.c.practice_id == practice, second_marks.c.tutor_id == tutor)
    return connection.execute(own.limit(1)).first() is not None


def how_many_marked(connection: Connection, tutor: int) -> int:
    """Practices that the tutor has marked."""
    counted = sa.select(sa.func.count(second_marks.c.practice_id.distinct())).where(second_marks.c.tutor_id == tutor)
    return int(connection.execute(counted).scalar_one())


def keep_second_marks(connection: Connection, practice: int, tutor: int, marks: Mapping[str, Mark], at: float) -> bool:
    """A tutor's blind marks, once: False where they are there already. What is advisory is settled again."""
    if has_marked(connection, practice, tutor):
        return False
    for criterion, mark in marks.items():
        values = {"practice_id": practice, "criterion": criterion, "tutor_id": tutor, "mark": mark, "at": at}
        connection.execute(insert_into(connection, second_marks).values(values).on_conflict_do_nothing())
    settle_advisory(connection, at)
    return True


def agreed(connection: Connection) -> tuple[Agreed, ...]:
    """For every criterion, in the order of CRITERIA."""
    tutors, assessor = _pairs(connection)
    poor = frozenset(connection.execute(sa.select(advisory_criteria.c.criterion)).scalars())
    return tuple(Agreed(name, agreement(tutors.get(name, [])), agreement(assessor.get(name, [])), name in poor) for name in CRITERIA)


def settle_advisory(connection: Connection, at: float) -> bool:
    """Criteria become advisory, or stop being it, by today's second marks; whether any did, so that bands have to be made again."""
    found = {one.criterion: is_advisory((one.tutors, one.assessor)) for one in agreed(connection)}
    poor = {name: worst for name, worst in found.items() if worst}
    before = frozenset(connection.execute(sa.select(advisory_criteria.c.criterion)).scalars())
    connection.execute(sa.delete(advisory_criteria).where(advisory_criteria.c.criterion.notin_(poor)))
    for name, worst in poor.items():
        values = {"kappa": worst.kappa, "pairs": worst.pairs, "at": at}
        put = insert_into(connection, advisory_criteria).values(criterion=name, **values)
        connection.execute(put.on_conflict_do_update(index_elements=["criterion"], set_={"kappa": worst.kappa, "pairs": worst.pairs}))
    if before == poor.keys():
        return False
    begin = insert_into(connection, desk_readers).values(name=_BANDS, event_id=0)
    connection.execute(begin.on_conflict_do_update(index_elements=["name"], set_={"event_id": 0}))
    return True


def reband_next(engine: Engine, band: Bander, count: int) -> bool:
    """Make the bands of the next practices again after a change of what is advisory; whether there are more. Stopping loses nothing."""
    with reading(engine) as connection:
        reached = connection.execute(sa.select(desk_readers.c.event_id).where(desk_readers.c.name == _BANDS)).scalar()
        if reached is None:
            return False
        wanted = sa.select(practices.c.id).where(practices.c.id > reached, practices.c.ended_at.isnot(None), _has_marks())
        batch = list(connection.execute(wanted.order_by(practices.c.id).limit(count)).scalars())
    for practice in batch:
        reband(engine, practice, band)
    row = (desk_readers.c.name == _BANDS, desk_readers.c.event_id == reached)  # a later change has begun it anew
    with engine.begin() as connection:
        if batch:
            connection.execute(sa.update(desk_readers).where(*row).values(event_id=batch[-1]))
        else:
            connection.execute(sa.delete(desk_readers).where(*row))
    return bool(batch)


def _has_marks() -> sa.sql.ColumnElement:
    return sa.exists(sa.select(practice_marks.c.criterion).where(practice_marks.c.practice_id == practices.c.id))


def _pairs(connection: Connection) -> tuple[dict[str, list[Pair]], dict[str, list[Pair]]]:
    """By criterion: of every two tutors, the older account first; and of the assessor with each tutor."""
    given: dict[tuple[str, int], list[Mark]] = {}
    wanted = sa.select(second_marks).order_by(second_marks.c.practice_id, second_marks.c.criterion, second_marks.c.tutor_id)
    for row in connection.execute(wanted):
        given.setdefault((row.criterion, row.practice_id), []).append(row.mark)
    assessed = sa.select(practice_marks.c.practice_id, practice_marks.c.criterion, practice_marks.c.assessed)
    marked = assessed.where(practice_marks.c.practice_id.in_(sa.select(second_marks.c.practice_id)))
    first = {(row.criterion, row.practice_id): row.assessed for row in connection.execute(marked)}
    tutors: dict[str, list[Pair]] = {}
    assessor: dict[str, list[Pair]] = {}
    for key, marks in given.items():
        tutors.setdefault(key[0], []).extend(combinations(marks, 2))
        if key in first:
            assessor.setdefault(key[0], []).extend((first[key], mark) for mark in marks)
    return tutors, assessor
