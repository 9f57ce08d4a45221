"""Tutors change marks: what counts follows at once, what was stays, and nobody is overwritten unseen. On SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.assess.labels import Move
from bot.assess.transcript import CRITERIA
from bot.content import Library
from bot.debrief import Debriefer, Played
from bot.practice import open_practice
from bot.practising.record import Began, Finished, Said
from bot.progress.record import Told
from bot.quiz import Bank
from bot.quiz.attempt import Appeal, Attempt
from bot.quiz.memory.schedule import Outcome, reviewed
from bot.records import Practices, Study, keep
from bot.records.access import Viewer
from bot.records.comments import Place, add_comment, add_tag, examples, remarks_on, remove, tag_name
from bot.records.desk_tables import advisory_criteria, mark_changes, practice_marks, second_marks, tutors
from bot.records.marked import answers_of, contested_of, practices_of
from bot.records.marking import Clash, Criterion, Ruling, change_answer, change_criterion, decide_appeal
from bot.records.second_marks import agreed, keep_second_marks, queue, reband_next, settle_advisory
from bot.records.tables import attempts, practices
from bot.settings import Settings

NOON = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)
LATER = NOON.timestamp() + 3600
RULING = Ruling("Ann", "Read the second line again.", LATER)
GOOD: dict[str, bool | None] = {**dict.fromkeys(CRITERIA, True), "disclosed_data": False, "defensive": False, "verify": None}


@pytest.fixture(scope="session")
def debriefer(settings: Settings, library: Library) -> Debriefer:
    quizzed = frozenset(Bank.load(settings.knowledge).by_topic)
    return Debriefer.load(settings.knowledge, library, open_practice(settings.knowledge), quizzed)


@pytest.fixture
def band(debriefer: Debriefer) -> Callable[[Played], str]:
    return lambda played: debriefer.debrief(played).band


def play(engine: Engine, run: str = "r1", sender: str = "ann", criteria: dict[str, bool | None] | None = None, at: datetime = NOON) -> int:
    """A practice of one plain line, by which everything good is missing, with these marks of the assessor's."""
    began = Began(run, "late-birthday-parcel", 1, 7, False, "Where is it?", "angry", 60, 30, "biiab", None, at)
    said = Said(run, 1, "Hello there.", (), "Well?", "angry", 60, 30, at + timedelta(seconds=20))
    marks = criteria if criteria is not None else dict.fromkeys(CRITERIA, False)
    ended = Finished(run, "walked_out", "fail", marks, (), at + timedelta(seconds=60))
    with engine.begin() as connection:
        keep(connection, sender, (began, said, ended))
        return int(connection.execute(sa.select(practices.c.id).where(practices.c.run == run)).scalar_one())


def answer(engine: Engine, *, sender: str = "ann", **changes: object) -> int:
    values: dict[str, object] = {"session": "s1", "mode": "quiz", "place": 0, "number": 1, "item": "nps", "topic": "net-promoter-score"}
    values |= {"kind": "short", "verdict": "wrong", "outcome": Outcome.WRONG, "hints": 0, "said": "loyalty", "chosen": "", "seconds": 4.0}
    made = Attempt(**{**values, "at": NOON, **changes})  # type: ignore[arg-type]
    with engine.begin() as connection:
        keep(connection, sender, (made,))
        return int(connection.execute(sa.select(sa.func.max(attempts.c.id))).scalar_one())


