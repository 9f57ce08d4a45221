"""The server under load, side by side with stock Rasa: the same data, messages, machine and run.

    python -m tests.benchmarks.load                      # writes docs/performance.md; stock Rasa takes most of the time
    python -m tests.benchmarks.load --quick              # shows the figures of a few messages and writes nothing
    python -m tests.benchmarks.load --side ours          # Aftercare alone

The clients are threads of this process, each with a connection that it keeps open; the servers are processes of their own.
Needs Linux, for /proc.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bot.settings import ROOT
from tests.benchmarks.load.figures import QUICK, SHORT, WHOLE, Plan, measure
from tests.benchmarks.load.side import Aftercare, Side, StockRasa
from tests.benchmarks.load.table import as_markdown, circumstances
from tests.benchmarks.page import out, run_and_show, write_figures

PAGE = ROOT / "docs" / "performance.md"
SIDES: dict[str, tuple[type[Side], ...]] = {"ours": (Aftercare,), "stock": (StockRasa,), "both": (Aftercare, StockRasa)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a few messages, to try the benchmark itself")
    parser.add_argument("--short", action="store_true", help="fewer messages, stock Rasa trained for one epoch: about ten minutes")
    parser.add_argument("--side", choices=SIDES, default="both")
    parser.add_argument("--into", type=Path, help="file to write to; default docs/performance.md, with --quick none")
    args = parser.parse_args()
    plan = QUICK if args.quick else SHORT if args.short else WHOLE
    target = args.into or (None if args.quick else PAGE)

    def write(figures: str) -> None:
        if target:
            write_figures(target, "load", figures)

    return run_and_show("load", lambda folder: run(folder, args.side, plan), write)


def run(folder: Path, chosen: str, plan: Plan) -> str:
    """The figures as Markdown; `folder` takes everything that is written meanwhile."""
    load, quick = os.getloadavg()[0], plan is not WHOLE
    sides = [side(folder) for side in SIDES[chosen]]
    for side in sides:
        out.print(f"{side.name}: preparing", highlight=False)
        side.prepare(quick)
    measured = [measure(side, plan, lambda what: out.print(what, highlight=False)) for side in sides]
    command = " ".join(["python -m tests.benchmarks.load", *sys.argv[1:]])
    return as_markdown(measured, plan, circumstances(command, load, quick))


if __name__ == "__main__":
    sys.exit(main())
