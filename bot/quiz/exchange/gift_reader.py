"""Reads GIFT. Questions that cannot be read are told with line and reason; the others are read all the same."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Any, Final

from bot.quiz.exchange.gift_answers import question_of, read_text
from bot.quiz.exchange.gift_blocks import Block, blocks
from bot.quiz.exchange.gift_marks import GiftError, marked
from bot.quiz.exchange.question import Description, Question

MOST_BYTES: Final = 2_000_000
GAP: Final = "_____"


@dataclass(frozen=True)
class Read:
    """A question and the line on which it begins, from 1."""

    question: Question
    line: int


@dataclass(frozen=True)
class Reading:
    """`problems` are lines for the person who wrote the file."""

    questions: tuple[Read, ...]
    problems: tuple[str, ...]


def read_gift(data: bytes) -> Reading:
    """Every question of a file. Nothing is raised: what is wrong stands in `problems`."""
    try:
        text = _decoded(data)
    except GiftError as error:
        return Reading((), (str(error),))
    questions: list[Read] = []
    problems: list[str] = []
    for block in blocks(text):
        try:
            questions.append(Read(_question(block), block.line))
        except GiftError as error:
            problems.append(str(error))
    return Reading(tuple(questions), tuple(problems))


def _decoded(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise GiftError(1, f"the file has {len(data):,} bytes; at most {MOST_BYTES:,} are read. Divide it")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise GiftError(1, "the file is UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GiftError(data.count(b"\n", 0, error.start) + 1, "is not UTF-8; save the file as UTF-8") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _question(block: Block) -> Question:
    whole = marked(block.text, block.line)
    common: dict[str, Any] = {"name": "", "category": block.category, "label": block.label, "tags": block.tags}
    if whole.marks.startswith("::"):
        end = whole.marks.find("::", 2)
        if end < 0:
            raise whole.error("the name that begins with :: does not end with ::")
        common["name"] = whole.cut(2, end).text
        whole = whole.cut(end + 2)
    start, stop = whole.marks.find("{"), whole.marks.find("}")
    if start < 0 and stop < 0:
        return Description(**common, stem=read_text(whole)[0])
    if stop < 0:
        raise GiftError(whole.line_at(start), "the { is not closed by a } before the next blank line")
    if start < 0 or stop < start:
        raise GiftError(whole.line_at(stop), "a } stands without its {; write \\} for the character itself")
    if "{" in whole.marks[start + 1 :] or "}" in whole.marks[stop + 1 :]:
        raise GiftError(whole.line_at(stop), "has more than one { or }; write \\{ and \\} for the characters themselves")
    before, after = whole.cut(0, start), whole.cut(stop + 1)
    stem, usual = read_text(before)
    if after.text:
        stem = " ".join(filter(None, (stem, GAP, read_text(after, usual)[0])))
    if not stem:
        raise whole.error("has answers but no question before them")
    return question_of(whole.cut(start + 1, stop), {**common, "stem": stem}, usual)
