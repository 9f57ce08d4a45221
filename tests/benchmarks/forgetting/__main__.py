"""Spaced retrieval measured on simulated learners; figures go to docs/benchmarks.md.

python -m tests.benchmarks.forgetting                  # 1,000 learners by the first law, 200 by the second: minutes
python -m tests.benchmarks.forgetting --learners 50    # fewer, shown and not written
"""

from __future__ import annotations

import argparse
import os
import sys
from time import perf_counter

from bot.settings import ROOT
from tests.benchmarks.forgetting.figures import measured
from tests.benchmarks.forgetting.law import ActivationLaw, PowerLaw
from tests.benchmarks.forgetting.table import as_markdown
from tests.benchmarks.machine import measured_on
from tests.benchmarks.page import run_and_show, write_figures

PAGE = ROOT / "docs" / "benchmarks.md"
LEARNERS = 1000
SEED = 20261129
LAWS: dict[str, tuple[type[PowerLaw] | type[ActivationLaw], float]] = {  # with the share of the learners
    "Wickelgren's power law": (PowerLaw, 1.0),
    "ACT-R with Pavlik and Anderson's decay": (ActivationLaw, 0.2),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, help=f"by the first law; default {LEARNERS}. With it nothing is written")
    args = parser.parse_args()

    def write(figures: str) -> None:
        if args.learners is None:
            write_figures(PAGE, "memory", figures)

    return run_and_show("memory", lambda _: run(args.learners or LEARNERS), write)


def run(learners: int) -> str:
    """The figures as Markdown."""
    load, begun = os.getloadavg()[0], perf_counter()
    laws = {name: measured(law, max(2, int(learners * share)), SEED) for name, (law, share) in LAWS.items()}
    took = f" It took {perf_counter() - begun:.0f} seconds on one core."
    return as_markdown(laws, measured_on("python -m tests.benchmarks.forgetting", load, ("fsrs", "numpy")) + took)


if __name__ == "__main__":
    sys.exit(main())
