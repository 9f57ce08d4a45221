"""How fast the desk's pages about learning are, on SQLite and PostgreSQL.

python -m tests.benchmarks.learning                          # 20,000 conversations, writes docs/statistics.md
python -m tests.benchmarks.learning --conversations 2000     # shows figures and writes nothing
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records import migrate, open_engine, tables
from bot.records.engine import reading
from bot.records.reader import Reader
from bot.settings import ROOT
from tests.benchmarks.college import Plan, build
from tests.benchmarks.desk import NOW, TITLES, page_seconds, pair_of, settle, signed_in
from tests.benchmarks.machine import measured_on
from tests.benchmarks.page import run_and_show, write_figures
from tests.databases import KINDS, empty_database

PAGE: Final = ROOT / "docs" / "statistics.md"
WHOLE: Final = 20_000
LEARNERS: Final = 1000
ASKED: Final = {
    "overview, twelve weeks": "/statistics?weeks=12",
    "overview, half a year": "/statistics?weeks=26",
    "overview of a group": "/statistics?weeks=12&group=2",
    "topics": "/statistics/topics?weeks=12",
    "items": "/statistics/items?weeks=26",
    "criteria": "/statistics/criteria?weeks=26",
    "checkpoints and mock tests": "/statistics/tests?weeks=26",
}
COUNTED: Final = {"answers": tables.attempts, "cards": tables.cards, "practices": tables.practices}
Pages = Mapping[str, tuple[float, float]]


def measure(kind: str, folder: Path, plan: Plan) -> tuple[Pages, str]:
    """Seconds of each page, as lead and as tutor; and what there was, in words."""
    with empty_database(kind, folder) as address, ExitStack() as stack:
        engine = open_engine(address)
        stack.callback(engine.dispose)
        migrate(engine)
        college = build(engine, plan, NOW.timestamp())
        reader = Reader(engine)
        while reader.round(NOW.timestamp(), 5):
            pass
        settle(engine)
        lead, tutor = signed_in(engine, folder, college)
        pages = {name: (page_seconds(lead, path), page_seconds(tutor, path)) for name, path in ASKED.items()}
        return pages, f"{plan.learners:,} learners, {plan.conversations:,} conversations, {_counts(engine)}."


def _counts(engine: Engine) -> str:
    with reading(engine) as connection:
        found = {name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for name, table in COUNTED.items()}
    return ", ".join(f"{count:,} {name}" for name, count in found.items())


def as_markdown(pages: Mapping[str, Pages], college: str, circumstances: str) -> str:
    """Ends with a line feed."""
    lines = [circumstances, college, "", "| | " + " | ".join(f"{TITLES[kind]}, lead / tutor" for kind in pages) + " |"]
    lines += ["|---|" + "---:|" * len(pages)]
    lines += [f"| {name} | " + " | ".join(pair_of(found[name]) for found in pages.values()) + " |" for name in ASKED]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=WHOLE)
    args = parser.parse_args()
    plan, load = Plan(args.conversations, learners=min(LEARNERS, args.conversations // 5)), os.getloadavg()[0]
    command = " ".join(["python -m tests.benchmarks.learning", *sys.argv[1:]])

    def measured(folder: Path) -> str:
        found = {kind: measure(kind, folder, plan) for kind in KINDS}
        circumstances = measured_on(command, load, ("flask", "sqlalchemy", "psycopg2-binary"))
        return as_markdown({kind: pages for kind, (pages, _) in found.items()}, found[KINDS[0]][1], circumstances)

    def write(figures: str) -> None:
        if args.conversations == WHOLE:
            write_figures(PAGE, "learning", figures)

    return run_and_show("learning", measured, write)


if __name__ == "__main__":
    sys.exit(main())
