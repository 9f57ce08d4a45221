"""`aftercare data` and `aftercare retain`: what they write, what they report, and that nobody else can read it."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from typer.testing import CliRunner, Result

from bot.records import migrate, open_engine, trail
from bot.records.engine import reading
from server.cli import app
from tests.databases import KINDS, empty_database
from tests.records.test_learner_data import MARKER, college, dumped, learner


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    with empty_database(request.param, tmp_path) as address:
        monkeypatch.setenv("AFTERCARE_DATABASE_URL", address)
        monkeypatch.setenv("AFTERCARE_SECRET", "secret")
        opened = open_engine(address)
        migrate(opened)
        with opened.begin() as connection:
            college(connection)
            learner(connection, "ann", ("ann", "ann on her phone"))
            learner(connection, "bob", word="kestrel")
        yield opened
        opened.dispose()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_everything_is_written_for_programs_and_for_reading(engine: Engine, tmp_path: Path) -> None:
    done = run("data", "export", "ann", "--to", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    data = json.loads((tmp_path / "out" / "learner-1.json").read_text(encoding="utf-8"))
    assert data["learner"] == 1 and len(data["tables"]["events"]) == 4
    assert f"{MARKER} comment" in (tmp_path / "out" / "learner-1.html").read_text(encoding="utf-8")
    for path in (tmp_path / "out").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "kestrel" not in path.read_text(encoding="utf-8")


def test_erasing_asks_reports_and_leaves_nothing(engine: Engine) -> None:
    refused = CliRunner().invoke(app, ["data", "erase", "1"], input="n\n")
    assert refused.exit_code == 1 and MARKER in dumped(engine)
    counted = run("data", "show", "ann on her phone")
    assert "attempts" in counted.output and "2 conversations" in counted.output
    done = run("data", "erase", "learner 1", "--yes")
    assert done.exit_code == 0, done.output
    assert "0 are left" in done.output and "4 examples of theirs had been applied" not in done.output
    assert "2 examples of theirs had been applied" in done.output and "Backups" in done.output
    assert MARKER not in dumped(engine) and "kestrel" in dumped(engine)
    again = run("data", "erase", "ann", "--yes")
    assert again.exit_code != 0
    with reading(engine) as connection:
        noted = [(entry.by, entry.what, entry.subject) for entry in reversed(trail.entries(connection))]
    assert noted == [("command line", "counted a learner's data", "learner 1"), ("command line", "erased a learner", "learner 1")]


def test_research_and_retention(engine: Engine, tmp_path: Path) -> None:
    done = run("data", "research", "--to", str(tmp_path / "research.jsonl"))
    assert done.exit_code == 0, done.output
    lines = (tmp_path / "research.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 10 and "Brown" not in "".join(lines)
    before = dumped(engine)
    counted = run("retain", "--dry-run")
    assert counted.exit_code == 0 and "rows in all" in counted.output, counted.output
    assert dumped(engine) == before
    assert run("retain").exit_code == 0
