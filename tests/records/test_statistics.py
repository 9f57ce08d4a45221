"""What statistics are fed with: first answers, first runs, whole tests, activity and leaving; on SQLite and PostgreSQL."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.quiz.bank import CHECKPOINT_ITEMS, CHECKPOINTS, Bank
from bot.records import activity, migrate, open_engine, statistics
from bot.records.access import Viewer
from bot.records.desk_tables import group_tutors, groups, mark_changes, memberships, messages, practice_marks, triage, tutors
from bot.records.engine import reading
from bot.records.selection import DAY, WEEK, Selection, period_of, selected, selected_learner
from bot.records.tables import attempts, identities, learners, practice_turns, practices
from bot.statistics import Ended, Flag, flags_of, item_figures, known_now, picks_of
from bot.statistics.criteria import UNWANTED
from tests.databases import KINDS, empty_database
from tests.records.answered import NOW, College

ALWAYS = Selection(None, 0.0, NOW + DAY)
LEAD = Viewer(1, True)


def add(engine: Engine, table: sa.Table, *rows: dict[str, Any]) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(table), list(rows))


def people(engine: Engine, *numbers: int) -> None:
    add(engine, learners, *({"id": number, "created_at": 0.0} for number in numbers))
    add(engine, identities, *({"sender_id": f"s{number}", "learner_id": number} for number in numbers))


def answer(learner: int, item: str, verdict: str = "right", **changes: Any) -> dict[str, Any]:
    plain = {"session": "q", "mode": "quiz", "place": 0, "number": 1, "topic": "kpis", "kind": "single", "outcome": None, "hints": 0}
    more = {"said": "", "chosen": "0", "seconds": 1.0, "at": NOW - 9 * DAY, "sender_id": f"s{learner}", "length": 10}
    return {"learner_id": learner, "item": item, "verdict": verdict, **plain, **more, **changes}


def run(number: int, learner: int = 1, **changes: Any) -> dict[str, Any]:
    plain = {"run": f"r{number}", "scenario": "sofa", "difficulty": 1, "seed": 1, "hidden": False, "opening": "Well?", "mood": "cross"}
    more = {"anger": 5, "trust": 5, "started_at": NOW - 9 * DAY, "ended_at": NOW - 9 * DAY + 60, "ending": "satisfied", "origin": None}
    return {"id": number, "learner_id": learner, **plain, **more, "sender_id": f"s{learner}", **changes}


def marked(number: int, **marks: bool | None) -> list[dict[str, Any]]:
    return [{"practice_id": number, "criterion": name, "mark": mark, "assessed": mark, "version": 0} for name, mark in marks.items()]


def by_item(first: statistics.FirstAnswers) -> dict[str, list[tuple[int, float]]]:
    """(learner, mark) by item."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for who, item, mark in zip(first.answers.who, first.answers.item, first.answers.mark, strict=True):
        found[first.items[item]].append((int(who), float(mark)))
    return {item: sorted(pairs) for item, pairs in found.items()}


def test_only_a_learners_first_answer_to_an_item_counts_and_only_unaided(engine: Engine) -> None:
    people(engine, 1, 2, 3)
    add(
        engine,
        attempts,
        answer(1, "nps", "wrong", chosen="2"),
        answer(1, "nps", "right", number=2),
        answer(1, "nps", "right", session="later"),
        answer(2, "nps", "right", hints=1),
        answer(3, "nps", "skipped", chosen=""),
        answer(3, "csat", "right", place=1, chosen="1"),
        answer(2, "csat", "partly", place=1, chosen="02"),
    )
    with reading(engine) as connection:
        first = statistics.first_answers(connection, ALWAYS)
    assert by_item(first) == {"nps": [(1, 0), (2, 0), (3, 0)], "csat": [(2, 0), (3, 1)]}
    assert first.chosen["nps"] == {"2": 1, "0": 1}
    assert first.unanswered == {"nps": 1, "csat": 0}


def test_a_changed_verdict_counts_at_once(engine: Engine) -> None:
    people(engine, 1)
    add(engine, attempts, answer(1, "nps", "wrong"))
    with engine.begin() as connection:
        connection.execute(sa.update(attempts).values(verdict="right"))
    change = {"kind": "item", "attempt_id": 1, "old": "wrong", "new": "right", "reason": "same thing", "by": "Lena", "at": NOW}
    with engine.begin() as connection:
        number = connection.execute(sa.select(attempts.c.id)).scalar_one()
        connection.execute(sa.insert(mark_changes).values({**change, "attempt_id": number}))
    with reading(engine) as connection:
        assert by_item(statistics.first_answers(connection, ALWAYS)) == {"nps": [(1, 1)]}
        assert statistics.item_changes(connection, ALWAYS, "nps") == 1
        assert statistics.item_changes(connection, ALWAYS, "csat") == 0


