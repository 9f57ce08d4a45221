"""Two servers, and what they share, break while learners do quizzes and practices through both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from server.turns import SILENCE_SECONDS
from tests.faults.books import Books
from tests.faults.cluster import Cluster
from tests.faults.conftest import Record, long_only
from tests.faults.crowd import Crowd
from tests.faults.kills import figures_of, kill_now_and_then
from tests.faults.outage import Outage
from tests.faults.pair import Pair, two_servers
from tests.faults.redis_server import RedisServer
from tests.faults.student import Student
from tests.faults.studies import Studies

KILLS, KILLS_WITHOUT_REDIS = 20, 10
STOPS = ("fast", "immediate") * 2
REDIS_KILLS = 4
SECONDS_AWAY, SECONDS_FROZEN = 8, 10
TOLD_WITHIN = 3.0


def students_of(pair: Pair) -> Crowd:
    """Each goes to one server and the other in turn."""
    return Crowd(*(served.url for served in pair), enrol=Student)


def what_is_kept(pair: Pair, crowd: Crowd) -> str:
    """Everything that the learners were told and shown, in words."""
    students = [learner for learner in crowd.learners if isinstance(learner, Student)]
    messages, studied = Books(pair[0].database).check(students), Studies(pair[0].database).check(students)
    return (
        f"{messages} messages acknowledged: 0 lost, 0 doubled, 0 out of order; {studied.answers} quiz answers and {studied.lines} lines of "
        "practices are kept as they were shown"
    )


def kill_one_of(pair: Pair, kills: int) -> str:
    with students_of(pair) as crowd:
        caught = kill_now_and_then(crowd, pair, Books(pair[0].database), kills)
    assert caught.total() >= kills // 4, "kills hit messages in flight"
    return f"{figures_of(caught, kills)}. {what_is_kept(pair, crowd)}"


@long_only
def test_one_of_two_servers_is_killed_again_and_again(cluster: Cluster, redis_server: RedisServer, tmp_path: Path, record: Record) -> None:
    with two_servers(tmp_path, cluster.new_database("pair"), redis_server.address, forked=True) as pair:
        record("Two servers with Redis, one of them killed (SIGKILL)", kill_one_of(pair, KILLS))


@long_only
def test_one_of_two_servers_without_redis_is_killed_again_and_again(cluster: Cluster, tmp_path: Path, record: Record) -> None:
    with two_servers(tmp_path, cluster.new_database("pair"), forked=True) as pair:
        record("Two servers without Redis, one of them killed (SIGKILL)", kill_one_of(pair, KILLS_WITHOUT_REDIS))


def outlast(pair: Pair, breaks: Sequence[Callable[[], None]], seconds: float, mend: Callable[[], None], within: float) -> str:
    """Something breaks again and again, for so long each time; nobody waits longer than `within` seconds to be told."""
    with students_of(pair) as crowd:
        outage = Outage(crowd, pair)
        for break_it in breaks:
            crowd.wait_for(20)
            break_it()
            outage.last(seconds, mend)
    return f"{outage.figures(within)}. {what_is_kept(pair, crowd)}"


@long_only
def test_two_servers_outlast_their_database(cluster: Cluster, redis_server: RedisServer, tmp_path: Path, record: Record) -> None:
    stops = [partial(cluster.stop, mode) for mode in STOPS]
    with two_servers(tmp_path, cluster.new_database("pair"), redis_server.address, forked=True) as pair:
        record(
            f"Two servers with Redis, PostgreSQL stopped for {SECONDS_AWAY} seconds and started, {len(STOPS)} times (half of them crashes)",
            outlast(pair, stops, SECONDS_AWAY, cluster.start, TOLD_WITHIN),
        )


@long_only
def test_two_servers_outlast_their_redis(cluster: Cluster, redis_server: RedisServer, tmp_path: Path, record: Record) -> None:
    """It comes back empty."""
    with two_servers(tmp_path, cluster.new_database("pair"), redis_server.address, forked=True) as pair:
        record(
            f"Two servers, Redis killed for {SECONDS_AWAY} seconds and started empty, {REDIS_KILLS} times",
            outlast(pair, [redis_server.kill] * REDIS_KILLS, SECONDS_AWAY, redis_server.start, TOLD_WITHIN),
        )


@long_only
def test_two_servers_outlast_a_redis_that_says_nothing(cluster: Cluster, redis_server: RedisServer, tmp_path: Path, record: Record) -> None:
    with two_servers(tmp_path, cluster.new_database("pair"), redis_server.address, forked=True) as pair:
        record(
            f"Two servers, Redis frozen (SIGSTOP) for {SECONDS_FROZEN} seconds",
            outlast(pair, [redis_server.freeze], SECONDS_FROZEN, redis_server.thaw, SILENCE_SECONDS + 2),
        )
