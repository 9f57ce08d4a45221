"""Answers, memory and appeals are kept once and stay true, on SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.quiz.attempt import Appeal, Attempt
from bot.quiz.memory.schedule import Outcome, reviewed
from bot.records import Decision, Study, decide, keep
from bot.records.tables import appeals, attempts, learners

NOON = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)


def attempt(**changes: object) -> Attempt:
    plain = Attempt("s1", "quiz", 0, 1, "nps", "net-promoter-score", "single", "right", Outcome.RIGHT, 0, "", "2", 9.5, NOON)
    return replace(plain, **changes)  # type: ignore[arg-type]


def store(engine: Engine, sender: str, *records: Attempt | Appeal) -> None:
    with engine.begin() as connection:
        keep(connection, sender, records)


def count(engine: Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_an_answer_makes_the_card_that_the_schedule_makes(engine: Engine) -> None:
    store(engine, "ann", attempt())
    expected = reviewed(None, "nps", Outcome.RIGHT, NOON)
    assert Study(engine).cards("ann") == {"nps": expected}
    store(engine, "ann", attempt(session="s2", outcome=Outcome.WRONG, verdict="wrong", at=NOON + timedelta(days=4)))
    assert Study(engine).cards("ann") == {"nps": reviewed(expected, "nps", Outcome.WRONG, NOON + timedelta(days=4))}


def test_a_first_try_that_is_followed_by_another_schedules_nothing(engine: Engine) -> None:
    store(engine, "ann", attempt(verdict="wrong", outcome=None))
    assert Study(engine).cards("ann") == {}
    assert Study(engine).has_answered("ann")


def test_the_same_answer_twice_is_one_attempt_and_one_review(engine: Engine) -> None:
    store(engine, "ann", attempt())
    store(engine, "ann", attempt(verdict="wrong", outcome=Outcome.WRONG))
    assert count(engine, attempts) == 1
    assert Study(engine).cards("ann")["nps"].reps == 1
    assert Study(engine).attempts_of("ann", "s1")[0].verdict == "right", "the first one counts"


def test_two_answers_arriving_at_once_are_one_attempt(engine: Engine) -> None:
    store(engine, "ann", attempt(item="other", place=9))  # the learner is known
    together = Barrier(2)

    def answer(verdict: str) -> None:
        together.wait()
        store(engine, "ann", attempt(verdict=verdict, outcome=Outcome.RIGHT if verdict == "right" else Outcome.WRONG))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(answer, ("right", "wrong")))
    assert len(Study(engine).attempts_of("ann", "s1")) == 2, "one for each place"
    assert Study(engine).cards("ann")["nps"].reps == 1


def test_learners_see_their_own_records_only(engine: Engine) -> None:
    store(engine, "ann", attempt())
    store(engine, "ben", attempt(item="csat"))
    study = Study(engine)
    assert set(study.cards("ann")) == {"nps"}
    assert set(study.cards("ben")) == {"csat"}
    assert study.cards("somebody new") == {}
    assert study.answered("somebody new") == (0, 0)
    assert count(engine, learners) == 2


def test_days_and_counts(engine: Engine) -> None:
    for number in range(4):
        outcome = Outcome.RIGHT if number % 2 else Outcome.HINTED
        store(
            engine,
            "ann",
            attempt(place=number, item=f"item-{number}", outcome=outcome, at=NOON + timedelta(days=number // 2, hours=number)),
        )
    study = Study(engine)
    assert {day.date() for day in study.days("ann")} == {NOON.date(), (NOON + timedelta(days=1)).date()}
    assert study.answered("ann") == (4, 2)


@pytest.mark.parametrize("hour", [0, 23])
def test_a_day_is_a_utc_day(engine: Engine, hour: int) -> None:
    store(engine, "ann", attempt(at=NOON.replace(hour=hour, minute=59 if hour else 0)))
    assert [day.date() for day in Study(engine).days("ann")] == [NOON.date()]


def test_checkpoints_are_counted_by_form(engine: Engine) -> None:
    for place in range(15):
        verdict = "right" if place < 9 else "wrong"
        store(engine, "ann", attempt(mode="checkpoint-first", place=place, item=f"i-{place}", verdict=verdict, outcome=None))
    assert Study(engine).checkpoints("ann") == {"checkpoint-first": (NOON, 9, 15)}
    assert Study(engine).cards("ann") == {}


def test_half_a_checkpoint_does_not_count(engine: Engine) -> None:
    store(engine, "ann", attempt(mode="checkpoint-first", outcome=None))
    assert Study(engine).checkpoints("ann") == {}


def waiting_appeal(engine: Engine) -> int:
    wrong = attempt(kind="short", verdict="wrong", outcome=None, said="put customers first")
    second = replace(wrong, number=2, outcome=Outcome.WRONG)
    store(engine, "ann", wrong, second, Appeal("s1", 0, 1, "I think I was right", NOON))
    with engine.connect() as connection:
        return int(connection.execute(sa.select(appeals.c.id)).scalar_one())


def settle(engine: Engine, appeal: int, upheld: bool) -> bool:
    with engine.begin() as connection:
        return decide(connection, appeal, Decision(upheld, "T. Tutor", "means the same", NOON + timedelta(days=1)))


def test_an_appeal_that_is_upheld_corrects_mark_and_schedule(engine: Engine) -> None:
    appeal = waiting_appeal(engine)
    assert Study(engine).cards("ann")["nps"].last is Outcome.WRONG
    assert settle(engine, appeal, upheld=True)
    assert Study(engine).cards("ann")["nps"] == reviewed(None, "nps", Outcome.RIGHT, NOON)
    assert [(a.verdict, a.outcome) for a in Study(engine).attempts_of("ann", "s1")] == [("right", Outcome.RIGHT), ("wrong", None)]


def test_an_appeal_that_is_declined_changes_nothing(engine: Engine) -> None:
    appeal = waiting_appeal(engine)
    before = Study(engine).cards("ann")
    assert settle(engine, appeal, upheld=False)
    assert Study(engine).cards("ann") == before


def test_an_appeal_is_decided_once(engine: Engine) -> None:
    appeal = waiting_appeal(engine)
    assert settle(engine, appeal, upheld=False)
    assert not settle(engine, appeal, upheld=True)
    store(engine, "ann", Appeal("s1", 0, 1, "again", NOON))
    assert count(engine, appeals) == 1


def test_ten_thousand_attempts_are_read_quickly_enough_for_a_turn(engine: Engine) -> None:
    store(engine, "ann", attempt())
    rows = [{**vars(attempt(session=f"many{n // 20}", place=n % 20, item=f"item-{n % 300}")), "learner_id": 1} for n in range(20, 10_020)]
    with engine.begin() as connection:
        learner = connection.execute(sa.select(learners.c.id)).scalar_one()
        values = [{**row, "learner_id": learner, "outcome": "right", "at": row["at"].timestamp() + 60.0 * n} for n, row in enumerate(rows)]
        connection.execute(sa.insert(attempts), values)
    study = Study(engine)
    started = datetime.now(timezone.utc)
    assert study.answered("ann") == (10_001, 10_001)
    assert len(study.days("ann")) >= 7
    study.checkpoints("ann")
    study.cards("ann")
    assert (datetime.now(timezone.utc) - started).total_seconds() < 1
