"""Marks of a conversation with their trails, as a tutor reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.assess.transcript import CRITERIA
from bot.debrief import Played
from bot.records.desk_tables import mark_changes, practice_marks
from bot.records.practices import as_played
from bot.records.tables import appeals, attempts, events, practice_turns, practices


@dataclass(frozen=True)
class Change:
    """One entry of a trail; `at` in seconds since 1970."""

    old: str
    new: str
    reason: str
    by: str
    at: float


@dataclass(frozen=True)
class Marked:
    """A criterion: what counts, what the assessor gave, and every change, oldest first. None: not applicable."""

    criterion: str
    mark: bool | None
    assessed: bool | None
    version: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class PracticeMarks:
    """A practice of a conversation; without `marks` it has not ended. Times in seconds since 1970."""

    id: int
    run: str
    sender: str
    learner: int
    started: float
    ended: float | None
    band: str | None
    played: Played
    marks: tuple[Marked, ...]


@dataclass(frozen=True)
class Contested:
    """A learner's appeal; `status` is waiting, upheld or declined."""

    id: int
    words: str
    at: float
    status: str
    by: str
    reason: str


@dataclass(frozen=True)
class Answered:
    """An answer in a quiz with its mark's changes, oldest first. `said` are own words, `chosen` what was picked."""

    id: int
    sender: str
    learner: int
    item: str
    topic: str
    kind: str
    verdict: str
    session: str
    place: int
    number: int
    hints: int
    said: str
    chosen: str
    at: float
    appeal: Contested | None
    changes: tuple[Change, ...]


def practices_of(connection: Connection, sender: str) -> tuple[PracticeMarks, ...]:
    """Of one conversation, the earliest first."""
    wanted = sa.select(practices).where(practices.c.sender_id == sender).order_by(practices.c.started_at, practices.c.id)
    return tuple(_practice(connection, row) for row in connection.execute(wanted).all())


def practices_between(connection: Connection, sender: str, since: float, until: float) -> tuple[PracticeMarks, ...]:
    """Those that were played, or ended, from `since` to before `until` (seconds since 1970)."""
    c = practices.c
    last = sa.func.coalesce(
        c.ended_at, sa.select(sa.func.max(practice_turns.c.at)).where(practice_turns.c.practice_id == c.id).scalar_subquery()
    )
    within = (c.sender_id == sender, c.started_at < until, sa.func.coalesce(last, c.started_at) >= since)
    wanted = sa.select(practices).where(*within).order_by(c.started_at, c.id)
    return tuple(_practice(connection, row) for row in connection.execute(wanted).all())


def practice_of(connection: Connection, practice: int) -> PracticeMarks | None:
    row = connection.execute(sa.select(practices).where(practices.c.id == practice)).first()
    return _practice(connection, row) if row else None


def answers_of(connection: Connection, sender: str, since: float, until: float) -> tuple[Answered, ...]:
    """Of one conversation, given from `since` to before `until` (seconds since 1970), in order."""
    within = (attempts.c.sender_id == sender, attempts.c.at >= since, attempts.c.at < until)
    return _answers(connection, sa.select(attempts).where(*within).order_by(attempts.c.at, attempts.c.id))


def answer_of(connection: Connection, attempt: int) -> Answered | None:
    return next(iter(_answers(connection, sa.select(attempts).where(attempts.c.id == attempt))), None)


def contested_of(connection: Connection, sender: str) -> tuple[Answered, ...]:
    """Answers of a conversation with an appeal that waits, the longest waiting first."""
    waiting = sa.select(attempts).join(appeals, appeals.c.attempt_id == attempts.c.id)
    return _answers(connection, waiting.where(attempts.c.sender_id == sender, appeals.c.status == "waiting").order_by(appeals.c.at))


def attempt_of_appeal(connection: Connection, appeal: int) -> int | None:
    found: int | None = connection.execute(sa.select(appeals.c.attempt_id).where(appeals.c.id == appeal)).scalar()
    return found


def page_start(connection: Connection, sender: str, event: int, turns: int) -> int:
    """The event before the learner's message that many turns before `event`, to begin a page at; 0 for the beginning."""
    own = (events.c.sender_id == sender, events.c.type_name == "user", events.c.id <= event)
    wanted = sa.select(events.c.id).where(*own).order_by(events.c.id.desc()).offset(turns).limit(1)
    found = connection.execute(wanted).scalar()
    return int(found) - 1 if found else 0


def event_at(connection: Connection, sender: str, at: float) -> int | None:
    """The learner's last message that is not later than the moment, in seconds since 1970."""
    own = (events.c.sender_id == sender, events.c.type_name == "user", events.c.timestamp <= at)
    found: int | None = connection.execute(sa.select(sa.func.max(events.c.id)).where(*own)).scalar()
    return found


def _practice(connection: Connection, row: Row) -> PracticeMarks:
    of_row = practice_marks.c.practice_id == row.id
    marks = {mark.criterion: mark for mark in connection.execute(sa.select(practice_marks).where(of_row))}
    own = sa.select(mark_changes).where(mark_changes.c.practice_id == row.id).order_by(mark_changes.c.id)
    changes: dict[str, list[Change]] = {}
    for change in connection.execute(own):
        changes.setdefault(change.criterion, []).append(_change(change))
    known = [*(name for name in CRITERIA if name in marks), *sorted(marks.keys() - set(CRITERIA))]
    return PracticeMarks(
        id=row.id,
        run=row.run,
        sender=row.sender_id or "",
        learner=row.learner_id,
        started=row.started_at,
        ended=row.ended_at,
        band=row.band,
        played=as_played(connection, row),
        marks=tuple(
            Marked(name, marks[name].mark, marks[name].assessed, marks[name].version, tuple(changes.get(name, ()))) for name in known
        ),
    )


def _answers(connection: Connection, wanted: sa.sql.Select) -> tuple[Answered, ...]:
    rows = connection.execute(wanted).all()
    ids = [row.id for row in rows]
    if not ids:
        return ()
    of_rows = sa.select(mark_changes).where(mark_changes.c.attempt_id.in_(ids)).order_by(mark_changes.c.id)
    changes: dict[int, list[Change]] = {}
    for change in connection.execute(of_rows):
        changes.setdefault(change.attempt_id, []).append(_change(change))
    found = connection.execute(sa.select(appeals).where(appeals.c.attempt_id.in_(ids)))
    contested = {row.attempt_id: _contested(row) for row in found}
    return tuple(_answered(row, contested.get(row.id), changes.get(row.id, ())) for row in rows)


def _answered(row: Row, appeal: Contested | None, changes: Sequence[Change]) -> Answered:
    return Answered(
        id=row.id,
        sender=row.sender_id or "",
        learner=row.learner_id,
        item=row.item,
        topic=row.topic,
        kind=row.kind,
        verdict=row.verdict,
        session=row.session,
        place=row.place,
        number=row.number,
        hints=row.hints,
        said=row.said,
        chosen=row.chosen,
        at=row.at,
        appeal=appeal,
        changes=tuple(changes),
    )


def _contested(row: Row) -> Contested:
    return Contested(row.id, row.words, row.at, row.status, row.decided_by or "", row.reason or "")


def _change(row: Row) -> Change:
    return Change(row.old, row.new, row.reason, row.by, row.at)
