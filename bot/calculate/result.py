"""What a calculation came to: typed, immutable and free of words for the learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """How a request to work something out ended."""

    ANSWER = "answer"
    MISSING = "missing"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Calculation:
    """One sum worked out, or why it could not be.

    `values` maps placeholder names to numbers already formatted for display; an answer always has `result` and `working`.
    `template` is a dotted key into knowledge/calculators.yml, for example `nps.answer` or `csat.missing.whole`.
    """

    metric: str
    outcome: Outcome
    values: Mapping[str, str]
    template: str
