"""Marks what a learner says to a customer: the moves of one line, and the criteria and band of a whole talk."""

from bot.assess.assessor import Assessor
from bot.assess.kept import ready
from bot.assess.labels import BAD, GOOD, LABELS, Move

__all__ = ["BAD", "GOOD", "LABELS", "Assessor", "Move", "ready"]
