"""What learners did: by week, by topic, and where they left; counted by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.records.access import Viewer, seen_groups
from bot.records.desk_tables import memberships, messages, triage
from bot.records.desk_tables import practice_marks as marks
from bot.records.selection import DAY, Selection, period, whole
from bot.records.tables import attempts, cards, identities, practice_turns, practices
from bot.statistics.discrimination import Array
from bot.statistics.items import Numbers
from bot.statistics.leaving import Ended

FORTNIGHT = 2
_STILL_OPEN = DAY  # what was last touched less than this ago may go on
_RETURN = 14 * DAY  # how long somebody has to come back before they count as not having done so


@dataclass(frozen=True)
class Week:
    """`number` as in `period_start` of one week. `active` people said something."""

    number: int
    messages: int = 0
    active: int = 0
    answers: int = 0
    practices: int = 0


def by_week(connection: Connection, selection: Selection) -> dict[int, Week]:
    """Weeks in which anything happened, by number."""
    said = _said_by_week(connection, selection)
    answers = _counted_by_week(connection, selection, attempts.c.at, attempts.c.learner_id)
    runs = _counted_by_week(connection, selection, practices.c.started_at, practices.c.learner_id)
    numbers = sorted({*said, *answers, *runs})
    return {number: Week(number, *said.get(number, (0, 0)), answers.get(number, 0), runs.get(number, 0)) for number in numbers}


def _said_by_week(connection: Connection, selection: Selection) -> dict[int, tuple[int, int]]:
    """Messages, and people who wrote them: several conversations of a learner are one person, one of nobody known is one too."""
    number = period(connection, messages.c.at, 1).label("number")
    each = sa.select(number, messages.c.sender_id, sa.func.count().label("said"))
    each = each.where(*selection.said_by(messages.c.sender_id), *selection.at(messages.c.at)).group_by(number, messages.c.sender_id)
    talk = each.subquery("talk")
    person = sa.func.coalesce(sa.cast(identities.c.learner_id, sa.String), talk.c.sender_id)
    wanted = sa.select(talk.c.number, sa.func.sum(talk.c.said), sa.func.count(person.distinct()))
    joined = talk.outerjoin(identities, identities.c.sender_id == talk.c.sender_id)
    rows = connection.execute(wanted.select_from(joined).group_by(talk.c.number))
    return {int(week): (int(said), int(people)) for week, said, people in rows}


def _counted_by_week(
    connection: Connection, selection: Selection, moment: sa.sql.ColumnElement, learner: sa.sql.ColumnElement
) -> dict[int, int]:
    number = period(connection, moment, 1).label("number")
    wanted = sa.select(number, sa.func.count()).where(*selection.of(learner), *selection.at(moment)).group_by(number)
    return {int(week): int(count) for week, count in connection.execute(wanted)}


@dataclass(frozen=True)
class Met:
    """Of `n` runs that ended in a fortnight (`number` as in `period_start`) and to which the criterion applied, `met` met it."""

    number: int
    criterion: str
    n: int
    met: int


def criteria_by_fortnight(connection: Connection, selection: Selection) -> tuple[Met, ...]:
    """Oldest first. All runs count, retries too: it is about what learners can do by then."""
    number = period(connection, practices.c.ended_at, FORTNIGHT).label("number")
    met = sa.func.sum(sa.case((marks.c.mark.is_(sa.true()), 1), else_=0))
    joined = marks.join(practices, practices.c.id == marks.c.practice_id)
    own = (marks.c.mark.isnot(None), *selection.of(practices.c.learner_id), *selection.at(practices.c.ended_at))
    wanted = sa.select(number, marks.c.criterion, sa.func.count(), met).select_from(joined).where(*own)
    rows = connection.execute(wanted.group_by(number, marks.c.criterion).order_by(number))
    return tuple(Met(int(week), name, int(count), int(hits)) for week, name, count, hits in rows)


def quizzes_ended(connection: Connection, selection: Selection, modes: Sequence[str]) -> tuple[Ended, ...]:
    """Quizzes of these modes, last answered in the selection's time and at least a day before its end, by how many questions they came.

    Those with no answer at all, and those of which nobody noted how long they were, are left out.
    """
    last, done = sa.func.max(attempts.c.at), sa.func.max(attempts.c.place) + 1
    each = sa.select(done.label("done"), sa.func.max(attempts.c.length).label("length"))
    each = each.where(attempts.c.mode.in_(modes), *selection.of(attempts.c.learner_id)).group_by(attempts.c.learner_id, attempts.c.session)
    quiz = each.having(sa.and_(last >= selection.since, last < selection.until - _STILL_OPEN)).subquery("quiz")
    left = sa.case((quiz.c.done < quiz.c.length, 1), else_=0).label("left")
    wanted = sa.select(quiz.c.done, left, sa.func.count()).where(quiz.c.length.isnot(None)).group_by(quiz.c.done, left)
    return tuple(Ended(int(done), bool(is_left), int(count)) for done, is_left, count in connection.execute(wanted))


def practices_ended(connection: Connection, selection: Selection) -> tuple[Ended, ...]:
    """Runs begun in the selection's time and at least a day before its end, by how many lines the learner said in them."""
    began = (practices.c.started_at >= selection.since, practices.c.started_at < selection.until - _STILL_OPEN)
    turns = sa.func.coalesce(sa.func.max(practice_turns.c.turn), 0)
    each = sa.select(turns.label("done"), sa.case((practices.c.ending.is_(None), 1), else_=0).label("left"))
    joined = practices.outerjoin(practice_turns, practice_turns.c.practice_id == practices.c.id)
    own = each.select_from(joined).where(*began, *selection.of(practices.c.learner_id)).group_by(practices.c.id, practices.c.ending)
    run = own.subquery("run")
    wanted = sa.select(run.c.done, run.c.left, sa.func.count()).group_by(run.c.done, run.c.left)
    return tuple(Ended(int(done), bool(left), int(count)) for done, left, count in connection.execute(wanted))


