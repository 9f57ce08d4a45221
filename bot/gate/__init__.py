"""What a model must not lose: figures measured on fixed cases, held against those that were accepted."""

from bot.gate.accepted import read_accepted, write_accepted
from bot.gate.cases import Outcome, Understand, answer_case, decline_case, misses_of, read_cases
from bot.gate.figures import Cases, Figure, answered_as, measure
from bot.gate.verdict import Row, Verdict, compare

__all__ = [
    "Cases",
    "Figure",
    "Outcome",
    "Row",
    "Understand",
    "Verdict",
    "answer_case",
    "answered_as",
    "compare",
    "decline_case",
    "measure",
    "misses_of",
    "read_accepted",
    "read_cases",
    "write_accepted",
]
