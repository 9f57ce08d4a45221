"""Everything that the evidence page says, as a value; and how it is gathered from what was kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bot.content import Library, load
from bot.content.scenarios import Scenario
from bot.debrief import Debrief, Debriefer, Played
from bot.debrief.words import DebriefFile
from bot.evidence.support import Support, Supporting
from bot.paperwork import Note
from bot.paperwork.words import PaperworkFile, load_words
from bot.practice import open_practice
from bot.quiz import Bank


@dataclass(frozen=True)
class Kept:
    """A practice as it was kept: times know their zone; `ended` is None where it was left."""

    played: Played
    notes: tuple[Note, ...]
    started: datetime
    ended: datetime | None = None


@dataclass(frozen=True)
class Versions:
    """Hashes of the content and of the trained assessor that made the marks, and of the program."""

    content: str
    assessor: str
    program: str


@dataclass(frozen=True)
class Run:
    """One practice with its marks."""

    kept: Kept
    scenario: Scenario
    debrief: Debrief
    supports: tuple[Support, ...]

    @property
    def forms(self) -> tuple[Mapping[str, object], ...]:
        """The form as it was left last."""
        return tuple(note.values for note in self.kept.notes if note.kind == "form")[-1:]

    @property
    def reflections(self) -> tuple[Note, ...]:
        return tuple({note.kind: note for note in self.kept.notes if note.kind != "form"}.values())


@dataclass(frozen=True)
class Evidence:
    """`reference` is the learner's own in the tutor, which names nobody; `body` the title of the awarding body."""

    reference: str
    body: str
    runs: tuple[Run, ...]
    versions: Versions
    made: date
    words: PaperworkFile
    marks: DebriefFile


@dataclass(frozen=True)
class Gatherer:
    """Immutable: safe to share."""

    debriefer: Debriefer
    bank: Bank
    library: Library
    words: PaperworkFile

    @classmethod
    def open(cls, knowledge: Path) -> Gatherer:
        """From the folder knowledge/ alone. Raises ContentError listing every problem."""
        bank = Bank.load(knowledge)
        debriefer = Debriefer.load(knowledge, load(knowledge), open_practice(knowledge), frozenset(bank.by_topic))
        return cls.load(knowledge, debriefer, bank)

    @classmethod
    def load(cls, knowledge: Path, debriefer: Debriefer, bank: Bank) -> Gatherer:
        """Raises ContentError naming file, line and key."""
        return cls(debriefer, bank, debriefer.library, load_words(knowledge))

    def gather(self, reference: str, kept: Sequence[Kept], versions: Versions, made: date) -> Evidence:
        """Of the practices that have a line of the learner's and a scenario that still exists, the earliest first.

        Raises ValueError when there is none.
        """
        known = [one for one in kept if one.played.turns and one.played.scenario in self.debriefer.practice.scenarios]
        if not known:
            raise ValueError("there is no practice to show")
        runs = tuple(self._run(one) for one in sorted(known, key=lambda one: one.started))
        return Evidence(reference, self._body(runs[-1].kept.played.body), runs, versions, made, self.words, self.debriefer.words)

    def _run(self, kept: Kept) -> Run:
        scenario = self.debriefer.practice.scenarios[kept.played.scenario]
        debrief = self.debriefer.debrief(kept.played)
        supporting = Supporting(self.words.evidence, self.bank.file.criteria, self.library)
        return Run(kept, scenario, debrief, supporting.of_run(scenario, kept.played, debrief, kept.notes))

    def _body(self, key: str | None) -> str:
        found = self.library.bodies.get(key or "")
        return found.title if found else self.bank.file.names["unit"]