@dataclass(frozen=True)
class FirstVisits:
    """Of `new` people who first wrote in the selection's time, two weeks or more before its end, `once` were never seen after a day."""

    new: int
    once: int


def first_visits(connection: Connection, selection: Selection) -> FirstVisits:
    person = sa.func.coalesce(sa.cast(triage.c.learner_id, sa.String), triage.c.sender_id)
    first, last = sa.func.min(triage.c.first_at).label("first"), sa.func.max(triage.c.last_at).label("last")
    each = sa.select(first, last).where(*selection.said_by(triage.c.sender_id)).group_by(person)
    people = each.having(sa.and_(first >= selection.since, first < selection.until - _RETURN)).subquery("people")
    gone = sa.func.sum(sa.case((people.c.last - people.c.first < DAY, 1), else_=0))
    row = connection.execute(sa.select(sa.func.count(), gone).select_from(people)).one()
    return FirstVisits(int(row[0]), int(row[1] or 0))


def asked_answers(connection: Connection, selection: Selection) -> dict[str, int]:
    """How often each answer was given to questions."""
    own = (messages.c.answer.isnot(None), *selection.said_by(messages.c.sender_id), *selection.at(messages.c.at))
    wanted = sa.select(messages.c.answer, sa.func.count()).where(*own).group_by(messages.c.answer)
    return {answer: int(count) for answer, count in connection.execute(wanted)}


@dataclass(frozen=True)
class Remembered:
    """Cards of all `learners` who have any: `seen` counts them by item. Those whose last answer was not wrong stand in columns: `count`
    cards of item `items[item]`, of `stability` days, last answered at `last_review`, in seconds since 1970 (to the day).
    """

    learners: int
    seen: Mapping[str, int]
    items: tuple[str, ...]
    item: Numbers
    stability: Array
    last_review: Array
    count: Array


def remembered(connection: Connection, selection: Selection) -> Remembered:
    """As things stand: the selection's time does not matter."""
    own = selection.of(cards.c.learner_id)
    learners = connection.execute(sa.select(sa.func.count(cards.c.learner_id.distinct())).where(*own)).scalar_one()
    seen = connection.execute(sa.select(cards.c.item, sa.func.count()).where(*own).group_by(cards.c.item))
    day = whole(connection, cards.c.last_review / float(DAY)).label("day")
    wanted = sa.select(cards.c.item, cards.c.stability, day, sa.func.count()).where(cards.c.last != "wrong", *own)
    places: dict[str, int] = {}
    rows = connection.execute(wanted.group_by(cards.c.item, cards.c.stability, day))
    numbered = [(places.setdefault(item, len(places)), stability, at * DAY, count) for item, stability, at, count in rows]
    table = np.array(numbered, dtype=np.float64).reshape(-1, 4)
    by_item = {item: int(count) for item, count in seen}
    return Remembered(int(learners), by_item, tuple(places), table[:, 0].astype(np.int64), *table[:, 1:].T)


def known_as(connection: Connection, viewer: Viewer, learner: int) -> str | None:
    """The name a learner gave last in a group that the viewer may see."""
    own = (memberships.c.learner_id == learner, memberships.c.group_id.in_(seen_groups(viewer)))
    newest = sa.select(memberships.c.name).where(*own).order_by(memberships.c.joined_at.desc()).limit(1)
    name: str | None = connection.execute(newest).scalar()
    return name


@dataclass(frozen=True)
class Member:
    """A learner of a group by the name they gave there. `last_at` is when they last wrote, in seconds since 1970, or None."""

    learner: int
    name: str
    last_at: float | None
    answers: int
    right: int
    practices: int


def members(connection: Connection, group: int, selection: Selection) -> tuple[Member, ...]:
    """By name; counts are of the selection's time."""
    right = sa.func.sum(sa.case((sa.and_(attempts.c.verdict == "right", attempts.c.hints == 0), 1), else_=0))
    of_group = sa.select(memberships.c.learner_id).where(memberships.c.group_id == group)
    first = (attempts.c.number == 1, attempts.c.learner_id.in_(of_group), *selection.at(attempts.c.at))
    answers = connection.execute(sa.select(attempts.c.learner_id, sa.func.count(), right).where(*first).group_by(attempts.c.learner_id))
    answered = {learner: (int(count), int(hits)) for learner, count, hits in answers}
    began = (practices.c.learner_id.in_(of_group), *selection.at(practices.c.started_at))
    runs = sa.select(practices.c.learner_id, sa.func.count()).where(*began).group_by(practices.c.learner_id)
    ran = {learner: int(count) for learner, count in connection.execute(runs)}
    seen = sa.select(triage.c.learner_id, sa.func.max(triage.c.last_at)).where(triage.c.learner_id.in_(of_group))
    last = {learner: float(at) for learner, at in connection.execute(seen.group_by(triage.c.learner_id))}
    named = sa.select(memberships.c.learner_id, memberships.c.name).where(memberships.c.group_id == group).order_by(memberships.c.name)
    return tuple(
        Member(learner, name, last.get(learner), *answered.get(learner, (0, 0)), ran.get(learner, 0))
        for learner, name in connection.execute(named)
    )
