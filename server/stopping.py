"""SIGTERM and Ctrl+C end the process once what it has begun is finished, whenever they come.

Have Sanic register no signals of its own: it forgets one for good that comes between its last listener and its loop.
"""

from __future__ import annotations

import asyncio
import signal
from asyncio import AbstractEventLoop

from sanic import Sanic

_START_SECONDS = 0.1


class Stopping:
    """Two listeners for after the start: `hear` before anything says that the server is ready, `obey` as the very last."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._obeying: asyncio.Task[None] | None = None

    async def hear(self, _: Sanic, loop: AbstractEventLoop) -> None:
        """Not by the loop's own means: those hear nothing in the moment between the loop's run for the listeners and its run for good."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(self._asked.set))

    async def obey(self, app: Sanic, loop: AbstractEventLoop) -> None:
        self._obeying = loop.create_task(self._stop(app))

    async def _stop(self, app: Sanic) -> None:
        await asyncio.sleep(_START_SECONDS)  # the loop that runs the listeners ends with them; a stop of that one would be lost
        await self._asked.wait()
        app.stop()
