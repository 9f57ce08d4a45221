"""Does a busy desk slow learners down?

    python -m tests.benchmarks.load.beside_desk              # writes docs/performance.md
    python -m tests.benchmarks.load.beside_desk --quick      # shows the figures of a few messages and writes nothing

One server with its desk on SQLite, over a college that was there before. The same messages are answered with the desk idle and with two
tutors who never stop: inbox, filters, searches and conversations, one page after another. Both take turns, so that a noisy machine
is as noisy for both.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import sys
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from itertools import cycle
from pathlib import Path
from statistics import median

from bot.records import migrate, open_engine
from bot.records.accounts import set_password
from bot.records.reader import catch_up
from bot.settings import ROOT
from tests.benchmarks.college import Plan, build
from tests.benchmarks.load.messages import Messages
from tests.benchmarks.load.phase import Phase, fresh
from tests.benchmarks.load.side import Aftercare, Served
from tests.benchmarks.machine import measured_on
from tests.benchmarks.page import Place, quick_or_written
from tests.ports import await_answer, free_port

PAGE = ROOT / "docs" / "performance.md"
SECTION = """
## The desk beside the chat

`python -m tests.benchmarks.load.beside_desk`: learners' typed messages from four clients, with the desk idle and with two tutors who ask
for one page after another without a pause. The desk is a process of its own that gives way to the chat (it lowers its own priority).
"""
PASSWORD = "teal kettle orbit parade"
TUTORS, CLIENTS = 2, 4


class WithDesk(Aftercare):
    """The server with its desk, over a college of so many conversations."""

    def __init__(self, run: Path, conversations: int) -> None:
        super().__init__(run)
        self.conversations = conversations
        self.desk = free_port()
        self.senders: tuple[str, ...] = ()

    def prepare(self, quick: bool) -> None:
        super().prepare(quick)
        self.environment["REVIEW_PORT"] = str(self.desk)
        engine, now = open_engine(self.environment["AFTERCARE_DATABASE_URL"]), datetime.now(timezone.utc).timestamp()
        migrate(engine)
        college = build(engine, Plan(self.conversations), now)
        self.senders = tuple(college.planted)[:20] or (college.longest,)
        with engine.begin() as connection:
            set_password(connection, "Lena", PASSWORD)
        catch_up(engine, now, 3600)
        engine.dispose()


class Tutor:
    """Someone who is signed in and opens one page after another."""

    def __init__(self, port: int, senders: tuple[str, ...]) -> None:
        self._root = f"http://127.0.0.1:{port}"
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())).open
        token = re.search(r'name="csrf_token" value="([^"]+)"', self._page("/sign-in"))
        assert token
        form = {"name": "Lena", "password": PASSWORD, "csrf_token": token[1]}
        self._open(f"{self._root}/sign-in", urllib.parse.urlencode(form).encode(), 60).close()
        talks = [f"/conversations/{sender}" for sender in senders]
        self._paths = cycle(
            ["/", "/?status=all", "/?words=refund", *talks[:3], "/?words=complaint+customer", *talks[3:6], "/?from=2026-11-01"]
        )
        self.pages = 0

    def work(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._page(next(self._paths))
            self.pages += 1

    def _page(self, path: str) -> str:
        with self._open(self._root + path, None, 60) as answer:
            return str(answer.read().decode())


@contextmanager
def busy(tutors: list[Tutor]) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=tutor.work, args=(stop,)) for tutor in tutors]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def measure(served: Served, side: WithDesk, rounds: int, count: int) -> tuple[list[Phase], list[Phase], int, float]:
    """Phases with the desk idle and busy, the pages that the tutors got, and the seconds that this took."""
    messages = Messages()
    tutors = [Tutor(side.desk, side.senders) for _ in range(TUTORS)]
    fresh(served, CLIENTS, messages.typed(count))  # not counted: caches fill
    idle, occupied, seconds = [], [], 0.0
    for _ in range(rounds):
        idle.append(fresh(served, CLIENTS, messages.typed(count)))
        with busy(tutors):
            occupied.append(fresh(served, CLIENTS, messages.typed(count)))
        seconds += occupied[-1].seconds
    return idle, occupied, sum(tutor.pages for tutor in tutors), seconds


def run(folder: Path, quick: bool) -> str:
    load = os.getloadavg()[0]
    side = WithDesk(folder, 300 if quick else 2_000)
    side.prepare(True)
    with side.served() as served:
        await_answer(f"http://127.0.0.1:{side.desk}/sign-in")
        idle, occupied, pages, seconds = measure(served, side, *((1, 40) if quick else (4, 200)))
    command = " ".join(["python -m tests.benchmarks.load.beside_desk", *sys.argv[1:]])
    return as_markdown(idle, occupied, f"{pages / seconds:.1f}", measured_on(command, load, ("flask", "sqlalchemy")), side.conversations)


def as_markdown(idle: list[Phase], occupied: list[Phase], pages: str, circumstances: str, conversations: int) -> str:
    """The table, and the ratio that is held to 1.2."""

    def row(name: str, of: list[Phase]) -> str:
        middle, tail, rate = (median(values) for values in zip(*((p.median, p.percentile(95), p.rate) for p in of), strict=True))
        return f"| {name} | {1000 * middle:.0f} ms | {1000 * tail:.0f} ms | {rate:.1f} |"

    ratio = median(one.median for one in occupied) / median(one.median for one in idle)
    lines = [
        circumstances,
        "",
        f"| over {conversations:,} conversations | p50 | p95 | replies a second |",
        "|---|---:|---:|---:|",
        row("desk idle", idle),
        row(f"two tutors without a pause, {pages} pages a second", occupied),
        "",
        f"The busy desk makes the median reply {ratio:.2f} times as long.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(quick_or_written(__doc__ or "", Place(PAGE, "beside-desk", SECTION), run))
