"""Conversations before the clock runs, so that the server holds as many as it ever does.

A server keeps its last 2,000 conversations in memory. At 20 messages a second and 15 turns each, the run alone would take 25 of its 30
minutes to have so many, and memory would grow by design all that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

from tests.benchmarks.load.messages import Message
from tests.soak.client import Talk
from tests.soak.scripts import KINDS, Scripts

AT_ONCE = 4
TURNS_HELD = 3  # of a conversation stay in memory (`server/live_tracker.py`); more would not make it larger


def fill(port: int, scripts: Scripts, conversations: int) -> None:
    """So many short conversations of every kind, as fast as they are answered."""
    openings = [scripts.next(kind)[:TURNS_HELD] for kind in islice(cycle(KINDS), conversations)]
    with ThreadPoolExecutor(AT_ONCE) as clients:
        list(clients.map(lambda messages: _hold(port, messages), openings))


def _hold(port: int, messages: Sequence[Message]) -> None:
    talk = Talk(port, messages)
    while not talk.over:
        talk.say_next()
    talk.hang_up()
