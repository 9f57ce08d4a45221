"""A small sample of the benchmark, so that a change which makes answers worse does not pass unseen.

The bars are a little under the committed figures of docs/benchmarks.md, as a sample of sixty swings by a few points.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.gate import Understand, answer_case, decline_case, read_cases
from bot.tutor import Tutor
from server.gate import understanding

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def understand(model: Path) -> Understand:
    return understanding(model)


def test_a_sample_of_questions_is_answered(tutor: Tutor, understand: Understand) -> None:
    outcomes = [answer_case(tutor.asking, case, understand) for case in read_cases(HERE / "questions.jsonl")[::6]]
    right = sum(not outcome.failed for outcome in outcomes) / len(outcomes)
    declined = sum(outcome.declined for outcome in outcomes) / len(outcomes)
    assert right >= 0.7, [outcome.case["id"] for outcome in outcomes if outcome.failed]
    assert declined <= 0.05


def test_a_sample_of_other_messages_is_declined(tutor: Tutor, understand: Understand) -> None:
    outcomes = [decline_case(tutor.asking, case, understand) for case in read_cases(HERE / "out_of_scope.jsonl")[::3]]
    away = sum(not outcome.failed for outcome in outcomes) / len(outcomes)
    assert away >= 0.8, [outcome.case["id"] for outcome in outcomes if outcome.failed]


def test_the_benchmark_is_large_enough_and_no_question_of_it_is_in_the_content(tutor: Tutor) -> None:
    questions, messages = read_cases(HERE / "questions.jsonl"), read_cases(HERE / "out_of_scope.jsonl")
    assert len(questions) >= 300
    assert len(messages) >= 120
    plain = tutor.asking.answerer.index.reader.plain
    known = {phrasing.text for phrasing in tutor.asking.answerer.index.phrasings if len(phrasing.text.split()) > 5}
    assert [case["id"] for case in questions if plain(case["text"]) in known] == []
