"""What one turn of a practice gives."""

from __future__ import annotations

from dataclasses import dataclass

from bot.practising.record import PracticeRecord
from bot.practising.run import Run
from bot.reply import Reply


@dataclass(frozen=True)
class Step:
    """`run` is None once there is none to carry on."""

    replies: tuple[Reply, ...]
    run: Run | None
    records: tuple[PracticeRecord, ...] = ()


@dataclass(frozen=True)
class Aside:
    """A question to the tutor in the middle of a practice: what was asked, and the run to come back to."""

    question: str
    run: Run
