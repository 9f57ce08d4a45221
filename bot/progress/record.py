"""Marks that a tutor changed, as the learner is told of them, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Changed:
    """A mark that a tutor changed: a criterion of a practice with its scenario, or an answer to an item of a quiz.

    `mark` is "met", "not met" or "not applicable", or an answer's verdict; `appeal` is "upheld" or "declined" where one was decided.
    """

    id: int
    reason: str
    mark: str
    scenario: str = ""
    criterion: str = ""
    item: str = ""
    appeal: str = ""


@dataclass(frozen=True)
class Told:
    """That the learner has been told of these changes."""

    changes: tuple[int, ...]
    at: datetime
