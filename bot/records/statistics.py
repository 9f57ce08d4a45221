"""First answers and first marks, as statistics of items, criteria and tests take them. Read in a stream; overridden marks count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.records.desk_tables import advisory_criteria, mark_changes, practice_marks
from bot.records.selection import Selection, period
from bot.records.tables import attempts, practices
from bot.statistics.items import Answers

MONTH_WEEKS = 4
_BATCH = 5000
_NOT_ANSWERED = ("skipped", "revealed")
_OF, _BETWEEN, _NOTHING = ":", ",", "?"  # none of them stands in an item's or a criterion's name, or in a choice


@dataclass(frozen=True)
class FirstAnswers:
    """Each learner's first answer to each item: `items` are the ids that `answers` numbers. `chosen` counts learners by what they chose, as
    attempts keep it, `unanswered` those who skipped the item or had its answer shown; both by item.
    """

    items: tuple[str, ...]
    answers: Answers
    chosen: Mapping[str, Mapping[str, int]]
    unanswered: Mapping[str, int]


def first_answers(connection: Connection, selection: Selection) -> FirstAnswers:
    """Those in the selection's time. A mark is 1 for a right answer at the first try without a hint, else 0."""
    first = _firsts(connection, selection)
    chosen = sa.case((first.c.verdict.in_(_NOT_ANSWERED), _NOTHING), else_=first.c.chosen)
    mark = _unaided(first).label("mark")
    wanted = sa.select(first.c.learner_id, mark, _listed(connection, first.c.item + _OF + chosen)).where(*selection.at(first.c.at))
    return _read(connection.execute(wanted.group_by(first.c.learner_id, mark)))


def _read(rows: Iterable[Row]) -> FirstAnswers:
    """From rows of who, mark, and a list of items with what was chosen: a row for each answer would take several times as long to fetch."""
    codes: dict[str, int] = {}
    who, mark, code = [], [], list[int]()
    for learner, given, listed in rows:
        before = len(code)
        code += [codes.setdefault(token, len(codes)) for token in listed.split(_BETWEEN)]
        who += [learner] * (len(code) - before)
        mark += [given] * (len(code) - before)
    pairs = [token.split(_OF, 1) for token in codes]
    places = {item: place for place, item in enumerate(dict.fromkeys(item for item, _ in pairs))}
    item_of = np.array([places[item] for item, _ in pairs], dtype=np.int64)
    coded = np.array(code, dtype=np.int64)
    answers = Answers(np.array(who, dtype=np.int64), item_of[coded], np.array(mark, dtype=np.float64), len(places))
    chosen: dict[str, dict[str, int]] = {item: {} for item in places}
    unanswered: dict[str, int] = dict.fromkeys(places, 0)
    for (item, choice), count in zip(pairs, np.bincount(coded, minlength=len(pairs)).tolist(), strict=True):
        if choice == _NOTHING:
            unanswered[item] = count
        else:
            chosen[item][choice] = count
    return FirstAnswers(tuple(places), answers, chosen, unanswered)


def _listed(connection: Connection, token: sa.sql.ColumnElement) -> sa.sql.ColumnElement:
    """All of a group's tokens as one text."""
    joined = sa.func.string_agg if connection.dialect.name == "postgresql" else sa.func.group_concat
    return joined(token, _BETWEEN)


def _firsts(connection: Connection, selection: Selection, *conditions: sa.sql.ColumnElement) -> sa.sql.Subquery:
    """Attempts that are their learner's first on the item, ever: asked of each database in the way that it is quickest at."""
    own = (*selection.of(attempts.c.learner_id), *conditions)
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL work_mem = '64MB'"))  # sorts in memory
        each = sa.select(attempts).where(*own).distinct(attempts.c.learner_id, attempts.c.item)
        return each.order_by(attempts.c.learner_id, attempts.c.item, attempts.c.id).subquery("first")
    least = sa.select(sa.func.min(attempts.c.id)).where(*own).group_by(attempts.c.learner_id, attempts.c.item)
    return sa.select(attempts).where(attempts.c.id.in_(least)).subquery("first")


def _unaided(answer: sa.sql.FromClause) -> sa.sql.ColumnElement:
    return sa.case((sa.and_(answer.c.verdict == "right", answer.c.hints == 0), 1), else_=0)


@dataclass(frozen=True)
class Spell:
    """First answers to an item in one period of MONTH_WEEKS weeks: its number (see `period_start`), how many, how many right."""

    period: int
    n: int
    right: int


def item_history(connection: Connection, selection: Selection, item: str) -> tuple[Spell, ...]:
    """Oldest first."""
    first = _firsts(connection, selection, attempts.c.item == item)
    number = period(connection, first.c.at, MONTH_WEEKS).label("number")
    wanted = sa.select(number, sa.func.count(), sa.func.sum(_unaided(first))).where(*selection.at(first.c.at))
    rows = connection.execute(wanted.group_by(number).order_by(number))
    return tuple(Spell(*map(int, row)) for row in rows)


