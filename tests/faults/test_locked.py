"""Another process holds SQLite's lock, as a backup or a curious tutor's tool can."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from sqlalchemy.engine import make_url

from tests.faults.books import Books
from tests.faults.conftest import Record
from tests.faults.crowd import Crowd
from tests.faults.served import Served

LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


@contextmanager
def locked(address: str) -> Iterator[None]:
    """Until the block is left."""
    arguments = [sys.executable, "-c", LOCK, str(make_url(address).database)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"locked\n"
        yield
        assert process.stdin
        process.stdin.close()


def test_a_locked_database_is_told_at_once_and_forgotten_afterwards(served: Served, record: Record) -> None:
    with Crowd(served.url) as crowd:
        crowd.wait_for(5)
        with locked(served.database):
            time.sleep(10)
            page = served.page_seconds()
        unlocked = time.monotonic()
        crowd.wait_for(1)
        first = time.monotonic() - unlocked
    last = time.monotonic() - unlocked
    told = crowd.told()
    kept = Books(served.database).check(crowd.learners)
    served.check_health()
    assert told and told[-1] < 3, f"told after {told[-1]:.1f} seconds"
    assert page < 1
    assert first < 3
    assert last < 10, "messages that were under way when the lock came do not wait long after it has gone"
    record(
        "SQLite locked by another process for 10 seconds",
        f"{len(told)} refusals, told after {median(told):.2f} s (median; worst {told[-1]:.2f} s); the page came in {page:.2f} s; "
        f"first answer {first:.1f} s after the lock was gone, the last of the refused {last:.1f} s. "
        f"{kept} messages acknowledged: 0 lost, 0 doubled",
    )
