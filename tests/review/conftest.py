"""The desk on an empty database of each kind, with a lead and a tutor signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from bot.records import accounts, open_engine
from bot.records.accounts import Tutor, add_tutor
from bot.settings import Settings
from review import access
from review.app import create_app
from review.desk import Content
from tests.databases import KINDS, ready_database

MONDAY = datetime(2026, 11, 30, 9, tzinfo=timezone.utc)
PASSWORD = "teal kettle orbit parade"


class Clock:
    """The desk's clock, set by tests."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of today's tables."""
    with ready_database(request.param, tmp_path) as address:
        opened = open_engine(address)
        yield opened
        opened.dispose()


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """For accounts that are only there: a hash as slow as real ones, for each account of each test, would take minutes."""
    monkeypatch.setattr(accounts, "_METHOD", "scrypt:1024:8:1")


@pytest.fixture
def lena(engine: Engine, quick_hashes: None) -> Tutor:
    with engine.begin() as connection:
        return add_tutor(connection, "Lena", PASSWORD, "lead", MONDAY.timestamp())


@pytest.fixture
def tom(engine: Engine, quick_hashes: None) -> Tutor:
    with engine.begin() as connection:
        return add_tutor(connection, "Tom", PASSWORD, "tutor", MONDAY.timestamp())


@pytest.fixture(scope="session")
def taught(settings: Settings) -> Content:
    """What is taught, read once for all desks."""
    return Content(settings.knowledge)


@pytest.fixture
def desk_app(engine: Engine, settings: Settings, clock: Clock, tmp_path: Path, taught: Content) -> Flask:
    """With CSRF checks off, for tests of anything else: `guarded_app` has them."""
    app = create_app(replace(settings, var=tmp_path / "var"), engine, clock)
    app.config.update(WTF_CSRF_ENABLED=False, TESTING=False)
    app.extensions["desk"] = replace(app.extensions["desk"], content=taught)
    return app


@pytest.fixture
def as_tutor(desk_app: Flask, clock: Clock) -> Callable[[Tutor], FlaskClient]:
    """A browser in which that tutor is signed in."""

    def signed_in(tutor: Tutor) -> FlaskClient:
        client = desk_app.test_client()
        with desk_app.test_request_context():
            access.sign_in(tutor, clock().timestamp())
            from flask import session

            values = dict(session)
        with client.session_transaction() as kept:
            kept.update(values)
        return client

    return signed_in


@pytest.fixture
def client(as_tutor: Callable[[Tutor], FlaskClient], lena: Tutor) -> FlaskClient:
    """A browser in which the lead Lena is signed in."""
    return as_tutor(lena)


@pytest.fixture
def tutor_client(as_tutor: Callable[[Tutor], FlaskClient], tom: Tutor) -> FlaskClient:
    """A browser in which the tutor Tom is signed in, who has no groups."""
    return as_tutor(tom)
