"""What stops a start says so in one sentence and what to do; what breaks later leaves the server up."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import ROOT
from server.database import REST_SECONDS
from server.launcher import check_database, check_model, check_port
from tests.conftest import AFTERCARE, Server, start_server
from tests.databases import absent


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Port {port}.*choose another"):
            check_port("127.0.0.1", port, "PORT")


def test_a_database_that_cannot_be_reached_is_named_without_its_password() -> None:
    with pytest.raises(SettingsError) as raised:
        check_database("postgresql://someone:hunter2@127.0.0.1:1/nothing")
    assert "cannot be written" in str(raised.value)
    assert "hunter2" not in str(raised.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a folder that even its owner cannot write")
def test_a_read_only_database_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be written"):
        check_database("sqlite:////proc/aftercare.db")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("not a database at all, just words " * 100)
    with pytest.raises(SettingsError, match="not a database"):
        check_database(f"sqlite:///{tmp_path / 'a.db'}")


@pytest.mark.parametrize("content", [None, b"", b"not a model", b"\x1f\x8b\x08broken"])
def test_a_missing_or_damaged_model_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "model.tar.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"missing or damaged.*aftercare train --force"):
        check_model(path)


def test_an_unusable_setting_is_one_message_and_no_traceback(tmp_path: Path) -> None:
    environment = {**os.environ, "PORT": "never", "AFTERCARE_VAR": str(tmp_path)}
    ran = subprocess.run([str(AFTERCARE), "serve"], capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    assert ran.returncode == 1
    assert "PORT" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_locked_database_costs_an_apology_and_nothing_else(model: Path, tmp_path: Path) -> None:
    """The turn is refused while the lock lasts, the learner is told, and the next one works and is stored."""
    running: Server = start_server(tmp_path / "served")
    try:
        assert "Hello" in running.say("hello", "locked")
        lock = sqlite3.connect(tmp_path / "served" / "aftercare.db", isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        assert "not taken your message" in running.say("what is an SLA?", "locked")
        lock.execute("ROLLBACK")
        time.sleep(REST_SECONDS + 0.5)  # so long it does not try again
        assert "service level agreement" in running.say("what is an SLA?", "locked").lower()
        stored = [row[0] for row in lock.execute("SELECT data FROM events WHERE type_name = 'user' ORDER BY id")]
        lock.close()
        assert len(stored) == 2
        log = running.log.read_text()
        assert "the database is away: database is locked" in log
        assert "what is an SLA" not in log
    finally:
        running.process.terminate()
        running.process.wait(30)


def test_conversations_stand_on_postgresql_by_url_alone(model: Path, tmp_path: Path) -> None:
    """Needs the PostgreSQL server of the development machine; skipped where there is none."""
    import sqlalchemy as sa

    address = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    try:
        engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
        engine.connect().close()
    except sa.exc.OperationalError:
        absent("PostgreSQL")
    name = f"aftercare_test_{os.getpid()}"
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    url = sa.engine.make_url(address).set(database=name)
    try:
        running = start_server(tmp_path / "served", AFTERCARE_DATABASE_URL=url.render_as_string(hide_password=False))
        assert "Listen" in running.say("what is LATER?", "on-postgresql")
        running.process.terminate()
        assert running.process.wait(30) == 0
        with sa.create_engine(url).connect() as connection:
            assert connection.execute(sa.text("SELECT count(*) FROM events")).scalar_one() > 3
    finally:
        with engine.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


def test_ask_answers_in_the_terminal_without_rasa() -> None:
    ran = subprocess.run([str(AFTERCARE), "ask", "what does FCR mean?"], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "first contact resolution" in ran.stdout.lower()
    code = "import sys; sys.argv = ['aftercare', 'ask', 'what is LAST?']\nfrom server.cli import app\ntry: app()\nexcept SystemExit: pass\n"
    loaded = subprocess.run(
        [sys.executable, "-c", code + "print(sorted({m.split('.')[0] for m in sys.modules} & {'rasa', 'tensorflow'}))"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    ).stdout
    assert loaded.strip().endswith("[]")


def test_vendors_answers_are_read_by_the_parser_without_known_faults() -> None:
    code = "import server.cli, aiohttp.http_parser as read; print(read.HttpResponseParser is read.HttpResponseParserPy)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout == "True\n"
