"""A backup is taken while learners talk, brought back whole, and never over something by accident."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records import migrate, open_engine
from bot.records.backup import BackupError, back_up, read_backup, restore
from bot.records.tables import conversations, events
from tests.databases import KINDS, empty_database

WHEN = "2026-11-30T09:00:00+00:00"


def say(engine: Engine, sender: str, count: int = 1) -> None:
    with engine.begin() as connection:
        made = connection.execute(sa.insert(events).values(sender_id=sender, type_name="user", timestamp=1.0, data="{}"))
        for _ in range(count - 1):
            connection.execute(sa.insert(events).values(sender_id=sender, type_name="bot", timestamp=1.0, data="{}"))
        values = {"sender_id": sender, "last_event_id": made.inserted_primary_key[0], "slots": "{}"}
        connection.execute(sa.insert(conversations).values(values))


def senders(address: str) -> list[str]:
    engine = open_engine(address)
    with engine.connect() as connection:
        found = list(connection.execute(sa.select(conversations.c.sender_id).order_by(conversations.c.sender_id)).scalars())
    engine.dispose()
    return found


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def opened(address: str) -> Engine:
    engine = open_engine(address)
    migrate(engine)
    return engine


def test_what_was_backed_up_comes_back_and_what_came_later_is_gone(kind: str, tmp_path: Path) -> None:
    with empty_database(kind, tmp_path) as address:
        engine = opened(address)
        say(engine, "before", 3)
        (tmp_path / "secret").write_text("the secret")
        made = back_up(address, tmp_path / "copy", WHEN, tmp_path / "secret")
        assert (made.rows["events"], made.rows["conversations"]) == (3, 1)
        assert (tmp_path / "copy" / "secret").read_text() == "the secret"
        say(engine, "later")
        engine.dispose()
        with pytest.raises(BackupError, match="--replace"):
            restore(address, tmp_path / "copy", replace=False)
        assert senders(address) == ["before", "later"]
        restore(address, tmp_path / "copy", replace=True)
        assert senders(address) == ["before"]
        again = opened(address)
        say(again, "after")  # ids go on, nothing is read-only
        again.dispose()
        assert senders(address) == ["after", "before"]


def test_a_backup_comes_back_on_a_new_machine(kind: str, tmp_path: Path) -> None:
    with empty_database(kind, tmp_path) as address:
        engine = opened(address)
        say(engine, "someone")
        engine.dispose()
        back_up(address, tmp_path / "copy", WHEN, None)
    (tmp_path / "new").mkdir()
    with empty_database(kind, tmp_path / "new") as fresh:
        restore(fresh, tmp_path / "copy", replace=False)
        assert senders(fresh) == ["someone"]


def test_a_backup_taken_while_learners_talk_is_whole(kind: str, tmp_path: Path) -> None:
    """Every conversation in it has its events: none is cut in the middle of a transaction."""
    with empty_database(kind, tmp_path) as address:
        engine, stop = opened(address), threading.Event()

        def talk() -> None:
            for number in range(2000):
                if stop.is_set():
                    return
                say(engine, f"learner {number}", 2)

        talking = threading.Thread(target=talk)
        talking.start()
        made = [back_up(address, tmp_path / f"copy{number}", WHEN, None) for number in range(3)]
        stop.set()
        talking.join()
        engine.dispose()
        for one in made:
            assert one.rows["events"] == 2 * one.rows["conversations"]
        restore(address, tmp_path / "copy2", replace=True)
        assert len(senders(address)) == made[2].rows["conversations"]


def test_a_damaged_or_foreign_folder_is_refused_before_anything_is_touched(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'aftercare.db'}"
    engine = opened(address)
    say(engine, "kept")
    engine.dispose()
    back_up(address, tmp_path / "copy", WHEN, None)
    with (tmp_path / "copy" / "aftercare.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    for folder in (tmp_path / "copy", tmp_path, tmp_path / "nowhere"):
        with pytest.raises(BackupError):
            restore(address, folder, replace=True)
    assert senders(address) == ["kept"]


def test_a_backup_is_never_written_over_another_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'aftercare.db'}"
    opened(address).dispose()
    back_up(address, tmp_path / "copy", WHEN, None)
    with pytest.raises(BackupError, match="there already"):
        back_up(address, tmp_path / "copy", WHEN, None)
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "copy").iterdir())
    assert read_backup(tmp_path / "copy")[0].made_at == WHEN
