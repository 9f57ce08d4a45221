"""Where learners leave what they began."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ended:
    """`count` runs that had `done` stages behind them when they ended, before they were through (`left`) or as they should."""

    done: int
    left: bool
    count: int = 1


@dataclass(frozen=True)
class Stage:
    """Of `reached` runs that came to stage `place` (from 1), `left` ended there unfinished."""

    place: int
    reached: int
    left: int

    @property
    def share(self) -> float:
        """From 0 to 1: how likely whoever came here was to leave here."""
        return self.left / self.reached if self.reached else 0.0


def stages_of(ended: Iterable[Ended], places: int | None = None) -> tuple[Stage, ...]:
    """Every stage that somebody reached, at most `places`. Whoever left after `done` stages left at the next."""
    runs = list(ended)
    last = max((run.done + run.left for run in runs), default=0)
    return tuple(_stage(runs, place) for place in range(1, min(last, places or last) + 1))


def _stage(runs: list[Ended], place: int) -> Stage:
    reached = sum(run.count for run in runs if run.done + run.left >= place)
    left = sum(run.count for run in runs if run.left and run.done + 1 == place)
    return Stage(place, reached, left)
