"""A made-up college, seeded: conversations as the server stores them, with problems planted that a tutor ought to see.

Nobody wrote what is said here: messages are those of questions.jsonl in other orders. Rows go straight into the database in bulk.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.assess.transcript import CRITERIA
from bot.records import desk_tables as desk
from bot.records import tables
from tests.benchmarks.answering import read_cases

PLANTED: Final = ("safeguarding", "appeal", "disclosed", "failed", "unhelpful", "declined", "undelivered", "unsure")
SHARE: Final = 0.016  # of conversations that hold a planted problem
_TAGGED: Final = 0.02
_DAY: Final = 86_400
_WEEKS: Final = 26
_BLOCK: Final = 200  # conversations held at the same time: their events are numbered as they came
_ROWS: Final = 20_000
_META: Final = '{"model_id": "0084263507ec41b5847a3eb92f72ee82", "assistant_id": "aftercare"}'
_INTENTS: Final = ("ask", "quiz", "practice", "help", "more", "greet", "thank", "awarding_body", "progress")
_SCENARIOS: Final = ("a-letter-not-an-app", "driving-lessons-charged-twice", "bakery-fridge-that-warms-up", "account-of-another")
_LINES: Final = (
    "I am so sorry that this has happened to you, let me look into it straight away.",
    "Thank you for telling me. Can I take your order number and postcode first please?",
    "The part was out of stock, which is why it came late. I can refund the delivery charge today.",
    "I will ring you back by four o'clock tomorrow. Is that all right for you?",
)
_SAID: Final = "Answers are written by people. This one stands for what would be said here, at about the length that answers have. " * 3


@dataclass(frozen=True)
class College:
    """`planted` is what was planted, by conversation; `longest` the conversation of 500 turns; `tutor` has a few of the groups."""

    planted: Mapping[str, str]
    longest: str
    tutor: int
    lead: int
    events: int
    conversations: int


@dataclass
class _Bulk:
    """Writes rows by the thousand with the driver's own means."""

    engine: Engine
    _waiting: dict[sa.Table, list[tuple[Any, ...]]] = field(default_factory=dict)

    def add(self, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
        waiting = self._waiting.setdefault(table, [])
        waiting.extend(rows)
        if len(waiting) >= _ROWS:
            self.flush(table)

    def flush(self, only: sa.Table | None = None) -> None:
        connection = self.engine.raw_connection()
        for table in [only] if only is not None else list(self._waiting):
            rows = self._waiting.pop(table, [])
            if self.engine.dialect.name == "postgresql":
                _copy(connection, table, rows)
            else:
                _insert(connection, table, rows)
        connection.close()


def _insert(connection: Any, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    cursor.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(table.c))})", rows)
    cursor.execute("COMMIT")


def _copy(connection: Any, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["\\N" if value is None else value for value in row] for row in rows])
    text.seek(0)
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table.name} ({columns}) FROM STDIN WITH (FORMAT csv, NULL '\\N')", text)
    connection.commit()


@dataclass(frozen=True)
class Plan:
    """`turns` are a conversation's on average, quizzes and practices counting once; with 2.5 it has about 30 events."""

    conversations: int
    learners: int = 1200
    turns: float = 2.5
    seed: int = 1


