"""A stretch of the benchmark: so many clients at once, each on a line of its own, and what they and the server's processes took."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from statistics import median, quantiles

from tests.benchmarks.load.conversation import Answer, Conversation, Line
from tests.benchmarks.load.messages import Message
from tests.benchmarks.load.side import Served

FRESH_TURNS = 5  # after so many a client begins a new conversation
MOST_UNANSWERED = 0.1  # with more, times say nothing
Script = Callable[[Line], list[Answer]]


@dataclass(frozen=True)
class Phase:
    """The answers, the seconds by the clock, and the seconds that the server's processes had on the processors."""

    answers: list[Answer]
    seconds: float
    processor_seconds: float

    @property
    def times(self) -> list[float]:
        return [answer.seconds for answer in self.answers if answer.text]

    @property
    def median(self) -> float:
        return median(self.times)

    def percentile(self, percent: int) -> float:
        """Seconds within which so many percent were answered."""
        return quantiles(self.times, n=100, method="inclusive")[percent - 1]

    @property
    def unanswered(self) -> int:
        return len(self.answers) - len(self.times)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    @property
    def processor_per_thousand(self) -> float:
        return 1000 * self.processor_seconds / len(self.times)


def fresh(served: Served, clients: int, messages: Sequence[Message]) -> Phase:
    """The clients take messages from one queue, and begin a new conversation every few turns."""
    queue: SimpleQueue[Message] = SimpleQueue()
    for message in messages:
        queue.put(message)
    return _all_at_once(served, [partial(_in_fresh_conversations, served.side.conversation, queue)] * clients)


def _in_fresh_conversations(begin: type[Conversation], queue: SimpleQueue[Message], line: Line) -> list[Answer]:
    answers: list[Answer] = []
    while True:
        try:
            message = queue.get_nowait()
        except Empty:
            return answers
        if len(answers) % FRESH_TURNS == 0:
            conversation = begin(line)
        answers.append(conversation.say(line, message))


def begin(served: Served, count: int) -> list[Conversation]:
    with closing(Line(served.port)) as line:
        return [served.side.conversation(line) for _ in range(count)]


def in_turn(served: Served, conversations: Sequence[Conversation], messages: Sequence[Message]) -> Phase:
    """Each conversation has a client, which says its share of the messages one after the other."""
    shares = [messages[number :: len(conversations)] for number in range(len(conversations))]
    return _all_at_once(served, [partial(_whole_share, talk, share) for talk, share in zip(conversations, shares, strict=True)])


def studied(served: Served, rounds: Sequence[Sequence[Message]]) -> Phase:
    """One client; each round is a conversation, whose first message begins something and is not counted."""

    def script(line: Line) -> list[Answer]:
        answers: list[Answer] = []
        for opening, *rest in rounds:
            conversation = served.side.conversation(line)
            conversation.say(line, opening)
            answers += [conversation.say(line, message) for message in rest]
        return answers

    return _all_at_once(served, [script])


def _whole_share(conversation: Conversation, share: Sequence[Message], line: Line) -> list[Answer]:
    return [conversation.say(line, message) for message in share]


def _all_at_once(served: Served, scripts: Sequence[Script]) -> Phase:
    """Answers stand in each script's order, one script after the other. Raises BenchmarkError when too many are missing."""
    before, started = served.processes.processor_seconds(), time.perf_counter()
    with ThreadPoolExecutor(len(scripts)) as clients:
        answers = [answer for some in clients.map(partial(_on_own_line, served.port), scripts) for answer in some]
    seconds = time.perf_counter() - started
    phase = Phase(answers, seconds, served.processes.processor_seconds() - before)
    if phase.unanswered > MOST_UNANSWERED * len(answers):
        raise served.side.complaint(f"{phase.unanswered} of {len(answers)} messages had no reply")
    return phase


def _on_own_line(port: int, script: Script) -> list[Answer]:
    with closing(Line(port)) as line:
        return script(line)
