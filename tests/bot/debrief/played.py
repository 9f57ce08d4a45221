"""The content as it stands, read once for all tests of this folder, and runs: of scripts, and made up line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.assess import Move
from bot.content import Library, load
from bot.content.scenarios import Scenario
from bot.debrief import Debrief, Debriefer, Line, Played, Teller
from bot.debrief.result import Criticism
from bot.practice import Practice, open_practice
from bot.quiz import Bank
from bot.settings import ROOT

KNOWLEDGE = ROOT / "knowledge"
Said = tuple[str, Sequence[str | Move]]


@lru_cache(maxsize=1)
def practice() -> Practice:
    return open_practice(KNOWLEDGE)


@lru_cache(maxsize=1)
def library() -> Library:
    return load(KNOWLEDGE)


@lru_cache(maxsize=1)
def debriefer() -> Debriefer:
    return Debriefer.load(KNOWLEDGE, library(), practice(), frozenset(Bank.load(KNOWLEDGE).by_topic))


def teller() -> Teller:
    return Teller(debriefer().words)


def scenarios() -> list[Scenario]:
    return list(practice().scenarios.values())


def play(scenario: str, lines: Iterable[Said], body: str | None = None, seed: int = 1, difficulty: int = 2) -> Played:
    """The run of these lines with the customer's real answers, as far as it comes; a move given by name is made by the whole line."""
    state, reply = practice().begin(scenario, seed, difficulty)
    told = [Line(0, "customer", reply.text, (), reply.anger, reply.trust, reply.mood)]
    for turn, (text, moves) in enumerate(lines, 1):
        if state.ended:
            break
        made = tuple(move if isinstance(move, Move) else Move(move, 0, len(text), 1.0) for move in moves)
        told.append(Line(turn, "agent", text, made, reply.anger, reply.trust, reply.mood))
        state, reply = practice().say(state, text, [move.name for move in made])
        told.append(Line(turn, "customer", reply.text, (), reply.anger, reply.trust, reply.mood))
    return Played(scenario, difficulty, body, tuple(told), state.ended or None)  # type: ignore[arg-type]


@lru_cache(maxsize=512)
def _script(scenario: str, name: str, difficulty: int) -> Played:
    return play(scenario, [(line.say, line.moves) for line in getattr(practice().scenarios[scenario], name)], difficulty=difficulty)


def script(scenario: Scenario, name: str, body: str | None = None, difficulty: int = 2) -> Played:
    """The run of the scenario's `model` or `defensive`."""
    return replace(_script(scenario.id, name, difficulty), body=body)


@lru_cache(maxsize=1024)
def of_script(scenario: str, name: str, body: str | None = None, difficulty: int = 2) -> Debrief:
    """The debrief of the scenario's `model` or `defensive`, made once."""
    return debriefer().debrief(script(practice().scenarios[scenario], name, body, difficulty))


def debrief(scenario: str, *lines: Said, body: str | None = None) -> Debrief:
    return debriefer().debrief(play(scenario, lines, body))


def first(debrief: Debrief) -> str:
    """The text of the first reply."""
    return teller().spoken(debrief)[0].text


def criticised(debrief: Debrief, name: str) -> Criticism:
    """The criticism of that name; fails where there is none."""
    return next(criticism for criticism in debrief.criticisms if name in criticism.names)


def names(debrief: Debrief) -> set[str]:
    return {name for criticism in debrief.criticisms for name in criticism.names}
