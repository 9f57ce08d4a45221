"""Servers killed at random moments and started again, while a crowd goes on."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence

from tests.faults.books import Books
from tests.faults.crowd import Crowd
from tests.faults.served import Served


def kill_now_and_then(crowd: Crowd, servers: Sequence[Served], books: Books, kills: int) -> Counter[str]:
    """How far the messages had come that were with the server when it was killed; each is killed in turn."""
    dice, caught = random.Random(kills), Counter[str]()
    for number in range(kills):
        crowd.wait_for(3)
        time.sleep(dice.uniform(0, 0.3))
        served = servers[number % len(servers)]
        in_flight = crowd.in_flight(served.url)
        served.kill()
        caught += books.states(in_flight)
        served.start()
    crowd.wait_for(3)
    return caught


def figures_of(caught: Counter[str], kills: int) -> str:
    return (
        f"{kills} kills caught {caught.total()} messages in flight ({caught['not taken']} not taken yet, {caught['received']} taken, "
        f"{caught['answered']} answered and not told)"
    )
