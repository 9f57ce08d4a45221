"""What conversations of each kind say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, cycle, repeat
from threading import Lock

from tests.benchmarks.load.messages import Message, Messages

TURNS = 15  # of a conversation; a practice is not broken off for it
KINDS = ("typed", "quiz", "practice")
PRACTICES = 60


class Scripts:
    """Many clients may ask at once. No typed question is given twice."""

    def __init__(self) -> None:
        messages = Messages()
        practices = messages.practices(PRACTICES)
        in_pairs = [[*first, *second] for first, second in zip(practices[::2], practices[1::2], strict=True)]
        quiz = list(chain.from_iterable(messages.quizzes(2)))[:TURNS]  # the second one is left in the middle
        self._lock = Lock()
        self._of: dict[str, Iterator[list[Message]]] = {
            "typed": iter(lambda: messages.typed(TURNS), []),
            "quiz": repeat(quiz),
            "practice": cycle(in_pairs),
        }

    def next(self, kind: str) -> list[Message]:
        """The messages of one conversation."""
        with self._lock:
            return list(next(self._of[kind]))
