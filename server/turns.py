"""Whose turn it is in a conversation: one message at a time, in order, across every process that serves the same learners.

In one process a lock in memory does. Several processes share Redis or, without one, PostgreSQL: both hold a queue for each conversation
in which whoever asked first is served first. Rasa's own Redis store reads a lock, changes it and writes it back, so that two processes can
take the same place.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from typing import Protocol
from weakref import WeakValueDictionary

import redis.asyncio as redis
import sqlalchemy as sa
from redis.exceptions import RedisError
from sqlalchemy.engine import Connection

from bot.records import short_reason
from bot.records.engine import reading
from server.database import Database, RecordsAwayError
from server.key_space import KeySpace

logger = logging.getLogger("aftercare")
BEAT_SECONDS = 2.0  # how often the holder of a place says that it is alive
SILENCE_SECONDS = 8.0  # after this long without a word from its owner, a place is given to the next
LONGEST_WAIT_SECONDS = 60.0
_FIRST_LOOK, _LONGEST_LOOK = 0.01, 0.1
_LEAVING_SECONDS = 0.5
_LISTEN_SECONDS = 2.0  # after so long in PostgreSQL's queue it is asked whether it is there at all
_LASTS_MS = int(1000 * SILENCE_SECONDS)
_IDLE_SECONDS = 3600  # after which a queue that nobody touches is forgotten

# KEYS: the queue, the owner's sign of life. ARGV: the owner, milliseconds that the sign lasts, seconds that an idle queue lasts.
_JOIN = """
redis.call('SET', KEYS[2], '1', 'PX', ARGV[2])
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
# KEYS: the queue, the owner's sign of life. ARGV: the owner, the prefix of signs of life, milliseconds. Whoever is first in the queue
# and shows no sign of life is passed over. 1: it is our turn, 0: not yet, -1: we are not in the queue any more.
_LOOK = """
redis.call('SET', KEYS[2], '1', 'PX', ARGV[3])
local first = redis.call('LINDEX', KEYS[1], 0)
while first and first ~= ARGV[1] and redis.call('EXISTS', ARGV[2] .. first) == 0 do
  redis.call('LPOP', KEYS[1])
  first = redis.call('LINDEX', KEYS[1], 0)
end
if first == ARGV[1] then return 1 end
if not first then return -1 end
return 0
"""
_LEAVE = "redis.call('LREM', KEYS[1], 0, ARGV[1]) redis.call('DEL', KEYS[2]) return 1"


class Turns(Protocol):
    """`take` waits for the conversation's turn and holds it. Raises RecordsAwayError when what all processes share is away."""

    def take(self, sender: str) -> AbstractAsyncContextManager[None]: ...

    async def ping(self) -> None:
        """Raises whatever keeps turns from being taken."""
        ...

    async def close(self) -> None: ...


