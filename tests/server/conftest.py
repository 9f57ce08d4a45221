"""A server whose limits are out of the way of tests that send much, and how long the longer tests run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain

from bot.settings import ROOT
from server.database import Database
from server.tracker_store import TutorTrackerStore
from tests.conftest import Server, start_server
from tests.databases import KINDS, ready_database
from tests.server.web_client import WebClient

COLLEGE = "https://college.example"
SECRET = "the secret of the server in these tests"


@pytest.fixture(scope="session")
def patient_server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With limits that no test reaches, one foreign origin, and a secret that tests can sign with."""
    running = start_server(
        tmp_path_factory.mktemp("patient"),
        AFTERCARE_ORIGINS=COLLEGE,
        AFTERCARE_SECRET=SECRET,
        AFTERCARE_MESSAGES_PER_MINUTE="1000000",
        AFTERCARE_ADDRESS_PER_MINUTE="1000000",
    )
    yield running
    running.stop()


@pytest.fixture
def client(patient_server: Server) -> WebClient:
    """Somebody in a new conversation."""
    return WebClient(patient_server.url).begin()


@pytest.fixture(scope="session")
def long() -> bool:
    """Whether there is time for many more examples (AFTERCARE_LONG=1)."""
    return os.environ.get("AFTERCARE_LONG") == "1"


@pytest.fixture(scope="module", params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Shared by the tests of a file, each of which uses conversations of its own."""
    with ready_database(request.param, tmp_path_factory.mktemp("stored")) as address:
        opened = Database(address)
        yield opened
        opened.engine.dispose()


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A conversation that no other test uses."""
    return f"someone in {request.node.name}"


@pytest.fixture(scope="session")
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture
def open_store(database: Database, domain: Domain) -> Callable[[], TutorTrackerStore]:
    """A store as another process would have it: same database, memory of its own."""
    return lambda: TutorTrackerStore(domain, opened=database)
