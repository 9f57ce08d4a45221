"""A small sample of the marking benchmark, so that a change which marks worse does not pass unseen.

The bars are a little under the committed figures of docs/benchmarks.md, as a sample swings by a few points.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.questions import Short
from bot.quiz.short_answer import ShortAnswers
from bot.quiz.short_answer.labelled import Training, read_labelled
from bot.settings import Settings
from tests.benchmarks.short_marking import agreement, by, kappa, mark_all, open_marker, read_cases, short_items

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def items(settings: Settings) -> dict[str, Short]:
    return short_items(settings.knowledge)


@pytest.fixture(scope="module")
def marker(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> ShortAnswers:
    return open_marker(settings.knowledge, tmp_path_factory.mktemp("vectors"))


@pytest.fixture(scope="module")
def training(settings: Settings) -> Training:
    return read_labelled(settings.knowledge / "short_answers.jsonl")


def test_a_sample_is_marked_as_a_person_marked_it(marker: ShortAnswers, items: dict[str, Short]) -> None:
    marked = mark_all(read_cases(HERE / "short_answers.jsonl", items)[::4], by(marker))
    assert agreement(marked) >= 0.74
    assert kappa(marked) >= 0.6


def test_right_answers_are_hardly_ever_called_wrong(marker: ShortAnswers, items: dict[str, Short]) -> None:
    right = [case for case in read_cases(HERE / "short_answers.jsonl", items) if case.mark == "right"][::3]
    marked = mark_all(right, by(marker))
    assert [one.case.text for one in marked if one.got in {"wrong", "unreadable"}][2:] == []
    assert agreement(marked) >= 0.9


def test_listed_ways_of_saying_an_idea_are_not_wrong(marker: ShortAnswers, items: dict[str, Short]) -> None:
    marked = mark_all(read_cases(HERE / "short_synonyms.jsonl", items), by(marker))
    assert [one.case.text for one in marked if one.got == "wrong"][1:] == []


def test_no_answer_of_the_benchmark_was_learnt_from(items: dict[str, Short], training: Training) -> None:
    learnt = {(answer.item, answer.text.lower().strip(" .!")) for answer in training.answers}
    cases = read_cases(HERE / "short_answers.jsonl", items)
    repeated = [case.text for case in cases if len(case.text.split()) > 5 and (case.item.id, case.text.lower().strip(" .!")) in learnt]
    assert repeated == []


def test_training_answers_are_labelled_as_their_items_are(items: dict[str, Short], training: Training) -> None:
    known = {**items, **training.invented}
    for answer in training.answers:
        count = len(known[answer.item].ideas)
        assert set(answer.ideas) <= set(range(count)), answer
        assert (answer.mark == "wrong") == (not answer.ideas), answer
        assert answer.mark != "right" or len(answer.ideas) == count, answer
        assert answer.misbelief is None or answer.misbelief < len(known[answer.item].wrong), answer
