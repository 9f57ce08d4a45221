"""Which items deserve a look, and why."""

from __future__ import annotations

from enum import Enum

from bot.statistics.choices import Picks
from bot.statistics.items import ItemFigures

ENOUGH = 30  # answers under which figures are chance, and shown as such
HARD, EASY = 0.25, 0.95  # facility


class Flag(Enum):
    """Most serious first: an item that the better learners miss most often has a wrong key or a trap in it."""

    AGAINST = "against"
    HARD = "hard"
    EASY = "easy"
    UNUSED = "unused"


def flags_of(figures: ItemFigures, picks: Picks | None = None) -> tuple[Flag, ...]:
    """None while fewer than ENOUGH answered."""
    if figures.n < ENOUGH or figures.facility is None:
        return ()
    found = {
        Flag.AGAINST: figures.index is not None and figures.index < 0,
        Flag.HARD: figures.facility < HARD,
        Flag.EASY: figures.facility > EASY,
        Flag.UNUSED: picks is not None and bool(picks.unused),
    }
    return tuple(flag for flag, is_so in found.items() if is_so)
