"""The customer as a machine: a state and what was heard give the next state and a reply. No clock, no dice but the state's seed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.content.scenarios import Scenario
from bot.practice.endings import outcome
from bot.practice.feelings import Shift, accepts, feel, start
from bot.practice.files import Tables
from bot.practice.heard import Heard
from bot.practice.replying import Turn, answer
from bot.practice.speech import Speech
from bot.practice.state import State


@dataclass(frozen=True)
class Reply:
    """What the customer says. `mood` is in words, `anger` and `trust` from 0 to 100; `shifts` is what the line did, cause by cause."""

    text: str
    mood: str
    anger: int
    trust: int
    ending: str | None = None
    shifts: tuple[Shift, ...] = ()


def begin(tables: Tables, scenario: Scenario, seed: int, difficulty: int | None = None) -> tuple[State, Reply]:
    """The customer's first words. `difficulty` from 1 to 3 replaces the scenario's own."""
    state = start(tables.moves, scenario, seed, difficulty)
    opening = scenario.opening[seed % len(scenario.opening)]
    state = state.with_line(opening)
    return state, _reply(tables, state, opening)


def hear(tables: Tables, scenario: Scenario, state: State, heard: Heard) -> tuple[State, Reply]:
    """The next state and what the customer says. After the end nothing changes and nothing is said."""
    if state.ended:
        return state, _reply(tables, state, "")
    felt = feel(tables, scenario, state, heard)
    after = _agreed(scenario, state, replace(felt.state, turn=state.turn + 1, typed=heard.typed), heard)
    after, end = outcome(tables.moves, scenario, state, after, heard)
    speech = Speech(tables.lines, scenario, after, tables.moves.mood(after.anger), _values(tables, scenario, state, after, heard))
    answer(Turn(tables, scenario, state, heard, felt.events, speech), end)
    ending = end.ending or ("" if speech.pieces else "walked_out")
    if ending and not speech.pieces:
        speech.say("stalled")
    final = replace(speech.state, ended=ending)
    return final, _reply(tables, final, _joined(speech.pieces), felt.shifts)


def _joined(pieces: list[str]) -> str:
    """The pieces as one reply; people who write without full stops are still told apart."""
    ended = [piece if piece[-1] in ".!?…\"'”’)" else f"{piece}." for piece in pieces[:-1]]
    return " ".join([*ended, *pieces[-1:]])


def _agreed(scenario: Scenario, before: State, after: State, heard: Heard) -> State:
    """What was offered, what it led to, and who was checked."""
    taken = accepts(scenario, before, heard)
    if taken in ("full", "cold"):
        after = replace(after, agreed=heard.remedy or "", settled=False)
    elif taken == "settles":
        after = replace(after, agreed=heard.remedy or "", settled=True)
    if taken and heard.remedy and heard.remedy not in after.offered:
        after = replace(after, offered=(*after.offered, heard.remedy))
    checked = scenario.identity.kind == "account" and heard.has("verify") and not heard.harmful
    return replace(after, verified=after.verified or checked, promise=heard.promise or after.promise)


def _values(tables: Tables, scenario: Scenario, before: State, after: State, heard: Heard) -> dict[str, str]:
    phrases = scenario.phrases
    remedy = scenario.remedy(heard.remedy) or scenario.remedy(heard.refused) or scenario.remedy(after.agreed)
    question = scenario.question(before.asked)
    return {
        "product": phrases.product,
        "problem": phrases.problem,
        "want": phrases.want,
        "org": phrases.org,
        "blamed": "" if after.shifted else scenario.customer.blames,
        "name": scenario.customer.name,
        "remedy": remedy.name if remedy else "",
        "promise": after.promise,
        "ignored": question.ignored if question else "",
        "leave": tables.lines.leave[scenario.channel],
    }


def _reply(tables: Tables, state: State, text: str, shifts: tuple[Shift, ...] = ()) -> Reply:
    return Reply(text, tables.moves.word(state.anger), state.anger, state.trust, state.ended or None, shifts)
