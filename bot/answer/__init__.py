"""Finds the right answer to a learner's question, or says that there is none."""

from bot.answer.answerer import Answerer
from bot.answer.context import Context
from bot.answer.results import Compared, Declined, Found, Result, Unclear

__all__ = ["Answerer", "Compared", "Context", "Declined", "Found", "Result", "Unclear"]
