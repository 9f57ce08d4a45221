"""The part of an item that depends on its kind, from a question of another bank."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from bot.quiz.exchange.question import FULL, Choices, Pairs, Question, Sum, Verdict, Wording, decimal_text

GAP: Final = "TODO"
_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


@dataclass(frozen=True)
class Part:
    """Values of an item; what they still lack; what of the question they have no place for."""

    kind: str
    values: Mapping[str, Any]
    lacks: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def part_of(question: Question) -> Part | None:
    """None for essays and descriptions."""
    if isinstance(question, Choices):
        return _choices(question)
    if isinstance(question, Verdict):
        return _verdict(question)
    if isinstance(question, Wording):
        return _wording(question)
    if isinstance(question, Sum):
        return _sum(question)
    return _pairs(question) if isinstance(question, Pairs) else None


def _choices(question: Choices) -> Part:
    right = [answer.percent == FULL if question.single else answer.percent > 0 for answer in question.answers]
    several = sum(right) > 1
    values = [
        {"text": _flat(answer.text), **({"right": True} if is_right else {}), "why": _line(answer.feedback)}
        for answer, is_right in zip(question.answers, right, strict=True)
    ]
    lacks = [
        f"choices: why “{answer.text}” is {'right' if is_right else 'wrong'}"
        for answer, is_right in zip(question.answers, right, strict=True)
        if not answer.feedback
    ]
    if several and not re.search(rf"\b{_NUMBERS[min(sum(right), 8)]}\b", question.stem, re.IGNORECASE):
        lacks.append(f"ask: say that {_NUMBERS[min(sum(right), 8)]} are right")
    return Part("multiple" if several else "single", {"choices": values}, tuple(lacks), _weights_lost(question, right))


def _weights_lost(question: Choices, right: list[bool]) -> tuple[str, ...]:
    gains = {answer.percent for answer, is_right in zip(question.answers, right, strict=True) if is_right}
    partly = [answer.text for answer, is_right in zip(question.answers, right, strict=True) if not is_right and answer.percent > 0]
    return (
        *(["the different weights of right choices"] if len(gains) > 1 else []),
        *(f"the part of the mark for “{text}”" for text in partly),
    )


def _verdict(question: Verdict) -> Part:
    return Part(
        "true-false",
        {"true": question.true, "why_wrong": _line(question.if_wrong)},
        () if question.if_wrong else ("why_wrong: why the wrong verdict is wrong",),
        ("what is said after the right verdict",) if question.if_right else (),
    )


def _wording(question: Wording) -> Part:
    accepted = [_words(answer.text) for answer in question.answers if answer.percent == FULL]
    wrong = [answer for answer in question.answers if answer.percent <= 0]
    partly = [answer for answer in question.answers if 0 < answer.percent < FULL]
    values = {
        "ideas": [{"say": accepted, "missing": GAP}],
        "model": GAP,
        "wrong": [{"text": _words(answer.text), "why": _line(answer.feedback)} for answer in wrong],
    }
    lacks = (
        "ideas: what to say when the idea is missing; divide the wordings if they hold several ideas",
        "model: a full answer",
        *(f"wrong: why “{_words(answer.text)}” is wrong" for answer in wrong if not answer.feedback),
    )
    lost = (
        *(f"“{answer.text}”, which earns a part of the mark" for answer in partly),
        *(f"what is said after “{answer.text}”" for answer in question.answers if answer.percent == FULL and answer.feedback),
    )
    return Part("short", values, lacks, lost)


def _words(text: str) -> str:
    """Without the asterisks that stand for any words."""
    return " ".join(re.sub(r"(?<!\\)\*", " ", text).replace("\\*", "*").split())


def _sum(question: Sum) -> Part:
    best = max(question.answers, key=lambda answer: answer.percent)
    result = decimal_text(best.centre)
    wrong = [answer for answer in question.answers if answer.percent <= 0]
    values = {
        "numbers": {},
        "result": result,
        "decimals": len(result.partition(".")[2]),
        "slips": [{"result": decimal_text(answer.centre), "why": _line(answer.feedback)} for answer in wrong],
    }
    lacks = (
        "numbers: put a name in curly brackets for each number in `ask` and give its range",
        "result: the sum as an expression over those names",
        *(f"slips: the usual sum that comes to {decimal_text(answer.centre)}" for answer in wrong),
        *(f"slips: why {decimal_text(answer.centre)} is wrong" for answer in wrong if not answer.feedback),
    )
    lost = (
        *(
            f"the tolerance of {decimal_text(answer.tolerance)} around {decimal_text(answer.centre)}"
            for answer in question.answers
            if answer.tolerance > Fraction(1, 2 * 10 ** len(decimal_text(answer.centre).partition(".")[2]))
        ),
        *(
            f"{decimal_text(answer.centre)}, another accepted answer"
            for answer in question.answers
            if answer.percent > 0 and answer != best
        ),
        *(["what is said after the right number"] if best.feedback else []),
        *(["what is said after any other number"] if question.otherwise else []),
    )
    return Part("numeric", values, lacks, lost)


def _pairs(question: Pairs) -> Part:
    pairs = [{"left": _flat(left), "right": _flat(right), "why": GAP} for left, right in question.pairs if left]
    lacks = tuple(f"pairs: why “{left}” belongs to “{right}”" for left, right in question.pairs if left)
    lost = tuple(f"“{right}”, a right side without a left one" for left, right in question.pairs if not left)
    return Part("matching", {"pairs": pairs}, lacks, lost)


def _line(text: str) -> str:
    return _flat(text) or GAP


def _flat(text: str) -> str:
    return " ".join(text.split())
