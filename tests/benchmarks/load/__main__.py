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
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bot.settings import ROOT
from tests.benchmarks.load.figures import QUICK, SHORT, WHOLE, Plan, measure
from tests.benchmarks.load.side import Aftercare, Side, StockRasa
from tests.benchmarks.load.table import as_markdown, circumstances
from tests.benchmarks.stock import BenchmarkError

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- load: begin -->", "<!-- load: end -->"
SIDES: dict[str, tuple[type[Side], ...]] = {"ours": (Aftercare,), "stock": (StockRasa,), "both": (Aftercare, StockRasa)}

out = Console(stderr=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a few messages, to try the benchmark itself")
    parser.add_argument("--short", action="store_true", help="fewer messages, stock Rasa trained for one epoch: about ten minutes")
    parser.add_argument("--side", choices=SIDES, default="both")
    parser.add_argument("--into", type=Path, help="file to write to; default docs/performance.md, with --quick none")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that processes and folders are cleared away then, too
    target = args.into or (None if args.quick else PAGE)
    try:
        with TemporaryDirectory(prefix="aftercare-load-") as folder:
            figures = run(Path(folder), args.side, QUICK if args.quick else SHORT if args.short else WHOLE)
        if target:
            write_between_markers(target, figures)
    except BenchmarkError as error:
        out.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        return 1
    sys.stdout.write(figures)
    return 0


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


def write_between_markers(page: Path, figures: str) -> None:
    """Replace what stands between the markers and nothing else; a page that is not there yet is begun."""
    text = page.read_text(encoding="utf-8") if page.exists() else f"{BEGIN}\n{END}\n"
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise BenchmarkError(f"{page}: the lines {BEGIN} and {END} must both stand there, in this order. The figures:\n\n{figures}")
    page.write_text(f"{before}{BEGIN}\n{figures}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
