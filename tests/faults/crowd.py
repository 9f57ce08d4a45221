"""Several learners at once, each client with a few conversations that it goes through in turn."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from types import TracebackType

from tests.faults.learner import Learner, Outcome

CONVERSATIONS_EACH = 8  # a killed message's conversation waits while the others go on


class Crowd:
    """Sends until the block is left; then every open message is sent again until it is answered.

    `enrol` makes a learner who reaches the tutor at these addresses.
    """

    def __init__(self, *urls: str, clients: int = 4, enrol: Callable[..., Learner] = Learner) -> None:
        self._groups = [[enrol(*urls) for _ in range(CONVERSATIONS_EACH)] for _ in range(clients)]
        self._threads = [threading.Thread(target=self._go_round, args=(group,), daemon=True) for group in self._groups]
        self._stop = threading.Event()
        self._outcomes: Counter[Outcome] = Counter()
        self._problems: list[BaseException] = []

    @property
    def learners(self) -> list[Learner]:
        return [learner for group in self._groups for learner in group]

    @property
    def answered(self) -> int:
        return sum(message.turn is not None for learner in self.learners for message in list(learner.messages))

    @property
    def repeated(self) -> int:
        """How often a message had to be sent again."""
        return sum(count for outcome, count in self._outcomes.items() if outcome is not Outcome.ANSWERED)

    def told(self) -> list[float]:
        """The seconds after which each refusal came, shortest first."""
        messages = [message for learner in self.learners for message in [*learner.messages, *learner.given_up]]
        return sorted(seconds for message in messages for seconds in message.told)

    def in_flight(self, url: str) -> list[str]:
        """The ids of messages that the server there has not answered yet."""
        return [number for learner in self.learners if (number := learner.in_flight) and learner.url == url]

    def wait_for(self, more: int, seconds: float = 60) -> None:
        """Until so many more messages have been answered."""
        goal, ends = self.answered + more, time.monotonic() + seconds
        while self.answered < goal:
            assert not self._problems, self._problems[0]
            assert time.monotonic() < ends, f"{self.answered} of {goal} answers after {seconds:.0f} seconds"
            time.sleep(0.02)

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        if kind is None:
            assert not self._problems, self._problems[0]
            for learner in self.learners:
                if learner.open:
                    learner.insist()

    def _go_round(self, group: list[Learner]) -> None:
        try:
            while not self._stop.is_set():
                for learner in group:
                    outcome = learner.step()
                    self._outcomes[outcome] += 1
                    if outcome is not Outcome.ANSWERED:
                        self._stop.wait(0.1)
        except BaseException as error:  # told to whoever waits for the crowd
            self._problems.append(error)
