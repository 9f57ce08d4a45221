"""What a soak would say of servers that leak, slow down, fail or fall behind: the verdicts on made-up figures."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import pytest

from tests.soak.client import Sent
from tests.soak.measured import Measured, Soak
from tests.soak.offered import Offered
from tests.soak.scripts import KINDS, Scripts
from tests.soak.table import as_markdown
from tests.soak.verdicts import verdicts
from tests.soak.watched import Reading

HOUR = Offered(rate=2, seconds=3600)
RATE, ERRORS, MEMORY, LATENCY = range(4)
Course = Callable[[float], float]


def steady(_: float) -> float:
    return 0.05


def made(latency: Course = steady, own: Course = lambda _: 700.0, problem: Callable[[float], str] = lambda _: "") -> Soak:
    """A soak of an hour, each figure by its moment in seconds."""
    due = [number / HOUR.rate for number in range(HOUR.messages)]
    sent = [Sent(at, at + latency(at), problem(at)) for at in due if at + latency(at) < HOUR.seconds]
    readings = [Reading(at, own(at) + 20, own(at), 40, 20, 5.0, 0.05 * at) for at in range(0, 3601, 10)]
    return Soak(HOUR, Measured(sent, readings))


def missed(soak: Soak) -> set[int]:
    return {number for number, verdict in enumerate(verdicts(soak)) if not verdict.reached}


def test_a_server_that_stays_as_it_is_reaches_every_aim() -> None:
    assert missed(made()) == set()


def test_memory_that_fills_in_the_first_fifth_only_is_no_leak() -> None:
    assert missed(made(own=lambda at: 500 + min(at, 700) / 3)) == set()


def test_a_leak_of_a_tenth_an_hour_is_told() -> None:
    assert missed(made(own=lambda at: 700 * (1 + 0.1 * at / 3600))) == {MEMORY}


def test_answers_that_become_slower_are_told() -> None:
    assert missed(made(latency=lambda at: 0.05 + 0.05 * at / 3600)) == {LATENCY}


def test_one_message_without_a_reply_is_told() -> None:
    assert missed(made(problem=lambda at: "no reply" if at == 60 else "")) == {ERRORS}


def test_a_server_that_falls_further_and_further_behind_is_told() -> None:
    behind = made(latency=lambda at: 0.05 + 0.2 * at)
    assert missed(behind) == {RATE, LATENCY}
    assert behind.late > 1000


def test_a_server_that_answers_nobody_in_the_end_misses_its_aims() -> None:
    assert missed(made(problem=lambda at: "refused" if at > 2000 else "")) == {RATE, ERRORS, LATENCY}


def test_misses_stand_in_the_table_next_to_what_was_reached() -> None:
    shown = as_markdown(made(own=lambda at: 700 + at / 30), "Measured just now.").splitlines()
    assert sum(line.endswith("| reached |") for line in shown) == 3
    assert sum(line.endswith("| missed |") for line in shown) == 1
    assert sum(" MiB | " in line for line in shown) == 3600 / 300


def test_every_message_is_due_once_at_an_even_pace() -> None:
    due = sorted(chain.from_iterable(HOUR.due(client) for client in range(HOUR.clients)))
    assert due == [number / HOUR.rate for number in range(HOUR.messages)]


@pytest.mark.parametrize("rate", [1, 6, 20])
def test_each_kind_of_learner_sends_a_third(rate: float) -> None:
    offered = Offered(rate, 600)
    by_kind = [sum(len(list(offered.due(client))) for client in range(kind, offered.clients, len(KINDS))) for kind in range(len(KINDS))]
    assert max(by_kind) - min(by_kind) <= 1 + offered.clients / len(KINDS)


def test_no_question_is_typed_twice_and_studying_begins_with_a_button() -> None:
    scripts = Scripts()
    typed = [message.text for _ in range(100) for message in scripts.next("typed")]
    assert len(typed) == len(set(typed)) == 1500
    for kind in ("quiz", "practice"):
        first, *rest = scripts.next(kind)
        assert first.pressed
        assert len(rest) >= 10
