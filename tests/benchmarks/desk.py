"""How fast the tutors' desk is over a large college, on SQLite and PostgreSQL.

    python -m tests.benchmarks.desk                          # 100,000 conversations, writes docs/performance.md
    python -m tests.benchmarks.desk --conversations 2000     # shows figures and writes nothing

Pages are asked of the desk's own application in a process of its own, as the waitress threads would; each is asked several times and the
median counts. The college is made up and seeded (college.py).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from bot.records import migrate, open_engine
from bot.records.access import Viewer
from bot.records.desk_tables import triage
from bot.records.engine import reading
from bot.records.inbox import Filters, inbox
from bot.records.reader import Reader
from bot.records.transcripts import read
from bot.settings import ROOT, read_settings
from tests.benchmarks.college import College, Plan, build
from tests.benchmarks.machine import measured_on
from tests.benchmarks.page import BenchmarkError, run_and_show, write_figures
from tests.databases import KINDS, empty_database

PAGE: Final = ROOT / "docs" / "performance.md"
NOW: Final = datetime(2026, 11, 30, 9, tzinfo=timezone.utc)
WHOLE: Final = 100_000
_TIMES: Final = 5
_SETTLED_DAYS: Final = 60
TITLES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
SECTION: Final = """
## The tutors' desk

