"""Holds what a database has of learners' quizzes and practices against what the learners were shown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.content.questions import TrueFalse
from bot.quiz.bank import Bank
from bot.quiz.shown import LETTERS, show
from bot.records.tables import attempts, cards, conversations, deliveries, identities, practice_turns, practices
from bot.settings import ROOT
from tests.faults.student import Student
from tests.faults.transcript import Line, Mark, Play, Question, Transcript

_AS_TOLD = {"partly": "wrong"}  # both are told as a mark that is not right


class Kept(NamedTuple):
    """How many of each were found as they were shown."""

    answers: int
    lines: int


@cache
def _bank() -> Bank:
    return Bank.load(ROOT / "knowledge")


class Studies:
    """Reads with a connection of its own, not through the code under test."""

    def __init__(self, address: str) -> None:
        self._address = address

    def check(self, students: Sequence[Student]) -> Kept:
        """Fails when an answer or a line is missing, doubled, out of order or marked otherwise, or a quiz or practice stands elsewhere."""
        engine = sa.create_engine(self._address)
        with engine.connect() as connection:
            kept = [self._check_one(connection, student) for student in students if student.messages]
        engine.dispose()
        return Kept(sum(one.answers for one in kept), sum(one.lines for one in kept))

    def _check_one(self, connection: Connection, student: Student) -> Kept:
        c, shown = deliveries.c, student.transcript
        sender = connection.execute(sa.select(c.sender_id).where(c.message_id == student.messages[0].id)).scalar_one()
        learner = connection.execute(sa.select(identities.c.learner_id).where(identities.c.sender_id == sender)).scalar()
        slots = json.loads(connection.execute(sa.select(conversations.c.slots).where(conversations.c.sender_id == sender)).scalar_one())
        answered = connection.execute(sa.select(attempts).where(attempts.c.learner_id == learner).order_by(attempts.c.id)).all()
        marks = [Mark(row.session, row.place, row.number, _AS_TOLD.get(row.verdict, row.verdict)) for row in answered]
        assert marks == shown.marks, "every answer is kept once, in order, marked as was told"
        _check_quiz(slots.get("quiz"), shown.question, shown.results)
        _check_cards(connection, learner, answered, shown)
        runs = connection.execute(sa.select(practices).where(practices.c.learner_id == learner).order_by(practices.c.id)).all()
        assert [run.scenario for run in runs] == [play.scenario for play in shown.plays], "every practice is kept once, in order"
        for run, play in zip(runs, shown.plays, strict=True):
            _check_lines(connection, run, play)
        if runs:
            _check_practice(slots["practice"], runs[-1], shown.plays[-1])
        return Kept(len(marks), sum(len(play.lines) for play in shown.plays))


def _check_quiz(slot: Mapping[str, Any] | None, question: Question | None, results: str) -> None:
    """The open question is the one that was shown last, with its tries and hints."""
    if question is None:
        assert slot is None, "no quiz is open that ended for the learner"
        return
    assert slot, "the quiz whose question was shown is still open"
    stands = (slot["id"], slot.get("at", 0), slot.get("tries", 0), slot.get("hints", 0), slot.get("results", ""))
    assert stands == (question.session, question.place, question.tries, question.hints, results), "the quiz stands where it was shown"
    open_one = show(_bank().items[slot["items"][question.place]], slot["seed"])
    assert open_one.ask in question.text, "the open question is the one shown"
    if not isinstance(open_one.item, TrueFalse):
        lettered = [f"{LETTERS[place].upper()}. {text}" for place, text in enumerate(open_one.options)]
        assert all(line in question.text for line in lettered), "its letters stand for what they were shown to"


def _check_cards(connection: Connection, learner: int | None, answered: Sequence[Row], shown: Transcript) -> None:
    """What is remembered of an item counts its answers once; a practice that ended may have added one for what it missed."""
    known = connection.execute(sa.select(cards).where(cards.c.learner_id == learner)).all()
    counted = Counter(row.item for row in answered if row.outcome)
    ended = sum(play.over for play in shown.plays)
    assert counted.keys() <= {card.item for card in known}, "every answer that counts is in the schedule"
    for card in known:
        assert 0 <= card.reps - counted[card.item] <= ended, "an answer counts in the schedule once"


def _check_lines(connection: Connection, run: Row, play: Play) -> None:
    assert run.opening in play.opening
    assert (run.ended_at is not None) == (play.over and bool(play.lines)), (
        "a practice has ended where its debrief was shown, and only there"
    )
    turns = connection.execute(
        sa.select(practice_turns).where(practice_turns.c.practice_id == run.id).order_by(practice_turns.c.turn)
    ).all()
    assert [turn.turn for turn in turns] == list(range(1, len(play.lines) + 1)), "every line is kept once"
    for turn, line in zip(turns, play.lines, strict=True):
        told = Line(turn.said, line.reply if turn.reply in line.reply else turn.reply, turn.mood, turn.anger)
        assert told == line, "lines, the customer's answers and moods are kept as they were shown"


def _check_practice(slot: Mapping[str, Any], run: Row, play: Play) -> None:
    state, last = slot["state"], play.lines[-1].reply if play.lines else play.opening
    assert (slot["id"], slot["phase"]) == (run.run, "over" if play.over else "playing"), "the practice shown last is the one that stands"
    assert state.get("turn", 0) == len(play.lines), "it stands at the last line"
    assert slot["customer"] in last, "the customer last said what was shown"
