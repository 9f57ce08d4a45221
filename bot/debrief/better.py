"""One better line for a situation: from the scenario's own model where it can be, never the same passage twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.answer.wording import stems
from bot.content.scenarios import Scenario
from bot.debrief.quotes import Sentence, Signs, sentences
from bot.debrief.words import Fault
from bot.practice.phrases import holds
from bot.practice.phrases import stems as all_stems

LONGEST = 190  # characters
_ENOUGH = 28  # a passage this long stands by itself
_AT_ONCE = 0.5  # what a line of the model loses for each turn that it comes earlier or later


@dataclass(frozen=True)
class Situation:
    """What a better line has to fit: the turn (None for the whole run), what had been said by both, and words that an answer holds."""

    turn: int | None = None
    said: str = ""
    cues: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Passage:
    """Part of a line of the model that makes the move. `rank` is the move's place among those looked for, `at` the line's in the model."""

    text: str
    move: str
    rank: int
    at: int


class Betters:
    """Gives out better lines for one run, and remembers which it has given."""

    def __init__(self, scenario: Scenario, signs: Signs) -> None:
        self._scenario, self._signs = scenario, signs
        self._given: set[str] = set()

    def line(self, fault: Fault, situation: Situation) -> str:
        """The passage of the model that fits best and was not said anyhow; else a line of the fault's own, filled in."""
        found = [passage for passage in self._passages(fault) if passage.text not in situation.said]
        if fault.strictly and found:
            rank = min(passage.rank for passage in found)
            found = [passage for passage in found if passage.rank == rank]
        fresh = [passage for passage in found if passage.text not in self._given] or found
        text = max(fresh, key=lambda passage: self._fit(passage, situation)).text if fresh else self._otherwise(fault)
        self._given.add(text)
        return text

    def _passages(self, fault: Fault) -> Iterator[_Passage]:
        for at, line in enumerate(self._scenario.model):
            for rank, move in enumerate(fault.moves):
                if move in line.moves:
                    yield _Passage(self._passage(line.say, move), move, rank, at)

    def _passage(self, text: str, move: str) -> str:
        """The sentence that makes the move most plainly, with those behind it while it is very short, or makes it only perhaps."""
        pieces = sentences(text)
        shown = [self._signs.strength(piece.text, move) for piece in pieces]
        best = max(range(len(pieces)), key=lambda at: (shown[at], -at))
        last, enough = best, _ENOUGH if shown[best] >= 1 else LONGEST
        while last + 1 < len(pieces) and pieces[last].end - pieces[best].start < enough and _fits(text, pieces[best], pieces[last + 1]):
            last += 1
        return text[pieces[best].start : pieces[last].end]

    def _fit(self, passage: _Passage, situation: Situation) -> tuple[float, float, int]:
        if situation.turn is None:
            return (self._signs.strength(passage.text, passage.move), -passage.rank, -passage.at)
        common = len({*stems(situation.said)} & {*stems(passage.text)})
        answers = 10.0 * bool(situation.cues and holds(all_stems(passage.text), situation.cues))
        away = 0.0 if self._scenario.writing else _AT_ONCE * abs(passage.at + 1 - situation.turn)
        return (answers + common - away, self._signs.strength(passage.text, passage.move), -passage.rank)

    def _otherwise(self, fault: Fault) -> str:
        remedy = next(remedy for remedy in self._scenario.remedies if remedy.worth == "full")
        filled = [line.format(remedy=remedy.name, prevent=self._scenario.cause.prevent) for line in fault.otherwise]
        return next((line for line in filled if line not in self._given), filled[0])


def _fits(text: str, first: Sentence, last: Sentence) -> bool:
    """Whether the sentences stand in one paragraph and are short enough together."""
    return last.end - first.start <= LONGEST and "\n" not in text[first.start : last.end]
