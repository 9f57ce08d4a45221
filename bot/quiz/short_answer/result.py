"""What marking a short answer gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["right", "partly", "wrong", "unreadable"]


@dataclass(frozen=True)
class ShortMark:
    """`missing` are the numbers of the ideas that were not found, `misbelief` the number of the usual wrong answer that was given.

    `unreadable` means too little to mark: the learner is asked again, and it counts for nothing.
    """

    verdict: Verdict
    missing: tuple[int, ...] = ()
    misbelief: int | None = None
