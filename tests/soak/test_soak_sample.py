"""A minute of the soak, at a rate that a busy machine keeps. The whole of it is `make soak`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.measured import Soak
from tests.soak.offered import Offered
from tests.soak.run import soak
from tests.soak.stores import Stores

MINUTE = Offered(rate=6, seconds=60)
LATEST = 3.0  # seconds for nineteen of twenty answers, beside another test process
SETTLED = 20.0  # seconds after which everything that is loaded at first use has been
# In a minute caches are still filling: some 25 new conversations, 200 texts and their words, and the heap soon holds as much as the largest
# message took. Slow leaks are for the half hour to find.
FILLING = 16.0  # MiB


@pytest.fixture(scope="module")
def minute(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Soak:
    return soak(tmp_path_factory.mktemp("soak"), MINUTE, Stores(), held=0, note=lambda _: None)


def test_every_learner_of_a_busy_minute_is_answered(minute: Soak) -> None:
    assert not minute.whole.problems
    assert minute.whole.answered == MINUTE.messages


def test_hardly_anybody_in_it_waits_long(minute: Soak) -> None:
    assert minute.whole.percentile(95) < LATEST


def test_memory_hardly_grows_once_the_first_of_every_kind_were_answered(minute: Soak) -> None:
    before, *_, after = (reading.own for reading in minute.whole.readings if reading.at >= SETTLED)
    assert after <= 1.05 * before + FILLING


def test_conversations_that_ended_leave_no_connection_open(minute: Soak) -> None:
    first, *_, last = minute.whole.readings
    assert last.connections <= first.connections + MINUTE.clients
