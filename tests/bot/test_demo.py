"""A small made-up college, played through the real tutor: what was planted is there, and the same again from the same seed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from typer.testing import CliRunner

from bot.demo import College, Filled, Size
from bot.records import migrate, open_engine
from bot.records.access import Viewer
from bot.records.accounts import SignIn
from bot.records.engine import reading
from bot.records.inbox import conversation
from bot.records.tables import appeals, attempts, events, practices
from bot.records.transcripts import read
from bot.tutor import Tutor
from server.cli import app

NOW = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)
SMALL = Size(groups=1, learners=8, weeks=2)
LEAD = Viewer(0, lead=True)


def made(folder: Path, tutor: Tutor) -> tuple[Engine, Filled]:
    engine = open_engine(f"sqlite:///{folder / 'college.db'}")
    migrate(engine)
    passwords = (f"amber kettle {number} quarry" for number in range(10, 99))
    return engine, College(engine, tutor, lambda: next(passwords)).fill(SMALL, NOW)


@pytest.fixture(scope="module")
def college(tutor: Tutor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Filled]]:
    engine, filled = made(tmp_path_factory.mktemp("college"), tutor)
    yield engine, filled
    engine.dispose()


def test_every_planted_problem_is_found_by_the_desk(college: tuple[Engine, Filled]) -> None:
    """As the inbox names it; what only shows over weeks or in few learners is left to a whole college."""
    engine, filled = college
    expected = {
        "safeguarding": "safeguarding",
        "unhappy": "safeguarding",
        "appeal": "appeal",
        "disclosed": "disclosed",
        "unhelped": "unhelpful",
        "declines": "declined",
        "failed": "failed",
    }
    assert filled.planted.keys() >= {*expected, "abandoned", "private data", "insult"}
    for problem, sign in expected.items():
        for sender in filled.planted[problem][:1]:
            with reading(engine) as connection:
                found = conversation(connection, LEAD, sender)
            assert found
            assert sign in [reason.name for reason in found.reasons], problem


def test_what_is_told_happened_and_nobody_real_is_in_it(college: tuple[Engine, Filled]) -> None:
    engine, filled = college
    with reading(engine) as connection:
        assert connection.execute(sa.select(appeals.c.status)).scalars().all().count("waiting") >= 1
        endings = set(connection.execute(sa.select(practices.c.ending)).scalars())
        assert {"unsafe", None} <= endings
        assert connection.execute(sa.select(sa.func.count()).select_from(attempts)).scalar_one() >= SMALL.learners * 15
        moments = connection.execute(sa.select(sa.func.min(events.c.timestamp), sa.func.max(events.c.timestamp))).one()
        texts = "\n".join(connection.execute(sa.select(events.c.data)).scalars())
    assert NOW.timestamp() - 15 * 86400 < moments[0] < moments[1] < NOW.timestamp()
    assert "nosuchcollege" not in texts
    assert "07911" not in texts
    assert "[email]" in texts
    with reading(engine) as connection:
        for account in filled.accounts:
            signed_in = SignIn("secret").check(connection, account.name, account.password)
            assert signed_in
            assert signed_in.role == account.role


def test_conversations_can_be_read_as_those_of_the_server(college: tuple[Engine, Filled]) -> None:
    engine, filled = college
    with reading(engine) as connection:
        page = read(connection, filled.planted["disclosed"][0])
    assert not page.skipped
    assert [said.text for said in page.messages if said.press and said.text == said.press] == []
    assert all(said.replies for said in page.messages if said.who == "learner")
    assert any(said.run and said.turn for said in page.messages)


def test_the_same_seed_makes_the_same_college(college: tuple[Engine, Filled], tutor: Tutor, tmp_path: Path) -> None:
    """But for join codes, which are nobody's to foresee."""
    first, again = said_in(college[0]), said_in(made(tmp_path, tutor)[0])
    assert len(first) > 100
    assert first == again


def said_in(engine: Engine) -> list[tuple[str, float, str]]:
    with reading(engine) as connection:
        rows = connection.execute(
            sa.select(events.c.sender_id, events.c.timestamp, events.c.data).where(events.c.type_name == "user")
        ).all()
    return [(row.sender_id, row.timestamp, text) for row in rows if not (text := json.loads(row.data)["text"]).lower().startswith("join ")]


def test_a_database_in_use_is_left_alone(college: tuple[Engine, Filled]) -> None:
    engine, _ = college
    before = len(said_in(engine))
    refused = CliRunner().invoke(app, ["demo", "--database", str(engine.url)])
    assert refused.exit_code == 1
    assert "--force" in str(refused.exception)
    assert len(said_in(engine)) == before
