"""The content as it stands, read once for all tests of this folder, and lines made up by the dice."""

from __future__ import annotations

import random
from functools import lru_cache

from bot.content.scenarios import MOVES, Scenario
from bot.practice import Heard, Practice, Reply, State, open_practice
from bot.settings import ROOT

ODDITIES = ("silence", "small_talk", "bot", "echo", "repeat", "stuffing", "reversal", "private", "swearing")
LATER = ("listen", "apologise", "thank", "empathise", "explain", "resolve")


@lru_cache(maxsize=1)
def practice() -> Practice:
    return open_practice(ROOT / "knowledge")


def scenarios() -> list[Scenario]:
    return list(practice().scenarios.values())


def spoken() -> list[Scenario]:
    return [scenario for scenario in scenarios() if not scenario.writing]


def right_offer(scenario: Scenario) -> Heard:
    remedy = next(remedy for remedy in scenario.remedies if remedy.worth == "full")
    return Heard((remedy.move,), remedy=remedy.id)


def through(scenario: Scenario, lines: list[Heard], seed: int = 1, difficulty: int | None = None) -> tuple[State, list[Reply]]:
    """The last state and all replies, the opening first."""
    state, reply = practice().begin(scenario.id, seed, difficulty)
    replies = [reply]
    for heard in lines:
        if state.ended:
            break
        state, reply = practice().hear(state, heard)
        replies.append(reply)
    return state, replies


def random_line(dice: random.Random, scenario: Scenario, likely: dict[str, float]) -> Heard:
    """Any moves, about anything: also what no learner would say."""
    return Heard(
        moves=tuple(move for move in MOVES if dice.random() < likely[move]),
        remedy=dice.choice([None, None, *(remedy.id for remedy in scenario.remedies)]),
        less=dice.random() < 0.1,
        refused=dice.choice([None] * 9 + [scenario.remedies[0].id]),
        facts=tuple(fact.id for fact in scenario.facts if dice.random() < 0.1),
        open=dice.random() < 0.1,
        answered=tuple(question.id for question in scenario.questions if dice.random() < 0.1),
        cause=dice.random() < 0.05,
        promise=dice.choice(["", "on Friday", "within two days"]),
        touches=tuple(touch for touch in ("s0", "s1", "i0", "i1", "c0", "c3", "x9") if dice.random() < 0.05),
        secret=dice.random() < 0.01,
        farewell=dice.random() < 0.03,
        long=dice.random() < 0.03,
        oddity=dice.choice([None] * 20 + list(ODDITIES)),
    )


def random_run(scenario: Scenario, seed: int) -> tuple[list[Heard], State, list[Reply]]:
    """Lines until the end, each move as likely as the dice say for this run, courtesy and harm alike."""
    dice = random.Random(f"{scenario.id}.{seed}")
    likely = {move: dice.random() * (0.03 if move == "disclose" else 0.25) for move in MOVES}
    state, reply = practice().begin(scenario.id, seed, dice.choice([1, 2, 3]))
    said, replies = [], [reply]
    while not state.ended:
        said.append(random_line(dice, scenario, likely))
        state, reply = practice().hear(state, said[-1])
        replies.append(reply)
    return said, state, replies
