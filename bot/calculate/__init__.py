"""Sums that learners type in free text: worked out, checked, or found to lack a number. Formulas: fact sheet, section 13."""

from __future__ import annotations

from bot.calculate.request import calculate
from bot.calculate.result import Calculation, Outcome
from bot.calculate.words import Templates, load_templates, words

__all__ = ["Calculation", "Outcome", "Templates", "calculate", "load_templates", "words"]