def trail(engine: Engine) -> list[tuple[str, str, str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(sa.select(mark_changes).order_by(mark_changes.c.id))
        return [(row.kind, row.old, row.new, row.by) for row in rows]


def stored_band(engine: Engine, practice: int) -> str:
    with engine.connect() as connection:
        return str(connection.execute(sa.select(practices.c.band).where(practices.c.id == practice)).scalar_one())


def account(engine: Engine, name: str) -> int:
    with engine.begin() as connection:
        values = {"name": name, "password": "-", "role": "tutor", "session": 0, "created_at": 0.0}
        return int(connection.execute(sa.insert(tutors).values(**values)).inserted_primary_key[0])


# Criteria


def test_a_changed_criterion_wins_everywhere_and_moves_the_band(
    engine: Engine, band: Callable[[Played], str], debriefer: Debriefer
) -> None:
    practice = play(engine)
    for name in ("resolve", "apologise"):
        assert change_criterion(engine, Criterion(practice, name, 0), True, RULING, band) is None
    assert stored_band(engine, practice) == "pass", "a remedy and an apology are enough to pass"
    assert Practices(engine).practice_results("ann") == {"late-birthday-parcel": "walked_out"}, "it is no fail any more"
    found = Practices(engine).played("ann", "r1")
    assert found
    told = debriefer.debrief(found[1])
    assert told.criteria["resolve"] is True
    assert [step.name for step in told.model.steps if step.is_met] == ["apologise", "resolve"]
    assert len(told.reviewed) == 2
    assert RULING.reason in told.reviewed[0]
    assert not {"resolve_absent", "apologise_absent"} & {name for one in told.criticisms for name in one.names}
    assert trail(engine) == [("criterion", "not met", "met", "Ann")] * 2
    with engine.connect() as connection:
        marked = {one.criterion: one for one in practices_of(connection, "ann")[0].marks}
    assert (marked["resolve"].mark, marked["resolve"].assessed, marked["resolve"].version) == (True, False, 1)
    assert marked["resolve"].changes[0].reason == RULING.reason


def test_a_denied_move_is_not_praised(engine: Engine, band: Callable[[Played], str], debriefer: Debriefer) -> None:
    line = "I'm so sorry about that."
    practice = play(engine)
    said = Said("r2", 1, line, (Move("apologise", 0, len(line), 0.99),), "Well.", "upset", 50, 35, NOON)
    began = Began("r2", "late-birthday-parcel", 1, 7, False, "Where is it?", "angry", 60, 30, None, None, NOON)
    with engine.begin() as connection:
        keep(connection, "ann", (began, said, Finished("r2", "walked_out", "fail", {"apologise": True}, (), NOON)))
        practice = int(connection.execute(sa.select(practices.c.id).where(practices.c.run == "r2")).scalar_one())
    before = Practices(engine).played("ann", "r2")
    assert before
    assert "apologise" in {name for strength in debriefer.debrief(before[1]).strengths for name in strength.names}
    assert change_criterion(engine, Criterion(practice, "apologise", 0), False, RULING, band) is None
    after = Practices(engine).played("ann", "r2")
    assert after
    told = debriefer.debrief(after[1])
    assert "apologise" not in {name for strength in told.strengths for name in strength.names}
    assert all(step.quote is None for step in told.model.steps if step.name == "apologise")


def test_of_two_tutors_at_once_the_second_overwrites_nothing(engine: Engine, band: Callable[[Played], str]) -> None:
    practice = play(engine)
    seen = Criterion(practice, "thank", 0)
    assert change_criterion(engine, seen, True, RULING, band) is None
    clash = change_criterion(engine, seen, None, Ruling("Ben", "Nobody had to.", LATER + 60), band)
    assert clash == Clash("met", "Ann", RULING.reason, LATER)
    assert trail(engine) == [("criterion", "not met", "met", "Ann")]
    with engine.connect() as connection:
        mark = connection.execute(sa.select(practice_marks.c.mark).where(practice_marks.c.criterion == "thank")).scalar()
    assert mark is True


def test_a_change_while_the_band_is_worked_out_is_taken_into_account(engine: Engine, band: Callable[[Played], str]) -> None:
    practice = play(engine)
    others: list[str] = ["apologise"]

    def slow(played: Played) -> str:
        while others:
            change_criterion(engine, Criterion(practice, others.pop(), 0), True, Ruling("Ben", "I see one.", LATER), band)
        return band(played)

    assert change_criterion(engine, Criterion(practice, "resolve", 0), True, RULING, slow) is None
    assert stored_band(engine, practice) == "pass"


def test_what_notes_a_change_stands_or_falls_with_it(engine: Engine, band: Callable[[Played], str]) -> None:
    def fail(_: Connection) -> None:
        raise RuntimeError

    practice = play(engine)
    with pytest.raises(RuntimeError):
        change_criterion(engine, Criterion(practice, "thank", 0), True, replace(RULING, noting=fail), band)
    assert trail(engine) == []
    with pytest.raises(LookupError):
        change_criterion(engine, Criterion(practice, "charm", 0), True, RULING, band)
    with pytest.raises(ValueError, match="reason"):
        Ruling("Ann", "  ", LATER)


# Answers and appeals


def test_a_changed_answer_makes_its_schedule_again(engine: Engine) -> None:
    first = answer(engine, outcome=None)
    second = answer(engine, number=2, verdict="right", outcome=Outcome.HINTED)
    assert change_answer(engine, second, "right", "wrong", RULING) is None
    assert Study(engine).cards("ann")["nps"] == reviewed(None, "nps", Outcome.WRONG, NOON)
    assert change_answer(engine, first, "wrong", "right", RULING) is None
    assert Study(engine).cards("ann")["nps"] == reviewed(None, "nps", Outcome.RIGHT, NOON)
    found = [(one.verdict, one.outcome) for one in Study(engine).attempts_of("ann", "s1")]
    assert found == [("right", Outcome.RIGHT), ("wrong", None)]
    assert Study(engine).answered("ann") == (1, 1)
    clash = change_answer(engine, first, "wrong", "partly", Ruling("Ben", "Half of it.", LATER + 5))
    assert clash == Clash("right", "Ann", RULING.reason, LATER)
    assert trail(engine) == [("item", "right", "wrong", "Ann"), ("item", "wrong", "right", "Ann")]


def test_a_checkpoint_schedules_nothing_after_a_change_either(engine: Engine) -> None:
    made = answer(engine, mode="checkpoint-first", outcome=None)
    assert change_answer(engine, made, "wrong", "right", RULING) is None
    assert Study(engine).cards("ann") == {}
    assert Study(engine).answered("ann") == (0, 0)


def test_an_appeal_is_decided_once_and_leaves_the_old_mark_in_the_trail(engine: Engine) -> None:
    made = answer(engine)
    with engine.begin() as connection:
        keep(connection, "ann", (Appeal("s1", 0, 1, "I think I was right", NOON),))
    with engine.connect() as connection:
        waiting = contested_of(connection, "ann")
    assert [one.id for one in waiting] == [made]
    assert waiting[0].appeal
    appeal = waiting[0].appeal.id
    assert decide_appeal(engine, appeal, True, RULING) is None
    assert decide_appeal(engine, appeal, False, Ruling("Ben", "No.", LATER)) == Clash("upheld", "Ann", RULING.reason, LATER)
    assert trail(engine) == [("appeal", "wrong", "right", "Ann")]
    assert Study(engine).cards("ann")["nps"].last is Outcome.RIGHT
    with engine.connect() as connection:
        assert contested_of(connection, "ann") == ()
        shown = answers_of(connection, "ann", NOON.timestamp(), NOON.timestamp() + 1)
        assert [(one.verdict, one.appeal and one.appeal.status) for one in shown] == [("right", "upheld")]


# The learner is told


def test_a_learner_is_told_of_changes_once_and_only_of_their_own(engine: Engine, band: Callable[[Played], str]) -> None:
    practice, other = play(engine), play(engine, "r9", "ben")
    made = answer(engine)
    change_criterion(engine, Criterion(practice, "thank", 0), True, RULING, band)
    change_criterion(engine, Criterion(practice, "thank", 1), False, Ruling("Ann", "On a third look, no.", LATER), band)
    change_criterion(engine, Criterion(other, "thank", 0), True, RULING, band)
    change_answer(engine, made, "wrong", "partly", RULING)
    study = Study(engine)
    news = study.changed_marks("ann")
    assert [(one.criterion, one.item, one.mark) for one in news] == [("thank", "", "not met"), ("", "nps", "partly")]
    with engine.begin() as connection:
        keep(connection, "ann", (Told(tuple(one.id for one in news), NOON),))
    assert study.changed_marks("ann") == ()
    assert len(study.changed_marks("ben")) == 1


# Second marks


def test_the_queue_offers_what_was_marked_least_and_never_ones_own(engine: Engine) -> None:
    ann, ben = account(engine, "Ann"), account(engine, "Ben")
    first, second, third = (play(engine, f"q{n}", at=NOON + timedelta(hours=n)) for n in range(3))
    with engine.begin() as connection:
        keep_second_marks(connection, third, ann, GOOD, LATER)
        keep_second_marks(connection, first, ben, GOOD, LATER)
        assert not keep_second_marks(connection, first, ben, {"thank": False}, LATER), "blind marks are given once"
        assert [(one.practice, one.marked) for one in queue(connection, Viewer(ann, True), 9)] == [(second, 0), (first, 1)]
        assert queue(connection, Viewer(ann, False), 9) == (), "of learners in no group of hers she sees none"


def test_poor_agreement_makes_a_criterion_advisory_and_the_bands_follow(engine: Engine, band: Callable[[Played], str]) -> None:
    """Tutors contradict the assessor on `disclosed_data` by chance: it leaves the band, and comes back once they agree."""
    ann = account(engine, "Ann")
    dice = Random(3)
    runs = [play(engine, f"a{n}", criteria={**GOOD, "disclosed_data": n % 2 == 0}, at=NOON + timedelta(hours=n)) for n in range(24)]
    failed = runs[0]
    for name in CRITERIA:
        wanted = GOOD[name] if name != "disclosed_data" else True
        assert change_criterion(engine, Criterion(failed, name, 0), wanted, RULING, band) is None
    assert stored_band(engine, failed) == "fail"
    with engine.begin() as connection:
        for practice in runs:
            keep_second_marks(connection, practice, ann, {**GOOD, "disclosed_data": dice.random() < 0.5}, LATER)
        found = {one.criterion: one for one in agreed(connection)}
    assert [name for name, one in found.items() if one.advisory] == ["disclosed_data"]
    assert (found["disclosed_data"].assessor.pairs, found["disclosed_data"].tutors.pairs) == (24, 0)
    assert found["thank"].assessor.kappa is None, "the same mark throughout"
    while reband_next(engine, band, 10):
        pass
    assert stored_band(engine, failed) not in ("fail", "pass")
    with engine.begin() as connection:
        agree = sa.select(practice_marks.c.assessed).where(
            practice_marks.c.practice_id == second_marks.c.practice_id, practice_marks.c.criterion == second_marks.c.criterion
        )
        connection.execute(sa.update(second_marks).values(mark=agree.scalar_subquery()))
        assert settle_advisory(connection, LATER)
        assert connection.execute(sa.select(advisory_criteria)).all() == []
    while reband_next(engine, band, 10):
        pass
    assert stored_band(engine, failed) == "fail"


# Comments and tags


def test_remarks_are_kept_and_only_their_writer_removes_them(engine: Engine) -> None:
    play(engine)
    with engine.begin() as connection:
        comment = add_comment(connection, Place("ann", 4, 0, 5), "  Well put. ", "Ann", LATER)
        for _ in range(2):
            assert add_tag(connection, Place("ann", 4), "Legal: Refund!", "Ben", LATER) == "legal-refund"
        assert [(one.text, one.place, one.is_tag) for one in remarks_on(connection, "ann")] == [
            ("Well put.", Place("ann", 4, 0, 5), False),
            ("legal-refund", Place("ann", 4), True),
        ]
        assert len(examples(connection, Viewer(1, True), "legal-refund", 9)) == 1
        assert examples(connection, Viewer(1, False), "legal-refund", 9) == ()
        assert not remove(connection, "ann", comment, "Ben", False)
        assert remove(connection, "ann", comment, "Ann", False)
        for wrong in ("", "!!", "x" * 41):
            with pytest.raises(ValueError, match="tag"):
                tag_name(wrong)
