"""Marks that tutors change: of a criterion, of an answer in a quiz, of an appeal. The old mark stays in `mark_changes`.

Every change says which mark it saw. Where another tutor was faster nothing is written, and the answer is a Clash that says what is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timezone

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.debrief import Given, Played
from bot.records.desk_tables import mark_changes, practice_marks
from bot.records.engine import reading
from bot.records.practices import as_played
from bot.records.reviews import advisory_of
from bot.records.study import Decision, correct, decide
from bot.records.tables import appeals, attempts, practices

Bander = Callable[[Played], "str | None"]
Noting = Callable[[Connection], None]
VERDICTS = ("right", "partly", "wrong")  # what a tutor may mark an answer as
LONGEST_REASON = 500
_TRIES = 5
_NAMES = {True: "met", False: "not met", None: "not applicable"}


@dataclass(frozen=True)
class Ruling:
    """Who changes a mark, why, and when in seconds since 1970. `noting` writes more in the transaction of the change.

    Raises ValueError without a reason, or with one of over LONGEST_REASON.
    """

    by: str
    reason: str
    at: float
    noting: Noting = lambda _: None

    def __post_init__(self) -> None:
        if not 0 < len(self.reason.strip()) <= LONGEST_REASON:
            raise ValueError(f"a reason of 1 to {LONGEST_REASON} characters is needed")


@dataclass(frozen=True)
class Clash:
    """What the mark is meanwhile, by whom and why; nothing was written. `by` is empty where no trail tells."""

    mark: str
    by: str
    reason: str
    at: float


def named(mark: bool | None) -> str:
    """A criterion's mark as it stands in the trail."""
    return _NAMES[mark]


@dataclass(frozen=True)
class Criterion:
    """A mark as it was seen: `version` is that of its row."""

    practice: int
    name: str
    version: int


def change_criterion(engine: Engine, seen: Criterion, mark: bool | None, ruling: Ruling, band: Bander) -> Clash | None:
    """The mark, its trail and the practice's band, in one transaction.

    `band` gives the band of a run, or None where it cannot be told, which leaves the stored one. It is slow, so it works before the
    transaction begins, again where the other marks have changed meanwhile. Raises LookupError for an unknown criterion.
    """
    for _ in range(_TRIES):
        with reading(engine) as connection:
            before = _state(connection, seen.practice)
            played = _played(connection, seen.practice)
        if seen.name not in before.versions or played is None:
            raise LookupError(seen.name)
        given = [one for one in played.review.given if one.criterion != seen.name]
        review = replace(played.review, given=(*given, Given(seen.name, mark, ruling.reason)))
        made = band(replace(played, review=review))
        with engine.begin() as connection:
            now = _state(connection, seen.practice, lock=True)
            if now.versions.get(seen.name) != seen.version:
                return _criterion_clash(connection, seen)
            if now == before:
                _write_criterion(connection, seen, mark, ruling, made)
                ruling.noting(connection)
                return None
    raise TimeoutError("the marks of this practice keep changing")


def change_answer(engine: Engine, attempt: int, was: str, verdict: str, ruling: Ruling) -> Clash | None:
    """The answer's verdict and its item's place in the schedule. Raises LookupError for an unknown answer, ValueError for a verdict."""
    if verdict not in VERDICTS:
        raise ValueError(verdict)
    with engine.begin() as connection:
        if not correct(connection, attempt, was, verdict):
            found = connection.execute(sa.select(attempts.c.verdict).where(attempts.c.id == attempt)).scalar()
            if found is None:
                raise LookupError(attempt)
            return _last_change(connection, mark_changes.c.attempt_id == attempt, found)
        _write_change(connection, ruling, kind="item", attempt_id=attempt, old=was, new=verdict)
        ruling.noting(connection)
    return None


def decide_appeal(engine: Engine, appeal: int, upheld: bool, ruling: Ruling) -> Clash | None:
    """Settle an appeal that waits; upheld, its answer is right. Raises LookupError for an unknown appeal."""
    with engine.begin() as connection:
        wanted = sa.select(appeals, attempts.c.verdict).join(attempts, attempts.c.id == appeals.c.attempt_id)
        row = connection.execute(wanted.where(appeals.c.id == appeal)).first()
        if row is None:
            raise LookupError(appeal)
        moment = datetime.fromtimestamp(ruling.at, timezone.utc)
        if not decide(connection, appeal, Decision(upheld, ruling.by, ruling.reason, moment)):
            return Clash(row.status, row.decided_by or "", row.reason or "", row.decided_at or 0.0)
        new = "right" if upheld else row.verdict
        _write_change(connection, ruling, kind="appeal", attempt_id=row.attempt_id, old=row.verdict, new=new)
        ruling.noting(connection)
    return None


@dataclass(frozen=True)
class _State:
    """What a band depends on that tutors change."""

    versions: dict[str, int]
    advisory: frozenset[str]


def _state(connection: Connection, practice: int, lock: bool = False) -> _State:
    wanted = sa.select(practice_marks.c.criterion, practice_marks.c.version).where(practice_marks.c.practice_id == practice)
    rows = connection.execute(wanted.with_for_update() if lock else wanted)  # SQLite has one writer anyway
    return _State({row.criterion: row.version for row in rows}, advisory_of(connection))


def _played(connection: Connection, practice: int) -> Played | None:
    row = connection.execute(sa.select(practices).where(practices.c.id == practice)).first()
    return as_played(connection, row) if row else None


def _write_criterion(connection: Connection, seen: Criterion, mark: bool | None, ruling: Ruling, band: str | None) -> None:
    own = (practice_marks.c.practice_id == seen.practice, practice_marks.c.criterion == seen.name)
    old = connection.execute(sa.select(practice_marks.c.mark).where(*own)).scalar()
    connection.execute(sa.update(practice_marks).where(*own).values(mark=mark, version=seen.version + 1))
    changed = {"practice_id": seen.practice, "criterion": seen.name, "old": named(old), "new": named(mark)}
    _write_change(connection, ruling, kind="criterion", **changed)
    if band:
        connection.execute(sa.update(practices).where(practices.c.id == seen.practice).values(band=band))


def _write_change(connection: Connection, ruling: Ruling, **values: object) -> None:
    connection.execute(sa.insert(mark_changes).values(reason=ruling.reason.strip(), by=ruling.by, at=ruling.at, **values))


def _criterion_clash(connection: Connection, seen: Criterion) -> Clash:
    own = (practice_marks.c.practice_id == seen.practice, practice_marks.c.criterion == seen.name)
    mark = connection.execute(sa.select(practice_marks.c.mark).where(*own)).scalar()
    changed = sa.and_(mark_changes.c.practice_id == seen.practice, mark_changes.c.criterion == seen.name)
    return _last_change(connection, changed, named(mark))


def _last_change(connection: Connection, which: sa.sql.ColumnElement, mark: str) -> Clash:
    wanted = sa.select(mark_changes).where(which).order_by(mark_changes.c.id.desc()).limit(1)
    row: Row | None = connection.execute(wanted).first()
    return Clash(mark, row.by, row.reason, row.at) if row else Clash(mark, "", "", 0.0)


def reband(engine: Engine, practice: int, band: Bander) -> None:
    """Store the band of a practice again, as its marks and what is advisory give it."""
    for _ in range(_TRIES):
        with reading(engine) as connection:
            before, played = _state(connection, practice), _played(connection, practice)
        made = band(played) if played and played.turns else None
        if made is None:
            return
        with engine.begin() as connection:
            if _state(connection, practice, lock=True) == before:
                connection.execute(sa.update(practices).where(practices.c.id == practice).values(band=made))
                return
