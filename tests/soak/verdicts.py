"""What a soak is held to.

The first fifth counts for nothing: caches fill by design (the encoder's, the spellings', the stems'). Conversations held in memory do not
have to wait for it where the server was filled beforehand (`filling.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.soak.measured import FIFTHS, Soak

MOST_GROWTH = 1.05  # of memory, from the second fifth to the last
MOST_SLOWER = 1.25  # of the median answer
LEAST_KEPT = 0.98  # of the offered rate


@dataclass(frozen=True)
class Verdict:
    aim: str
    measured: str
    reached: bool


def verdicts(soak: Soak) -> Sequence[Verdict]:
    return [_rate(soak), _errors(soak), _memory(soak), _latency(soak)]


def _rate(soak: Soak) -> Verdict:
    offered = soak.offered.rate
    measured = f"{soak.rate:.1f} a second, {soak.late:,} of {soak.offered.messages:,} could not be sent before the end"
    return Verdict(f"{offered:g} messages a second are answered as they come", measured, soak.rate >= LEAST_KEPT * offered)


def _errors(soak: Soak) -> Verdict:
    problems = soak.whole.problems
    measured = f"{len(problems)} of {len(soak.whole.sent):,}" + (f", the first: {problems[0][:200]}" if problems else "")
    return Verdict("no message without its reply", measured, bool(soak.whole.sent) and not problems)


def _memory(soak: Soak) -> Verdict:
    """Of what no file holds: PSS changes when another process maps the same libraries."""
    before, after = soak.fifth(2).own, soak.fifth(FIFTHS).own
    measured = f"{before:,.0f} to {after:,.0f} MiB of its own, {100 * (after / before - 1):+.1f} %"
    return Verdict("memory grows by at most 5 %, second fifth to last", measured, after <= MOST_GROWTH * before)


def _latency(soak: Soak) -> Verdict:
    before, after = soak.fifth(2).percentile(50), soak.fifth(FIFTHS).percentile(50)
    measured = f"p50 {1000 * before:.0f} to {1000 * after:.0f} ms, slope {1000 * soak.slope:+.1f} ms in ten minutes"
    return Verdict("the median answer takes at most 1.25 times as long, second fifth to last", measured, after <= MOST_SLOWER * before)
