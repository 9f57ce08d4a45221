"""A soak as Markdown: its course, then what was aimed at."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tests.soak.measured import FIFTHS, Measured, Soak
from tests.soak.verdicts import verdicts

HEADS = (
    "minutes",
    "messages a second",
    "p50",
    "p95",
    "processor a message",
    "memory (PSS)",
    "of its own",
    "connections",
    "files",
    "database",
    "errors",
)
STRETCH = 300.0  # seconds a row; shorter runs have five rows


def as_markdown(soak: Soak, circumstances: str) -> str:
    lines = [
        circumstances,
        "",
        f"| {' | '.join(HEADS)} |",
        "|---|" + "---:|" * (len(HEADS) - 1),
        *_course(soak),
        "",
        "| aim | measured | |",
        "|---|---|---|",
        *(f"| {one.aim} | {one.measured} | {'reached' if one.reached else 'missed'} |" for one in verdicts(soak)),
    ]
    return "\n".join(lines) + "\n"


def _course(soak: Soak) -> Iterator[str]:
    length = min(STRETCH, soak.offered.seconds / FIFTHS)
    begins = 0.0
    while begins < soak.offered.seconds:
        ends = min(begins + length, soak.offered.seconds)
        yield _row(soak.whole.between(begins, ends), begins, ends)
        begins = ends


def _row(stretch: Measured, begins: float, ends: float) -> str:
    last = stretch.readings[-1]
    figures = [
        f"{begins / 60:.3g} to {ends / 60:.3g}",
        f"{stretch.answered / (ends - begins):.1f}",
        _milliseconds(stretch.percentile(50)),
        _milliseconds(stretch.percentile(95)),
        _milliseconds(stretch.processor),
        f"{stretch.memory:,.0f} MiB",
        f"{stretch.own:,.0f} MiB",
        str(last.connections),
        str(last.descriptors - last.connections),
        f"{last.database:.1f} MiB",
        str(len(stretch.problems)),
    ]
    return f"| {' | '.join(figures)} |"


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:,.0f} ms" if math.isfinite(seconds) else "none"
