"""From what tutors put right to files that the next training reads, and tests that hold it."""

from bot.improving.change import INTENT, PHRASING, Change, Refused
from bot.improving.ground import Ground, intents_of
from bot.improving.plan import Plan, plan, why_not
from bot.improving.reviewed import Reviewed
from bot.improving.shown import change_file
from bot.improving.wording import plain, teachable
from bot.improving.writing import applying, write

__all__ = [
    "INTENT",
    "PHRASING",
    "Change",
    "Ground",
    "Plan",
    "Refused",
    "Reviewed",
    "applying",
    "change_file",
    "intents_of",
    "plain",
    "plan",
    "teachable",
    "why_not",
    "write",
]
