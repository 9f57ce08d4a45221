"""How many of many items are known now: the schedule's estimate for a whole column of cards at once."""

from __future__ import annotations

from typing import Final

import fsrs
import numpy as np

from bot.quiz.memory.schedule import RETENTION
from bot.statistics.discrimination import Array

_DAY: Final = 86_400
_DECAY: Final = -float(fsrs.Scheduler().parameters[20])
_FACTOR: Final = RETENTION ** (1 / _DECAY) - 1


def known_now(stability: Array, last_review: Array, now: float) -> Array:
    """The probability of a right answer now, from 0 to 1, for cards whose last answer was not wrong: what
    bot.quiz.memory.schedule.known gives one card. `stability` in days; `last_review` and `now` in seconds since 1970.
    """
    days = np.maximum(0.0, now // _DAY - last_review // _DAY)
    known: Array = (1 + _FACTOR * days / stability) ** _DECAY
    return known
