"""A line to the database that can be slow, cut or silent: a small TCP proxy in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from tests.ports import free_port


class SlowLine:
    """Listens on `port`. `delay` seconds are added to every round trip; `cut` breaks all connections and refuses new ones."""

    def __init__(self, target_port: int) -> None:
        self.port = free_port()
        self.delay = 0.0
        self._target = target_port
        self._cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._serve, "127.0.0.1", self.port))

    def cut(self) -> None:
        self._cut = True
        self._loop.call_soon_threadsafe(lambda: [writer.transport.abort() for writer in list(self._writers)])

    def mend(self) -> None:
        self._cut = False

    def close(self) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.call_later, 0.2, self._loop.stop)
        self._thread.join(5)

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, to_writer}
        await asyncio.gather(self._carry(reader, to_writer, waits=True), self._carry(to_reader, writer, waits=False))
        self._writers -= {writer, to_writer}

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, waits: bool) -> None:
        """The whole delay lies on the way to the database: one for each round trip."""
        with suppress(OSError):
            while data := await reader.read(65536):
                if waits:
                    await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()
        writer.close()
