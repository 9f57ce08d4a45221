"""Brings a database to the tables of today, with alembic: it knows SQLite's and PostgreSQL's ways to alter, so we need not.

A process start does one select; alembic is imported only when there is something to do.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

LATEST = "0001"
_FOLDER = Path(__file__).parent
_LOCK = 5_005_2026  # any number, the same in every process


def migrate(engine: Engine) -> None:
    """Upgrade, or do nothing; two processes may do so at once. Raises sqlalchemy's errors when the database cannot be written."""
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
