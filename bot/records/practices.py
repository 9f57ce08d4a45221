"""Practices as they were played: read for debriefs and choices, written with the turn that made them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.assess.labels import Move
from bot.debrief import Line, Played
from bot.evidence import Kept
from bot.paperwork import Note
from bot.practising.record import Began, Finished, Noted, PracticeRecord, Said
from bot.quiz.memory.schedule import Outcome
from bot.records.desk_tables import practice_marks
from bot.records.engine import insert_into, reading
from bot.records.learners import learner_for, learner_of
from bot.records.reviews import reviews_of
from bot.records.study import review
from bot.records.tables import practice_notes, practice_turns, practices

_FAIL = "fail"


class Practices:
    """Read by the sender id of a conversation. Raises sqlalchemy's errors when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def played(self, sender: str, run: str) -> tuple[Began, Played] | None:
        with reading(self.engine) as connection:
            row = _row(connection, learner_of(connection, sender), run)
            return (_began(row), as_played(connection, row)) if row else None

    def runs(self, sender: str) -> tuple[Kept, ...]:
        """Every practice of the learner behind a conversation, with what was written after it, oldest first."""
        with reading(self.engine) as connection:
            own = sa.select(practices).where(practices.c.learner_id == learner_of(connection, sender)).order_by(practices.c.started_at)
            rows = connection.execute(own).all()
            noted = (
                sa.select(practice_notes).where(practice_notes.c.practice_id.in_([row.id for row in rows])).order_by(practice_notes.c.id)
            )
            notes = connection.execute(noted).all()
        kept = (self._kept(sender, row, [note for note in notes if note.practice_id == row.id]) for row in rows)
        return tuple(one for one in kept if one)

    def _kept(self, sender: str, row: Row, notes: Sequence[Row]) -> Kept | None:
        """None for one that has been erased since the row was read."""
        found = self.played(sender, row.run)
        if found is None:
            return None
        ended = datetime.fromtimestamp(row.ended_at, timezone.utc) if row.ended_at else None
        written = tuple(Note(note.kind, json.loads(note["values"])) for note in notes)
        return Kept(found[1], written, datetime.fromtimestamp(row.started_at, timezone.utc), ended)

    def practice_results(self, sender: str) -> dict[str, str]:
        """The last ending, or `fail` for a failed band, by scenario; oldest first."""
        with reading(self.engine) as connection:
            own = (practices.c.learner_id == learner_of(connection, sender), practices.c.ended_at.isnot(None))
            wanted = sa.select(practices.c.scenario, practices.c.ending, practices.c.band).where(*own).order_by(practices.c.ended_at)
            rows = connection.execute(wanted).all()
        results: dict[str, str] = {}
        for row in rows:
            results.pop(row.scenario, None)  # the last one counts, at its place in time
            results[row.scenario] = _FAIL if row.band == _FAIL else row.ending or "left"
        return results


def as_played(connection: Connection, row: Row) -> Played:
    """A row of `practices` with its lines, and what tutors said about its marks."""
    wanted = sa.select(practice_turns).where(practice_turns.c.practice_id == row.id).order_by(practice_turns.c.turn)
    turns = connection.execute(wanted).all()
    lines = (Line(0, "customer", row.opening, (), row.anger, row.trust, row.mood), *(line for turn in turns for line in _lines(turn)))
    review = reviews_of(connection, [row.id])[row.id]
    return Played(row.scenario, row.difficulty, row.body, lines, row.ending, bool(row.hidden), review)


def keep_practice(connection: Connection, sender: str, record: PracticeRecord) -> None:
    """Write what a turn gave, in the caller's transaction. What is there already is left as it was."""
    learner = learner_for(connection, sender, record.at.timestamp())
    if isinstance(record, Began):
        _keep_began(connection, learner, sender, record)
        return
    row = _row(connection, learner, record.run)
    if row is None:
        return
    if isinstance(record, Said):
        _keep_said(connection, row.id, record)
    elif isinstance(record, Finished):
        _keep_finished(connection, learner, row, record)
    else:
        _keep_noted(connection, row.id, record)


def _row(connection: Connection, learner: int | None, run: str) -> Row | None:
    if learner is None:
        return None
    return connection.execute(sa.select(practices).where(practices.c.learner_id == learner, practices.c.run == run)).first()


def _keep_began(connection: Connection, learner: int, sender: str, record: Began) -> None:
    values = {**vars(record), "learner_id": learner, "sender_id": sender, "started_at": record.at.timestamp()}
    del values["at"]
    connection.execute(insert_into(connection, practices).values(values).on_conflict_do_nothing())


def _keep_said(connection: Connection, practice: int, record: Said) -> None:
    moves = json.dumps([[move.name, move.start, move.end, move.confidence] for move in record.moves])
    values = {**vars(record), "moves": moves, "at": record.at.timestamp(), "practice_id": practice}
    del values["run"]
    connection.execute(insert_into(connection, practice_turns).values(values).on_conflict_do_nothing())


def _keep_finished(connection: Connection, learner: int, row: Row, record: Finished) -> None:
    """Once: a run that ended keeps how it did. What it showed to be not known comes back in quizzes."""
    if row.ended_at is not None:
        return
    values = {
        "ended_at": record.at.timestamp(),
        "ending": record.ending,
        "band": record.band,
    }
    connection.execute(sa.update(practices).where(practices.c.id == row.id).values(values))
    for criterion, mark in record.criteria.items():
        marks = {"practice_id": row.id, "criterion": criterion, "mark": mark, "assessed": mark, "version": 0}
        connection.execute(insert_into(connection, practice_marks).values(marks).on_conflict_do_nothing())
    for item in record.missed:
        review(connection, learner, item, Outcome.WRONG, record.at)


def _keep_noted(connection: Connection, practice: int, record: Noted) -> None:
    values = {"practice_id": practice, "kind": record.kind, "values": json.dumps(dict(record.values)), "at": record.at.timestamp()}
    connection.execute(sa.insert(practice_notes).values(values))


def _began(row: Row) -> Began:
    return Began(
        run=row.run,
        scenario=row.scenario,
        difficulty=row.difficulty,
        seed=row.seed,
        hidden=bool(row.hidden),
        opening=row.opening,
        mood=row.mood,
        anger=row.anger,
        trust=row.trust,
        body=row.body,
        origin=row.origin,
        at=datetime.fromtimestamp(row.started_at, timezone.utc),
    )


def _lines(turn: Row) -> Sequence[Line]:
    moves = tuple(Move(*move) for move in json.loads(turn.moves))
    return (
        Line(turn.turn, "agent", turn.said, moves, turn.anger, turn.trust, turn.mood),
        Line(turn.turn, "customer", turn.reply, (), turn.anger, turn.trust, turn.mood),
    )
