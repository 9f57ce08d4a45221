"""What does a second process give, on one PostgreSQL?

    python -m tests.benchmarks.load.servers              # writes docs/performance.md
    python -m tests.benchmarks.load.servers --quick      # shows the figures of a few messages and writes nothing

Two servers run all the time, on the PostgreSQL and, in the second half, the Redis that tests use. The same number of clients speak now
to one of them, now half to each, in turns, so that a noisy machine is as noisy for both. Clients, database and Redis are on the same
machine and need some of its processors too: the table says how much.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from bot.settings import ROOT
from tests.benchmarks.load.messages import Message, Messages
from tests.benchmarks.load.phase import Phase, fresh
from tests.benchmarks.load.process_tree import TICKS
from tests.benchmarks.load.side import Aftercare, Served
from tests.benchmarks.machine import measured_on
from tests.benchmarks.page import Place, out, quick_or_written
from tests.databases import REDIS, empty_database, redis_space

PAGE = ROOT / "docs" / "performance.md"
SECTION = """
## A second process

`python -m tests.benchmarks.load.servers`: two servers on one PostgreSQL, with turns kept apart by PostgreSQL alone and by Redis. Sixteen
clients speak to one of the servers, then eight to each, over and over.
"""
CLIENTS, ROUNDS, COUNT = 16, 3, 320
Take = Callable[[int], list[Message]]


class OnPostgres(Aftercare):
    """One of several servers on one database; `redis` is empty for none."""

    def __init__(self, run: Path, address: str, redis: str, secret: str) -> None:
        super().__init__(run)
        self.environment |= {"AFTERCARE_DATABASE_URL": address, "AFTERCARE_REDIS_URL": redis, "AFTERCARE_SECRET": secret}

    def prepare(self, quick: bool) -> None:
        kept = dict(self.environment)
        super().prepare(quick)
        self.environment |= kept


@dataclass(frozen=True)
class Load:
    """One stretch: answers a second, the median seconds, and how many processors servers and the whole machine used."""

    rate: float
    median: float
    servers: float
    machine: float


def _busy() -> float:
    """Seconds that the machine's processors have worked since it started."""
    fields = [int(field) for field in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]]
    return (sum(fields[:8]) - fields[3] - fields[4]) / TICKS


def put_on(servers: Sequence[Served], messages: Sequence[Message], clients: int) -> Load:
    """The messages, shared out among the servers, each of which has its share of the clients."""
    shares = [messages[number :: len(servers)] for number in range(len(servers))]
    busy, began = _busy(), time.perf_counter()
    with ThreadPoolExecutor(len(servers)) as both:
        phases: list[Phase] = list(both.map(lambda server, share: fresh(server, clients // len(servers), share), servers, shares))
    seconds = time.perf_counter() - began
    times = [seconds for phase in phases for seconds in phase.times]
    used = sum(phase.processor_seconds for phase in phases)
    return Load(len(times) / seconds, median(times), used / seconds, (_busy() - busy) / seconds)


def rounds_of(pair: Sequence[Served], take: Take, rounds: int, count: int) -> tuple[list[Load], list[Load]]:
    """Of one server and of both."""
    one, both = [], []
    put_on(pair, take(count // 2), CLIENTS)  # not counted: caches fill
    for _ in range(rounds):
        one.append(put_on(pair[:1], take(count), CLIENTS))
        both.append(put_on(pair, take(count), CLIENTS))
    return one, both


@contextmanager
def pair_of(folder: Path, redis: str) -> Iterator[list[Served]]:
    with ExitStack() as stack:
        secret = stack.enter_context(redis_space()) if redis else "s" * 40
        address = stack.enter_context(empty_database("postgresql", folder))
        sides = [OnPostgres(folder / name, address, redis, secret) for name in ("one", "other")]
        for side in sides:
            side.folder.parent.mkdir(parents=True)
            side.prepare(quick=True)
        yield [stack.enter_context(side.served()) for side in sides]


def run(folder: Path, quick: bool) -> str:
    load, rows, lines = os.getloadavg()[0], list[str](), list[str]()
    rounds, count = (1, 48) if quick else (ROUNDS, COUNT)
    for name, redis in (("PostgreSQL alone", ""), ("Redis", REDIS)):
        out.print(f"turns by {name}: starting two servers", highlight=False)
        with pair_of(folder / name.split()[-1], redis) as pair:
            messages = Messages()
            for what, take in (("typed", messages.typed), ("pressed", partial(_many, messages.pressed))):
                one, both = rounds_of(pair, take, rounds, count)
                rows += [_row(f"{what}, turns by {name}, one server", one), _row(f"{what}, turns by {name}, two servers", both)]
                times = median(load.rate for load in both) / median(load.rate for load in one)
                lines.append(f"{what}, turns by {name}: {times:.2f} times as many answers a second with two")
    command = " ".join(["python -m tests.benchmarks.load.servers", *sys.argv[1:]])
    return as_markdown(rows, lines, measured_on(command, load, ("rasa", "sqlalchemy", "onnxruntime", "redis")))


def _many(take: Take, count: int) -> list[Message]:
    """Pressed buttons are answered several times as fast."""
    return take(4 * count)


def _row(name: str, loads: Sequence[Load]) -> str:
    figures = [(load.rate, load.median, load.servers, load.machine) for load in loads]
    rate, middle, servers, machine = (median(values) for values in zip(*figures, strict=True))
    return f"| {name} | {rate:.1f} | {1000 * middle:.0f} ms | {servers:.2f} | {machine:.2f} | {1000 * machine / rate:.0f} ms |"


def as_markdown(rows: Sequence[str], lines: Sequence[str], circumstances: str) -> str:
    head = [
        "| | answers a second | p50 | processors: servers | whole machine | of a processor for one answer |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    return "\n".join([circumstances, "", *head, *rows, "", *(f"- {line}" for line in lines)]) + "\n"


if __name__ == "__main__":
    sys.exit(quick_or_written(__doc__ or "", Place(PAGE, "servers", SECTION), run))