def item_changes(connection: Connection, selection: Selection, item: str) -> int:
    """How often a tutor changed the verdict on an answer to the item."""
    joined = mark_changes.join(attempts, attempts.c.id == mark_changes.c.attempt_id)
    own = (attempts.c.item == item, *selection.of(attempts.c.learner_id), mark_changes.c.old != mark_changes.c.new)
    return int(connection.execute(sa.select(sa.func.count()).select_from(joined).where(*own)).scalar_one())


@dataclass(frozen=True)
class Taking:
    """A learner's first whole test of a mode: marks (1 or 0) by item id."""

    learner: int
    marks: Mapping[str, int]


def takings(connection: Connection, selection: Selection, mode: str, length: int) -> Iterator[Taking]:
    """Those finished in the selection's time, one for each learner."""
    whole = sa.select(attempts.c.learner_id, attempts.c.session, sa.func.min(attempts.c.id).label("id"))
    whole = whole.where(attempts.c.mode == mode, attempts.c.number == 1, *selection.of(attempts.c.learner_id))
    whole = whole.group_by(attempts.c.learner_id, attempts.c.session)
    whole = whole.having(sa.and_(sa.func.count() >= length, *selection.at(sa.func.max(attempts.c.at))))
    own = whole.subquery("whole")
    wanted = sa.select(attempts.c.learner_id, attempts.c.session, attempts.c.item, _unaided(attempts))
    same = sa.and_(attempts.c.learner_id == own.c.learner_id, attempts.c.session == own.c.session, attempts.c.number == 1)
    ordered = wanted.select_from(own.join(attempts, same)).order_by(own.c.learner_id, own.c.id, attempts.c.place)
    learner: int | None = None
    session, marks = "", dict[str, int]()
    for rows in _batches(connection, ordered):
        for row in rows:
            if row[0] != learner:
                if learner is not None:
                    yield Taking(learner, marks)
                learner, session, marks = row[0], row[1], {}
            if row[1] == session:
                marks[row[2]] = int(row[3])
    if learner is not None:
        yield Taking(learner, marks)


def first_marks(connection: Connection, selection: Selection, unwanted: frozenset[str]) -> FirstAnswers:
    """Criteria as items and runs as learners: each learner's first run of each scenario, no retries, ended in the selection's time.

    A mark is 1 for a criterion met, or for an `unwanted` one kept clear of; criteria that did not apply have none.
    """
    least = sa.select(sa.func.min(practices.c.id).label("id")).where(practices.c.ended_at.isnot(None), practices.c.origin.is_(None))
    least = least.where(*selection.of(practices.c.learner_id)).group_by(practices.c.learner_id, practices.c.scenario)
    first = least.subquery("first")
    source = first.join(practices, practices.c.id == first.c.id).join(practice_marks, practice_marks.c.practice_id == first.c.id)
    good = practice_marks.c.mark.is_distinct_from(practice_marks.c.criterion.in_(sorted(unwanted)))
    mark = sa.case((good, 1), else_=0).label("good")
    wanted = sa.select(practices.c.id, mark, _listed(connection, practice_marks.c.criterion + _OF)).select_from(source)
    own = wanted.where(practice_marks.c.mark.isnot(None), *selection.at(practices.c.ended_at))
    return _read(connection.execute(own.group_by(practices.c.id, mark)))


def marks_changed(connection: Connection, selection: Selection) -> dict[str, int]:
    """How many marks now differ from the assessor's, by criterion, among all runs that ended in the selection's time."""
    joined = practice_marks.join(practices, practices.c.id == practice_marks.c.practice_id)
    differs = practice_marks.c.mark.is_distinct_from(practice_marks.c.assessed)
    own = (differs, *selection.of(practices.c.learner_id), *selection.at(practices.c.ended_at))
    wanted = sa.select(practice_marks.c.criterion, sa.func.count()).select_from(joined).where(*own).group_by(practice_marks.c.criterion)
    return {name: int(count) for name, count in connection.execute(wanted)}


def advisory(connection: Connection) -> dict[str, float]:
    """Markers' agreement, as kappa, by criterion, for those that are advisory."""
    rows = connection.execute(sa.select(advisory_criteria.c.criterion, advisory_criteria.c.kappa))
    return {row.criterion: float(row.kappa) for row in rows}


def _batches(connection: Connection, wanted: sa.sql.Select) -> Iterator[Sequence[Row]]:
    """Rows a few thousand at a time, so that however many there are they do not fill memory."""
    result = connection.execution_options(stream_results=True).execute(wanted)
    while rows := result.fetchmany(_BATCH):
        yield rows
