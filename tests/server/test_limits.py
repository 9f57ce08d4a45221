"""Whoever goes to another server has no second helping; and nobody is shut out because what servers share is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
import redis

from server import limits
from server.key_space import KeySpace
from server.limits import Limit, Limits
from tests.databases import REDIS, redis_space
from tests.ports import free_port


@pytest.fixture
def secret() -> Iterator[str]:
    with redis_space() as name:
        yield name


def with_limits(work: Callable[..., Awaitable[None]], *addresses: str, secret: str) -> None:
    """As so many servers would have them."""

    async def run() -> None:
        made = [Limits(address, secret) for address in addresses]
        await work(*made)
        for one in made:
            await one.close()

    asyncio.run(run())


async def waits(limit: Limit, name: str, times: int) -> list[float]:
    return [await limit.wait(name) for _ in range(times)]


def test_two_servers_count_together(secret: str) -> None:
    async def work(here: Limits, there: Limits) -> None:
        one, other = here.limit("messages", 5, 30), there.limit("messages", 5, 30)
        assert await waits(one, "tom", 3) == [0.0] * 3
        assert await waits(other, "tom", 2) == [0.0] * 2
        assert await one.wait("tom") == pytest.approx(2.0, abs=0.2)
        assert await other.wait("tom") == pytest.approx(2.0, abs=0.2)
        assert await other.wait("tim") == 0.0

    with_limits(work, REDIS, REDIS, secret=secret)


def test_what_is_limited_apart_is_counted_apart(secret: str) -> None:
    async def work(here: Limits) -> None:
        assert (await waits(here.limit("sessions", 2, 2), "tom", 3))[2] > 0
        assert await here.limit("messages", 2, 2).wait("tom") == 0.0

    with_limits(work, REDIS, secret=secret)


def test_who_waits_as_long_as_told_is_let_in_and_being_refused_costs_nothing(secret: str) -> None:
    async def work(here: Limits) -> None:
        limit = here.limit("messages", 1, 240)
        for _ in range(4):
            assert await limit.wait("tom") == 0.0
            refused = await waits(limit, "tom", 3)
            assert all(0 < wait <= 0.25 for wait in refused)
            await asyncio.sleep(refused[-1] + 0.01)

    with_limits(work, REDIS, secret=secret)


def test_servers_that_ask_at_once_get_no_more_than_there_is(secret: str) -> None:
    async def work(*servers: Limits) -> None:
        made = [one.limit("messages", 20, 1) for one in servers]
        let_in = await asyncio.gather(*(made[number % len(made)].wait("tom") for number in range(100)))
        assert let_in.count(0.0) == 20

    with_limits(work, REDIS, REDIS, REDIS, secret=secret)


def test_nobody_reads_addresses_in_redis_and_nothing_stays_there(secret: str) -> None:
    async def work(here: Limits) -> None:
        await here.limit("address", 10, 600).wait("203.0.113.77")

    with_limits(work, REDIS, secret=secret)
    client = redis.Redis.from_url(REDIS)
    (key,) = client.scan_iter(f"{KeySpace(secret).prefix}:*")
    assert b"203" not in key
    assert 0 < client.pttl(key) <= 2000, "forgotten once it is full again"


def test_without_redis_each_server_counts_and_goes_on(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_REST_SECONDS", 0.0)

    async def work(away: Limits, alone: Limits) -> None:
        for one in (away, alone):
            assert [wait == 0.0 for wait in await waits(one.limit("messages", 3, 1), "tom", 4)] == [True, True, True, False]

    with_limits(work, f"redis://127.0.0.1:{free_port()}/0", "", secret=secret)