def test_time_is_that_of_the_first_answer(engine: Engine) -> None:
    """A later answer in the time asked about does not become a first one."""
    people(engine, 1, 2)
    add(engine, attempts, answer(1, "nps", at=NOW - 60 * DAY), answer(1, "nps", session="later"), answer(2, "nps", "wrong"))
    recent = Selection(None, NOW - 10 * DAY, NOW)
    with reading(engine) as connection:
        assert by_item(statistics.first_answers(connection, recent)) == {"nps": [(2, 0)]}
        spells = statistics.item_history(connection, ALWAYS, "nps")
    assert sum(spell.n for spell in spells) == 2
    assert spells[0] == statistics.Spell(period_of(NOW - 60 * DAY, 4), 1, 1)


def test_a_tutor_is_told_of_their_own_groups_only(engine: Engine) -> None:
    people(engine, 1, 2, 3)
    add(engine, attempts, answer(1, "nps"), answer(2, "nps", "wrong"), answer(3, "nps"))
    for number, learner in ((1, 1), (2, 2)):
        add(engine, groups, {"id": number, "name": f"G{number}", "code": f"C{number}", "created_at": 0.0})
        add(engine, memberships, {"group_id": number, "learner_id": learner, "name": "Kim", "joined_at": 0.0})
    add(engine, tutors, {"id": 7, "name": "Tom", "password": "", "role": "tutor", "session": 0, "created_at": 0.0})
    add(engine, group_tutors, {"group_id": 2, "tutor_id": 7})
    with reading(engine) as connection:

        def seen(selection: Selection) -> list[int]:
            return [who for who, _ in by_item(statistics.first_answers(connection, selection)).get("nps", [])]

        assert seen(selected(LEAD, None, 0, NOW)) == [1, 2, 3]
        assert seen(selected(LEAD, 1, 0, NOW)) == [1]
        assert seen(selected(Viewer(7, False), None, 0, NOW)) == [2]
        assert seen(selected(Viewer(8, False), None, 0, NOW)) == []
        assert seen(selected_learner(3, 0, NOW)) == [3]
        assert activity.known_as(connection, Viewer(7, False), 2) == "Kim"
        assert activity.known_as(connection, Viewer(7, False), 1) is None


def test_criteria_are_of_first_runs_with_the_marks_that_count_now(engine: Engine) -> None:
    people(engine, 1, 2)
    add(engine, practices, run(1), run(2), run(3, scenario="ring", origin="r1"), run(4, learner=2), run(5, learner=2, scenario="ring"))
    add(engine, practices, run(6, scenario="bakery", ended_at=None, ending=None))
    given = (marked(1, listen=True, defensive=False, verify=None), marked(2, listen=False), marked(3, listen=False))
    more = (marked(4, listen=False, defensive=True, verify=True), marked(5, listen=True))
    add(engine, practice_marks, *(row for rows in (*given, *more) for row in rows))
    with engine.begin() as connection:
        own = (practice_marks.c.practice_id == 4, practice_marks.c.criterion == "listen")
        connection.execute(sa.update(practice_marks).where(*own).values(mark=True))
    with reading(engine) as connection:
        first = statistics.first_marks(connection, ALWAYS, UNWANTED)
        changed = statistics.marks_changed(connection, ALWAYS)
    assert by_item(first) == {"listen": [(1, 1), (4, 1), (5, 1)], "defensive": [(1, 1), (4, 0)], "verify": [(4, 1)]}
    assert changed == {"listen": 1}, "what never applied was not changed"


def test_criteria_over_time_count_every_run(engine: Engine) -> None:
    people(engine, 1)
    long_ago = NOW - 30 * DAY
    add(engine, practices, run(1, ended_at=long_ago), run(2), run(3, origin="r2"))
    rows = (marked(1, listen=False), marked(2, listen=True), marked(3, listen=True, verify=None))
    add(engine, practice_marks, *(row for given in rows for row in given))
    with reading(engine) as connection:
        met = activity.criteria_by_fortnight(connection, ALWAYS)
    then, now = period_of(long_ago, 2), period_of(NOW - 9 * DAY, 2)
    assert met == (activity.Met(then, "listen", 1, 0), activity.Met(now, "listen", 2, 2))


