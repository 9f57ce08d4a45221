"""Scenarios, tables and reader together: what the rest of the tutor talks to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.answer.lexicon import load_lexicon
from bot.content.scenarios import Scenario, load_scenarios
from bot.practice.customer import Reply, begin, hear
from bot.practice.files import Tables, load_tables
from bot.practice.heard import Heard
from bot.practice.reading import Reader
from bot.practice.state import State


@dataclass(frozen=True)
class Practice:
    """Every method is a function of its arguments; `seed` is the only dice."""

    scenarios: Mapping[str, Scenario]
    tables: Tables
    reader: Reader

    def begin(self, scenario: str, seed: int, difficulty: int | None = None) -> tuple[State, Reply]:
        """The customer's first words. `difficulty` from 1 to 3 replaces the scenario's own. Raises KeyError for an unknown scenario."""
        return begin(self.tables, self.scenarios[scenario], seed, difficulty)

    def read(self, state: State, text: str, moves: Iterable[str]) -> Heard:
        """What the customer takes from the text with these moves of the rubric."""
        return self.reader.read(self.scenarios[state.scenario], state, text, moves)

    def hear(self, state: State, heard: Heard) -> tuple[State, Reply]:
        """The next state and the reply."""
        return hear(self.tables, self.scenarios[state.scenario], state, heard)

    def say(self, state: State, text: str, moves: Iterable[str]) -> tuple[State, Reply]:
        """`read` and `hear` in one."""
        return self.hear(state, self.read(state, text, moves))

    def knows(self, state: State) -> bool:
        """Whether the state is of a scenario that still exists."""
        return state.scenario in self.scenarios


def open_practice(knowledge: Path) -> Practice:
    """Reads the folder knowledge/. Raises ContentError listing every problem."""
    tables = load_tables(knowledge / "practice")
    return Practice(load_scenarios(knowledge / "scenarios"), tables, Reader(tables.cues, tables.lines, load_lexicon(knowledge)))
