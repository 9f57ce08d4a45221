"""PostgreSQL is stopped, tidily or by a crash, and started again: learners are told, and everything goes on by itself."""

from __future__ import annotations

import time
from pathlib import Path

from server.database import SILENCE_SECONDS
from tests.faults.books import Books
from tests.faults.cluster import Cluster
from tests.faults.conftest import Record, long_only
from tests.faults.crowd import Crowd
from tests.faults.learner import Learner, Outcome
from tests.faults.outage import Outage
from tests.faults.served import Served

STOPS = ("fast", "immediate") * 5
SECONDS_AWAY, TOLD_WITHIN = 8, 3.0


@long_only
def test_a_stopped_database_is_told_at_once_and_comes_back_by_itself(cluster: Cluster, tmp_path: Path, record: Record) -> None:
    with Served(tmp_path, cluster.new_database("stopped")) as served:
        record(
            f"PostgreSQL stopped for {SECONDS_AWAY} seconds and started, {len(STOPS)} times (half of them crashes)",
            stop_and_start(cluster, served),
        )


def stop_and_start(cluster: Cluster, served: Served) -> str:
    quitters = [Learner(served.url) for _ in STOPS]
    with Crowd(served.url) as crowd:
        outage = Outage(crowd, (served,))
        for quitter, mode in zip(quitters, STOPS, strict=True):
            crowd.wait_for(5)
            quitter.insist()
            cluster.stop(mode)
            assert quitter.step() is Outcome.AWAY
            quitter.give_up()
            outage.last(SECONDS_AWAY, cluster.start)
            quitter.insist()
    kept = Books(served.database).check([*crowd.learners, *quitters])
    served.check_health()
    return (
        f"{outage.figures(TOLD_WITHIN)}. {kept} messages acknowledged: 0 lost, 0 doubled; {len(quitters)} refused and not repeated: 0 kept"
    )


@long_only
def test_a_frozen_database_is_told_after_some_seconds(cluster: Cluster, tmp_path: Path, record: Record) -> None:
    """It accepts connections and never answers, as a machine that hangs."""
    with Served(tmp_path, cluster.new_database("frozen")) as served:
        with Crowd(served.url) as crowd:
            crowd.wait_for(5)
            cluster.freeze()
            try:
                time.sleep(2 * SILENCE_SECONDS)
                page = served.page_seconds()
            finally:
                cluster.thaw()
            thawed = time.monotonic()
            crowd.wait_for(1)
            first = time.monotonic() - thawed
        told = crowd.told()
        kept = Books(served.database).check(crowd.learners)
        served.check_health()
    assert told and told[-1] < SILENCE_SECONDS + 2, "nobody waits for ever"
    assert page < 1
    record(
        f"PostgreSQL frozen (SIGSTOP) for {2 * SILENCE_SECONDS:.0f} seconds",
        f"{len(told)} refusals, told after {told[-1]:.1f} s at worst; the page came in {page:.2f} s; first answer {first:.1f} s after it "
        f"went on. {kept} messages acknowledged: 0 lost, 0 doubled",
    )
