"""The line to PostgreSQL is slow, then cut: what needs no database stays quick, and nothing is lost."""

from __future__ import annotations

import time
from pathlib import Path

from tests.faults.books import Books
from tests.faults.cluster import Cluster
from tests.faults.conftest import Record, long_only
from tests.faults.crowd import Crowd
from tests.faults.learner import Learner
from tests.faults.served import Served
from tests.faults.slow_line import SlowLine

DELAY = 0.3


def seconds_for_a_turn(learner: Learner) -> float:
    started = time.monotonic()
    learner.insist()
    return time.monotonic() - started


@long_only
def test_a_slow_line_holds_up_nobody_else_and_a_cut_one_loses_nothing(cluster: Cluster, tmp_path: Path, record: Record) -> None:
    line, address = SlowLine(cluster.port), cluster.new_database("slow")
    with Served(tmp_path, cluster.address("slow", line.port)) as served:
        record(
            f"PostgreSQL {1000 * DELAY:.0f} ms away at every round trip, then cut off for 5 seconds",
            slow_and_cut(line, served, Books(address)),
        )
    line.close()


def slow_and_cut(line: SlowLine, served: Served, books: Books) -> str:
    alone = Learner(served.url)
    alone.insist()
    line.delay = DELAY
    seconds_for_a_turn(alone)  # opens the connection, which takes more
    one = max(seconds_for_a_turn(alone) for _ in range(3))
    pages = list[float]()
    with Crowd(served.url) as crowd:
        started = time.monotonic()
        while crowd.answered < 20:
            pages.append(served.page_seconds())
            time.sleep(0.2)
        together = 4 * (time.monotonic() - started) / crowd.answered  # four clients wait for one answer each at any time
        line.cut()
        alone.step()
        refused = alone.open is not None
        time.sleep(5)
        pages.append(served.page_seconds())
        line.mend()
        mended = time.monotonic()
        crowd.wait_for(1)
        back = time.monotonic() - mended
        line.delay = 0
        alone.insist()
        crowd.wait_for(20)
    told = crowd.told()
    kept = books.check([*crowd.learners, alone])
    served.check_health()
    assert refused and told, "a cut line is told"
    assert max(pages) < 1
    assert together < 2 * one, "others are not held up by a slow conversation"
    assert told[-1] < 3 + 12 * DELAY, f"told after {told[-1]:.1f} seconds"
    return (
        f"a turn took {one:.1f} s alone and {together:.1f} s beside three others; the page came within {max(pages):.2f} s throughout; "
        f"{back:.1f} s after the line was mended answers came again. {kept} messages acknowledged: 0 lost, 0 doubled"
    )
