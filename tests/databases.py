"""Empty databases of each kind that conversations can be kept in."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

KINDS = ("sqlite", "postgresql")
POSTGRESQL = os.environ.get("AFTERCARE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a database with nothing in it, gone afterwards. Skips the test where there is no PostgreSQL."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'aftercare.db'}"
        return
    main = sa.create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    name = f"aftercare_test_{uuid.uuid4().hex[:12]}"
    try:
        with main.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
    except sa.exc.OperationalError:
        pytest.skip("no PostgreSQL server here")
    try:
        yield sa.engine.make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
    finally:
        with main.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
