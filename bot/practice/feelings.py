"""How a line changes the customer, by the published table. Arithmetic only: no words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.content.scenarios import Scenario, Touch
from bot.practice.files import Change, MoveFile, Tables
from bot.practice.heard import HARMS, Heard
from bot.practice.state import State

_MEETS = {"listen": "heard", "empathise": "heard", "apologise": "apology", "explain": "reason", "prevent": "reason"}
GOODBYE = "goodbye"
COMPLETE = "complete"
LATER = frozenset({"listen", "apologise", "thank", "empathise", "explain", "resolve"})
_NOT_COUNTED_AS_NEW = frozenset({"scripted", "escalate", "overpromise"})


@dataclass(frozen=True)
class Shift:
    """What one move or event did to anger and trust."""

    cause: str
    anger: int
    trust: int


@dataclass(frozen=True)
class Felt:
    """The state after the line, what was done by what, and the events besides the moves."""

    state: State
    shifts: tuple[Shift, ...]
    events: frozenset[str]


def feel(tables: Tables, scenario: Scenario, state: State, heard: Heard) -> Felt:
    """Anger, trust, needs and counts after the line. Endings and words are decided elsewhere."""
    events = tuple(_events(tables.moves, scenario, state, heard))
    arithmetic = _Arithmetic(tables.moves, scenario, state, heard)
    shifts = [
        *(arithmetic.of_move(move) for move in heard.moves if move != "resolve"),
        *(arithmetic.of_event(event) for event in events if event != COMPLETE),
        *(arithmetic.of_touch(name, touch) for name, touch in touches(tables, scenario, heard)),
    ]
    if not heard.harmful and not any(_is_progress(tables.moves, state, heard, event) for event in ("", *events)):
        shifts.append(arithmetic.stalled())
        events = (*events, "stalled")
    if COMPLETE in events:
        shifts.append(_relief(tables.moves, state, shifts))
    shifts = [shift for shift in shifts if shift.anger or shift.trust]
    stalls = state.stalls + 1 if "stalled" in events else 0
    anger, trust = _summed(state, shifts)
    changed = replace(
        state,
        anger=anger,
        trust=trust,
        needs=_still_needed(state, heard),
        counts=_counted(state, heard, events),
        shifted=state.shifted or "cause" in events,
        stalls=stalls,
    )
    return Felt(changed, tuple(shifts), frozenset(events))


def _relief(table: MoveFile, state: State, shifts: Sequence[Shift]) -> Shift:
    """What is left to go once everything has been done."""
    anger, trust = _summed(state, shifts)
    return Shift(COMPLETE, min(0, table.satisfied.anger - anger), max(0, table.satisfied.trust - trust))


def touches(tables: Tables, scenario: Scenario, heard: Heard) -> Iterator[tuple[str, Touch]]:
    """The touches that the line met; foreign names are passed over."""
    lists = {"s": scenario.soothes, "i": scenario.inflames, "c": tables.lines.touches}
    for name in heard.touches:
        among = lists.get(name[:1], ())
        if name[1:].isdigit() and int(name[1:]) < len(among):
            touch = among[int(name[1:])]
            if touch.anger > 0 or not heard.harmful:
                yield name, touch


def start(table: MoveFile, scenario: Scenario, seed: int, difficulty: int | None) -> State:
    """The customer before the first line. `difficulty` replaces the scenario's own."""
    level = difficulty or scenario.difficulty
    harder, temper = table.difficulties[level], table.temperaments[scenario.customer.temperament]
    anger, trust = scenario.customer.anger, scenario.customer.trust
    return State(
        scenario=scenario.id,
        seed=seed,
        difficulty=level,
        anger=max(5, min(88, (temper.anger if anger is None else anger) + harder.anger)),
        trust=max(10, min(70, (temper.trust if trust is None else trust) + harder.trust)),
    )


def accepts(scenario: Scenario, state: State, heard: Heard) -> str | None:
    """How the offer in the line is taken, None without one.

    It is `full`, `cold`, `partial`, `settles`, `wrong`, `not_allowed`, `again` (the one agreed), or `besides` (another than that).
    """
    remedy = scenario.remedy(heard.remedy)
    if not remedy or heard.harmful:
        return None
    worth = "partial" if remedy.worth == "full" and heard.less else remedy.worth
    if remedy.id == state.agreed and not (state.settled and worth == "full"):
        return "again"
    if state.agreed and worth != "not_allowed" and not (state.settled and worth == "full"):
        return "besides"
    if worth == "full":
        return "full" if "apology" not in _still_needed(state, heard) else "cold"
    if worth == "partial":
        return "settles" if remedy.id in state.offered else "partial"
    return worth


def _events(table: MoveFile, scenario: Scenario, state: State, heard: Heard) -> Iterator[str]:
    """What the line was besides its moves, by the names of `events` in moves.yml."""
    taken = accepts(scenario, state, heard)
    apology_now = "apology" in state.needs and "apology" not in _still_needed(state, heard)
    found = {
        taken or "": taken in table.events or taken == "cold",
        "vague": heard.has("resolve") and not heard.remedy and not heard.harmful and not state.agreed,
        "refused": heard.refused is not None,
        "warmed": bool(state.agreed) and not state.settled and apology_now,
        COMPLETE: _completes(state, heard, taken),
        "cause": heard.cause and not state.shifted and not heard.harmful,
        "told_again": any(fact in state.facts for fact in heard.facts),
        "needless": heard.has("verify") and (scenario.identity.kind == "none" or state.verified),
        "wearing": any(state.counts.get(move, 0) >= 2 for move in heard.moves if move in table.wearing),
        "ignored": is_ignored(scenario, state, heard),
        "leaving": heard.farewell and not state.agreed,
        "private": heard.oddity == "private",
        "odd": heard.oddity not in (None, "private", "small_talk"),
    }
    yield from (event for event, happened in found.items() if happened)


