"""The small language tables of knowledge/: phone spelling, and the cues for each kind of answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.content.files import read
from bot.content.schema import Strict


class ShorthandFile(Strict):
    """knowledge/shorthand.yml."""

    shorthand: dict[str, str]
    digits: dict[str, str]


class Cue(Strict):
    """How one kind of answer is signalled and asked for."""

    cue: str
    asked: tuple[str, ...]


class CueFile(Strict):
    """knowledge/cues.yml: cues by facet name."""

    cues: dict[str, Cue]


@dataclass(frozen=True)
class Lexicon:
    """Both tables."""

    shorthand: dict[str, str]
    digits: dict[str, str]
    cues: dict[str, Cue]


def load_lexicon(folder: Path) -> Lexicon:
    """Raises ContentError naming file, line and key."""
    short = read(folder / "shorthand.yml", ShorthandFile)
    return Lexicon(short.shorthand, short.digits, read(folder / "cues.yml", CueFile).cues)
