"""What the desk does while nobody waits for it: reading what learners said since, and what it means."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.incident import report

logger = logging.getLogger("aftercare.desk")
PAUSE_SECONDS = 5.0
AFTER_FAILURE_SECONDS = 30.0


@dataclass(frozen=True)
class Background:
    """Does its chores one after another, again and again, in a thread that ends with the process. Each returns whether more waits."""

    chores: Sequence[Callable[[], bool]]

    def start(self) -> threading.Event:
        """Begin; setting the event that is returned stops it."""
        stop = threading.Event()
        threading.Thread(target=self._run, args=(stop,), name="background", daemon=True).start()
        return stop

    def _run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            stop.wait(self.once())

    def once(self) -> float:
        """One round; returns the seconds until the next."""
        try:
            more = [chore() for chore in self.chores]
        except Exception as error:  # whatever it was, the pages go on and the next round may succeed
            report(logger, "the desk could not read on", error)
            return AFTER_FAILURE_SECONDS
        return 0.05 if any(more) else PAUSE_SECONDS
