"""docs/reliability.md: one row for each experiment, replaced when it runs again."""

from __future__ import annotations

from datetime import datetime, timezone

from bot.settings import ROOT
from tests.benchmarks.report import _machine as machine

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"
HEAD = "| what was done | what came of it | measured |"


def write_row(experiment: str, figures: str) -> None:
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    table, after = rest.split(END)
    rows = [line for line in table.splitlines() if line.startswith("| ") and line != HEAD]
    row = f"| {experiment} | {figures} | {datetime.now(timezone.utc):%d %B %Y} |"
    at = next((number for number, line in enumerate(rows) if line.startswith(f"| {experiment} |")), None)
    if at is None:
        rows.append(row)
    else:
        rows[at] = row
    text = "\n".join(["", f"Machine of the last run: {machine()}.", "", HEAD, "|---|---|---|", *rows, ""])
    PAGE.write_text(f"{before}{BEGIN}{text}{END}{after}", encoding="utf-8")
