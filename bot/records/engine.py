"""One database for everything: SQLite in WAL mode by default, PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import make_url
from sqlalchemy.pool import QueuePool

PATIENCE_SECONDS = 2  # how long a learner's message waits for a locked or distant database before it is told


def open_engine(address: str) -> Engine:
    """An engine that never shows parameters (what learners say) in errors. Connects to nothing yet. Raises sqlalchemy's ArgumentError."""
    url = make_url(address)
    common: dict[str, Any] = {"future": True, "hide_parameters": True, "pool_timeout": PATIENCE_SECONDS}
    if url.get_backend_name() != "sqlite":
        milliseconds = 1000 * PATIENCE_SECONDS
        options = f"-c lock_timeout={milliseconds} -c statement_timeout={2 * milliseconds}"
        # A line that was lost without a word is noticed: otherwise its threads would wait for ever.
        alive = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}
        arguments = {"connect_timeout": PATIENCE_SECONDS, "options": options, **alive} if url.get_backend_name() == "postgresql" else {}
        return sa.create_engine(url, pool_pre_ping=True, pool_size=8, connect_args=arguments, **common)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, poolclass=QueuePool, connect_args={"check_same_thread": False, "timeout": PATIENCE_SECONDS}, **common)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    """Readers and the writer do not block each other (WAL); a commit survives the process (NORMAL) and deleted rows are overwritten."""
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says, not where the driver guesses
    _use_write_ahead_log(connection)
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _use_write_ahead_log(connection: Any) -> None:
    """Once in a file's life. SQLite does not wait its turn for this one statement, so that processes starting together must try again."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] in ("wal", "memory"):
                return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that writes takes its place in the queue at once: one that upgrades later can fail without waiting."""
    if not connection.get_execution_options().get("reads_only"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for a few selects, without a write lock."""
    with engine.connect().execution_options(reads_only=True) as connection:
        yield connection


def insert_into(connection: Connection, table: sa.Table) -> Any:
    """An insert of the database's own dialect, which can be told what to do where the row is there already."""
    return (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(table)


def short_reason(error: BaseException) -> str:
    """The driver's own first line, without statement or parameters."""
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
