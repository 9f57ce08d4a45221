"""One message of a conversation at a time, in order, whichever process has it; and nobody waits for the dead."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from bot.settings import ROOT
from server.database import Database, RecordsAwayError
from server.key_space import KeySpace
from server.turns import SILENCE_SECONDS, Turns, TurnsInPostgres, TurnsInRedis
from tests.databases import REDIS, empty_database, redis_space
from tests.faults.slow_line import SlowLine

HOLDER = """
import asyncio, sys, time
from server.database import Database
from server.key_space import KeySpace
from server.turns import TurnsInPostgres, TurnsInRedis
kind, address, secret = sys.argv[1:4]
async def main():
    turns = TurnsInRedis(address, KeySpace(secret)) if kind == "redis" else TurnsInPostgres(Database(address))
    async with turns.take("someone"):
        print("mine", flush=True)
        time.sleep(60)
asyncio.run(main())
"""


class Place:
    """Somewhere that processes share, of one kind."""

    def __init__(self, kind: str, address: str, secret: str = "") -> None:
        self.kind, self.address, self.secret = kind, address, secret

    def turns(self) -> Turns:
        """As another process would open it."""
        return TurnsInRedis(self.address, KeySpace(self.secret)) if self.kind == "redis" else TurnsInPostgres(Database(self.address))

    async def asked(self, count: int) -> None:
        """Until so many have asked for a turn, those who have it among them."""
        give_up = time.monotonic() + 10
        while await asyncio.to_thread(self._in_queues) < count:
            assert time.monotonic() < give_up
            await asyncio.sleep(0.01)

    def _in_queues(self) -> int:
        if self.kind == "redis":
            client = redis.Redis.from_url(self.address)
            return sum(client.llen(queue) for queue in client.scan_iter(f"{KeySpace(self.secret).prefix}:turns:*"))
        own = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        engine = sa.create_engine(self.address, poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            return int(connection.execute(sa.text(f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {own}")).scalar_one())

    def holder(self) -> subprocess.Popen[str]:
        """Another process that has taken the turn of `someone` and does not give it back."""
        command = [sys.executable, "-c", HOLDER, self.kind, self.address, self.secret]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout and process.stdout.readline() == "mine\n"
        return process


@pytest.fixture(params=["redis", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "postgresql":
        with empty_database("postgresql", tmp_path) as address:
            yield Place("postgresql", address)
        return
    with redis_space() as secret:
        yield Place("redis", REDIS, secret)


def test_two_processes_never_hold_the_same_turn_and_every_message_gets_its_own(place: Place) -> None:
    async def run() -> tuple[int, int, list[int]]:
        processes = [place.turns() for _ in range(4)]
        inside = most = 0
        done: list[int] = []

        async def message(number: int) -> None:
            nonlocal inside, most
            async with processes[number % 4].take("someone"):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.002)
                inside -= 1
                done.append(number)

        await asyncio.gather(*(message(number) for number in range(100)))
        for one in processes:
            await one.close()
        return most, inside, done

    most, inside, done = asyncio.run(run())
    assert (most, inside, sorted(done)) == (1, 0, list(range(100)))


def test_whoever_asked_first_is_served_first(place: Place) -> None:
    async def run() -> list[int]:
        processes = [place.turns() for _ in range(5)]
        served: list[int] = []
        all_asked = asyncio.Event()

        async def message(number: int) -> None:
            async with processes[number].take("someone"):
                served.append(number)
                await all_asked.wait()

        waiting = []
        for number in range(5):
            waiting.append(asyncio.ensure_future(message(number)))
            await place.asked(number + 1)
        all_asked.set()
        await asyncio.gather(*waiting)
        return served

    assert asyncio.run(run()) == [0, 1, 2, 3, 4]


def test_conversations_do_not_wait_for_each_other(place: Place) -> None:
    async def run() -> None:
        one, other = place.turns(), place.turns()
        async with one.take("a"):
            await asyncio.wait_for(_once(other, "b"), 2)

    asyncio.run(run())


async def _once(turns: Turns, sender: str) -> None:
    async with turns.take(sender):
        pass


def test_a_turn_that_fails_is_given_back(place: Place) -> None:
    async def run() -> None:
        one, other = place.turns(), place.turns()
        with pytest.raises(ZeroDivisionError):
            async with one.take("someone"):
                raise ZeroDivisionError
        await asyncio.wait_for(_once(other, "someone"), 2)

    asyncio.run(run())


def test_the_turn_of_a_process_that_was_killed_goes_to_the_next(place: Place) -> None:
    holder = place.holder()

    async def run() -> float:
        began = time.monotonic()
        waiting = asyncio.ensure_future(_once(place.turns(), "someone"))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        holder.send_signal(signal.SIGKILL)
        await asyncio.wait_for(waiting, SILENCE_SECONDS + 5)
        return time.monotonic() - began

    try:
        assert asyncio.run(run()) < SILENCE_SECONDS + 3
    finally:
        holder.kill()
        holder.wait(10)


def test_whoever_gives_up_waiting_leaves_the_queue(place: Place) -> None:
    async def run() -> None:
        one, two, three = place.turns(), place.turns(), place.turns()
        async with one.take("someone"):
            impatient = asyncio.ensure_future(_once(two, "someone"))
            await asyncio.sleep(0.1)
            impatient.cancel()
            await asyncio.sleep(0.1)
        await asyncio.wait_for(_once(three, "someone"), 3)

    asyncio.run(run())


def test_nobody_reads_in_redis_whose_turn_it_is() -> None:
    async def run(secret: str) -> list[bytes]:
        turns = TurnsInRedis(REDIS, KeySpace(secret))
        async with turns.take("web-tom"):
            return list(redis.Redis.from_url(REDIS).scan_iter(f"{KeySpace(secret).prefix}:*"))

    with redis_space() as secret:
        keys = asyncio.run(run(secret))
    assert sorted(key.split(b":")[2] for key in keys) == [b"alive", b"turns"]
    assert not any(b"tom" in key for key in keys)


def test_a_place_that_is_away_is_told_as_such() -> None:
    async def run() -> None:
        with pytest.raises(RecordsAwayError):
            await _once(TurnsInRedis("redis://127.0.0.1:1/0", KeySpace("test")), "someone")

    asyncio.run(run())


def test_a_postgresql_that_says_nothing_is_told_in_seconds(tmp_path: Path) -> None:
    """It takes connections and never answers, as a machine that hangs."""
    with empty_database("postgresql", tmp_path) as address:
        url = make_url(address)
        line = SlowLine(url.port or 5432)
        turns = TurnsInPostgres(Database(url.set(host="127.0.0.1", port=line.port).render_as_string(hide_password=False)))

        async def run() -> float:
            async with turns.take("someone"):
                line.delay = 3600.0
                began = time.monotonic()
            assert time.monotonic() - began < 1, "nor is a turn that is over held up"
            with pytest.raises(RecordsAwayError):
                await _once(turns, "another")
            told = time.monotonic() - began
            line.cut()  # lets the threads go
            await turns.close()
            return told

        told = asyncio.run(run())
        line.close()
    assert told < SILENCE_SECONDS + 2


def test_waiting_long_for_somebody_elses_turn_is_no_outage(place: Place) -> None:
    async def run() -> None:
        one, other = place.turns(), place.turns()
        async with one.take("someone"):
            waiting = asyncio.ensure_future(_once(other, "someone"))
            await asyncio.sleep(SILENCE_SECONDS / 2 + 1)
            assert not waiting.done()
        await asyncio.wait_for(waiting, 3)

    asyncio.run(run())
