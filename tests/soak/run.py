"""One server, its clients and whoever watches it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.page import BenchmarkError
from tests.conftest import Server, start_server
from tests.faults.served import NO_LIMITS
from tests.ports import free_port
from tests.soak.client import Client, Sent
from tests.soak.filling import fill
from tests.soak.measured import Measured, Soak
from tests.soak.offered import Offered
from tests.soak.scripts import Scripts
from tests.soak.stores import Stores
from tests.soak.watched import Reading, Watched

EVERY = 10.0  # seconds between readings


def soak(folder: Path, offered: Offered, stores: Stores, held: int, note: Callable[[str], None]) -> Soak:
    """Serve, with so many conversations before the clock runs. `folder` takes what is written; `note` is told how it goes."""
    address = stores.address(folder)
    port, scripts = free_port(), Scripts()
    with _served(folder, port, {"AFTERCARE_DATABASE_URL": address, "AFTERCARE_REDIS_URL": stores.redis}) as server:
        if held:
            note(f"{held} conversations beforehand")
            fill(port, scripts, held)
        return _under_load(port, scripts, offered, Watched(server.process.pid, address), note)


@contextmanager
def _served(folder: Path, port: int, environment: Mapping[str, str]) -> Iterator[Server]:
    server = start_server(folder, port, AFTERCARE_SECRET="s" * 40, **NO_LIMITS, **environment)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


def _under_load(port: int, scripts: Scripts, offered: Offered, watched: Watched, note: Callable[[str], None]) -> Soak:
    clients = [Client(port, scripts, place) for place in range(offered.clients)]
    begun = time.monotonic()
    ends = begun + offered.seconds
    with ThreadPoolExecutor(offered.clients) as threads:
        sending = [threads.submit(one.follow, offered.due(place), begun, ends) for place, one in enumerate(clients)]
        readings = list(_readings(watched, begun, ends, note))
    return Soak(offered, Measured(_ended(sending), readings))


def _readings(watched: Watched, begun: float, ends: float, note: Callable[[str], None]) -> Iterator[Reading]:
    due = begun
    while due <= ends:
        time.sleep(max(0.0, due - time.monotonic()))
        reading = watched.read(due - begun)
        note(f"{reading.at:.0f} s: {reading.memory:.0f} MiB, {reading.own:.0f} of its own, {reading.connections} connections")
        yield reading
        due += EVERY


def _ended(sending: list[Future[list[Sent]]]) -> list[Sent]:
    sent = [one for client in sending for one in client.result()]
    if not sent:
        raise BenchmarkError("Nothing was sent.")
    return sorted(sent, key=lambda one: one.ended)
