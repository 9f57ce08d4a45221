"""Our exports read back by other people's parsers: gift-pegjs (Node, GIFT) and moodle-xml-parser (Moodle XML, choices only)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from bot.content import Library
from bot.content.items import load_items
from bot.content.questions import Choice, Item, Matching, Multiple, Numeric, Ordering, Short, Single, TrueFalse
from bot.quiz.exchange import gift_of, moodle_xml_of
from bot.quiz.exchange.converted import INSTANCES
from bot.settings import ROOT

GIFT_PEGJS = ROOT / ".node" / "node_modules" / "gift-pegjs"
PARSE = "console.log(JSON.stringify(require(process.argv[1]).parse(require('fs').readFileSync(process.argv[2], 'utf8'))))"
KINDS = {Single: "MC", Multiple: "MC", TrueFalse: "TF", Ordering: "Matching", Matching: "Matching", Numeric: "Numerical", Short: "Short"}


@pytest.fixture(scope="module")
def items() -> tuple[Item, ...]:
    return load_items(ROOT / "knowledge" / "questions")


@pytest.fixture(scope="module")
def parsed(items: tuple[Item, ...], library: Library, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What gift-pegjs makes of our GIFT, by name."""
    node = shutil.which("node")
    if not node or not GIFT_PEGJS.exists():
        pytest.skip("needs Node and gift-pegjs: make .node/gift.stamp")
    file = tmp_path_factory.mktemp("gift") / "bank.gift"
    file.write_text(gift_of(items, library.topics).text, encoding="utf-8")
    run = subprocess.run([node, "-e", PARSE, str(GIFT_PEGJS), str(file)], capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr[-2000:]
    return {question["title"]: question for question in json.loads(run.stdout) if question["type"] != "Category"}


def test_gift_pegjs_reads_every_question_as_its_kind(items: tuple[Item, ...], parsed: dict[str, Any]) -> None:
    expected = Counter(KINDS[type(item)] for item in items)
    expected["Numerical"] *= INSTANCES
    assert Counter(question["type"] for question in parsed.values()) == expected


def test_gift_pegjs_reads_texts_keys_and_feedback(items: tuple[Item, ...], parsed: dict[str, Any]) -> None:
    for item in items:
        question = parsed.get(item.id)
        if isinstance(item, (Single, Multiple)) and question:
            assert question["stem"]["text"].endswith(item.ask)
            read = [
                (one["text"]["text"], one["isCorrect"] or (one["weight"] or 0) > 0, one["feedback"]["text"]) for one in question["choices"]
            ]
            assert read == _choices(item.choices)
            assert question["globalFeedback"]["text"] == item.explain
            assert (question["id"], f"source:{item.source}" in question["tags"]) == (item.id, True)
        elif isinstance(item, TrueFalse) and question:
            assert question["isTrue"] == item.true
            assert question["trueFeedback"]["text"] == item.why_wrong  # its name for the first feedback, which is for wrong verdicts


def test_gift_pegjs_reads_pairs_and_numbers(items: tuple[Item, ...], parsed: dict[str, Any]) -> None:
    for item in items:
        if isinstance(item, Matching):
            read = [(pair["subquestion"]["text"], _decoded(pair["subanswer"])) for pair in parsed[item.id]["matchPairs"]]
            assert read == [(pair.left, pair.right) for pair in item.pairs]
        elif isinstance(item, Numeric):
            first, *slips = parsed[f"{item.id}-1"]["choices"]
            assert (first["weight"], first["text"]["type"]) == (100, "range")
            assert {slip["weight"] for slip in slips} <= {0}


def test_moodle_xml_parser_reads_every_choice(items: tuple[Item, ...], library: Library) -> None:
    parser = pytest.importorskip("moodle_xml_parser.parser", reason="needs the package moodle-xml-parser")
    read = {question.name: question for question in parser.parse_string(moodle_xml_of(items, library.topics).text)["multichoice"]}
    choosing = [item for item in items if isinstance(item, (Single, Multiple))]
    assert set(read) == {item.id for item in choosing}
    for item in choosing:
        question = read[item.id]
        assert question.single == isinstance(item, Single)
        assert question.general_feedback == item.explain
        assert [(one.answer, one.score_fraction > 0, one.feedback) for one in question.options] == _choices(item.choices)


def _choices(choices: Sequence[Choice]) -> list[tuple[str, bool, str]]:
    return [(choice.text, choice.right, choice.why) for choice in choices]


def _decoded(text: str) -> str:
    """gift-pegjs leaves its placeholders for escaped characters in right sides of pairs."""
    return re.sub(r"&&(\d{3});", lambda found: chr(int(found[1])), text)
