"""Learners at one place of the schedule: one conversation after another, each message sent when it is due."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterable
from dataclasses import dataclass

from tests.benchmarks.load.conversation import Line, WebConversation
from tests.benchmarks.load.messages import Message
from tests.benchmarks.page import BenchmarkError
from tests.soak.scripts import KINDS, TURNS, Scripts

LONGEST_WAIT = 60.0  # seconds for one answer


@dataclass(frozen=True)
class Sent:
    """When a message was due and when it ended, in seconds from the beginning; `problem` is empty when it was answered."""

    due: float
    ended: float
    problem: str = ""

    @property
    def latency(self) -> float:
        """Seconds since it was due: that the message before it was answered late counts too."""
        return self.ended - self.due


class Talk:
    """A conversation with a connection of its own, as each browser has one."""

    def __init__(self, port: int, messages: Iterable[Message]) -> None:
        self._line = Line(port, LONGEST_WAIT)
        self._conversation = WebConversation(self._line)
        self._messages = list(messages)

    @property
    def over(self) -> bool:
        return not self._messages

    def say_next(self) -> str:
        """The reply's text, empty when there was none or the turn failed."""
        return self._conversation.say(self._line, self._messages.pop(0)).text

    def hang_up(self) -> None:
        self._line.close()


class Client:
    """Says what conversations of its kind say. Its first one is shorter than most, so that not everybody's end at once."""

    def __init__(self, port: int, scripts: Scripts, place: int) -> None:
        self._port, self._scripts = port, scripts
        self._kind = KINDS[place % len(KINDS)]
        self._first_turns = 1 + place // len(KINDS) % TURNS
        self._talk: Talk | None = None

    def follow(self, schedule: Iterable[float], begun: float, ends: float) -> list[Sent]:
        """Everything that could be sent before the end. `begun` and `ends` are moments of the monotonic clock."""
        sent = []
        for due in schedule:
            time.sleep(max(0.0, begun + due - time.monotonic()))
            if time.monotonic() >= ends:
                break
            problem = self._say_next()
            sent.append(Sent(due, time.monotonic() - begun, problem))
        self._hang_up()
        return sent

    def _say_next(self) -> str:
        """What was wrong, empty when it was answered."""
        try:
            talk = self._talk = self._talk or self._begun()
            answered = talk.say_next()
        except (BenchmarkError, OSError, http.client.HTTPException, ValueError) as error:
            self._hang_up()  # the next message is somebody else's
            return f"{type(error).__name__}: {error}"
        if talk.over:
            self._hang_up()
        return "" if answered else "no reply, or a turn that failed"

    def _begun(self) -> Talk:
        turns, self._first_turns = self._first_turns, 2 * TURNS
        return Talk(self._port, self._scripts.next(self._kind)[:turns])

    def _hang_up(self) -> None:
        if self._talk:
            self._talk.hang_up()
        self._talk = None
