"""A seeded college of any size: learners of differing ability who took quizzes, tests and practices, written straight into the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from math import exp
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.assess.transcript import CRITERIA
from bot.content.questions import Item, Multiple, Single, TrueFalse
from bot.quiz.bank import Bank
from bot.records.desk_tables import groups, memberships, messages, practice_marks, triage
from bot.records.selection import DAY, WEEK
from bot.records.tables import attempts, cards, identities, learners, practice_turns, practices

NOW = datetime(2026, 11, 30, 12, tzinfo=timezone.utc).timestamp()
WEEKS = 20
_LENGTH = 10
_LEFT_SHARE = 0.15


@dataclass(frozen=True)
class College:
    """`attempts` is how many answers all learners together give, in quizzes of ten on the first `first` items, or all; one quiz in seven or
    so is left half way.
    """

    bank: Bank
    learners: int
    attempts: int
    seed: int = 5
    first: int | None = None

    @property
    def items(self) -> list[Item]:
        return list(self.bank.for_practice[: self.first])

    @property
    def reversed_key(self) -> Item:
        """The better learners are, the more likely they are to have this item marked wrong."""
        return next(item for item in self.items if isinstance(item, Single))

    @property
    def too_easy(self) -> Item:
        return next(item for item in reversed(self.items) if isinstance(item, TrueFalse))

    def fill(self, engine: Engine) -> None:
        """Into an empty database."""
        dice = Random(self.seed)
        rows: dict[sa.Table, list[dict[str, Any]]] = {}
        for learner in range(1, self.learners + 1):
            for table, made in _Life(self, learner, dice).rows().items():
                rows.setdefault(table, []).extend(made)
        group = {"id": 1, "name": "Tuesday evening", "code": "TUE123", "created_at": NOW - WEEKS * WEEK}
        with engine.begin() as connection:
            connection.execute(sa.insert(groups), [group])
            for table in (learners, identities, memberships, attempts, cards, practices, practice_turns, practice_marks, triage):
                connection.execute(sa.insert(table), rows[table])
            said = rows[messages]
            connection.execute(sa.insert(messages), [{**row, "event_id": number} for number, row in enumerate(said, 1)])


class _Life:
    """One learner's weeks."""

    def __init__(self, college: College, learner: int, dice: Random) -> None:
        self.college, self.learner, self.dice = college, learner, dice
        self.ability = dice.gauss(0, 1)
        self.sender = f"s{learner}"
        self.answers: list[dict[str, Any]] = []
        self.known: dict[str, dict[str, Any]] = {}
        self.said: list[dict[str, Any]] = []

    def rows(self) -> dict[sa.Table, list[dict[str, Any]]]:
        start = NOW - self.dice.uniform(2, WEEKS) * WEEK
        bank, share = self.college.bank, self.college.attempts // self.college.learners
        self._quiz("checkpoint-first", [bank.items[name] for name in bank.forms["checkpoint-first"]], start)
        while len(self.answers) < share:
            at = self.dice.uniform(start, NOW - 2 * DAY)
            self._quiz("quiz", self.dice.sample(self.college.items, _LENGTH), at)
        runs, turns, marks = self._practices(start)
        times = [row["at"] for row in self.said]
        seen = {"channel": "web", "last_event_id": 0, "preview": "", "need": 0, "reasons": "[]", "status": "new", "version": 0}
        row = {"sender_id": self.sender, "learner_id": self.learner, "first_at": min(times), "last_at": max(times), "turns": len(times)}
        return {
            learners: [{"id": self.learner, "created_at": start}],
            identities: [{"sender_id": self.sender, "learner_id": self.learner}],
            memberships: [{"group_id": 1, "learner_id": self.learner, "name": f"Learner {self.learner:04}", "joined_at": start}]
            if self.learner % 4 == 0
            else [],
            attempts: self.answers,
            cards: list(self.known.values()),
            practices: runs,
            practice_turns: turns,
            practice_marks: marks,
            triage: [{**seen, **row}],
            messages: self.said,
        }

    def _quiz(self, mode: str, items: list[Item], at: float) -> None:
        session = f"{self.dice.getrandbits(32):08x}"
        whole = mode != "quiz" or self.dice.random() > _LEFT_SHARE
        reached = items if whole else items[: self.dice.randint(1, len(items) - 1)]
        for place, item in enumerate(reached):
            self._answer(item, at + 30 * place, session=session, mode=mode, place=place, length=len(items))

    def _answer(self, item: Item, at: float, **quiz: Any) -> None:
        right = self.dice.random() < self._chance(item)
        verdict = "right" if right else "wrong"
        plain = {
            "learner_id": self.learner,
            "item": item.id,
            "topic": item.topic,
            "kind": item.kind,
            "hints": 0,
            "said": "",
            "seconds": 9.0,
        }
        row = {**plain, **quiz, "number": 1, "verdict": verdict, "outcome": verdict, "chosen": self._chosen(item, right), "at": at}
        self.answers.append({**row, "sender_id": self.sender})
        card = {
            "learner_id": self.learner,
            "item": item.id,
            "stability": 2.0 + right,
            "difficulty": 5.0,
            "due": at + DAY,
            "last_review": at,
        }
        if quiz["mode"] == "quiz":
            self.known[item.id] = {**card, "reps": 1, "lapses": 0, "last": verdict}
        self._say(at, "quiz_right" if right else "quiz_wrong", None)

    def _chance(self, item: Item) -> float:
        if item.id == self.college.too_easy.id:
            return 1.0
        slope = -2 if item.id == self.college.reversed_key.id else 1
        return 1 / (1 + exp(-(slope * self.ability + 1 - 0.5 * item.difficulty)))

    def _chosen(self, item: Item, right: bool) -> str:
        """Of single choices the last wrong one is never picked."""
        if isinstance(item, Single):
            wrong = [place for place, choice in enumerate(item.choices) if not choice.right]
            return str(next(place for place, choice in enumerate(item.choices) if choice.right) if right else self.dice.choice(wrong[:-1]))
        if isinstance(item, TrueFalse):
            return "0" if item.true == right else "1"
        if isinstance(item, Multiple):
            keys = [str(place) for place, choice in enumerate(item.choices) if choice.right]
            return "".join(keys if right else keys[1:])
        return ""

    def _say(self, at: float, reply: str, answer: str | None) -> None:
        self.said.append({"sender_id": self.sender, "at": at, "text": "b", "intent": "answer", "reply": reply, "answer": answer})

    def _practices(self, start: float) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
        runs, turns, marks = [], [], []
        for number in range(8):
            run, at = self.learner * 100 + number, self.dice.uniform(start, NOW - 2 * DAY)
            left, lines = self.dice.random() < _LEFT_SHARE, self.dice.randint(1, 8)
            plain = {"difficulty": 1, "seed": 1, "hidden": False, "opening": "Well?", "mood": "cross", "anger": 5, "trust": 5}
            row = {
                **plain,
                "id": run,
                "learner_id": self.learner,
                "run": f"{run:x}",
                "scenario": f"scenario-{number % 5}",
                "started_at": at,
            }
            end = {"ended_at": None if left else at + 300, "ending": None if left else "satisfied", "band": None if left else "pass"}
            runs.append({**row, **end, "origin": None, "sender_id": self.sender})
            turn = {"practice_id": run, "said": "Sorry", "moves": "[]", "reply": "Hm", "mood": "cross", "anger": 5, "trust": 5, "at": at}
            turns += [{**turn, "turn": place} for place in range(1, lines + 1)]
            if not left:
                marks += [self._mark(run, name) for name in CRITERIA]
            self._say(at, "practice", "refunds.what")
        return runs, turns, marks

    def _mark(self, run: int, name: str) -> dict[str, Any]:
        good = self.dice.random() < 1 / (1 + exp(-self.ability))
        mark = good if name not in ("disclosed_data", "defensive") else not good
        return {"practice_id": run, "criterion": name, "mark": mark, "assessed": mark, "version": 0}