def test_a_test_counts_once_for_each_learner_and_only_whole(engine: Engine) -> None:
    people(engine, 1, 2, 3)

    def test(learner: int, session: str, rights: str) -> list[dict[str, Any]]:
        verdicts = ["right" if letter == "r" else "wrong" for letter in rights]
        rows = [answer(learner, f"i{place}", verdict, place=place) for place, verdict in enumerate(verdicts)]
        return [{**row, "session": session, "mode": CHECKPOINTS[0]} for row in rows]

    taken = (test(1, "broken", "rr"), test(1, "first", "rwr"), test(1, "again", "rrr"), test(2, "only", "www"), test(3, "part", "rr"))
    add(engine, attempts, *(row for rows in taken for row in rows))
    with reading(engine) as connection:
        found = list(statistics.takings(connection, ALWAYS, CHECKPOINTS[0], 3))
    assert [(taking.learner, list(taking.marks.values())) for taking in found] == [(1, [1, 0, 1]), (2, [0, 0, 0])]


def test_weeks_count_people_not_conversations(engine: Engine) -> None:
    people(engine, 1, 2)
    add(engine, identities, {"sender_id": "s1-phone", "learner_id": 1})
    monday = NOW - NOW % DAY  # NOW is a Monday
    said = [("s1", monday), ("s1-phone", monday + 1), ("s2", monday + 2), ("stranger", monday + 3), ("s1", monday - 1)]
    plain = {"text": "hello", "intent": "greet", "reply": "greet"}
    add(engine, messages, *({**plain, "event_id": number, "sender_id": sender, "at": at} for number, (sender, at) in enumerate(said)))
    add(engine, attempts, answer(1, "nps", at=monday + 5))
    with reading(engine) as connection:
        all_of_them = activity.by_week(connection, ALWAYS)
        of_one = activity.by_week(connection, selected_learner(1, 0, NOW + DAY))
    this, last = period_of(monday, 1), period_of(monday - 1, 1)
    assert this == last + 1, "weeks begin on Mondays at midnight"
    assert all_of_them == {last: activity.Week(last, 1, 1), this: activity.Week(this, 4, 3, 1)}
    assert of_one == {last: activity.Week(last, 1, 1), this: activity.Week(this, 2, 1, 1)}


def test_quizzes_and_practices_are_left_where_nothing_followed(engine: Engine) -> None:
    people(engine, 1)
    whole = [answer(1, f"i{place}", place=place, session="whole", length=2) for place in range(2)]
    left = [answer(1, f"j{place}", place=place, session="left", length=5) for place in range(3)]
    open_still = [answer(1, "k", session="open", at=NOW, length=5)]
    untold = [answer(1, "l", session="old", length=None)]
    add(engine, attempts, *whole, *left, *open_still, *untold)
    add(
        engine,
        practices,
        run(1),
        run(2, ended_at=None, ending=None),
        run(3, ending=None),
        run(4, ended_at=None, ending=None, started_at=NOW),
    )
    turn = {"said": "Sorry", "moves": "[]", "reply": "Hm", "mood": "cross", "anger": 5, "trust": 5, "at": NOW}
    add(engine, practice_turns, *({**turn, "practice_id": practice, "turn": place} for practice, place in ((1, 1), (1, 2), (3, 1))))
    with reading(engine) as connection:
        assert set(activity.quizzes_ended(connection, ALWAYS, ("quiz",))) == {Ended(2, False), Ended(3, True)}
        assert set(activity.practices_ended(connection, ALWAYS)) == {Ended(2, False), Ended(0, True), Ended(1, True)}


def test_first_visits_count_those_who_had_time_to_come_back(engine: Engine) -> None:
    people(engine, 1, 2, 3)
    plain = {"channel": "web", "last_event_id": 0, "turns": 3, "preview": "", "need": 0, "reasons": "[]", "status": "new", "version": 0}
    visits = [("s1", 1, 40, 40), ("s1-phone", 1, 20, 20), ("s2", 2, 30, 30), ("s3", 3, 3, 3), ("nobody", None, 30, 30)]
    rows = ({"sender_id": who, "learner_id": number, "first_at": NOW - a * DAY, "last_at": NOW - b * DAY} for who, number, a, b in visits)
    add(engine, triage, *({**plain, **row} for row in rows))
    with reading(engine) as connection:
        assert activity.first_visits(connection, ALWAYS) == activity.FirstVisits(new=3, once=2)
        assert activity.first_visits(connection, selected_learner(2, 0, NOW)) == activity.FirstVisits(1, 1)


