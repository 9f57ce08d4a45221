"""Marks short answers in the learner's own words: right, partly right, wrong, or not readable."""

from bot.quiz.short_answer.marker import ShortAnswers
from bot.quiz.short_answer.result import ShortMark, Verdict

__all__ = ["ShortAnswers", "ShortMark", "Verdict"]
