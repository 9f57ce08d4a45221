"""Something that every server needs goes away for some seconds, while a crowd goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

from tests.faults.crowd import Crowd
from tests.faults.served import Served

PATIENCE = 30.0  # seconds after the end in which everything that was refused is answered


class Outage:
    """Measures one after the other."""

    def __init__(self, crowd: Crowd, servers: Sequence[Served]) -> None:
        self._crowd, self._servers = crowd, servers
        self._pages: list[float] = []
        self._firsts: list[float] = []
        self._lasts: list[float] = []

    def last(self, seconds: float, back: Callable[[], None]) -> None:
        """Look on, then end it by `back`, and wait until all messages that were open have their answers."""
        ends = time.monotonic() + seconds
        self._pages += [served.page_seconds() for served in self._servers]
        time.sleep(ends - time.monotonic())
        self._pages += [served.page_seconds() for served in self._servers]
        open_messages = [message for learner in self._crowd.learners if (message := learner.open)]
        back()
        started = time.monotonic()
        self._crowd.wait_for(1)
        self._firsts.append(time.monotonic() - started)
        while any(message.turn is None for message in open_messages):
            assert time.monotonic() - started < PATIENCE, "refused messages are answered when they come again"
            time.sleep(0.05)
        self._lasts.append(time.monotonic() - started)

    def figures(self, within: float) -> str:
        """Fails when somebody was not told `within` so many seconds, or the page did not come."""
        told = self._crowd.told()
        assert told and told[-1] < within, f"told after {told[-1:]} seconds"
        assert max(self._pages) < 1, "the page needs nothing of it"
        return (
            f"{len(told)} refusals, told after {median(told):.3f} s (median; worst {told[-1]:.2f} s); the page came within "
            f"{max(self._pages):.2f} s; afterwards, first answer in {max(self._firsts):.1f} s and the last refused message answered in "
            f"{max(self._lasts):.1f} s at worst"
        )
