"""What is written as GIFT is read back as it was: any question, and the items of the bank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Library
from bot.content.items import load_items
from bot.content.questions import Item, Matching, Multiple, QuestionFile, Single, TrueFalse
from bot.quiz.exchange import gift_of, import_gift
from bot.quiz.exchange.converted import converted
from bot.quiz.exchange.exported import NoteBook
from bot.quiz.exchange.gift_reader import read_gift
from bot.quiz.exchange.gift_writer import gift_text
from bot.quiz.exchange.question import Question, Sum
from bot.settings import ROOT
from tests.bot.quiz.exchange.questions import any_question


@pytest.fixture(scope="module")
def items() -> tuple[Item, ...]:
    return load_items(ROOT / "knowledge" / "questions")


@given(st.lists(any_question, min_size=1, max_size=4))
def test_any_questions_come_back_as_they_were(questions: list[Question]) -> None:
    reading = read_gift(gift_text(questions).encode())
    assert reading.problems == ()
    assert [read.question for read in reading.questions] == questions


@given(st.lists(any_question, min_size=1, max_size=3))
def test_line_ends_and_a_mark_at_the_start_change_nothing(questions: list[Question]) -> None:
    text = gift_text(questions)
    assert read_gift(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()).questions == read_gift(text.encode()).questions


@given(st.binary(max_size=300) | st.text("\\~=#{}:%[]->T1.,\n/$ a", max_size=300).map(str.encode))
def test_whatever_the_file_nothing_is_raised(data: bytes) -> None:
    reading = read_gift(data)
    assert all(problem.startswith("line ") for problem in reading.problems)


def test_the_whole_bank_comes_back(items: tuple[Item, ...], library: Library) -> None:
    reading = read_gift(gift_of(items, library.topics).text.encode())
    assert reading.problems == ()
    assert [read.question for read in reading.questions] == list(carried(items, library))


def carried(items: tuple[Item, ...], library: Library) -> Iterator[Question]:
    """The bank's questions without what GIFT has no place for."""
    for question in converted(items, library.topics, NoteBook()):
        yield replace(question, hints=(), **({"unit": ""} if isinstance(question, Sum) else {}))


def test_choices_and_statements_lack_only_hints_when_they_come_back(items: tuple[Item, ...], library: Library) -> None:
    kept = [item for item in items if isinstance(item, (Single, Multiple, TrueFalse))]
    imported = import_gift(gift_of(kept, library.topics).text.encode(), library)
    assert {draft.lacks for draft in imported.drafts} == {("hints: two, the second saying more than the first",)}
    hints = {item.id: list(item.hints) for item in kept}
    back = QuestionFile.parse_obj({"questions": [{**draft.item, "hints": hints[draft.item["id"]]} for draft in imported.drafts]})
    assert {item.id: item for item in back.questions} == {item.id: item for item in kept}


def test_matching_lacks_the_reason_of_each_pair_when_it_comes_back(items: tuple[Item, ...], library: Library) -> None:
    kept = next(item for item in items if isinstance(item, Matching))
    (draft,) = import_gift(gift_of([kept], library.topics).text.encode(), library).drafts
    assert [(pair["left"], pair["right"], pair["why"]) for pair in draft.item["pairs"]] == [
        (pair.left, pair.right, "TODO") for pair in kept.pairs
    ]
    assert sum(what.startswith("pairs: why ") for what in draft.lacks) == len(kept.pairs)
