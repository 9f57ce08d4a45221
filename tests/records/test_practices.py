"""Practices are kept as they were played, on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.assess.labels import Move
from bot.practising.record import Began, Finished, Noted, Said
from bot.quiz.memory.schedule import Outcome
from bot.records import Practices, Study, keep
from bot.records.tables import practice_notes, practice_turns

NOON = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)
BEGAN = Began("r1", "late-birthday-parcel", 2, 7, False, "Where is it?", "angry", 60, 30, "biiab", None, NOON)
FIRST = Said("r1", 1, "I'm so sorry.", (Move("apologise", 0, 13, 0.97),), "Well.", "upset", 50, 35, NOON + timedelta(seconds=20))
SECOND = Said("r1", 2, "It is on its way.", (), "When?", "upset", 48, 36, NOON + timedelta(seconds=40))
ENDED = Finished("r1", "walked_out", "fail", {"listen": False, "verify": None}, ("nps",), NOON + timedelta(seconds=60))


def store(engine: Engine, *records: Began | Said | Finished | Noted, sender: str = "ann") -> None:
    with engine.begin() as connection:
        keep(connection, sender, records)


def count(engine: Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_a_run_is_read_back_as_it_was_played(engine: Engine) -> None:
    store(engine, BEGAN, FIRST, SECOND)
    found = Practices(engine).played("ann", "r1")
    assert found
    began, played = found
    assert began == BEGAN
    assert [(line.turn, line.who, line.text) for line in played.lines] == [
        (0, "customer", "Where is it?"),
        (1, "agent", "I'm so sorry."),
        (1, "customer", "Well."),
        (2, "agent", "It is on its way."),
        (2, "customer", "When?"),
    ]
    assert played.lines[1].moves == FIRST.moves
    assert played.ending is None


def test_a_repeated_turn_is_one_turn(engine: Engine) -> None:
    store(engine, BEGAN, FIRST)
    store(engine, BEGAN, replace(FIRST, said="something else"))
    assert count(engine, practice_turns) == 1
    found = Practices(engine).played("ann", "r1")
    assert found
    assert found[1].agent[0].text == "I'm so sorry."


def test_nobody_sees_another_learners_run(engine: Engine) -> None:
    store(engine, BEGAN, FIRST)
    assert Practices(engine).played("ben", "r1") is None
    assert Practices(engine).practice_results("ben") == {}
    store(engine, replace(SECOND), sender="ben")
    assert count(engine, practice_turns) == 1, "a line to a run that is not theirs is not kept"


def test_results_are_the_last_of_each_scenario_oldest_first(engine: Engine) -> None:
    store(engine, BEGAN, ENDED)
    other = replace(BEGAN, run="r2", scenario="ring-brought-back")
    store(engine, other, replace(ENDED, run="r2", ending="satisfied", band="merit", at=NOON + timedelta(hours=1)))
    again = replace(BEGAN, run="r3")
    store(engine, again, replace(ENDED, run="r3", ending="grudging", band="pass", at=NOON + timedelta(hours=2)))
    assert list(Practices(engine).practice_results("ann").items()) == [
        ("ring-brought-back", "satisfied"),
        ("late-birthday-parcel", "grudging"),
    ]


def test_a_run_ends_once_and_what_it_missed_comes_back(engine: Engine) -> None:
    store(engine, BEGAN, ENDED)
    store(engine, replace(ENDED, ending="satisfied", band="distinction", at=NOON + timedelta(hours=3)))
    assert Practices(engine).practice_results("ann") == {"late-birthday-parcel": "fail"}
    card = Study(engine).cards("ann")["nps"]
    assert (card.last, card.reps) == (Outcome.WRONG, 1)
    assert Study(engine).answered("ann") == (0, 0), "it is no answer to a question"


def test_what_is_written_afterwards_belongs_to_the_run(engine: Engine) -> None:
    store(engine, BEGAN, Noted("r1", "root-cause", {"said": "nobody rang"}, NOON))
    assert count(engine, practice_notes) == 1
    store(engine, Noted("no such run", "form", {}, NOON))
    assert count(engine, practice_notes) == 1
