"""docs/reliability.md: one row for each experiment, replaced when it runs again."""

from __future__ import annotations

from datetime import datetime, timezone

from bot.settings import ROOT
from tests.benchmarks.machine import machine
from tests.benchmarks.page import figures_on, write_figures

PAGE = ROOT / "docs" / "reliability.md"
NAME = "faults"
HEAD = "| what was done | what came of it | measured |"


def write_row(experiment: str, figures: str) -> None:
    rows = [line for line in figures_on(PAGE, NAME).splitlines() if line.startswith("| ") and line != HEAD]
    row = f"| {experiment} | {figures} | {datetime.now(timezone.utc):%d %B %Y} |"
    at = next((number for number, line in enumerate(rows) if line.startswith(f"| {experiment} |")), None)
    if at is None:
        rows.append(row)
    else:
        rows[at] = row
    write_figures(PAGE, NAME, "\n".join([f"Machine of the last run: {machine()}.", "", HEAD, "|---|---|---|", *rows, ""]))
