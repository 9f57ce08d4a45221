"""A server under a day's mix of learners: does it keep the rate, does its memory stay, do its answers stay as quick?

    python -m tests.soak                              # 30 minutes at 20 messages a second; writes docs/reliability.md
    python -m tests.soak --minutes 3 --rate 10        # shows the figures and writes nothing
    python -m tests.soak --database URL --redis URL   # on an empty database other than SQLite

A third of the clients type questions, a third take quizzes, a third practise. Messages are due at fixed moments; a server that falls
behind is waited for, and the wait counts. Ends with 1 when an aim is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bot.settings import ROOT
from server.tracker_store import LIVE_CONVERSATIONS
from tests.benchmarks.machine import measured_on
from tests.benchmarks.page import out, run_and_show, write_figures
from tests.soak.offered import Offered
from tests.soak.run import soak
from tests.soak.stores import Stores
from tests.soak.table import as_markdown
from tests.soak.verdicts import verdicts

PAGE = ROOT / "docs" / "reliability.md"
MINUTES, RATE = 30.0, 20.0
SECTION = """
## Half an hour under load, {stores}

`make soak`: one server, {rate:g} messages a second from learners who come and go, a third typing questions, a third taking quizzes, a third
practising; after some 15 turns each is somebody new. Messages are due at fixed moments, and latency counts from there, so that a server
that falls behind is seen to. Before the clock runs, the server has had {held:,} conversations: as many as it keeps in memory.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="figures of fewer than 30 are not written")
    parser.add_argument("--rate", type=float, default=RATE, help="messages a second, of all clients")
    parser.add_argument("--database", default="", help="address of an empty database; default SQLite in a folder that goes afterwards")
    parser.add_argument("--redis", default="", help="address of a Redis that holds turns")
    parser.add_argument("--held", type=int, default=LIVE_CONVERSATIONS, help="conversations before the clock runs")
    args = parser.parse_args()
    if args.minutes < 1:
        parser.error("a minute is the least that has readings in every fifth")
    stores = Stores(args.database, args.redis)
    missed: list[str] = []

    def measure(folder: Path) -> str:
        load = os.getloadavg()[0]
        found = soak(folder, Offered(args.rate, 60 * args.minutes), stores, args.held, lambda what: out.print(what, highlight=False))
        missed.extend(one.aim for one in verdicts(found) if not one.reached)
        command = f"python -m tests.soak --minutes {args.minutes:g} --rate {args.rate:g} --held {args.held}"
        return as_markdown(found, measured_on(command, load, ("rasa", "sanic", "sqlalchemy", "onnxruntime")))

    def write(figures: str) -> None:
        if args.minutes >= MINUTES:
            section = SECTION.format(stores=" and ".join(stores.names), rate=args.rate, held=args.held)
            write_figures(PAGE, "-".join(["soak", *stores.names]).lower(), figures, section=section)

    status = run_and_show("soak", measure, write)
    for aim in missed:
        out.print(f"Missed: {aim}", style="red", markup=False, highlight=False)
    return status or int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
