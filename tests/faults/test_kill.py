"""The process dies while messages are being answered: nobody's message is lost or answered twice."""

from __future__ import annotations

from pathlib import Path

from tests.faults.books import Books
from tests.faults.cluster import Cluster
from tests.faults.conftest import LONG, Record, long_only
from tests.faults.crowd import Crowd
from tests.faults.kills import figures_of, kill_now_and_then
from tests.faults.served import Served


def kill_under_load(served: Served, kills: int) -> str:
    """Kill at a random moment and start again, so many times, while four clients go on."""
    books = Books(served.database)
    with Crowd(served.url) as crowd:
        caught = kill_now_and_then(crowd, (served,), books, kills)
    kept = books.check(crowd.learners)
    served.check_health()
    assert caught.total() >= kills, "kills hit messages in flight"
    return f"{figures_of(caught, kills)}. {kept} messages acknowledged: 0 lost, 0 doubled, 0 out of order"


def test_killed_in_mid_message_on_sqlite(served: Served, record: Record) -> None:
    record("Process killed in mid message (SIGKILL), SQLite", kill_under_load(served, 200 if LONG else 3))


@long_only
def test_killed_in_mid_message_on_postgresql(cluster: Cluster, tmp_path: Path, record: Record) -> None:
    with Served(tmp_path, cluster.new_database("killed"), forked=True) as served:
        record("Process killed in mid message (SIGKILL), PostgreSQL", kill_under_load(served, 20))
