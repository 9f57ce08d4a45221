"""The same amount is the same word however it is written, and another amount another."""

from __future__ import annotations

import pytest

from bot.quiz.short_answer.quantities import in_figures, kind_of, with_quantities
from bot.quiz.short_answer.terms import Vocabulary


def quantities(text: str) -> list[str]:
    return [word for word in with_quantities(in_figures(text)).split() if kind_of(word)]


@pytest.mark.parametrize("text", ["14 days", "fourteen days", "two weeks", "a fortnight", "2 weeks", "14 calendar days"])
def test_two_weeks_however_they_are_written(text: str) -> None:
    assert quantities(text) == ["14_day"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("30 days", ["30_day"]),
        ("half a year", ["6_month"]),
        ("72h", ["72_hour"]),
        ("£50", ["50_pound"]),
        ("fifty pounds", ["50_pound"]),
        ("3%", ["3_percent"]),
        ("twenty-five per cent", ["25_percent"]),
        ("the 2015 Act", ["2015_date"]),
        ("b2b", []),
        ("one of them", []),
    ],
)
def test_other_amounts(text: str, read: list[str]) -> None:
    assert quantities(text) == read


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("you don't have to tell them", "never tell them"),
        ("the money back", "a refund"),
        ("s75", "section 75"),
        ("less", "not more"),
        ("shoppers", "the client"),
    ],
)
def test_wordings_with_the_same_terms(said: str, meant: str) -> None:
    vocabulary = Vocabulary.load()
    assert vocabulary.terms(said) == vocabulary.terms(meant) != ()


@pytest.mark.parametrize(("said", "other"), [("tell them", "don't tell them"), ("after it", "before it"), ("14 days", "30 days")])
def test_wordings_with_other_terms(said: str, other: str) -> None:
    vocabulary = Vocabulary.load()
    assert vocabulary.terms(said) != vocabulary.terms(other)
