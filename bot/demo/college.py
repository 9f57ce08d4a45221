"""Fills a database with a made-up college: accounts, groups, set work, and weeks of conversations with the real tutor."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, cast

from sqlalchemy.engine import Engine

from bot.conversation import Message, State, Turn
from bot.demo.calendar import Calendar, Visit, Work
from bot.demo.desk_work import DeskWork
from bot.demo.doings import Doings
from bot.demo.events import Told
from bot.demo.material import Material, load_material
from bot.demo.persona import Persona, personas
from bot.demo.said import Said
from bot.quiz import Learner
from bot.records import Practices, Study
from bot.records.access import Viewer
from bot.records.accounts import add_tutor
from bot.records.groups import Desk, LearnerGroups, Wanted, give_work, group_seen, make_group
from bot.records.learner_data import LearnerData
from bot.records.turns import TakenTurn, keep_turn
from bot.tutor import Tutor

SEED: Final = 2026
_SESSION: Final = timedelta(minutes=60)
_DUE: Final = timedelta(days=10)

Advance = Callable[[int, int], None]


@dataclass(frozen=True)
class Size:
    """How large the college is."""

    groups: int = 3
    learners: int = 60
    weeks: int = 8


@dataclass(frozen=True)
class Account:
    """An account as it was made; this is the only time that its password can be read."""

    number: int
    name: str
    role: str
    password: str


@dataclass(frozen=True)
class Filled:
    """What was made. `planted` are the conversations with each problem, by its name; `groups` are names with their join codes."""

    turns: int
    conversations: int
    accounts: tuple[Account, ...]
    groups: tuple[tuple[str, str], ...]
    planted: Mapping[str, tuple[str, ...]]


@dataclass
class _Talk:
    """How one learner's conversation stands."""

    state: State = field(default_factory=State)
    last: datetime | None = None


