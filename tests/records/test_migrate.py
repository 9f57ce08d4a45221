"""A start brings any database to the tables of today, keeps what is in it, and does so once however many start."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

from bot.records import migrate, open_engine
from bot.records.desk_tables import metadata
from bot.records.migrate import LATEST, version
from bot.records.tables import events
from bot.settings import ROOT

MIGRATE = """
import sys
from bot.records import migrate, open_engine
engine = open_engine(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrate(engine)
"""


def differences(engine: Engine) -> list[object]:
    """Full-text indexes aside: each database has its own."""

    def compared(thing: object, name: str | None, *_: object) -> bool:
        return not str(name).startswith(("message_words", "ix_messages_words"))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": compared})
        return compare_metadata(context, metadata)


def at_version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return version(connection)


def rasas_own_table(engine: Engine) -> sa.Table:
    """The table as Rasa's SQLTrackerStore makes it, with a turn in it."""
    from rasa.core.tracker_store import SQLTrackerStore

    table = SQLTrackerStore.SQLEvent.__table__
    table.metadata.create_all(engine)
    with engine.begin() as connection:
        for kind in ("action", "user", "bot"):
            data = json.dumps({"event": kind, "text": f"words of the {kind}"})
            connection.execute(sa.insert(table).values(sender_id="from before", type_name=kind, timestamp=1.5, data=data))
    return table


def test_an_empty_database_gets_the_tables_of_today(empty_engine: Engine) -> None:
    migrate(empty_engine)
    assert differences(empty_engine) == []
    assert at_version(empty_engine) == LATEST


def test_rasas_own_events_are_kept_and_added_to(empty_engine: Engine) -> None:
    table = rasas_own_table(empty_engine)
    with empty_engine.connect() as connection:
        before = connection.execute(sa.select(table).order_by(table.c.id)).all()
    migrate(empty_engine)
    assert differences(empty_engine) == []
    with empty_engine.begin() as connection:
        made = connection.execute(sa.insert(events).values(sender_id="new", type_name="user"))
        assert made.inserted_primary_key[0] > before[-1].id
        after = connection.execute(sa.select(events).where(events.c.sender_id == "from before").order_by(events.c.id)).all()
    assert [tuple(row) for row in after] == [tuple(row) for row in before]


def test_our_events_table_is_rasas_column_for_column() -> None:
    from rasa.core.tracker_store import SQLTrackerStore

    def shape(table: sa.Table) -> list[tuple[str, str, bool, bool]]:
        return [(column.name, str(column.type), bool(column.nullable), column.primary_key) for column in table.columns]

    assert shape(events) == shape(SQLTrackerStore.SQLEvent.__table__)


def test_a_second_start_changes_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(events).values(sender_id="someone", type_name="user"))
    migrate(engine)
    assert differences(engine) == []
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(events)).scalar_one() == 1


@pytest.mark.parametrize("before", ["nothing", "rasas own events"])
def test_processes_that_start_at_once_all_start(address: str, before: str) -> None:
    if before != "nothing":
        rasas_own_table(open_engine(address))
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(3)
    ]
    for process in starting:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in starting:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in starting:
        _, problem = process.communicate(timeout=60)
        assert process.returncode == 0, problem
    engine = open_engine(address)
    assert differences(engine) == []
    assert at_version(engine) == LATEST


def test_the_start_checks_against_the_newest_migration() -> None:
    """`LATEST` stands beside the migrations so that a start need not import alembic."""
    script = ScriptDirectory(str(ROOT / "bot" / "records"))
    assert script.get_current_head() == LATEST
    assert len(script.get_heads()) == 1


def test_an_up_to_date_start_does_not_import_alembic(empty_engine: Engine, address: str) -> None:
    migrate(empty_engine)
    code = "import sys; from bot.records import migrate, open_engine; migrate(open_engine(sys.argv[1])); print('alembic' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code, address], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.strip() == "False"


def test_a_delivery_has_one_of_three_states_and_an_id_of_its_own(engine: Engine) -> None:
    """Checks and unique keys are in the database itself, whoever writes there."""
    insert = (
        "INSERT INTO deliveries (channel, message_id, sender_id, said, status, received_at, claimed_until) "
        "VALUES ('web', :message, 'someone', 'hello', :status, 0, 0)"
    )

    def refused(message: str, status: str) -> bool:
        try:
            with engine.begin() as connection:
                connection.execute(sa.text(insert), {"message": message, "status": status})
        except sa.exc.IntegrityError:
            return True
        return False

    assert not refused("a", "received")
    assert refused("a", "received")
    assert refused("b", "forgotten")


def test_migrations_name_no_table_of_today() -> None:
    """A migration describes the tables of its day: one that imports today's tables would change with them."""
    for path in (ROOT / "bot" / "records" / "versions").glob("*.py"):
        assert not re.search(r"^(from|import) bot\b", path.read_text(encoding="utf-8"), re.M), path.name
