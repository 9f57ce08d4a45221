"""The database from the event loop: work in threads, told at once when it is away, tried again by itself."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import sqlalchemy as sa

from bot.records import migrate, open_engine, short_reason

logger = logging.getLogger("aftercare")
T = TypeVar("T")
SILENCE_SECONDS = 8.0  # a database that neither answers nor fails for so long is taken for away
REST_SECONDS = 1.0  # after a failure, messages are refused without waiting for the database until this has passed


class RecordsAwayError(Exception):
    """The database cannot be reached, or is locked, full or silent. What was asked can be asked again: it is never stored twice."""


class Database:
    """One engine and the threads that use it. SQLite has one writer anyway, so it gets one thread and never waits for itself."""

    def __init__(self, address: str) -> None:
        self.engine = open_engine(address)
        threads = 1 if self.engine.dialect.name == "sqlite" else 8
        self._threads = ThreadPoolExecutor(threads, "database")
        self._away_until = 0.0

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work`, done in a thread. Raises RecordsAwayError; other errors are the work's own."""
        self._refuse_while_away()
        doing = asyncio.get_running_loop().run_in_executor(self._threads, lambda: self._do(work))
        try:
            return await asyncio.wait_for(doing, SILENCE_SECONDS)
        except asyncio.TimeoutError as error:
            raise self._away(f"no answer for {SILENCE_SECONDS:.0f} seconds") from error

    def _refuse_while_away(self) -> None:
        if time.monotonic() < self._away_until:
            raise RecordsAwayError("the database was away a moment ago")

    def _do(self, work: Callable[[], T]) -> T:
        """In a thread. What stood in the queue during a failure is refused with it, instead of finding out one after another."""
        self._refuse_while_away()
        try:
            return work()
        except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError, sa.exc.InternalError) as error:
            raise self._away(short_reason(error)) from error

    def _away(self, reason: str) -> RecordsAwayError:
        self._away_until = time.monotonic() + REST_SECONDS
        logger.error("the database is away: %s", reason)
        return RecordsAwayError(reason)


@cache
def database(address: str) -> Database:
    """The process's one database at this address, brought up to date. Raises sqlalchemy's errors when it is away at the first call."""
    opened = Database(address)
    migrate(opened.engine)
    return opened
