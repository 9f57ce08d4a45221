"""Sums are worked out exactly, and nothing but sums."""

from __future__ import annotations

import operator
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.questions import Range
from bot.quiz.sums import SumError, corners, drawn, evaluate, filled, names_in


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("price - price * used / 60", Fraction(525)),
        ("(price + 1) / 3", Fraction(701, 3)),
        ("-used + 0.1 * 3", Fraction(-147, 10)),
        (" +price ", Fraction(700)),
    ],
)
def test_sums_are_exact(expression: str, value: Fraction) -> None:
    assert evaluate(expression, {"price": 700, "used": 15}) == value


@pytest.mark.parametrize(
    "expression",
    [
        "2 ** 9",
        "7 // 2",
        "7 % 2",
        "abs(1)",
        "price.real",
        "price if price else 1",
        "[price]",
        "'a' * 9",
        "True + 1",
        "1j",
        "1e999",
        "other + 1",
        "price = 1",
        "price +",
        "",
        "(" * 150 + "1" + ")" * 150,
        "(lambda: 1)()",
    ],
)
def test_anything_else_is_refused(expression: str) -> None:
    with pytest.raises(SumError):
        evaluate(expression, {"price": 700})


def test_dividing_by_nought_is_told() -> None:
    with pytest.raises(SumError, match="divides by nought"):
        evaluate("1 / (a - b)", {"a": 3, "b": 3})


def test_names_of_an_expression() -> None:
    assert names_in("(a + b) * 2 / a") == {"a", "b"}


OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul}


@given(st.recursive(st.integers(0, 99), lambda part: st.tuples(part, st.sampled_from("+-*"), part), max_leaves=12))
def test_brackets_and_signs_agree_with_arithmetic(tree: object) -> None:
    def written(node: object) -> str:
        return f"({written(node[0])}{node[1]}{written(node[2])})" if isinstance(node, tuple) else str(node)

    def worked_out(node: object) -> int:
        return OPERATORS[node[1]](worked_out(node[0]), worked_out(node[2])) if isinstance(node, tuple) else node  # type: ignore[return-value]

    assert evaluate(written(tree), {}) == worked_out(tree)


def test_numbers_stay_in_their_ranges_and_corners_are_their_ends() -> None:
    numbers = {"price": Range(least=300, most=900, step=60), "used": Range(least=9, most=24, step=4)}
    for seed in range(200):
        values = drawn(numbers, Random(seed))
        assert values["price"] in range(300, 901, 60)
        assert values["used"] in (9, 13, 17, 21)
    assert {(each["price"], each["used"]) for each in corners(numbers)} == {(300, 9), (300, 21), (900, 9), (900, 21)}


def test_texts_show_the_numbers_drawn() -> None:
    assert filled("£{price} at 6.{used}, {other}", {"price": 1200, "used": 7}) == "£1,200 at 6.7, {other}"
