"""Brings a database to the tables of today, with alembic: it knows SQLite's and PostgreSQL's ways to alter, so we need not.

A process start does one select; alembic is imported only when there is something to do.
"""

from __future__ import annotations

import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.records.engine import reading

LATEST = "0006"
OTHERS_SECONDS = 30  # how long a start waits for another that upgrades the same database
_FOLDER = Path(__file__).parent
_LOCK = 5_005_2026  # any number, the same in every process


def migrate(engine: Engine) -> None:
    """Upgrade, or do nothing; two processes may do so at once. Raises sqlalchemy's errors when the database cannot be written."""
    give_up = time.monotonic() + (OTHERS_SECONDS if _is_behind(engine) else 0)
    while True:
        try:
            return _migrate(engine)
        except sa.exc.OperationalError:
            if time.monotonic() > give_up:
                raise  # otherwise another process is upgrading, and a message's patience is too short for that


def _is_behind(engine: Engine) -> bool:
    with reading(engine) as connection:
        return version(connection) != LATEST


def _migrate(engine: Engine) -> None:
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        if version(connection) != LATEST:
            _upgrade(connection)
        # One write even when all is up to date: a read-only database must be told at the start, not to the first learner.
        connection.execute(sa.text("UPDATE alembic_version SET version_num = version_num"))


def version(connection: Connection) -> str | None:
    """The version that the database is at; None when it is empty or from before versions."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _upgrade(connection: Connection, target: str = "head") -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER))
    command.upgrade(config, target)
