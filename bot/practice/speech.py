"""The customer's words for one turn: lines are picked by situation and mood, filled in, and never said twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from string import Formatter
from zlib import crc32

from bot.content.scenarios import LineFile, Scenario, placeholders, said_at
from bot.practice.state import State

_ENDED = re.compile(r"[.!?][\"”’')]*\s+[\"“‘'(]*$")
_LIVE = frozenset({"remedy", "promise", "ignored"})


class Speech:
    """Collects what is said in a turn. `values` fills placeholders; lines whose placeholder has no value are passed over."""

    def __init__(self, shared: LineFile, scenario: Scenario, state: State, mood: str, values: Mapping[str, str]) -> None:
        self._shared, self._scenario, self._mood = shared, scenario, mood
        self._values = {name: value for name, value in values.items() if value}
        self.state = state
        self.pieces: list[str] = []

    @property
    def asks(self) -> bool:
        """Whether the last thing said is a question."""
        return bool(self.pieces) and self.pieces[-1].endswith("?")

    def say(self, situation: str) -> bool:
        """A fresh line for the situation, the scenario's own before the shared ones; False when there is none left."""
        return self.say_one(said_at(self._scenario.says, situation, self._mood)) or self.say_one(self._common(situation))

    def say_one(self, lines: Iterable[str]) -> bool:
        """One of these lines that has not been said; those that refer to what was just heard come first."""
        fresh = [line for line in dict.fromkeys(lines) if self._fits(line) and not self.state.has_said(line)]
        if not fresh:
            return False
        referring = [line for line in fresh if _LIVE & placeholders(line)]
        among = referring or fresh
        line = among[crc32(f"{self.state.seed}.{self.state.turn}.{len(self.pieces)}.{len(among)}".encode()) % len(among)]
        self.state = self.state.with_line(line)
        self.pieces.append(self._filled(line))
        return True

    def dice(self, sides: int) -> int:
        """From 0 to `sides` - 1, the same for the same seed and turn."""
        return crc32(f"{self.state.turn}.{self.state.seed}".encode()) % sides

    def _common(self, situation: str) -> tuple[str, ...]:
        temper = self._shared.tempers.get(self._scenario.customer.temperament, {})
        return (*said_at(temper, situation, self._mood), *self._shared.at(situation, self._mood, self._scenario.channel))

    def _fits(self, line: str) -> bool:
        return placeholders(line) <= self._values.keys()

    def _filled(self, line: str) -> str:
        """The line with its placeholders filled, sentences begun with a capital."""
        text = ""
        for said, name, _, _ in Formatter().parse(line):
            text += said
            text += _begun(text, self._values[name]) if name else ""
        return text[:1].upper() + text[1:]


def _begun(text: str, phrase: str) -> str:
    """The phrase as it goes on after the text: capital where a sentence begins."""
    return phrase[:1].upper() + phrase[1:] if _ENDED.search(text) else phrase
