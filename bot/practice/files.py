"""The tables of knowledge/practice/: how moves change a customer, by which words lines are understood, and the shared lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import StrictStr

from bot.content.files import read
from bot.content.scenarios import LineFile, Mood, Move, Temperament
from bot.content.schema import Slug, Strict

Change = tuple[int, int]


class Speeds(Strict):
    """Added to (or, for a temperament, set as) the start; `soothe` and `inflame` multiply."""

    anger: int
    trust: int
    soothe: float
    inflame: float


class Bound(Strict):
    """A limit of anger with one of trust."""

    anger: int
    trust: int


class MoveFile(Strict):
    """knowledge/practice/moves.yml. Changes are (anger, trust) by mood."""

    moods: dict[Mood, int]
    words: dict[int, str]
    moves: dict[Move, dict[Mood, Change]]
    events: dict[str, dict[Mood, Change]]
    fading: tuple[float, ...]
    wearing: tuple[Move, ...]
    scripted: float
    further: float
    together: float
    cold: float
    long: float
    temperaments: dict[Temperament, Speeds]
    difficulties: dict[int, Speeds]
    satisfied: Bound
    walk_out: int
    manager: Bound
    patience: int
    longest: int

    def mood(self, anger: int) -> str:
        """`angry`, `upset` or `calm`: what the tables and lines go by."""
        return next(mood for mood, least in sorted(self.moods.items(), key=lambda item: -item[1]) if anger >= least)

    def word(self, anger: int) -> str:
        """The mood in words, finer than `mood`."""
        return next(word for least, word in sorted(self.words.items(), reverse=True) if anger >= least)


class CueFile(Strict):
    """knowledge/practice/cues.yml. Strict, because an unquoted `no` would be read as False."""

    kinds: dict[Slug, tuple[StrictStr, ...]]
    lesser: tuple[StrictStr, ...]
    denying: tuple[StrictStr, ...]
    between: tuple[StrictStr, ...]
    refusing: tuple[StrictStr, ...]
    reported: tuple[StrictStr, ...]
    failed: tuple[StrictStr, ...]
    open: tuple[StrictStr, ...]
    farewell: tuple[StrictStr, ...]
    small_talk: tuple[StrictStr, ...]
    bot: tuple[StrictStr, ...]
    reversal: tuple[StrictStr, ...]
    private: tuple[StrictStr, ...]
    swearing: tuple[StrictStr, ...]
    stuffing: frozenset[StrictStr]
    filler: frozenset[StrictStr]


@dataclass(frozen=True)
class Tables:
    """All three."""

    moves: MoveFile
    cues: CueFile
    lines: LineFile


def load_tables(folder: Path) -> Tables:
    """From `folder`, which is knowledge/practice. Raises ContentError naming file, line and key."""
    return Tables(read(folder / "moves.yml", MoveFile), read(folder / "cues.yml", CueFile), read(folder / "lines.yml", LineFile))
