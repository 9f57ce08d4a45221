"""Everything that is measured on one side, and how much of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.load.conversation import Answer, Line
from tests.benchmarks.load.messages import Messages
from tests.benchmarks.load.phase import Phase, begin, fresh, in_turn, studied
from tests.benchmarks.load.side import Served, Side

WARM_UP = 10  # messages that are not counted
FLOOR_REQUESTS = 200
TURNS_AROUND = 10  # a turn's time is the median of so many turns, itself the last of them


@dataclass(frozen=True)
class Plan:
    """How much is measured. At each level `messages` are sent in all, or `messages_each` by every client if that is more."""

    levels: tuple[int, ...]
    messages: int
    messages_each: int
    turns: tuple[int, ...]
    long_conversations: int  # one after the other, for the time by turn number
    deep_clients: int
    deep_turn: int
    deep_messages: int
    study_rounds: int  # quizzes, and practices
    starts_before: int  # beside the last; the median counts, without the very first, which compiles imports and reads them in

    def messages_at(self, clients: int) -> int:
        return max(self.messages, clients * self.messages_each)


WHOLE = Plan(
    levels=(1, 8, 32),
    messages=400,
    messages_each=50,
    turns=(10, 20, 50, 100, 200, 500),
    long_conversations=1,
    deep_clients=8,
    deep_turn=200,
    deep_messages=200,
    study_rounds=30,
    starts_before=3,
)
# For a machine that is quiet for ten minutes only. Stock Rasa is trained for one epoch: it answers worse, not slower.
SHORT = Plan(
    levels=(1, 8, 32),
    messages=120,
    messages_each=8,
    turns=(10, 20, 50, 100, 200),
    long_conversations=1,
    deep_clients=4,
    deep_turn=200,
    deep_messages=40,
    study_rounds=10,
    starts_before=1,
)
QUICK = Plan(
    levels=(1, 8),
    messages=40,
    messages_each=5,
    turns=(10, 20, 30),
    long_conversations=1,
    deep_clients=2,
    deep_turn=10,
    deep_messages=20,
    study_rounds=2,
    starts_before=0,
)


@dataclass(frozen=True)
class Figures:
    """One side's. Times are seconds, memory MiB; `typed` and `pressed` go by the number of clients, `turns` by turn number;
    `quiz` and `practice` are of one client."""

    side: str
    start: float
    floor: float
    typed: dict[int, Phase]
    pressed: dict[int, Phase]
    quiz: Phase
    practice: Phase
    turns: dict[int, float]
    deep: Phase
    first_memory: float
    last_memory: float


def measure(side: Side, plan: Plan, note: Callable[[str], None] = lambda _: None) -> Figures:
    """Start the prepared side and send it everything; nothing else should run meanwhile. `note` is told what comes next."""
    note(f"{side.name}: starting")
    starts = []
    for _ in range(plan.starts_before):
        with side.served() as served:
            starts.append(served.start)
    with side.served() as served:
        return measure_served(served, median([*starts[1:], served.start]), plan, note)


def measure_served(served: Served, start: float, plan: Plan, note: Callable[[str], None] = lambda _: None) -> Figures:
    """Everything but the start."""
    messages, name = Messages(), served.side.name
    first_memory = served.processes.memory()
    floor = _floor(served)
    fresh(served, 1, messages.typed(WARM_UP))
    typed, pressed = {}, {}
    for clients in plan.levels:
        note(f"{name}: {clients} at once, typed and pressed")
        typed[clients] = fresh(served, clients, messages.typed(plan.messages_at(clients)))
        pressed[clients] = fresh(served, clients, messages.pressed(plan.messages_at(clients)))
    note(f"{name}: quizzes and practices")
    quiz, practice = studied(served, messages.quizzes(plan.study_rounds)), studied(served, messages.practices(plan.study_rounds))
    note(f"{name}: {plan.turns[-1]} turns in one conversation")
    turns = _by_turn(served, plan, messages)
    note(f"{name}: {plan.deep_clients} conversations of {plan.deep_turn} turns")
    deep = _deep(served, plan, messages)
    return Figures(name, start, floor, typed, pressed, quiz, practice, turns, deep, first_memory, served.processes.memory())


def _floor(served: Served) -> float:
    with closing(Line(served.port)) as line:
        return median(line.get(served.side.floor) for _ in range(FLOOR_REQUESTS))


def _by_turn(served: Served, plan: Plan, messages: Messages) -> dict[int, float]:
    """The median time of the turns up to each turn number, over all long conversations."""
    longest = plan.turns[-1]
    said: list[list[Answer]] = []
    for conversation in begin(served, plan.long_conversations):
        said.append(in_turn(served, [conversation], messages.typed(longest)).answers)
    return {turn: median(answer.seconds for answers in said for answer in answers[turn - TURNS_AROUND : turn]) for turn in plan.turns}


def _deep(served: Served, plan: Plan, messages: Messages) -> Phase:
    """Several conversations at once, measured from the turn on that they have been brought to before."""
    conversations = begin(served, plan.deep_clients)
    in_turn(served, conversations, messages.typed(plan.deep_clients * plan.deep_turn))
    return in_turn(served, conversations, messages.typed(plan.deep_messages))
