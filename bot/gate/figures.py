"""The gated figures: each is how many of its cases fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.answer import Context
from bot.asking import Asking
from bot.gate.cases import Understand, answer_case, decline_case, read_cases
from bot.improving import Reviewed

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Figure:
    """`failed` names cases, in order; fewer are better. `of` is at least 1."""

    name: str
    failed: tuple[str, ...]
    of: int


@dataclass(frozen=True)
class Cases:
    """Benchmark questions and messages from outside; `scripts` and `intents` are (message, intent), `answers` (question, answer)."""

    questions: Sequence[dict[str, Any]] = ()
    outside: Sequence[dict[str, Any]] = ()
    scripts: Pairs = ()
    intents: Pairs = ()
    answers: Pairs = ()

    @classmethod
    def read(cls, root: Path) -> Cases:
        """All of a checkout's. Raises OSError when the benchmark's files are not there."""
        benchmarks, reviewed = root / "tests" / "benchmarks", Reviewed.read(root)
        return cls(
            read_cases(benchmarks / "questions.jsonl"),
            read_cases(benchmarks / "out_of_scope.jsonl"),
            _scripts(root / "tests" / "conversations"),
            _pairs(reviewed.intents.items()),
            _pairs(reviewed.answers.items()),
        )

    def __len__(self) -> int:
        return sum(map(len, (self.questions, self.outside, self.scripts, self.intents, self.answers)))


def measure(asking: Asking, understand: Understand, cases: Cases, advance: Callable[[], None] = lambda: None) -> tuple[Figure, ...]:
    """A figure of each kind that there are cases of; calls `advance` after each case."""

    def each(values: Iterable[Any], check: Callable[[Any], Any]) -> list[Any]:
        found = []
        for value in values:
            found.append(check(value))
            advance()
        return found

    asked = each(cases.questions, lambda case: answer_case(asking, case, understand))
    outside = each(cases.outside, lambda case: decline_case(asking, case, understand))
    scripts = each(cases.scripts, lambda pair: understand(pair[0])[0] == pair[1])
    intents = each(cases.intents, lambda pair: understand(pair[0])[0] == pair[1])
    answers = each(cases.answers, lambda pair: answered_as(asking, understand, pair[0]) == pair[1])
    figures = (
        Figure("questions", tuple(one.case["id"] for one in asked if one.failed), len(asked)),
        Figure("wrongly_declined", tuple(one.case["id"] for one in asked if one.declined), len(asked)),
        Figure("outside", tuple(one.case["id"] for one in outside if one.failed), len(outside)),
        Figure("scripts", _failed(cases.scripts, scripts), len(scripts)),
        Figure("reviewed_intents", _failed(cases.intents, intents), len(intents)),
        Figure("reviewed_answers", _failed(cases.answers, answers), len(answers)),
    )
    return tuple(figure for figure in figures if figure.of)


def answered_as(asking: Asking, understand: Understand, question: str) -> str | None:
    """The id of the answer that a question gets in a fresh conversation; None when it gets none."""
    answered = asking.respond(question, Context(), *understand(question))
    return answered.context.answerable if answered.reply.kind == "answer" else None


def _failed(pairs: Pairs, passed: Sequence[bool]) -> tuple[str, ...]:
    return tuple(text for (text, _), fine in zip(pairs, passed, strict=True) if not fine)


def _pairs(texts: Iterable[tuple[str, Sequence[str]]]) -> Pairs:
    return tuple((text, target) for target, own in texts for text in own)


def _scripts(folder: Path) -> Pairs:
    """What is said in the conversation scripts, with the intent that each message has there."""
    stories = [story for path in sorted(folder.glob("test_*.yml")) for story in yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]]
    steps = [step for story in stories for step in story["steps"] if "user" in step]
    return tuple((step["user"].strip(), step["intent"]) for step in steps)
