"""Faults of items that a tutor is told before learners meet them; the project's own bank has none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.content import Library
from bot.content.check_questions import Findings, check_questions
from bot.content.items import load_items
from bot.content.questions import QuestionFile
from bot.errors import ContentError
from bot.settings import ROOT

TODAY = date(2026, 11, 22)
QUESTIONS = ROOT / "knowledge" / "questions"
CHOICES = [
    {"text": "A full refund", "right": True, "why": "It is faulty and within 30 days."},
    {"text": "A repair and nothing else", "why": "That would be the order after 30 days."},
    {"text": "Nothing, as the box is open", "why": "Opening the box changes nothing here."},
]
BASE: dict[str, Any] = {
    "id": "small-item",
    "topic": "cra-refunds",
    "tests": ["cra-refund-14-days"],
    "source": "cra-2015",
    "difficulty": 1,
    "ask": "What is owed for the faulty kettle?",
    "hints": ["Is it faulty or unwanted?", "Count the days since it was bought."],
    "explain": "Faulty goods may be rejected within 30 days.",
    "checked_on": "2026-11-22",
}
SINGLE = {**BASE, "kind": "single", "choices": CHOICES}
MULTIPLE = {
    **BASE,
    "kind": "multiple",
    "ask": "Which of these are owed? Choose two.",
    "choices": [*CHOICES, {"text": "An apology", "right": True, "why": "It costs nothing and it helps."}],
}
NUMERIC = {
    **BASE,
    "kind": "numeric",
    "ask": "A kettle cost £{price} and lasts {months} months. What is one month worth, to one decimal place?",
    "numbers": {"price": {"least": 20, "most": 60}, "months": {"least": 12, "most": 36}},
    "result": "price / months",
    "decimals": 1,
    "slips": [{"result": "price", "why": "That is the whole price. Divide it."}],
}


def found(library: Library, *items: dict[str, Any], today: date = TODAY, originals: Path | None = None) -> Findings:
    return check_questions(QuestionFile.parse_obj({"questions": items}).questions, library, today, originals)


@pytest.mark.parametrize("item", [SINGLE, MULTIPLE, NUMERIC], ids=["single", "multiple", "numeric"])
def test_a_sound_item_is_let_pass(library: Library, item: dict[str, Any]) -> None:
    assert found(library, item) == ((), ())


@pytest.mark.parametrize(
    ("item", "error"),
    [
        ({**SINGLE, "topic": "nowhere"}, "the topic nowhere does not exist"),
        ({**SINGLE, "tests": ["no-such-row"]}, "the row no-such-row, which is not in coverage.yml"),
        ({**SINGLE, "tests": []}, "tests no row"),
        ({**SINGLE, "source": "hearsay"}, "the source hearsay does not exist"),
        ({**SINGLE, "checked_on": None}, "is about law and has no `checked_on`"),
        ({**SINGLE, "hints": ["Is it faulty or unwanted?"] * 2}, "both hints are the same"),
        ({**SINGLE, "ask": "What is owed for the {price} kettle?"}, "only numeric items have numbers"),
        ({**MULTIPLE, "ask": "Which of these are owed to the customer?"}, "does not say that two choices are right"),
        ({**NUMERIC, "result": "price / (months - 12)"}, "divides by nought"),
        ({**NUMERIC, "result": "price / weeks"}, "`weeks` is not one of the numbers"),
        ({**NUMERIC, "result": "price ** months"}, "is not allowed"),
        ({**NUMERIC, "slips": [{"result": "price * (2 / 0)", "why": "This divides by nothing."}]}, "slip: "),
        ({**NUMERIC, "slips": [{"result": "price * 2 / months / 2", "why": "The same sum once more."}]}, "gives the right result with"),
        ({**NUMERIC, "slips": [{"result": "price / months + 0.001", "why": "Too close to be told apart."}]}, "gives the right result with"),
        ({**NUMERIC, "ask": "What is one month of a £{price} kettle worth, to one decimal?"}, "never shows its number {months}"),
        ({**NUMERIC, "story": "It broke in week {week} of the year."}, "shows {week}, which is not one of its numbers"),
        ({**NUMERIC, "explain": "Divide {price} by the months."}, "outside `story` and `ask`"),
        ({**NUMERIC, "ask": "A kettle cost £{price} and lasts {months} months. What is one month worth?"}, "does not say how"),
        ({**NUMERIC, "numbers": {}, "ask": "What is one month worth, to one decimal?"}, "has 0 numbers"),
    ],
)
def test_a_fault_is_an_error(library: Library, item: dict[str, Any], error: str) -> None:
    errors = found(library, item).errors
    assert any(line.startswith("small-item: ") and error in line for line in errors), errors


def test_an_id_or_a_question_that_stands_twice_is_an_error(library: Library) -> None:
    errors = found(library, SINGLE, SINGLE).errors
    assert "small-item: the id stands 2 times" in errors
    assert "small-item: another item asks the same" in errors


def bank(library: Library, *, longest_is_right: int, others: int, topic: str = "cra-refunds") -> Findings:
    """So many items whose right choice is the longest, and so many others."""
    telling = [{**CHOICES[0], "text": "A full refund, by law and without delay"}, *CHOICES[1:]]
    items = [{**SINGLE, "topic": topic, "choices": telling, "ask": f"What is owed in case {place}?"} for place in range(longest_is_right)]
    items += [{**SINGLE, "ask": f"What is owed in another case, {place}?"} for place in range(others)]
    return found(library, *({**item, "id": f"item-{place}"} for place, item in enumerate(items)))


def test_a_topic_in_which_the_longest_choice_is_always_right_is_an_error(library: Library) -> None:
    assert bank(library, longest_is_right=3, others=9, topic="cra-delivery").errors == (
        "cra-delivery: the longest choice is the right one in all 3 single items",
    )
    assert bank(library, longest_is_right=2, others=9, topic="cra-delivery").errors == ()
    assert bank(library, longest_is_right=3, others=1).errors == ()


def test_a_bank_that_can_be_guessed_by_length_is_warned_of(library: Library) -> None:
    assert bank(library, longest_is_right=5, others=5).warnings == ("the longest choice is the right one in 5 of 10 single items",)
    assert bank(library, longest_is_right=4, others=6).warnings == ()


def test_law_is_due_a_year_after_its_last_check(library: Library) -> None:
    assert found(library, SINGLE, today=date(2027, 11, 22)).warnings == ()
    assert "over 12 months ago" in found(library, SINGLE, today=date(2027, 11, 23)).warnings[0]


def test_wording_taken_from_an_original_is_found(library: Library, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("They say that faulty goods may be rejected within 30 days, and more.")
    assert (
        "small-item: repeats “faulty goods may be rejected within 30 days” from page.txt"
        in found(library, SINGLE, originals=tmp_path).errors
    )
    (tmp_path / "page.txt").write_text("They say that faulty goods may be sent back within 30 days.")
    assert found(library, SINGLE, originals=tmp_path).errors == ()


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text("questions:\n  - id: Bad Id\n    kind: single\n")
    (tmp_path / "two.yml").write_text("questions: [\n")
    with pytest.raises(ContentError) as raised:
        load_items(tmp_path)
    assert any("one.yml:2: " in problem for problem in raised.value.problems)
    assert any("two.yml:" in problem for problem in raised.value.problems)


def test_the_projects_own_bank_is_sound(library: Library) -> None:
    items = load_items(QUESTIONS)
    assert len(items) >= 300
    assert check_questions(items, library, TODAY) == ((), ())
