"""Every test of the records runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.records import migrate, open_engine
from bot.records.tables import metadata
from tests.databases import KINDS, empty_database, ready_database


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    with empty_database(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def empty_engine(address: str) -> Iterator[Engine]:
    opened = open_engine(address)
    yield opened
    opened.dispose()


@pytest.fixture(params=KINDS)
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with the tables of today that no other test uses."""
    with ready_database(request.param, tmp_path) as made:
        opened = open_engine(made)
        yield opened
        opened.dispose()


@pytest.fixture(scope="package", params=KINDS)
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with empty_database(request.param, tmp_path_factory.mktemp("records")) as made:
        opened = open_engine(made)
        migrate(opened)
        yield opened
        opened.dispose()


@pytest.fixture
def engine(migrated: Engine) -> Iterator[Engine]:
    """A database with the tables of today and nothing in them."""
    yield migrated
    with migrated.begin() as connection:
        for table in metadata.tables.values():
            connection.execute(table.delete())
