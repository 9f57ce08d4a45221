"""How often somebody may do something, counted by this process alone or, where processes share a Redis, by all of them together."""

from __future__ import annotations

import logging
import time
from functools import cache
from typing import Protocol

import redis.asyncio as redis
from redis.exceptions import RedisError

from bot.settings import Settings
from server.key_space import KeySpace
from server.rate_limit import RateLimit

logger = logging.getLogger("aftercare")
_PATIENCE_SECONDS = 0.5  # a limit is no reason to keep anybody waiting
_REST_SECONDS = 2.0  # until a Redis that was away is asked again

# KEYS: the bucket. ARGV: what it holds, what it gains a second, milliseconds after which it is full again and can be forgotten.
# By Redis' own clock, so that processes on several machines agree. A text, because Redis cuts numbers down to whole ones.
_TAKE = """
local now = redis.call('TIME')
local at = now[1] + now[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = math.min(tonumber(ARGV[1]), (tonumber(kept[1]) or ARGV[1]) + math.max(0, at - (tonumber(kept[2]) or at)) * ARGV[2])
local wait = 0
if left < 1 then wait = (1 - left) / ARGV[2] else left = left - 1 end
redis.call('HSET', KEYS[1], 'left', string.format('%.6f', left), 'at', string.format('%.6f', at))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return string.format('%.6f', wait)
"""


class Limit(Protocol):
    """`wait` gives 0 when it may go on (and counts it), else the seconds after which it may."""

    async def wait(self, name: str) -> float: ...


class LimitHere:
    """Of this process."""

    def __init__(self, burst: int, per_minute: float) -> None:
        self._limit = RateLimit(burst, per_minute)

    async def wait(self, name: str) -> float:
        return self._limit.wait(name, time.monotonic())


class _Buckets:
    """Of all processes that share the Redis, for every limit."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS)
        self._away_until = 0.0

    async def take(self, bucket: str, burst: int, per_minute: float) -> float | None:
        """As `Limit.wait`; None while the Redis is away."""
        if time.monotonic() < self._away_until:
            return None
        full_ms = int(1000 * 60 * burst / per_minute) + 1000
        try:
            return float(await self._client.eval(_TAKE, 1, bucket, burst, per_minute / 60, full_ms))
        except (RedisError, OSError) as error:
            logger.warning("limits are counted by each process alone, their Redis is away: %s", type(error).__name__)
            self._away_until = time.monotonic() + _REST_SECONDS
            return None

    async def close(self) -> None:
        await self._client.close()


class LimitInRedis:
    """While the Redis is away each process counts for itself: learners are not shut out for that."""

    def __init__(self, buckets: _Buckets, what: str, keys: KeySpace, burst: int, per_minute: float) -> None:
        self._buckets, self._keys, self._what = buckets, keys, f"limit:{what}"
        self._burst, self._per_minute = burst, per_minute
        self._here = LimitHere(burst, per_minute)

    async def wait(self, name: str) -> float:
        waited = await self._buckets.take(self._keys.key_of(self._what, name), self._burst, self._per_minute)
        return await self._here.wait(name) if waited is None else waited


class Limits:
    """Makes the process's limits, by the settings alone."""

    def __init__(self, redis_url: str, secret: str) -> None:
        self._keys = KeySpace(secret)
        self._buckets = _Buckets(redis_url) if redis_url else None

    def limit(self, what: str, burst: int, per_minute: float) -> Limit:
        """`what` is limited: limits of the same name are one limit, in every process."""
        return LimitInRedis(self._buckets, what, self._keys, burst, per_minute) if self._buckets else LimitHere(burst, per_minute)

    def messages(self, settings: Settings) -> Limit:
        """How many messages a conversation may send, on whatever channel."""
        per_minute = settings.messages_per_minute
        return self.limit("messages", max(5, per_minute // 3), per_minute)

    async def close(self) -> None:
        if self._buckets:
            await self._buckets.close()


@cache
def limits_for(redis_url: str, secret: str) -> Limits:
    """The process's one: all its channels find out together that Redis is away."""
    return Limits(redis_url, secret)
