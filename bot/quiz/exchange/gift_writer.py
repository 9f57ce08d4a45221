"""Items as GIFT, the text format of Moodle's question banks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from bot.content.questions import Item, Numeric
from bot.content.schema import Topic
from bot.quiz.exchange.converted import converted
from bot.quiz.exchange.exported import Exported, NoteBook
from bot.quiz.exchange.question import (
    FULL,
    NONE,
    Choices,
    Description,
    Essay,
    Number,
    Pairs,
    Question,
    Sum,
    Verdict,
    Wording,
    decimal_text,
    percent_text,
)

NO_HINTS = "GIFT has no hints: both hints are left out (Moodle XML has them)"
NO_UNIT = "GIFT has no units: the unit is left out, and only the number may be typed"
ARROW = "GIFT takes -> for the sign of a pair: it is written as → here"
_RESERVED: Final = re.compile(r"[\\#=~{}:]")
_LIKE_SYNTAX: Final = re.compile(r"[\[%]")


def gift_of(items: Sequence[Item], topics: Mapping[str, Topic]) -> Exported:
    """The whole bank as one GIFT file."""
    notes = NoteBook()
    questions = list(converted(items, topics, notes))
    for item in items:
        notes.add(NO_HINTS, item.id)
        if isinstance(item, Numeric) and item.unit:
            notes.add(NO_UNIT, item.id)
    for question in questions:
        if _has_arrow(question):
            notes.add(ARROW, question.label)
    return Exported(gift_text(questions), notes.notes())


def gift_text(questions: Iterable[Question]) -> str:
    """Questions as GIFT, each category named once before its questions."""
    return "\n".join(_blocks(questions))


def _blocks(questions: Iterable[Question]) -> Iterator[str]:
    category = ""
    for question in questions:
        if question.category != category:
            category = question.category
            yield f"$CATEGORY: {category}\n"
        yield "\n".join((*_labels(question), f"::{_escaped(question.name)}::[plain]{_escaped(question.stem)}{_answers(question)}", ""))


def _labels(question: Question) -> Iterator[str]:
    """Moodle reads id number and tags from a comment."""
    marks = [f"[id:{_in_brackets(question.label)}]"] if question.label else []
    marks += [f"[tag:{_in_brackets(tag)}]" for tag in question.tags]
    if marks:
        yield f"// {' '.join(marks)}"


def _in_brackets(text: str) -> str:
    return text.replace("\\", "\\\\").replace("]", "\\]")


def _answers(question: Question) -> str:
    if isinstance(question, Description):
        return ""
    if isinstance(question, Essay):
        return f" {{{_general(question)}}}"
    if isinstance(question, Verdict):
        wrong = f"#{_text(question.if_wrong)}" if question.if_wrong or question.if_right else ""
        return f" {{{'T' if question.true else 'F'}{wrong}{_feedback(question.if_right)}{_general(question)}}}"
    lines = [*_lines(question), *filter(None, [_general(question)])]
    return "\n".join((" {#" if isinstance(question, Sum) else " {", *lines, "}"))


def _lines(question: Question) -> Iterator[str]:
    if isinstance(question, Choices):
        for answer in question.answers:
            right = question.single and answer.percent == FULL
            sign = "=" if right else "~" if answer.percent == NONE else f"~%{percent_text(answer.percent)}%"
            yield f"{sign}{_text(answer.text)}{_feedback(answer.feedback)}"
    elif isinstance(question, Wording):
        for answer in question.answers:
            yield _without_arrow(f"=%{percent_text(answer.percent)}%{_text(answer.text)}{_feedback(answer.feedback)}")
    elif isinstance(question, Sum):
        yield from (f"=%{percent_text(answer.percent)}%{_number(answer)}{_feedback(answer.feedback)}" for answer in question.answers)
        if question.otherwise:
            yield f"~{_feedback(question.otherwise)}"
    elif isinstance(question, Pairs):
        yield from (f"={_without_arrow(_text(left))} -> {_escaped(right)}" for left, right in question.pairs)


def _number(answer: Number) -> str:
    return f"{decimal_text(answer.centre)}:{decimal_text(answer.tolerance)}"


def _feedback(text: str) -> str:
    return f"#{_text(text)}" if text else ""


def _general(question: Question) -> str:
    return f"####{_text(question.feedback)}" if question.feedback else ""


def _text(text: str) -> str:
    """Escaped; a text that begins like a weight or like the name of a format is named as plain."""
    return f"[plain]{_escaped(text)}" if _LIKE_SYNTAX.match(text) else _escaped(text)


def _escaped(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text).replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _without_arrow(text: str) -> str:
    return text.replace("->", "→")


def _has_arrow(question: Question) -> bool:
    if isinstance(question, Wording):
        return any("->" in answer.text + answer.feedback for answer in question.answers)
    return isinstance(question, Pairs) and any("->" in left for left, _ in question.pairs)
