"""A small sample of the benchmark of the tutors' desk. The whole of it is `python -m tests.benchmarks.desk`."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from werkzeug.datastructures import MultiDict

from bot.records import migrate, open_engine
from bot.records.access import Viewer
from bot.records.desk_tables import messages, triage
from bot.records.engine import reading
from bot.records.inbox import Filters, inbox
from bot.records.reader import catch_up
from bot.records.tables import appeals, attempts, conversations, events
from bot.records.transcripts import read
from bot.records.triage import signs_in
from review.inbox import filters_of
from tests.benchmarks.college import SHARE, College, Plan, build
from tests.benchmarks.desk import NOW, asked
from tests.databases import empty_database

CONVERSATIONS = 1000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, College]]:
    with empty_database("sqlite", tmp_path_factory.mktemp("college")) as address:
        engine = open_engine(address)
        migrate(engine)
        college = build(engine, Plan(CONVERSATIONS, learners=200), NOW.timestamp())
        assert not catch_up(engine, NOW.timestamp(), 60)
        yield engine, college
        engine.dispose()


def test_the_first_rows_hold_the_planted_problems(made: tuple[Engine, College]) -> None:
    engine, college = made
    assert len(college.planted) == round(SHARE * CONVERSATIONS) == 16
    with reading(engine) as connection:
        rows = inbox(connection, Viewer(college.lead, lead=True), Filters(), limit=20).rows
        reasons = dict(connection.execute(sa.select(triage.c.sender_id, triage.c.reasons)).all())
    assert sum(row.sender in college.planted for row in rows) >= 0.8 * len(college.planted)
    for sender, problem in college.planted.items():
        assert problem in [sign.name for sign in signs_in(reasons[sender])]


def test_everything_is_read_as_it_was_written(made: tuple[Engine, College]) -> None:
    engine, college = made
    with reading(engine) as connection:
        said = connection.execute(sa.select(sa.func.count()).where(events.c.type_name == "user")).scalar()
        kept, turns = connection.execute(sa.select(sa.func.count()).select_from(messages)).scalar(), sa.func.sum(triage.c.turns)
        assert said == kept == connection.execute(sa.select(turns)).scalar()
        assert connection.execute(sa.select(sa.func.count()).select_from(conversations)).scalar() == CONVERSATIONS
        long = read(connection, college.longest)
        assert long.older is not None and long.skipped == 0
        assert connection.execute(sa.select(triage.c.turns).where(triage.c.sender_id == college.longest)).scalar_one() >= 500
        waiting = sa.select(attempts.c.sender_id).join(appeals, appeals.c.attempt_id == attempts.c.id)
        assert set(connection.execute(waiting).scalars()) == {sender for sender, kind in college.planted.items() if kind == "appeal"}


def test_every_filter_of_the_benchmark_finds_some_and_not_all(made: tuple[Engine, College]) -> None:
    """So that what is measured is what is meant."""
    engine, college = made
    empty = {"done", "a search for what nobody said"}  # nothing is settled here yet
    viewers = (Viewer(college.lead, lead=True), Viewer(college.tutor, lead=False))
    counts: dict[str, tuple[int, int]] = {}
    with reading(engine) as connection:
        for name, query in asked(college).items():
            filters = filters_of(MultiDict(item for item in parse_qsl(query) if item[0] != "after"))
            lead, tutor = (len(inbox(connection, viewer, filters, limit=CONVERSATIONS).rows) for viewer in viewers)
            counts[name] = lead, tutor
    assert {name for name, (lead, _) in counts.items() if lead == 0} == empty
    assert all(tutor <= lead for lead, tutor in counts.values())
    assert counts["everything"] == (CONVERSATIONS, counts["everything"][1])
    narrowing = {name for name, (lead, _) in counts.items() if lead < CONVERSATIONS}
    assert counts.keys() - narrowing == {"as it opens", "everything", "nobody's", "a hundred pages on"}
    assert 0 < counts["everything"][1] < CONVERSATIONS / 4
