"""What stands between the curly brackets of a GIFT question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from bot.quiz.exchange.gift_marks import Marked
from bot.quiz.exchange.plain_text import plain_text
from bot.quiz.exchange.question import FULL, NONE, Answer, Choices, Essay, Number, Pairs, Question, Sum, Verdict, Wording

_FORMAT: Final = re.compile(r"\[(html|markdown|moodle|plain)\]", re.IGNORECASE)
_PERCENT: Final = re.compile(r"%(-?\d{1,3}(?:\.\d+)?)%")
_NUMBER: Final = re.compile(r"[-+]?(?:\d{1,15}(?:\.\d{0,10})?|\.\d{1,10})")
_VERDICTS: Final = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_MOST_PERCENT: Final = 100


def read_text(part: Marked, usual: str = "moodle") -> tuple[str, str]:
    """The text of a part, HTML reduced, and its format. `usual` is the format of a part that names none."""
    found = _FORMAT.match(part.marks)
    if found:
        part = part.cut(found.end())
    format_ = found[1].lower() if found else usual
    return (part.text if format_ == "plain" else plain_text(part.text)), format_


def question_of(body: Marked, common: dict[str, Any], usual: str) -> Question:
    """The question whose answers are `body`. Raises GiftError."""
    general = body.marks.rfind("####")
    if general >= 0:
        common = {**common, "feedback": read_text(body.cut(general + 4), usual)[0]}
        body = body.cut(0, general)
    if not body.text:
        return Essay(**common)
    if body.marks.startswith("#"):
        return _sum(body.cut(1), common, usual)
    if "~" in body.marks:
        return _choices(body, common, usual)
    if "=" in body.marks and "->" in body.marks:
        return Pairs(**common, pairs=tuple(_pair(part, usual) for _, part in _signed(body, least=2)))
    verdict, *feedback = body.split("#", most=2)
    if verdict.marks in _VERDICTS:
        if_wrong, if_right, *_ = (*(read_text(part, usual)[0] for part in feedback), "", "")
        return Verdict(**common, true=_VERDICTS[verdict.marks], if_wrong=if_wrong, if_right=if_right)
    return Wording(**common, answers=tuple(_answer(part, FULL, usual) for _, part in _signed(body, least=1)))


def _signed(body: Marked, least: int) -> Iterator[tuple[str, Marked]]:
    """The answers, each with its sign, `=` or `~`. Where one answer is enough, the first may stand without a sign."""
    places = [found.start() for found in re.finditer("[=~]", body.marks)]
    unsigned = body.cut(0, places[0] if places else None)
    if unsigned.text and least > 1:
        raise body.error("an answer begins with = or ~; write \\= or \\~ for the character itself")
    if unsigned.text:
        yield "=", unsigned
    elif len(places) < least:
        raise body.error(f"has {len(places)} answers; at least {least} are needed")
    for start, stop in pairwise([*places, len(body.marks)]):
        part = body.cut(start + 1, stop)
        if not part.text:
            raise part.error(f"an answer is empty after {body.marks[start]}")
        yield body.marks[start], part


def _choices(body: Marked, common: dict[str, Any], usual: str) -> Choices:
    signed = list(_signed(body, least=2))
    answers = tuple(_answer(part, FULL if sign == "=" else NONE, usual) for sign, part in signed)
    if not any(answer.percent > 0 for answer in answers):
        raise body.error("no answer is right: mark the right one with = or right ones with a percentage, such as ~%50%")
    return Choices(**common, single="=" in body.marks, answers=answers)


def _answer(part: Marked, percent: Fraction, usual: str) -> Answer:
    percent, part = _weighed(part, percent)
    text, *feedback = part.split("#", most=1)
    if not text.text:
        raise part.error("an answer has no text")
    return Answer(read_text(text, usual)[0], percent, read_text(feedback[0], usual)[0] if feedback else "")


def _weighed(part: Marked, percent: Fraction) -> tuple[Fraction, Marked]:
    found = _PERCENT.match(part.marks)
    if not found:
        return percent, part
    weight = Fraction(found[1])
    if abs(weight) > _MOST_PERCENT:
        raise part.error(f"the weight {found[0]} is not between -100 and 100")
    return weight, part.cut(found.end())


def _pair(part: Marked, usual: str) -> tuple[str, str]:
    if "->" not in part.marks:
        raise part.error("every answer of a matching question needs ->")
    left, right = part.split("->", most=1)
    if not right.text:
        raise part.error("nothing stands after ->")
    return read_text(left, usual)[0], right.text if usual == "plain" else plain_text(right.text)  # a right side names no format


def _sum(body: Marked, common: dict[str, Any], usual: str) -> Sum:
    otherwise = body.marks.find("~")
    if otherwise >= 0:
        said = body.cut(otherwise + 1)
        common = {**common, "otherwise": read_text(said.cut(said.marks.find("#") + 1), usual)[0]}
        body = body.cut(0, otherwise)
    if not body.text:
        raise body.error("the number is missing after #")
    return Sum(**common, answers=tuple(_number(part, usual) for _, part in _signed(body, least=1)))


def _number(part: Marked, usual: str) -> Number:
    percent, part = _weighed(part, FULL)
    number, *feedback = part.split("#", most=1)
    said = read_text(feedback[0], usual)[0] if feedback else ""
    if ".." in number.marks:
        low, high = (_fraction(end) for end in number.split("..", most=1))
        if low > high:
            raise number.error(f"the range {number.text} begins above its end")
        return Number((low + high) / 2, (high - low) / 2, percent, said)
    centre, *tolerance = (_fraction(piece) for piece in number.split(":", most=1))
    return Number(centre, abs(tolerance[0]) if tolerance else Fraction(0), percent, said)


def _fraction(part: Marked) -> Fraction:
    if not _NUMBER.fullmatch(part.marks):
        raise part.error(f"“{part.text}” is not a number: write it with a point, such as 2.5")
    return Fraction(part.text)
