"""The sums of numeric items: drawn numbers, filled-in texts and expressions, worked out exactly and without `eval`."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import isfinite
from random import Random
from typing import Final

from bot.calculate.display import rounded
from bot.content.questions import Range

__all__ = ["PLACEHOLDER", "SumError", "corners", "drawn", "evaluate", "filled", "names_in", "rounded", "without_numbers"]

LONGEST: Final = 200  # characters; the schema allows 120

PLACEHOLDER: Final = re.compile(r"\{([a-z0-9_]+)\}")

_BINARY: Final[Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_UNARY: Final[Mapping[type[ast.unaryop], Callable[[Fraction], Fraction]]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}


class SumError(ValueError):
    """An expression that is not a sum, names an unknown number, or divides by nought."""


def evaluate(expression: str, values: Mapping[str, int | Fraction]) -> Fraction:
    """The exact value of + - * / and brackets over numbers and the names in `values`. Raises SumError."""
    try:
        return _value(_parsed(expression), values)
    except ZeroDivisionError as error:
        raise SumError(f"`{expression}` divides by nought") from error


def names_in(expression: str) -> frozenset[str]:
    """The names that an expression uses. Raises SumError when it cannot be read."""
    return frozenset(node.id for node in ast.walk(_parsed(expression)) if isinstance(node, ast.Name))


def drawn(numbers: Mapping[str, Range], dice: Random) -> dict[str, int]:
    """One value for every number, each of its range equally likely."""
    return {name: dice.randrange(span.least, span.most + 1, span.step) for name, span in numbers.items()}


def corners(numbers: Mapping[str, Range]) -> Iterator[dict[str, int]]:
    """Every way of putting each number at its least or its greatest value."""
    ends = [(span.least, span.least + (span.most - span.least) // span.step * span.step) for span in numbers.values()]
    for values in product(*(sorted(set(pair)) for pair in ends)):
        yield dict(zip(numbers, values, strict=True))


def filled(text: str, values: Mapping[str, int]) -> str:
    """`text` with `{name}` replaced by that number; thousands have commas. Unknown names stay as they are."""
    return PLACEHOLDER.sub(lambda found: f"{values[found[1]]:,}" if found[1] in values else found[0], text)


def _parsed(expression: str) -> ast.expr:
    if len(expression) > LONGEST:
        raise SumError(f"an expression has at most {LONGEST} characters")
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise SumError(f"`{expression}` is not a sum") from error


def _value(node: ast.expr, values: Mapping[str, int | Fraction]) -> Fraction:
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return _BINARY[type(node.op)](_value(node.left, values), _value(node.right, values))
    if isinstance(node, ast.UnaryOp) and type(node.op) in _UNARY:
        return _UNARY[type(node.op)](_value(node.operand, values))
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, (int, float))
        and not isinstance(node.value, bool)
        and isfinite(node.value)
    ):
        return Fraction(str(node.value))
    if isinstance(node, ast.Name):
        if node.id not in values:
            raise SumError(f"`{node.id}` is not one of the numbers")
        return Fraction(values[node.id])
    raise SumError(f"`{ast.unparse(node)}` is not allowed: only + - * / and brackets are")


def without_numbers(text: str) -> str:
    """The wording of a sum when no numbers are drawn for it: an ellipsis stands for each."""
    return PLACEHOLDER.sub("…", text)