def build(engine: Engine, plan: Plan, now: float) -> College:
    """Fill an empty, migrated database."""
    making = _Making(engine, plan, now)
    making.people(groups=max(4, plan.learners // 30))
    planted: dict[str, str] = {}
    kinds = [PLANTED[number % len(PLANTED)] for number in range(round(SHARE * plan.conversations))]
    places = dict(zip(making.dice.sample(range(1, plan.conversations), len(kinds)), kinds, strict=True))
    for first in range(0, plan.conversations, _BLOCK):
        block = range(first, min(plan.conversations, first + _BLOCK))
        written = [_Conversation(making, number, places.get(number)) for number in block]
        planted.update({one.sender: places[number] for number, one in zip(block, written, strict=True) if number in places})
        making.store(written)
    making.bulk.flush()
    making.settle()
    return College(planted, _sender(0), tutor=2, lead=1, events=making.events, conversations=plan.conversations)


def _sender(number: int) -> str:
    return f"{(number + 1) * 2654435761 % 2**32:08x}{number:024x}"


class _Making:
    def __init__(self, engine: Engine, plan: Plan, now: float) -> None:
        self.engine, self.dice, self.now = engine, Random(plan.seed), now
        self.turns, self.learners = plan.turns, plan.learners
        self.bulk = _Bulk(engine)
        self.events = self.practices = self.attempts = self.appeals = self.deliveries = self.tags = 0
        cases = read_cases(Path(__file__).parent / "questions.jsonl")
        self.questions = [case["text"] for case in cases]
        self.answers = [f"{case['topic']}.{name}" for case in cases for name in ("what", "how")]

    def people(self, groups: int) -> None:
        began, learners = self.now - _WEEKS * 7 * _DAY, self.learners
        self.bulk.add(tables.learners, [(number, began) for number in range(1, learners + 1)])
        accounts = [(1, "Lena", "-", "lead", 0, began, None), (2, "Tom", "-", "tutor", 0, began, None)]
        self.bulk.add(desk.tutors, accounts)
        self.bulk.add(desk.groups, [(number, f"Group {number}", f"CODE{number:04}", began, None) for number in range(1, groups + 1)])
        self.bulk.flush()
        self.bulk.add(desk.group_tutors, [(number, 2) for number in range(1, groups // 8 + 2)])
        members = [(1 + number % groups, number, f"Learner number {number} of {groups}", began) for number in range(1, learners + 1)]
        self.bulk.add(desk.memberships, [row for row in members if row[1] % 10])
        self.bulk.flush()

    def question(self) -> str:
        return (
            f"{self.dice.choice(self.questions)} {self.dice.choice(self.questions)}"
            if self.dice.random() < 0.3
            else self.dice.choice(self.questions)
        )

    def store(self, written: Sequence[_Conversation]) -> None:
        """Number the events of a block by time and write all its rows, owners before what is theirs."""
        for table in (tables.identities, tables.practices, tables.attempts):
            self.bulk.add(table, [row for one in written for row in one.rows.get(table, ())])
            self.bulk.flush(table)
        for table in (tables.practice_turns, desk.practice_marks, tables.appeals, tables.deliveries):
            self.bulk.add(table, [row for one in written for row in one.rows.get(table, ())])
        tagged = [one.sender for one in written if self.dice.random() < _TAGGED]
        self.tags += len(tagged)
        rows = [(self.tags - place, sender, None, None, None, "good example", "Lena", self.now) for place, sender in enumerate(tagged)]
        self.bulk.add(desk.tags, rows)
        events = sorted((event for one in written for event in one.events), key=lambda event: event[1])
        numbered, last = [], {}
        for sender, at, kind, intent, action, data in events:
            self.events += 1
            last[sender] = self.events
            numbered.append((self.events, sender, kind, at, intent, action, data))
        self.bulk.add(tables.events, numbered)
        self.bulk.add(tables.conversations, [(one.sender, last[one.sender], json.dumps(one.slots)) for one in written])

    def settle(self) -> None:
        """Bring PostgreSQL's counters up, and let each database know what is in its tables, as it would by itself in time."""
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
                for table in (tables.events, tables.learners, tables.practices, tables.attempts, tables.appeals, tables.deliveries):
                    name = (
                        connection.execute(sa.text(f"SELECT pg_get_serial_sequence('{table.name}', 'id')")).scalar()
                        or f"{table.name}_id_seq"
                    )
                    connection.execute(sa.text(f"SELECT setval('{name}', greatest(1, (SELECT max(id) FROM {table.name})))"))
            connection.execute(sa.text("ANALYZE"))


class _Conversation:
    """Writes what is said in one conversation, with the problem that is planted there, if any."""

    def __init__(self, making: _Making, number: int, problem: str | None) -> None:
        self.making, self.dice, self.sender = making, making.dice, _sender(number)
        self.events: list[tuple[str, float, str, str | None, str | None, str]] = []
        self.rows: dict[sa.Table, list[tuple[Any, ...]]] = {}
        self.slots: dict[str, Any] = {}
        self.learner: int | None = None
        self.channel = self.dice.choices(("web", "rest", "telegram"), (8, 1, 1))[0]
        self.at = making.now - self.dice.random() * _WEEKS * 7 * _DAY
        if number % 10 or problem in ("appeal", "disclosed", "failed"):
            self._is(1 + number % making.learners)
        self._session()
        turns = 500 if number == 0 else min(40, 1 + int(self.dice.expovariate(1 / making.turns)))
        for left in range(turns, 0, -1):
            self._anything(left)
        if problem:
            self._plant(problem)
        else:
            self._noise()

    def _is(self, learner: int) -> None:
        self.learner = learner
        self._row(tables.identities, (self.sender, learner))

    def _row(self, table: sa.Table, row: tuple[Any, ...]) -> None:
        self.rows.setdefault(table, []).append(row)

    def _anything(self, left: int) -> None:
        """One ordinary turn."""
        chance = self.dice.random()
        if chance < 0.62:
            self.asks()
        elif chance < 0.72:
            self.presses()
        elif chance < 0.76:
            self.asks("declined")
        elif self.learner and chance < 0.9:
            self.quizzed(right=self.dice.random() < 0.7)
        elif self.learner and left > 2 and chance < 0.93:
            self.practises()
        else:
            self.turn("thanks", "thank", 0.9, [("thank", "You are welcome.")])

    def _plant(self, problem: str) -> None:
        getattr(self, f"_plant_{problem}")()

    def _plant_safeguarding(self) -> None:
        kind = self.dice.choice(("distress", "emergency"))
        self.turn("these words stand for those of somebody who needs help", kind, 0.8, [(kind, "Please talk to a person now.")])
        self.asks()

    def _plant_appeal(self) -> None:
        self.quizzed(right=False, appeals=True)

    def _plant_disclosed(self) -> None:
        self.practises(band="fail", against="disclosed_data")

    def _plant_failed(self) -> None:
        self.practises(band="fail", without="resolve")

    def _plant_unhelpful(self) -> None:
        self.turn("that was no use at all", "insult", 0.8, [("insult", "I am sorry that was not useful.")])

    def _plant_declined(self) -> None:
        for _ in range(self.dice.randint(3, 5)):
            self.asks(self.dice.choice(("declined", "garbled", "unclear")))

    def _plant_unsure(self) -> None:
        for _ in range(self.dice.randint(3, 5)):
            self.asks(confidence=0.3)

    def _plant_undelivered(self) -> None:
        making = self.making
        making.deliveries += 1
        at = self.at + 20
        row = (
            making.deliveries,
            self.channel,
            f"m{making.deliveries}",
            self.sender,
            "a question",
            None,
            "failed",
            at,
            at,
            at,
            "[]",
            "KeyError",
        )
        self._row(tables.deliveries, row)

    def _noise(self) -> None:
        """What looks a little like a problem and is none, or a light one."""
        chance = self.dice.random()
        if chance < 0.02:
            self.asks("declined")
            self.asks("declined")
        elif chance < 0.04:
            self.asks(confidence=0.3)
        elif chance < 0.043:
            self.turn("rubbish", "insult", 0.6, [("insult", "I am sorry that was not useful.")])
        elif chance < 0.06 and self.learner:
            self.practises(band="fail", without="resolve")
            self.practises(scenario=_SCENARIOS[0])
        elif chance < 0.08 and self.learner:
            self.quizzed(right=True, leaves=True)
        elif chance < 0.1 and self.at < self.making.now - 40 * _DAY:
            self.at += 30 * _DAY
            self._session()
            self.asks()

    # Turns

    def asks(self, kind: str = "answer", confidence: float | None = None) -> None:
        sure = confidence if confidence is not None else round(self.dice.uniform(0.45, 0.99), 4)
        intent = "ask" if kind == "answer" else "out_of_scope"
        text = self.making.question()
        slot = ("conversation", {"answerable": self.dice.choice(self.making.answers), "question": text}) if kind == "answer" else None
        self.turn(text, intent, sure, [(kind, _SAID)], slot)

    def presses(self) -> None:
        answer = self.dice.choice(self.making.answers)
        self.turn(f"ask:{answer}", "press", 1.0, [("answer", _SAID)], ("conversation", {"answerable": answer, "question": "What is it?"}))

    def quizzed(self, right: bool, appeals: bool = False, leaves: bool = False) -> None:
        """A quiz of two items."""
        making, session = self.making, f"{self.dice.getrandbits(32):08x}"
        items = ["net-promoter-score-six-is-detractor", "net-promoter-score-how-to-write-it"]
        value = {"id": session, "mode": "quiz", "items": items, "seed": 1, "started": self.at, "shown": self.at, "what": "NPS"}
        self.turn("quiz me on nps", "quiz", 0.9, [("quiz_intro", "2 questions."), ("quiz_question", "Question 1 of 2")], ("quiz", value))
        for place, item in enumerate(items[: 1 if leaves else 2]):
            making.attempts += 1
            verdict = "right" if right else "wrong"
            replies = [(f"quiz_{verdict}", _SAID), ("quiz_question", "Question 2 of 2") if not place else ("quiz_done", "Done.")]
            after = None if place else {**value, "at": 1, "results": "r"}
            self.turn(self.dice.choice("ABCD"), "nlu_fallback", 0.3, replies, ("quiz", after))
            row = (
                making.attempts,
                self.learner,
                session,
                "quiz",
                place,
                1,
                item,
                "net-promoter-score",
                "single",
                verdict,
                verdict,
                0,
                "A",
                "a",
            )
            self._row(tables.attempts, (*row, 7.0, self.at, self.sender, 2))
        if appeals:
            making.appeals += 1
            self.turn("i think i was right", "nlu_fallback", 0.3, [("quiz_appealed", "Noted for your tutor.")])
            self._row(tables.appeals, (making.appeals, making.attempts, "i think i was right", self.at, "waiting", None, None, None))

    def practises(self, band: str = "pass", against: str = "", without: str = "prevent", scenario: str = "") -> None:
        making, run = self.making, f"{self.dice.getrandbits(32):08x}"
        making.practices += 1
        name, number, began = scenario or self.dice.choice(_SCENARIOS), making.practices, self.at
        if without == "resolve" and band == "fail":
            name = _SCENARIOS[0]
        state = {"scenario": name, "seed": 3, "anger": 70, "trust": 30}
        slot = {"id": run, "phase": "playing", "at": self.at, "customer": "Well?", "state": state}
        self.turn(f"practice:start.{name}", "press", 1.0, [("practice_brief", _SAID), ("customer", "**Kai:** Well?")], ("practice", slot))
        for turn, line in enumerate(_LINES, 1):
            ends = turn == len(_LINES)
            slot = {**slot, "phase": "over" if ends else "playing", "at": self.at, "state": {**state, "turn": turn}}
            replies = [("customer", "**Kai:** All right."), *([("debrief", _SAID)] if ends else [])]
            self.turn(line, "nlu_fallback", 0.3, replies, ("practice", slot))
            self._row(tables.practice_turns, (number, turn, line, "[]", "All right.", "calmer", 60, 40, self.at))
        ending = "satisfied" if band != "fail" else "left"
        row = (
            number,
            self.learner,
            run,
            name,
            1,
            3,
            False,
            "Well?",
            "very angry",
            70,
            30,
            None,
            None,
            began,
            self.at,
            ending,
            band,
            self.sender,
        )
        self._row(tables.practices, row)
        for criterion in CRITERIA:
            bad = criterion in ("disclosed_data", "defensive")
            mark = criterion == against if bad else criterion != without
            self._row(desk.practice_marks, (number, criterion, mark, mark, 0))

    # Events

    def turn(
        self, text: str, intent: str, confidence: float, replies: Sequence[tuple[str, str]], slot: tuple[str, Any] | None = None
    ) -> None:
        """As the server stores a turn."""
        self.at += 20 + self.dice.random() * 40
        ranking = [{"name": intent, "confidence": confidence}, *({"name": name, "confidence": 0.01} for name in _INTENTS)]
        parsed = {"intent": ranking[0], "entities": [], "text": text, "message_id": "", "metadata": {}, "intent_ranking": ranking}
        user = {"text": text, "parse_data": parsed, "input_channel": self.channel, "message_id": f"{len(self.events)}-{self.sender}"}
        self._event(0, "user", json.dumps(user)[1:-1], (intent, None))
        self._event(1, "user_featurization", '"use_text_for_featurization": false')
        action = "quiz" if replies[0][0].startswith("quiz") else "practice" if replies[0][0] in ("practice_brief", "customer") else "answer"
        self._action(2, f"action_{action}")
        for place, (kind, said) in enumerate(replies):
            buttons = [{"title": "Example", "payload": "ask:csat.example"}, {"title": "Why it matters", "payload": "ask:csat.why"}]
            bot = {"text": said, "data": {"elements": None, "quick_replies": None, "buttons": buttons, "attachment": None, "image": None}}
            self._event(3 + place, "bot", json.dumps(bot)[1:-1], meta=f'{{"kind": "{kind}", {_META[1:]}')
        if slot:
            self.slots[slot[0]] = slot[1]
            self._event(6, "slot", f'"name": "{slot[0]}", "value": {json.dumps(slot[1])}')
        self._action(7, "action_listen")

    def _session(self) -> None:
        self._action(0, "action_session_start")
        self._event(1, "session_started", "")
        self._action(2, "action_listen")

    def _action(self, place: int, name: str) -> None:
        rest = f'"name": "{name}", "policy": null, "confidence": null, "action_text": null, "hide_rule_turn": false'
        self._event(place, "action", rest, names=(None, name))

    def _event(self, place: int, kind: str, rest: str, names: tuple[str | None, str | None] = (None, None), meta: str = _META) -> None:
        """`names` are those of intent and action."""
        at = self.at + place / 10_000
        data = f'{{"event": "{kind}", "timestamp": {at!r}, "metadata": {meta}{", " if rest else ""}{rest}}}'
        self.events.append((self.sender, at, kind, *names, data))
