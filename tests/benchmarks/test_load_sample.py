"""A small sample of the benchmark under load: only how times compare within the run, since machines differ.

The whole of it is `make benchmark-load`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.load.conversation import Line, WebConversation
from tests.benchmarks.load.figures import QUICK, Figures, measure_served
from tests.benchmarks.load.messages import Messages
from tests.benchmarks.load.side import Aftercare, Served
from tests.benchmarks.load.table import as_markdown


@pytest.fixture(scope="module")
def served(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    side = Aftercare(tmp_path_factory.mktemp("load"))
    side.prepare(quick=True)
    with side.served() as answering:
        yield answering


@pytest.fixture(scope="module")
def figures(served: Served) -> Figures:
    return measure_served(served, served.start, QUICK)


def test_a_message_takes_no_longer_after_thirty_turns_than_at_the_beginning(served: Served) -> None:
    """In turns, so that whatever else the machine is doing falls on both."""
    messages, early, late = Messages(), [], []
    with closing(Line(served.port)) as line:
        long = WebConversation(line)
        for message in messages.pressed(30):
            long.say(line, message)
        typed = messages.typed(360)[300:]  # not those of the figures
        for first, second in zip(typed[::2], typed[1::2], strict=True):
            early.append(WebConversation(line).say(line, first).seconds)
            late.append(long.say(line, second).seconds)
    assert median(late) <= 1.5 * median(early)


def test_a_pressed_button_is_answered_no_slower_than_a_typed_question(figures: Figures) -> None:
    for clients, typed in figures.typed.items():
        assert figures.pressed[clients].median <= typed.median


def test_several_learners_at_once_lose_no_reply(figures: Figures) -> None:
    phases = [*figures.typed.values(), *figures.pressed.values(), figures.deep]
    assert [phase.unanswered for phase in phases] == [0] * len(phases)


def test_eight_learners_are_served_not_much_fewer_answers_a_second_than_one(figures: Figures) -> None:
    assert figures.typed[8].rate >= 0.5 * figures.typed[1].rate


def test_the_table_has_a_column_for_each_side_and_no_empty_figure(figures: Figures) -> None:
    rows = [line for line in as_markdown([figures, figures], QUICK, "Measured just now.").splitlines() if line.startswith("| ")]
    assert len(rows) >= 20
    assert all(line.count(" |") == 3 and "|  |" not in line for line in rows[1:])


def test_no_text_is_typed_twice_and_every_run_has_the_same_ones() -> None:
    texts = [message.text for message in Messages().typed(6000)]
    assert len({text.casefold() for text in texts}) == 6000
    assert texts == [message.text for message in Messages().typed(6000)]
