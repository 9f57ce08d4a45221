"""Empty databases of each kind that conversations can be kept in."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
import sqlalchemy as sa

KINDS = ("sqlite", "postgresql")
POSTGRESQL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


def absent(service: str) -> NoReturn:
    """Skips the test for want of a server; where REQUIRE_SERVICES=1 says that there must be one, it fails."""
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"REQUIRE_SERVICES=1, but there is no {service} server here")
    pytest.skip(f"no {service} server here")


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
        absent("PostgreSQL")
    try:
        yield sa.engine.make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
    finally:
        with main.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
