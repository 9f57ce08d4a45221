"""What the clients send: typed texts, never one twice, and the tokens of buttons."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from bot.content import load
from bot.content.scenarios import load_scenarios
from bot.gate import read_cases
from bot.settings import ROOT

QUESTIONS = Path(__file__).parent.parent / "questions.jsonl"
SEED = 42
QUIZ_ANSWERS = (
    "a",
    "true",
    "the second one",
    "b",
    "skip",
    "i think it's c",
    "hint",
    "false",
    "it means they have to put it right",
    "12.5%",
)


@dataclass(frozen=True)
class Message:
    """A text as typed, or the token of a pressed button."""

    text: str
    pressed: bool = False


class Messages:
    """The same messages in the same order for every server: make one anew for each."""

    def __init__(self) -> None:
        self._typed = _typed_texts([case["text"] for case in read_cases(QUESTIONS)])
        self._pressed = _tokens()

    def typed(self, count: int) -> list[Message]:
        return [Message(text) for text in islice(self._typed, count)]

    def pressed(self, count: int) -> list[Message]:
        return [Message(token, pressed=True) for token in islice(self._pressed, count)]

    def quizzes(self, rounds: int) -> list[list[Message]]:
        """So many quizzes, each begun by a button and answered in every way that answers come."""
        return [[Message("quiz:start", pressed=True), *map(Message, QUIZ_ANSWERS)] for _ in range(rounds)]

    def practices(self, rounds: int) -> list[list[Message]]:
        """So many practices, each begun by a button, with the good answers that scenarios carry."""
        spoken = [scenario for scenario in load_scenarios(ROOT / "knowledge" / "scenarios").values() if not scenario.writing]
        return [
            [Message(f"practice:start.{scenario.id}", pressed=True), *(Message(line.say) for line in scenario.model)]
            for scenario in islice(cycle(spoken), rounds)
        ]


def _typed_texts(questions: Sequence[str]) -> Iterator[str]:
    """The questions in a seeded order; when they run out, the first half of one with the second half of another."""
    shuffled = random.Random(SEED).sample(questions, len(questions))
    said = set()
    for step in range(len(shuffled)):
        for number, question in enumerate(shuffled):
            other = shuffled[(number + step) % len(shuffled)]
            text = _joined(question, other) if step else question
            if text.casefold() not in said:
                said.add(text.casefold())
                yield text
    raise ValueError("every two questions have been joined: the benchmark asks for more texts than there are")


def _joined(question: str, other: str) -> str:
    first, second = question.split(), other.split()
    return " ".join([*first[: (len(first) + 1) // 2], *second[len(second) // 2 :]])


def _tokens() -> Iterator[str]:
    """Every answer's button, in a seeded order, over and over."""
    tokens = [f"ask:{answerable.id}" for answerable in load(ROOT / "knowledge").answerables]
    random.Random(SEED).shuffle(tokens)
    return cycle(tokens)