def _completes(state: State, heard: Heard, taken: str | None) -> bool:
    """Whether with this line, for the first time, everything has been done that a complaint needs, the right remedy agreed."""
    if heard.harmful or state.settled or state.counts.get(COMPLETE):
        return False
    done = {*heard.moves, *state.counts} - {"resolve"}
    return LATER - {"resolve"} <= done and bool(state.agreed or taken in ("full", "cold"))


def is_ignored(scenario: Scenario, state: State, heard: Heard) -> bool:
    """Whether the customer's waiting question was passed over. A question in return is no answer, but it is fair; an insult is worse."""
    question = scenario.question(state.asked)
    if not question or question.id in heard.answered or heard.harmful:
        return False
    return not ({*question.answered_by, "probe", "verify"}.intersection(heard.moves) or heard.facts or heard.open)


def _is_progress(table: MoveFile, state: State, heard: Heard, event: str) -> bool:
    """Whether the line brings something new. In the closing nobody waits for more."""
    if event in ("full", "cold", "settles", "partial", "not_allowed") or state.agreed:
        return True
    if event or heard.oddity:
        return False
    if heard.open or any(fact not in state.facts for fact in heard.facts):
        return True
    fresh = [move for move in heard.moves if move not in HARMS and move not in _NOT_COUNTED_AS_NEW]
    return any(state.counts.get(move, 0) < len(table.fading) - 2 for move in fresh)


def _still_needed(state: State, heard: Heard) -> tuple[str, ...]:
    """The needs left. A courtesy beside an insult meets none."""
    if heard.harmful:
        return state.needs
    met = {_MEETS[move] for move in heard.moves if move in _MEETS}
    return tuple(need for need in state.needs if need not in met)


def _counted(state: State, heard: Heard, events: tuple[str, ...]) -> dict[str, int]:
    """How often each move, touch and goodbye has been heard. Courtesies beside an insult are not heard."""
    moves = tuple(move for move in heard.moves if not heard.harmful or move in HARMS)
    names = (*moves, *heard.touches, *((GOODBYE,) if heard.farewell else ()), *((COMPLETE,) if COMPLETE in events else ()))
    return {**state.counts, **{name: min(99, state.counts.get(name, 0) + 1) for name in names}}


def _summed(state: State, shifts: Sequence[Shift]) -> tuple[int, int]:
    """Anger and trust after the shifts."""
    return _within(state.anger + sum(shift.anger for shift in shifts)), _within(state.trust + sum(shift.trust for shift in shifts))


def _within(value: int) -> int:
    return max(0, min(100, value))


class _Arithmetic:
    """One line's changes with all that multiplies them."""

    def __init__(self, table: MoveFile, scenario: Scenario, state: State, heard: Heard) -> None:
        self._table, self._state, self._heard = table, state, heard
        self._mood = table.mood(state.anger)
        temper, level = table.temperaments[scenario.customer.temperament], table.difficulties[state.difficulty]
        harms = [move for move in heard.moves if move in HARMS]
        self._best = min(heard.moves, key=lambda move: table.moves[move][self._mood][0] if move != "resolve" else 0, default=None)  # type: ignore[index]
        self._at_once = scenario.writing
        self._worst = max(harms, key=lambda move: table.moves[move][self._mood][0], default=None)  # type: ignore[index]
        self._soothe, self._inflame = temper.soothe * level.soothe, temper.inflame * level.inflame

    def of_move(self, move: str) -> Shift:
        anger, trust = self._table.moves[move][self._mood]  # type: ignore[index]
        if move in HARMS and move != self._worst:
            anger, trust = round(anger * self._table.further), round(trust * self._table.further)
        together = 1.0 if move == self._best or self._at_once else self._table.together
        return self._shift(move, (anger, trust), self._fading(move) * self._watering() * together)

    def of_event(self, event: str) -> Shift:
        if event in ("cold", "warmed"):
            change = self._table.events["full"][self._mood]  # type: ignore[index]
            share = self._table.cold if event == "cold" else 1 - self._table.cold
            return self._shift(event, change, share)
        return self._shift(event, self._table.events[event][self._mood], 1.0)  # type: ignore[index]

    def of_touch(self, name: str, touch: Touch) -> Shift:
        return self._shift(name, (touch.anger, touch.trust), self._fading(name))

    def stalled(self) -> Shift:
        anger, trust = self._table.events["stalled"][self._mood]  # type: ignore[index]
        times = self._state.stalls + 1
        return self._shift("stalled", (anger * times, trust * times), 1.0)

    def _fading(self, cause: str) -> float:
        fading = self._table.fading
        return fading[min(self._state.counts.get(cause, 0), len(fading) - 1)]

    def _watering(self) -> float:
        """What is left of the good in a line that is scripted, an essay, or discourteous besides."""
        table, heard = self._table, self._heard
        factor = table.scripted if heard.has("scripted") else 1.0
        factor *= table.long if heard.long else 1.0
        return 0.0 if heard.harmful else factor

    def _shift(self, cause: str, change: Change, good: float) -> Shift:
        """Bad is multiplied by how fast the customer flares and never fades; good by how fast they calm, and by `good`."""
        anger, trust = change
        anger_factor = self._inflame if anger > 0 else self._soothe * good
        trust_factor = self._inflame if trust < 0 else self._soothe * good
        return Shift(cause, _rounded(anger * anger_factor), _rounded(trust * trust_factor))


def _rounded(value: float) -> int:
    """To the nearest whole number, halves away from zero, so that small harm still counts."""
    return int(abs(value) + 0.5) * (1 if value >= 0 else -1)
