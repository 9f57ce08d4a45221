"""What learners answered in quizzes and what they remember: read for the quiz, written with the turn that made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.progress.record import Changed
from bot.quiz.attempt import Appeal, Attempt, Record
from bot.quiz.bank import CHECKPOINT_ITEMS, CHECKPOINTS
from bot.quiz.memory.schedule import Card, Outcome, reviewed
from bot.quiz.session import Mode
from bot.records.engine import insert_into, reading
from bot.records.learners import learner_for, learner_of
from bot.records.news import untold
from bot.records.tables import appeals, attempts, cards

_DAY = 86_400
_RIGHT = "right"


class Study:
    """Read by the sender id of a conversation; of whoever has no records yet, everything is empty. Raises sqlalchemy's errors."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def cards(self, sender: str) -> dict[str, Card]:
        """By item id."""
        rows = self._rows(sender, lambda learner: sa.select(cards).where(cards.c.learner_id == learner))
        return {row.item: _card(row) for row in rows}

    def attempts_of(self, sender: str, session: str) -> tuple[Attempt, ...]:
        def wanted(learner: int) -> Any:
            found = sa.select(attempts).where(attempts.c.learner_id == learner, attempts.c.session == session)
            return found.order_by(attempts.c.place, attempts.c.number)

        return tuple(_attempt(row) for row in self._rows(sender, wanted))

    def checkpoints(self, sender: str) -> dict[str, tuple[datetime, int, int]]:
        """Of each form the first that was finished: the moment of its last answer, how many were right and of how many."""

        def wanted(learner: int) -> Any:
            right = sa.func.sum(sa.case((attempts.c.verdict == _RIGHT, 1), else_=0))
            what = sa.select(attempts.c.mode, sa.func.max(attempts.c.at).label("at"), right.label("right"), sa.func.count().label("count"))
            own = what.where(attempts.c.learner_id == learner, attempts.c.mode.in_(CHECKPOINTS))
            whole = own.group_by(attempts.c.mode, attempts.c.session).having(sa.func.count() >= CHECKPOINT_ITEMS)
            return whole.order_by(sa.text("at DESC"))

        return {row.mode: (_moment(row.at), int(row.right), int(row.count)) for row in self._rows(sender, wanted)}

    def changed_marks(self, sender: str) -> tuple[Changed, ...]:
        with reading(self.engine) as connection:
            learner = learner_of(connection, sender)
            return () if learner is None else untold(connection, learner)

    def has_answered(self, sender: str) -> bool:
        return bool(self._rows(sender, lambda learner: sa.select(attempts.c.id).where(attempts.c.learner_id == learner).limit(1)))

    def days(self, sender: str) -> tuple[datetime, ...]:
        """A moment of each UTC day on which something was answered."""

        rows = self._rows(sender, lambda learner: sa.select(attempts.c.at).where(attempts.c.learner_id == learner))
        return tuple(_moment((day + 0.5) * _DAY) for day in {row.at // _DAY for row in rows})

    def answered(self, sender: str) -> tuple[int, int]:
        """How many items were answered for the schedule, and how many of those times rightly and unaided."""

        def wanted(learner: int) -> Any:
            right = sa.func.sum(sa.case((attempts.c.outcome == Outcome.RIGHT.value, 1), else_=0))
            counted = sa.select(sa.func.count().label("count"), right.label("right"))
            return counted.where(attempts.c.learner_id == learner, attempts.c.outcome.isnot(None))

        rows = self._rows(sender, wanted)
        return (int(rows[0].count), int(rows[0].right or 0)) if rows else (0, 0)

    def _rows(self, sender: str, wanted: Any) -> Sequence[Row]:
        with reading(self.engine) as connection:
            learner = learner_of(connection, sender)
            return [] if learner is None else list(connection.execute(wanted(learner)).all())


def keep_study(connection: Connection, sender: str, record: Record) -> None:
    """Write what a turn gave, in the caller's transaction. An answer that is there already is left as it was, and so is its card."""
    learner = learner_for(connection, sender, record.at.timestamp())
    if isinstance(record, Attempt):
        _keep_attempt(connection, learner, sender, record)
    else:
        _keep_appeal(connection, learner, record)


def review(connection: Connection, learner: int, item: str, outcome: Outcome, at: datetime) -> None:
    """Note in the learner's card of the item how it was answered."""
    known = connection.execute(sa.select(cards).where(cards.c.learner_id == learner, cards.c.item == item)).first()
    _put(connection, learner, reviewed(_card(known) if known else None, item, outcome, at))


@dataclass(frozen=True)
class Decision:
    """What a tutor decided on an appeal, and why."""

    upheld: bool
    by: str
    reason: str
    at: datetime


def decide(connection: Connection, appeal: int, decision: Decision) -> bool:
    """Settle a waiting appeal: upheld, its answer counts as right and the schedule is made again. False when it is not waiting any more."""
    waiting = (appeals.c.id == appeal, appeals.c.status == "waiting")
    status = "upheld" if decision.upheld else "declined"
    values = {"status": status, "decided_by": decision.by, "reason": decision.reason, "decided_at": decision.at.timestamp()}
    if connection.execute(sa.update(appeals).where(*waiting).values(values)).rowcount != 1:
        return False
    if decision.upheld:
        joined = sa.select(attempts).join(appeals, appeals.c.attempt_id == attempts.c.id)
        row = connection.execute(joined.where(appeals.c.id == appeal)).one()
        correct(connection, row.id, row.verdict, _RIGHT)
    return True


def correct(connection: Connection, attempt: int, was: str, verdict: str) -> bool:
    """Mark an answer otherwise, and make what counts of its item again. False when its mark is not `was` any more."""
    same = (attempts.c.id == attempt, attempts.c.verdict == was)
    if connection.execute(sa.update(attempts).where(*same).values(verdict=verdict)).rowcount != 1:
        return False
    row = connection.execute(sa.select(attempts).where(attempts.c.id == attempt)).one()
    if Mode(row.mode).schedules:
        _count_again(connection, row)
        _schedule_again(connection, row.learner_id, row.item)
    return True


def join_cards(connection: Connection, kept: int, gone: int) -> None:
    """The cards of a learner who turned out to be another's: of an item that both know, by all that counted, in the order of time.

    To be called while the answers are still each one's own.
    """
    c = cards.c
    both = {(row.learner_id, row.item): row for row in connection.execute(sa.select(cards).where(c.learner_id.in_((kept, gone))))}
    for learner, item in sorted(both):
        if learner != gone:
            continue
        card = (c.learner_id == gone, c.item == item)
        if (kept, item) not in both:
            connection.execute(sa.update(cards).where(*card).values(learner_id=kept))
            continue
        reviews = sorted(_reviews(connection, both[kept, item]) + _reviews(connection, both[gone, item]), key=lambda pair: pair[0])
        connection.execute(sa.delete(cards).where(*card))
        joined: Card | None = None
        for at, outcome in reviews:
            joined = reviewed(joined, item, outcome, _moment(at))
        if joined:
            _put(connection, kept, joined)


def _reviews(connection: Connection, card: Row) -> list[tuple[float, Outcome]]:
    """Answers that counted for the card; its last review as well where that was no answer, such as what a practice showed."""
    same = (attempts.c.learner_id == card.learner_id, attempts.c.item == card.item, attempts.c.outcome.isnot(None))
    rows = connection.execute(sa.select(attempts.c.at, attempts.c.outcome).where(*same).order_by(attempts.c.at, attempts.c.id))
    found = [(float(row.at), Outcome(row.outcome)) for row in rows]
    return found if any(at == card.last_review for at, _ in found) else [*found, (float(card.last_review), Outcome(card.last))]


def _keep_attempt(connection: Connection, learner: int, sender: str, attempt: Attempt) -> None:
    outcome = attempt.outcome.value if attempt.outcome else None
    values = {**vars(attempt), "outcome": outcome, "at": attempt.at.timestamp(), "learner_id": learner, "sender_id": sender}
    made = connection.execute(insert_into(connection, attempts).values(values).on_conflict_do_nothing())
    if made.rowcount == 1 and attempt.outcome:
        review(connection, learner, attempt.item, attempt.outcome, attempt.at)


def _keep_appeal(connection: Connection, learner: int, appeal: Appeal) -> None:
    same = (attempts.c.learner_id == learner, attempts.c.session == appeal.session, attempts.c.place == appeal.place)
    attempt = connection.execute(sa.select(attempts.c.id).where(*same, attempts.c.number == appeal.number)).scalar()
    if attempt is not None:
        values = {"attempt_id": attempt, "words": appeal.words, "at": appeal.at.timestamp(), "status": "waiting"}
        connection.execute(insert_into(connection, appeals).values(values).on_conflict_do_nothing())


def _count_again(connection: Connection, answer: Row) -> None:
    """How the item counts after an answer to it was marked otherwise: by the first right answer, what came after it no longer does."""
    place = (attempts.c.learner_id == answer.learner_id, attempts.c.session == answer.session, attempts.c.place == answer.place)
    tries = connection.execute(sa.select(attempts).where(*place).order_by(attempts.c.number)).all()
    right = next((row for row in tries if row.verdict == _RIGHT), None)
    counted = right or (tries[-1] if any(row.outcome for row in tries) else None)
    if counted is None:
        return  # the item is still open
    unaided = Outcome.HINTED if counted.number > 1 or counted.hints else Outcome.RIGHT
    outcome = unaided if right else Outcome.WRONG
    connection.execute(sa.update(attempts).where(*place, attempts.c.id != counted.id).values(outcome=None))
    connection.execute(sa.update(attempts).where(attempts.c.id == counted.id).values(outcome=outcome.value))


def _schedule_again(connection: Connection, learner: int, item: str) -> None:
    """The card from all answers that count."""
    same = (attempts.c.learner_id == learner, attempts.c.item == item, attempts.c.outcome.isnot(None))
    card: Card | None = None
    for row in connection.execute(sa.select(attempts.c.outcome, attempts.c.at).where(*same).order_by(attempts.c.at, attempts.c.id)):
        card = reviewed(card, item, Outcome(row.outcome), _moment(row.at))
    if card:
        _put(connection, learner, card)


def _put(connection: Connection, learner: int, card: Card) -> None:
    values: dict[str, Any] = {
        "stability": card.stability,
        "difficulty": card.difficulty,
        "due": card.due.timestamp(),
        "last_review": card.last_review.timestamp(),
        "reps": card.reps,
        "lapses": card.lapses,
        "last": card.last.value,
    }
    put = insert_into(connection, cards).values(learner_id=learner, item=card.item_id, **values)
    connection.execute(put.on_conflict_do_update(index_elements=["learner_id", "item"], set_=values))


def _card(row: Row) -> Card:
    return Card(
        row.item, row.stability, row.difficulty, _moment(row.due), _moment(row.last_review), row.reps, row.lapses, Outcome(row.last)
    )


def _attempt(row: Row) -> Attempt:
    return Attempt(
        session=row.session,
        mode=row.mode,
        place=row.place,
        number=row.number,
        item=row.item,
        topic=row.topic,
        kind=row.kind,
        verdict=row.verdict,
        outcome=Outcome(row.outcome) if row.outcome else None,
        hints=row.hints,
        said=row.said,
        chosen=row.chosen,
        seconds=row.seconds,
        at=_moment(row.at),
        length=row.length,
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)