def test_an_empty_database_has_nothing_to_say(engine: Engine) -> None:
    with reading(engine) as connection:
        first = statistics.first_answers(connection, ALWAYS)
        assert (first.items, item_figures(first.answers)) == ((), ())
        assert activity.remembered(connection, ALWAYS).learners == 0
        assert activity.by_week(connection, ALWAYS) == {}
        assert list(statistics.takings(connection, ALWAYS, "mock", 20)) == []
        assert activity.first_visits(connection, ALWAYS) == activity.FirstVisits(0, 0)


# --- a college of fifty ---------------------------------------------------------------------------------------------------------------

LEARNERS, ATTEMPTS = 50, 20_000  # a small part of 1,000 learners and 300,000 attempts
PATIENCE = 1.0  # seconds


@pytest.fixture(scope="module")
def college() -> College:
    return College(Bank.load(Path("knowledge")), LEARNERS, ATTEMPTS)


@pytest.fixture(scope="module", params=KINDS)
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, college: College) -> Iterator[Engine]:
    with empty_database(request.param, tmp_path_factory.mktemp("college")) as address:
        opened = open_engine(address)
        migrate(opened)
        college.fill(opened)
        yield opened
        opened.dispose()


def test_planted_faults_of_items_come_out(full: Engine, college: College) -> None:
    with reading(full) as connection:
        first = statistics.first_answers(connection, ALWAYS)
    figures = dict(zip(first.items, item_figures(first.answers), strict=True))
    flags = {
        item.id: flags_of(figures[item.id], picks_of(item, first.chosen[item.id], first.unanswered[item.id])) for item in college.items
    }
    assert Flag.AGAINST in flags[college.reversed_key.id]
    assert Flag.EASY in flags[college.too_easy.id]
    assert all(Flag.UNUSED in flags[item.id] for item in college.items if item.kind == "single" and figures[item.id].n >= 30)
    judged = [figures[item.id].index for item in college.items if figures[item.id].n >= 30 and item != college.reversed_key]
    assert np.mean([index for index in judged if index is not None]) > 0.2, "the others tell learners apart"


def test_first_answers_agree_with_a_plain_look_through_the_table(full: Engine) -> None:
    with reading(full) as connection:
        first = statistics.first_answers(connection, ALWAYS)
        rows = connection.execute(sa.select(attempts).order_by(attempts.c.id)).all()
    expected: dict[str, dict[int, float]] = defaultdict(dict)
    for row in rows:
        expected[row.item].setdefault(row.learner_id, float(row.verdict == "right"))
    assert by_item(first) == {item: sorted(marks.items()) for item, marks in expected.items()}


def test_checkpoints_of_a_college_are_whole(full: Engine) -> None:
    with reading(full) as connection:
        taken = list(statistics.takings(connection, ALWAYS, CHECKPOINTS[0], CHECKPOINT_ITEMS))
    assert len(taken) == LEARNERS
    assert all(len(taking.marks) == CHECKPOINT_ITEMS for taking in taken)


def test_what_is_remembered_adds_up(full: Engine) -> None:
    with reading(full) as connection:
        remembered = activity.remembered(connection, ALWAYS)
    assert remembered.learners == LEARNERS
    assert all(1 <= count <= LEARNERS for count in remembered.seen.values())
    chances = known_now(remembered.stability, remembered.last_review, NOW)
    assert chances.min() > 0
    assert (chances * remembered.count).sum() < sum(remembered.seen.values())


def test_every_query_of_a_college_is_quick(full: Engine) -> None:
    """So that a page of a college twenty times as large takes under a second on a machine that does nothing else."""
    half_year = Selection(None, NOW - 26 * WEEK, NOW)
    with reading(full) as connection:
        for query in (
            lambda: statistics.first_answers(connection, half_year),
            lambda: activity.by_week(connection, half_year),
            lambda: activity.remembered(connection, half_year),
            lambda: activity.quizzes_ended(connection, half_year, ("quiz",)),
            lambda: statistics.first_marks(connection, half_year, UNWANTED),
        ):
            query()  # the database reads its pages
            began = time.monotonic()
            query()
            assert time.monotonic() - began < PATIENCE
