"""Places for tests to keep things in: empty databases of each kind that conversations can be kept in, and a part of a Redis."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest
import redis
import sqlalchemy as sa

from bot.records import migrate, open_engine
from server.key_space import KeySpace

KINDS = ("sqlite", "postgresql")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
POSTGRESQL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


def absent(service: str) -> NoReturn:
    """Skips the test for want of a server; where REQUIRE_SERVICES=1 says that there must be one, it fails."""
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"REQUIRE_SERVICES=1, but there is no {service} server here")
    pytest.skip(f"no {service} server here")


@contextmanager
def redis_space() -> Iterator[str]:
    """A secret of the test's own, and with it a part of the Redis, empty again afterwards. Skips the test where there is no Redis."""
    client, secret = redis.Redis.from_url(REDIS), uuid.uuid4().hex
    try:
        client.ping()
    except redis.RedisError:
        absent("Redis")
    yield secret
    for key in client.scan_iter(f"{KeySpace(secret).prefix}:*"):
        client.delete(key)


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a database with nothing in it, gone afterwards. Skips the test where there is no PostgreSQL."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'aftercare.db'}"
        return
    with _created("") as address:
        yield address


@contextmanager
def ready_database(kind: str, folder: Path) -> Iterator[str]:
    """The same with today's tables in it: a copy of one that was made once, as making them takes a second each time."""
    if kind == "sqlite":
        shutil.copy(_ready_file(), folder / "aftercare.db")
        yield f"sqlite:///{folder / 'aftercare.db'}"
        return
    with _created(f"TEMPLATE {_ready_template()}") as address:
        yield address


@cache
def _ready_file() -> Path:
    folder = tempfile.mkdtemp(prefix="aftercare-ready-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _migrated(f"sqlite:///{folder}/aftercare.db")
    return Path(folder) / "aftercare.db"


@cache
def _ready_template() -> str:
    kept = ExitStack()
    address = kept.enter_context(_created(""))
    atexit.register(kept.close)
    _migrated(address)
    return str(sa.engine.make_url(address).database)


def _migrated(address: str) -> None:
    engine = open_engine(address)
    migrate(engine)
    engine.dispose()


@contextmanager
def _created(like: str) -> Iterator[str]:
    main = sa.create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    name = f"aftercare_test_{uuid.uuid4().hex[:12]}"
    try:
        with main.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name} {like}"))
    except sa.exc.OperationalError:
        absent("PostgreSQL")
    try:
        yield sa.engine.make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
    finally:
        with main.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
