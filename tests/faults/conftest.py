"""What the experiments share. `make faults` sets AFTERCARE_LONG: then everything runs, many times, and figures go to the page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import absent
from tests.faults.cluster import Cluster, binaries
from tests.faults.page import write_row
from tests.faults.redis_server import RedisServer, program
from tests.faults.served import Served

LONG = os.environ.get("AFTERCARE_LONG") == "1"
long_only = pytest.mark.skipif(not LONG, reason="runs in `make faults`")
Record = Callable[[str, str], None]


@pytest.fixture(scope="package")
def served(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A tutor on SQLite."""
    with Served(tmp_path_factory.mktemp("faults"), forked=LONG) as running:
        yield running


@pytest.fixture(scope="package")
def cluster(model: Path) -> Iterator[Cluster]:
    if not binaries():
        pytest.skip("no PostgreSQL programs here that this account may run (Debian: postgresql)")
    running = Cluster()
    yield running
    running.remove()


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    if not program():
        absent("Redis")
    running = RedisServer()
    yield running
    running.kill()


@pytest.fixture
def record() -> Record:
    """Keeps an experiment's figures, when they are those of a long run."""

    def keep(experiment: str, figures: str) -> None:
        print(f"{experiment}: {figures}")  # noqa: T201 - pytest shows it with -s
        if LONG:
            write_row(experiment, figures)

    return keep
