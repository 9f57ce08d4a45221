"""Moodle XML of the bank: well formed, whole, and honest about what it changes."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

import pytest

from bot.content import Library
from bot.content.items import load_items
from bot.content.questions import Item, Matching, Multiple, Numeric, Ordering, QuestionFile, Short, TrueFalse
from bot.quiz.exchange import gift_of, moodle_xml_of
from bot.quiz.exchange.converted import INSTANCES
from bot.settings import ROOT

TAG_LIMIT = 50  # Moodle's
FRACTIONS = {"100", "50", "33.33333", "25", "20", "16.66667", "0", "-100", "-50", "-33.33333", "-25", "-20"}  # that Moodle knows


@pytest.fixture(scope="module")
def items() -> tuple[Item, ...]:
    return load_items(ROOT / "knowledge" / "questions")


@pytest.fixture(scope="module")
def nodes(items: tuple[Item, ...], library: Library) -> dict[str, Element]:
    """Questions by id number."""
    quiz = fromstring(moodle_xml_of(items, library.topics).text)
    return {node.findtext("idnumber", ""): node for node in quiz.findall("question") if node.get("type") != "category"}


def test_every_item_is_there_with_hints_tags_and_explanation(items: tuple[Item, ...], nodes: dict[str, Element]) -> None:
    for item in items:
        names = [f"{item.id}-{place}" for place in range(1, INSTANCES + 1)] if isinstance(item, Numeric) else [item.id]
        for name in names:
            node = nodes[name]
            assert [hint.findtext("text") for hint in node.findall("hint")] == list(item.hints)
            assert node.findtext("generalfeedback/text", "").startswith(item.explain)
            tags = {tag.findtext("text", "") for tag in node.findall("tags/tag")}
            assert {f"tests:{row}" for row in item.tests} <= tags
            assert max(map(len, tags)) <= TAG_LIMIT
    assert len(nodes) == len(items) + (INSTANCES - 1) * sum(isinstance(item, Numeric) for item in items)


def test_marks_are_ones_that_moodle_accepts_and_add_up(items: tuple[Item, ...], nodes: dict[str, Element]) -> None:
    assert {answer.get("fraction") for node in nodes.values() for answer in node.findall("answer")} <= FRACTIONS
    for item in items:
        if isinstance(item, Multiple):
            fractions = [float(answer.get("fraction", "")) for answer in nodes[item.id].findall("answer")]
            assert sum(value for value in fractions if value > 0) == pytest.approx(100, abs=0.001)
            assert sum(fractions) == pytest.approx(0, abs=0.001)


def test_verdicts_steps_and_pairs(items: tuple[Item, ...], nodes: dict[str, Element]) -> None:
    for item in items:
        node = nodes.get(item.id)
        if isinstance(item, TrueFalse) and node is not None:
            said = {
                answer.findtext("text"): (answer.get("fraction"), answer.findtext("feedback/text")) for answer in node.findall("answer")
            }
            assert said[str(item.true).lower()][0] == "100"
            assert said[str(not item.true).lower()] == ("0", item.why_wrong)
        elif isinstance(item, (Ordering, Matching)) and node is not None:
            pairs = [(sub.findtext("text"), sub.findtext("answer/text")) for sub in node.findall("subquestion")]
            if isinstance(item, Ordering):
                assert pairs == [(str(place), step.text) for place, step in enumerate(item.steps, 1)]
            else:
                assert pairs == [(pair.left, pair.right) for pair in item.pairs]
            whys = [part.why for part in (item.steps if isinstance(item, Ordering) else item.pairs)]
            assert all(why in (node.findtext("generalfeedback/text") or "") for why in whys)


def test_sums_have_their_numbers_filled_in_and_slips_explained(items: tuple[Item, ...], nodes: dict[str, Element]) -> None:
    for item in items:
        if isinstance(item, Numeric):
            stems = [nodes[f"{item.id}-{place}"].findtext("questiontext/text", "") for place in range(1, INSTANCES + 1)]
            assert len(set(stems)) == INSTANCES
            assert not any("{" in stem for stem in stems)
            answers = nodes[f"{item.id}-1"].findall("answer")
            assert answers[0].get("fraction") == "100"
            assert {answer.findtext("feedback/text") for answer in answers[1:]} <= {slip.why for slip in item.slips}
            assert (nodes[f"{item.id}-1"].findtext("units/unit/unit_name") or "") == item.unit


def test_notes_name_every_item_that_is_not_carried_as_it_is(items: tuple[Item, ...], library: Library) -> None:
    changed = {item.id for item in items if isinstance(item, (Ordering, Matching, Numeric, Short, TrueFalse))}
    assert {name for note in moodle_xml_of(items, library.topics).notes for name in note.items} == changed
    hints = next(note for note in gift_of(items, library.topics).notes if "hints" in note.what)
    assert set(hints.items) == {item.id for item in items}


def test_characters_that_xml_cannot_hold_are_left_out_and_told(library: Library) -> None:
    item = {
        "id": "odd-item",
        "kind": "true-false",
        "topic": "apologising",
        "tests": ["verbal"],
        "source": "unit-notes",
        "difficulty": 1,
        "ask": "Is <b> & \"c\" shown\x0b as it is?",
        "true": True,
        "why_wrong": "It is not wrong ]]> here.",
        "hints": ["One hint stands here.", "Another hint stands here."],
        "explain": "It is explained here.",
    }  # fmt: skip
    exported = moodle_xml_of(QuestionFile.parse_obj({"questions": [item]}).questions, library.topics)
    node = fromstring(exported.text).findall("question")[1]
    assert node.findtext("questiontext/text") == 'Is <b> & "c" shown as it is?'
    assert any(note.what.startswith("characters that XML does not allow") and note.items == ("odd-item",) for note in exported.notes)