class College:
    """`tutor` is the real one, `password` gives a new password each time. The same seed and moment make the same college, but for join
    codes and passwords, which are nobody's to foresee.
    """

    def __init__(self, engine: Engine, tutor: Tutor, password: Callable[[], str], seed: int = SEED) -> None:
        self._engine, self._tutor, self._password, self._seed = engine, tutor, password, seed
        self._material: Material = load_material()
        self._study, self._practices = Study(engine), Practices(engine)
        self._groups, self._data = LearnerGroups(engine), LearnerData(engine)
        self._talks: dict[str, _Talk] = {}

    def fill(self, size: Size, now: datetime, advance: Advance = lambda done, total: None) -> Filled:
        """Everything up to `now`. `advance` hears how many visits are done, of how many. Raises sqlalchemy's errors."""
        dice = Random(self._seed)  # noqa: S311 - dice, no secret
        start = now - timedelta(weeks=size.weeks)
        accounts, groups = self._open(size, start)
        numbers = {account.name: account.number for account in accounts}
        people = personas(self._names(size.learners), size.groups, dice)
        work = self._work(size.weeks)
        visits = Calendar(now, size.weeks, work, dice).visits(people)
        turns, planted = 0, dict[str, list[str]]()
        waiting = sorted(work, key=lambda one: one.week)
        for done, visit in enumerate(visits):
            while waiting and start + timedelta(weeks=waiting[0].week) <= visit.at:
                self._set(waiting.pop(0), groups, start, now)
            turns += self._visit(visit, groups[visit.persona.group][1])
            if visit.planted:
                planted.setdefault(visit.planted, []).append(visit.persona.sender)
            advance(done + 1, len(visits))
        debriefer = self._tutor.practising.debriefer
        DeskWork(self._engine, debriefer, self._material, numbers, dice, now.timestamp()).do(planted)
        names = tuple((self._material.groups[at].name, code) for at, (_, code) in enumerate(groups))
        return Filled(turns, len(self._talks), accounts, names, {kind: tuple(senders) for kind, senders in planted.items()})

    def _names(self, count: int) -> tuple[str, ...]:
        """As many names as learners; past the end of the list they get a number."""
        names = self._material.names
        return tuple(f"{names[at % len(names)]} {at // len(names) + 1}" if at >= len(names) else names[at] for at in range(count))

    # Accounts, groups and set work

    def _open(self, size: Size, start: datetime) -> tuple[tuple[Account, ...], list[tuple[int, str]]]:
        """The accounts, and of each group its number and join code."""
        plans, accounts, numbers, made = self._material.groups[: size.groups], [], dict[str, int](), []
        before = (start - timedelta(days=3)).timestamp()
        for name, role in (*((plan.tutor, "tutor") for plan in self._material.groups), (self._material.lead, "lead")):
            if name not in numbers:
                password = self._password()
                with self._engine.begin() as connection:
                    numbers[name] = add_tutor(connection, name, password, role, before).id
                accounts.append(Account(numbers[name], name, role, password))
        for plan in plans:
            with self._engine.begin() as connection:
                number = make_group(connection, plan.name, numbers[plan.tutor], before)
                seen = cast("Desk", group_seen(connection, Viewer(numbers[plan.tutor], False), number))
            made.append((number, seen.code))
        return tuple(accounts), made

    def _work(self, weeks: int) -> tuple[Work, ...]:
        """Something each week or two, as far as it fits."""
        planned = (
            Work("quiz", "later-model", 1),
            Work("scenario", "faulty-baby-monitor", 2),
            Work("quiz", "key-performance-indicators", 3),
            Work("topic", "complaint-procedure", 4),
            Work("scenario", "late-birthday-parcel", 5),
            Work("quiz", "subject-access", 6),
            Work("quiz", "complaint-log", 7),
        )
        return tuple(work for work in planned if work.week < weeks)

    def _set(self, work: Work, groups: Iterable[tuple[int, str]], start: datetime, now: datetime) -> None:
        at = start + timedelta(weeks=work.week)
        wanted = Wanted(work.kind, work.target, (at + _DUE).timestamp())
        for place, (number, _) in enumerate(groups):
            with self._engine.begin() as connection:
                give_work(connection, number, wanted, self._material.groups[place].tutor, min(at, now).timestamp())

    # Conversations

    def _visit(self, visit: Visit, code: str) -> int:
        """Play a visit; how many turns it had."""
        persona = visit.persona
        dice = Random(f"{self._seed}:{persona.number}:{visit.at.isoformat()}")  # noqa: S311 - dice, no secret
        practice, bank = self._tutor.practising.practice, self._tutor.quiz.bank
        doings = Doings(bank, practice, self._material, persona, dice, visit.growth, code)
        talk = self._talks.setdefault(persona.sender, _Talk())
        at = max(visit.at, talk.last + timedelta(minutes=1)) if talk.last else visit.at
        turns = 0
        for does in visit.does:
            doing = does(doings)
            try:
                said = next(doing)
                while True:
                    at += timedelta(seconds=dice.uniform(5, 45))
                    turn = self._say(persona, talk, said, at, dice)
                    turns += 1
                    said = doing.send(turn)
            except StopIteration:
                continue
        return turns

    def _say(self, persona: Persona, talk: _Talk, said: Said, at: datetime, dice: Random) -> Turn:
        """One turn, taken and kept as the server does."""
        message = str(uuid.UUID(int=dice.getrandbits(128), version=4))
        learner = Learner(persona.sender, self._study, at, dice, practices=self._practices, groups=self._groups, data=self._data)
        before = talk.state.to_slots()
        turn = self._tutor.respond(Message(said.text, said.intent, said.confidence), talk.state, learner)
        kept = replace(said, text=turn.mask.said(said.text))
        told = Told(kept, turn, before, turn.state.to_slots(), at, persona.channel, message)
        begins = talk.last is None or at - talk.last > _SESSION
        with self._engine.begin() as connection:
            keep_turn(connection, _taken(persona, kept, turn, told, told.events(begins)))
        talk.state, talk.last = State.from_slots(turn.state.to_slots()), at
        return turn


def _taken(persona: Persona, said: Said, turn: Turn, told: Told, events: Sequence[Mapping[str, Any]]) -> TakenTurn:
    return TakenTurn(
        sender=persona.sender,
        channel=persona.channel,
        message=told.message,
        said=said.label or said.text,
        press=said.text if said.label else None,
        events=events,
        slots=told.after,
        replies=told.replies(),
        records=turn.records,
        received=told.at.timestamp(),
        answered=events[-1]["timestamp"],
    )