class TurnsHere:
    """For one process."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def take(self, sender: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(sender, asyncio.Lock())
        async with lock:
            yield

    async def ping(self) -> None:
        """Memory is always there."""

    async def close(self) -> None:
        """Nothing is open."""


class TurnsInRedis:
    """A list for each conversation, changed by scripts that Redis runs whole. Owners that fall silent are passed over."""

    def __init__(self, url: str, keys: KeySpace) -> None:
        self._redis = redis.Redis.from_url(url, socket_timeout=SILENCE_SECONDS / 2, socket_connect_timeout=2.0)
        self._keys, self._signs = keys, f"{keys.prefix}:alive:"
        self._here = TurnsHere()  # a process asks once for each conversation, so that its own messages keep their order
        self._leaving: set[asyncio.Future[None]] = set()

    @asynccontextmanager
    async def take(self, sender: str) -> AsyncIterator[None]:
        async with self._here.take(sender):
            owner = uuid.uuid4().hex
            queue, alive = self._keys.key_of("turns", sender), f"{self._signs}{owner}"
            try:
                await self._wait(queue, alive, owner)
            except (RedisError, OSError) as error:
                logger.error("the lock store is away: %s", type(error).__name__)
                raise RecordsAwayError("the lock store is away") from error
            beating = asyncio.ensure_future(self._beat(alive))
            try:
                yield
            finally:
                beating.cancel()
                await self._leave(queue, alive, owner)

    async def _wait(self, queue: str, alive: str, owner: str) -> None:
        pause, waited = _FIRST_LOOK, 0.0
        try:
            await self._join(queue, alive, owner)  # may have come to pass although nothing was heard of it
            while True:
                found = await self._redis.eval(_LOOK, 2, queue, alive, owner, self._signs, _LASTS_MS)
                if found == 1:
                    return
                if found == -1:  # passed over while this process was stopped: to the end of the queue
                    await self._join(queue, alive, owner)
                if waited > LONGEST_WAIT_SECONDS:
                    raise RecordsAwayError("the conversation is busy elsewhere")
                await asyncio.sleep(pause)
                waited, pause = waited + pause, min(2 * pause, _LONGEST_LOOK)
        except BaseException:
            await self._leave(queue, alive, owner)
            raise

    async def _join(self, queue: str, alive: str, owner: str) -> None:
        await self._redis.eval(_JOIN, 2, queue, alive, owner, _LASTS_MS, _IDLE_SECONDS)

    async def _beat(self, alive: str) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                await self._redis.set(alive, "1", px=_LASTS_MS)
            except (RedisError, OSError):
                continue  # the database's own checks keep turns apart until it is back

    async def _leave(self, queue: str, alive: str, owner: str) -> None:
        """A turn that is over is not held up by a Redis that says nothing."""
        leaving = asyncio.ensure_future(self._left(queue, alive, owner))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
        await asyncio.wait({leaving}, timeout=_LEAVING_SECONDS)

    async def _left(self, queue: str, alive: str, owner: str) -> None:
        try:
            await self._redis.eval(_LEAVE, 2, queue, alive, owner)
        except (RedisError, OSError):
            return  # our sign of life runs out

    async def ping(self) -> None:
        await self._redis.ping()

    async def close(self) -> None:
        await self._redis.close()


class TurnsInPostgres:
    """Advisory locks of sessions: PostgreSQL queues who waits, and frees what a process that died held."""

    def __init__(self, database: Database, connections: int = 16) -> None:
        self._database = database
        self._engine = sa.create_engine(
            database.engine.url,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            pool_size=connections,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 2, "options": f"-c lock_timeout={int(1000 * LONGEST_WAIT_SECONDS)}"},
        )
        self._free = asyncio.Semaphore(connections)
        self._waiting = ThreadPoolExecutor(connections, "turns")  # of their own: giving a turn back needs no place in the queue
        self._here = TurnsHere()

    @asynccontextmanager
    async def take(self, sender: str) -> AsyncIterator[None]:
        async with self._here.take(sender), self._free:
            connection = await self._locked(sender)
            try:
                yield
            finally:
                unlocking = asyncio.get_running_loop().run_in_executor(None, _unlock, connection)
                await asyncio.wait({unlocking}, timeout=_LEAVING_SECONDS)  # a turn that is over is not held up

    async def _locked(self, sender: str) -> Connection:
        locking = asyncio.get_running_loop().run_in_executor(self._waiting, self._lock, sender)
        try:
            # Others' turns may take long; a database that says nothing at all is away.
            while not (await asyncio.wait({locking}, timeout=_LISTEN_SECONDS))[0]:
                await asyncio.wait_for(self.ping(), SILENCE_SECONDS / 2)
            return locking.result()
        except BaseException as error:
            locking.add_done_callback(_give_back)  # the thread cannot be called off: what it gets is not wanted any more
            if isinstance(error, (sa.exc.SQLAlchemyError, OSError, asyncio.TimeoutError)):
                logger.error("the lock store is away: %s", short_reason(error) if str(error) else type(error).__name__)
                raise RecordsAwayError("the lock store is away") from error
            raise

    def _lock(self, sender: str) -> Connection:
        connection = self._engine.connect()
        try:
            connection.execute(sa.text("SELECT pg_advisory_lock(hashtextextended(:sender, 5005))"), {"sender": sender})
        except BaseException:
            connection.invalidate()
            connection.close()
            raise
        return connection

    async def ping(self) -> None:
        await self._database.run(self._select)

    def _select(self) -> None:
        with reading(self._database.engine) as connection:
            connection.execute(sa.text("SELECT 1"))

    async def close(self) -> None:
        self._waiting.shutdown(wait=False)
        self._engine.dispose()


def _unlock(connection: Connection) -> None:
    try:
        connection.execute(sa.text("SELECT pg_advisory_unlock_all()"))
    except sa.exc.SQLAlchemyError:
        connection.invalidate()  # the session is gone, and its locks with it
    finally:
        connection.close()


def _give_back(locking: asyncio.Future[Connection]) -> None:
    if not locking.cancelled() and locking.exception() is None:
        asyncio.get_running_loop().run_in_executor(None, _unlock, locking.result())


@cache
def turns_for(redis_url: str, secret: str, database: Database) -> Turns:
    """The process's one, by the settings alone: Redis where one is named, else PostgreSQL where that is the database, else memory."""
    if redis_url:
        return TurnsInRedis(redis_url, KeySpace(secret))
    if database.engine.dialect.name == "postgresql":
        return TurnsInPostgres(database)
    return TurnsHere()
