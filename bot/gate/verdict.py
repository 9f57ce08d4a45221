"""Holds measured figures against the accepted ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.gate.figures import Figure

WORSE: Final = "worse"
BETTER: Final = "better"
SAME: Final = "same"
NEW: Final = "new"
State = Literal["worse", "better", "same", "new"]


@dataclass(frozen=True)
class Row:
    """A figure before (None where there was none) and after (None where it is measured no more)."""

    name: str
    before: Figure | None
    after: Figure | None

    @property
    def state(self) -> State:
        """By the share of cases that fail, as the number of cases may change."""
        if self.before is None:
            return NEW
        if self.after is None:
            return WORSE
        old, new = len(self.before.failed) * self.after.of, len(self.after.failed) * self.before.of
        return SAME if old == new else BETTER if new < old else WORSE

    @property
    def newly_failed(self) -> tuple[str, ...]:
        old = set(self.before.failed) if self.before else set()
        return tuple(case for case in self.after.failed if case not in old) if self.after else ()


@dataclass(frozen=True)
class Verdict:
    """`rows` in the order of measuring, then what is measured no more."""

    rows: tuple[Row, ...]

    @property
    def refused(self) -> bool:
        return any(row.state == WORSE for row in self.rows)

    @property
    def moves(self) -> bool:
        """Whether there is anything better or new to accept."""
        return any(row.state in {BETTER, NEW} or (row.before and row.after and row.before.of != row.after.of) for row in self.rows)


def compare(accepted: Sequence[Figure], measured: Sequence[Figure]) -> Verdict:
    before, after = ({figure.name: figure for figure in figures} for figures in (accepted, measured))
    return Verdict(tuple(Row(name, before.get(name), after.get(name)) for name in dict.fromkeys([*after, *before])))
