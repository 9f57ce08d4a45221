"""A run read again line by line, as the customer took it: what each line did, and what the customer knew before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answer.wording import words
from bot.assess.labels import BAD, Move
from bot.content.scenarios import Scenario
from bot.debrief.played import Line, Played
from bot.practice import Heard, Practice, State
from bot.practice.endings import is_unsafe
from bot.practice.feelings import feel
from bot.practice.heard import HARMS

_RUN = 3  # words in a row that count as taken over
_LEAST = 5  # words of a line that can be an echo
_ECHOED = 0.8


@dataclass(frozen=True)
class Said:
    """One line of the learner's. `moves` are those that count; `before` is what the customer had said, `eased` by how much anger fell.

    `facts` had been told and `offered` a remedy before the line; `events` are named as in knowledge/practice/moves.yml.
    """

    turn: int
    text: str
    moves: tuple[Move, ...]
    heard: Heard
    events: frozenset[str]
    before: str
    facts: tuple[str, ...]
    offered: bool
    unsafe: bool
    eased: int
    moods: tuple[str, str]

    def has(self, move: str) -> bool:
        return any(found.name == move for found in self.moves)

    @property
    def clean(self) -> bool:
        """Whether nothing in the line did harm."""
        return not any(move.name in BAD for move in self.moves) and self.heard.oddity is None and not self.unsafe


def read_talk(practice: Practice, scenario: Scenario, played: Played) -> tuple[Said, ...]:
    """The learner's lines in order. Moves of a line that is no line to a customer (an echo, a list of set words) do not count."""
    state, _ = practice.begin(scenario.id, 0, played.difficulty)
    talk: list[Said] = []
    spoken: list[str] = []
    last = next((line for line in played.lines if line.who == "customer"), None)
    for at, line in enumerate(played.lines):
        if line.who == "customer":
            spoken.append(line.text)
            last = line
            continue
        answer = next((later for later in played.lines[at + 1 :] if later.who == "customer" and later.turn == line.turn), line)
        state = replace(state, asked=_asked(scenario, spoken), ended="")
        heard = _heard(practice, state, line, spoken)
        events = feel(practice.tables, scenario, state, heard).events
        talk.append(_said(_Moment(state, heard, events, is_unsafe(scenario, state, heard)), line, last, answer))
        state, _ = practice.hear(state, heard)
    return tuple(talk)


@dataclass(frozen=True)
class _Moment:
    """The customer before a line, and what the line was to them."""

    state: State
    heard: Heard
    events: frozenset[str]
    unsafe: bool


def _said(moment: _Moment, line: Line, before: Line | None, after: Line) -> Said:
    state = moment.state
    return Said(
        turn=line.turn,
        text=line.text,
        moves=_counted(line, moment.heard),
        heard=moment.heard,
        events=moment.events,
        before=before.text if before else "",
        facts=state.facts,
        offered=bool(state.offered),
        unsafe=moment.unsafe,
        eased=before.anger - after.anger if before else 0,
        moods=(before.mood if before else "", after.mood),
    )


def _heard(practice: Practice, state: State, line: Line, spoken: Sequence[str]) -> Heard:
    heard = practice.read(state, line.text, tuple(move.name for move in line.moves))
    if heard.oddity is None and _is_echo(line.text, spoken):
        return Heard(
            tuple(move for move in heard.moves if move in HARMS),
            oddity="echo",
            typed=heard.typed,
            secret=heard.secret,
            forbidden=heard.forbidden,
        )
    return heard


def _counted(line: Line, heard: Heard) -> tuple[Move, ...]:
    """The moves that the customer took from the line, in place and of legal extent."""
    kept = {*heard.moves} & {*(move.name for move in line.moves)}
    return tuple(
        replace(move, start=max(0, min(move.start, len(line.text))), end=max(0, min(move.end, len(line.text))))
        for move in line.moves
        if move.name in kept
    )


def _asked(scenario: Scenario, spoken: Sequence[str]) -> str:
    """The question that the customer's last words put, if it is one of the scenario's."""
    last = spoken[-1] if spoken else ""
    return next((question.id for question in scenario.questions if any(ask in last for ask in question.asks)), "")


def _is_echo(text: str, spoken: Sequence[str]) -> bool:
    """Whether nearly every run of words stood in what the customer had said."""
    said = words(text)
    if len(said) < _LEAST:
        return False
    theirs = {run for line in spoken for run in _runs(words(line))}
    ours = _runs(said)
    return sum(run in theirs for run in ours) >= _ECHOED * len(ours)


def _runs(said: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(said[at : at + _RUN]) for at in range(len(said) - _RUN + 1)]