The desk over a made-up college (`tests/benchmarks/college.py`): conversations as the server stores them over half a year, one in ten of
a visitor, the others of learners in groups, with quizzes, practices and their marks. Whatever lies further back than 60 days is done.
Pages are asked of the application in a process of its own, with their templates and the note in the audit trail; every figure is the median
of five. Reading is what the desk does once with conversations that were there before it.
"""


@dataclass(frozen=True)
class Figures:
    """Of one database. Seconds; `pages` by what was asked, as lead and as a tutor of a few groups."""

    events: int
    messages: int
    building: float
    reading: float
    pages: Mapping[str, tuple[float, float]]
    conversation: float
    transcript: float
    megabytes: float


def asked(college: College) -> dict[str, str]:
    """Addresses of the inbox, by what they show."""
    day = f"{NOW - timedelta(days=7):%Y-%m-%d}"
    return {
        "as it opens": "",
        "everything": "status=all",
        "done": "status=done",
        "nobody's": "assignee=0",
        "a reason": "reason=declined",
        "a rare reason": "reason=safeguarding&status=all",
        "a learner by name": "learner=number+77+&status=all",
        "a learner by number": "learner=learner+77&status=all",
        "a group": "group=2&status=all",
        "a channel": "channel=telegram&status=all",
        "a scenario": "scenario=account-of-another&status=all",
        "a criterion met": "criterion=listen&mark=met&status=all",
        "a criterion missed": "criterion=resolve&mark=missed&status=all",
        "a tag": "tag=good+example&status=all",
        "a low confidence": "below=31&status=all",
        "the last week": f"since={day}&status=all",
        "a search for a common word": "words=customer&status=all",
        "a search for two words": "words=customer+service&status=all",
        "a search for a phrase": "words=%22net+promoter+score%22&status=all",
        "a search for what nobody said": "words=zyxwvut&status=all",
        "a search in a group with a reason": "words=customer&group=2&reason=back&status=all",
        "a hundred pages on": f"status=all&after={_far_place()}",
    }


def measure(kind: str, folder: Path, plan: Plan) -> Figures:
    """Make a college and ask for its pages, in a process that did not make it."""
    with empty_database(kind, folder) as address:
        engine = open_engine(address)
        migrate(engine)
        started = time.perf_counter()
        college = build(engine, plan, NOW.timestamp())
        building = time.perf_counter() - started
        engine.dispose()
        told = {**vars(college), "planted": dict(college.planted)}
        command = [sys.executable, "-m", "tests.benchmarks.desk", "--ask", address]
        done = subprocess.run(command, check=False, input=json.dumps(told), capture_output=True, text=True, cwd=ROOT)
        if done.returncode:
            raise BenchmarkError(f"the desk could not be asked: {done.stderr[-2000:]}")
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        pages = {name: (both[0], both[1]) for name, both in found.pop("pages").items()}
        return Figures(building=building, events=college.events, pages=pages, **found)


def ask(address: str, college: College) -> dict[str, Any]:
    """The desk's part, in its own process: read everything, then serve."""
    with TemporaryDirectory() as var, ExitStack() as stack:
        engine = open_engine(address)
        stack.callback(engine.dispose)
        started = time.perf_counter()
        reader = Reader(engine)
        while reader.round(NOW.timestamp(), 5):
            pass
        seconds = time.perf_counter() - started
        settle(engine)
        lead, tutor = signed_in(engine, Path(var), college)
        addresses = asked(college)
        pages = {name: (page_seconds(lead, f"/?{query}"), page_seconds(tutor, f"/?{query}")) for name, query in addresses.items()}
        conversation = page_seconds(lead, f"/conversations/{quote(college.longest)}")
        with reading(engine) as connection:
            transcript = _median(lambda: read(connection, college.longest))
            messages = connection.execute(sa.text("SELECT count(*) FROM messages")).scalar()
        return {
            "messages": messages,
            "reading": seconds,
            "pages": pages,
            "conversation": conversation,
            "transcript": transcript,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


def settle(engine: Engine) -> None:
    """What lies far back was dealt with, and the database knows its tables, as it would in time."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        old = triage.c.last_at < NOW.timestamp() - _SETTLED_DAYS * 86_400
        done = {"status": "done", "done_event_id": triage.c.last_event_id, "need": 0, "reasons": "[]"}
        connection.execute(sa.update(triage).where(old).values(done))
        connection.execute(sa.text("ANALYZE"))


def planted_in_first(kind: str, folder: Path, conversations: int = 1000, first: int = 20) -> tuple[int, int]:
    """How many planted problems the first rows of an inbox hold, and how many there are."""
    with empty_database(kind, folder) as address, ExitStack() as stack:
        engine = open_engine(address)
        stack.callback(engine.dispose)
        migrate(engine)
        college = build(engine, Plan(conversations, learners=200), NOW.timestamp())
        reader = Reader(engine)
        while reader.round(NOW.timestamp(), 5):
            pass
        with reading(engine) as connection:
            page = inbox(connection, Viewer(college.lead, lead=True), Filters(), limit=first)
        return sum(row.sender in college.planted for row in page.rows), len(college.planted)


def as_markdown(figures: Mapping[str, Figures], planted: tuple[int, int], plan: Plan, load: float) -> str:
    """The section's figures; ends with a line feed."""
    some = next(iter(figures.values()))
    databases = list(figures.values())
    command = "python -m tests.benchmarks.desk" + ("" if plan.conversations == WHOLE else f" --conversations {plan.conversations}")
    lines = [
        measured_on(command, load, ("flask", "sqlalchemy", "psycopg2-binary")),
        f"{plan.conversations:,} conversations, {some.events:,} events, {some.messages:,} messages of {plan.learners:,} learners.",
        "",
        "| inbox | " + " | ".join(f"{TITLES[kind]}, lead / tutor" for kind in figures) + " |",
        "|---|" + "---:|" * len(figures),
        *(f"| {name} | " + " | ".join(pair_of(one.pages[name]) for one in databases) + " |" for name in some.pages),
        "",
        "| | " + " | ".join(TITLES[kind] for kind in figures) + " |",
        "|---|" + "---:|" * len(figures),
        _row("slowest of these", [f"{1000 * max(max(both) for both in one.pages.values()):.0f} ms" for one in databases]),
        _row("a conversation of 500 turns opens", [f"{1000 * one.conversation:.0f} ms" for one in databases]),
        _row("its last page is read from the database", [f"{1000 * one.transcript:.0f} ms" for one in databases]),
        _row("all conversations are read once", [f"{one.reading:.0f} s" for one in databases]),
        _row("memory of the desk's process, at its most", [f"{one.megabytes:.0f} MB" for one in databases]),
        "",
        f"Of {planted[1]} problems planted in 1,000 conversations, the first 20 rows of the inbox hold {planted[0]}.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=WHOLE)
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--write", action="store_true", help="write the figures of a smaller college too")
    parser.add_argument("--ask", metavar="URL", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.ask:
        sys.stdout.write(json.dumps(ask(args.ask, College(**json.load(sys.stdin)))))
        return 0
    plan, load = replace(Plan(args.conversations), learners=max(40, min(1200, args.conversations // 5))), os.getloadavg()[0]

    def measured(folder: Path) -> str:
        figures = {kind: measure(kind, folder, plan) for kind in args.databases}
        inner = folder / "planted"
        inner.mkdir()
        return as_markdown(figures, planted_in_first(args.databases[0], inner), plan, load)

    def write(figures: str) -> None:
        if args.write or args.conversations == WHOLE:
            write_figures(PAGE, "desk", figures, section=SECTION)

    return run_and_show("desk", measured, write)


def signed_in(engine: Engine, var: Path, college: College) -> tuple[FlaskClient, FlaskClient]:
    """The lead and the tutor."""
    from bot.records.accounts import tutor_of_session
    from review import access
    from review.app import create_app

    app = create_app(replace(read_settings(), var=var), engine, lambda: NOW)
    clients: list[FlaskClient] = []
    for number in (college.lead, college.tutor):
        with reading(engine) as connection:
            account = tutor_of_session(connection, number, 0)
        assert account
        with app.test_request_context():
            access.sign_in(account, NOW.timestamp())
            from flask import session

            values = dict(session)
        client = app.test_client()
        with client.session_transaction() as kept:
            kept.update(values)
        clients.append(client)
    return clients[0], clients[1]


def page_seconds(client: FlaskClient, path: str) -> float:
    """The median of several times."""

    def page() -> None:
        answer = client.get(path)
        if answer.status_code not in (200, 404):
            raise BenchmarkError(f"{path} answered {answer.status_code}")

    return _median(page)


def _median(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return median(seconds)


def _far_place() -> str:
    """In the middle of what needs nobody, half a year's quarter ago."""
    return quote(f"0:{(NOW - timedelta(days=90)).timestamp()!r}:8")


def pair_of(both: tuple[float, float]) -> str:
    return f"{1000 * both[0]:.0f} / {1000 * both[1]:.0f} ms"


def _row(name: str, values: Sequence[str]) -> str:
    return f"| {name} | " + " | ".join(values) + " |"


if __name__ == "__main__":
    sys.exit(main())
