"""Words that show what a line does, from knowledge/moves/cues.yml, with what looks like them and is something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.assess.labels import LABELS
from bot.content.files import read
from bot.content.schema import Strict
from bot.errors import ContentError

_STRAIGHT = str.maketrans("’‘“”", "''\"\"")
Span = tuple[int, int]


class _Patterns(Strict):
    """Regular expressions of one move; see the head of cues.yml."""

    shows: tuple[str, ...]
    leans: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    cancels: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


class _CueFile(Strict):
    moves: dict[str, _Patterns]
    signs: dict[str, str]
    talk: dict[str, str]


@dataclass(frozen=True)
class Seen:
    """What the cues of one move found in a line."""

    shows: tuple[Span, ...]
    leans: bool
    passed_over: bool
    cancelled: bool
    possible: bool

    @property
    def numbers(self) -> tuple[float, ...]:
        """As features, each 0 or 1."""
        holds = bool(self.shows) and not self.cancelled
        return (float(holds), float(self.leans), float(self.passed_over), float(bool(self.shows) and self.cancelled), float(self.possible))


@dataclass(frozen=True)
class CueBook:
    """Compiled cues of every move, in the order of LABELS, the signs, and what tells about a whole talk, by name."""

    moves: Mapping[str, Mapping[str, re.Pattern[str] | None]]
    signs: Mapping[str, re.Pattern[str]]
    talk: Mapping[str, re.Pattern[str]]

    @classmethod
    def load(cls, folder: Path) -> CueBook:
        """Raises ContentError when a move has no cues or a pattern cannot be read."""
        path = folder / "moves" / "cues.yml"
        file = read(path, _CueFile)
        if set(file.moves) != set(LABELS):
            raise ContentError([f"{path}: moves: these must be exactly {', '.join(LABELS)}"])
        try:
            moves = {name: {kind: _any(getattr(file.moves[name], kind)) for kind in _KINDS} for name in LABELS}
            signs, talk = ({name: re.compile(pattern, re.I) for name, pattern in part.items()} for part in (file.signs, file.talk))
            return cls(moves, signs, talk)
        except re.error as error:
            raise ContentError([f"{path}: {error.pattern!r} is not a pattern: {error}"]) from error

    def seen(self, line: str) -> dict[str, Seen]:
        """What each move's cues find, with spans in `line`."""
        said = line.translate(_STRAIGHT)
        return {name: _seen(patterns, said) for name, patterns in self.moves.items()}

    def tells(self, name: str, said: str) -> bool:
        """Whether words of a talk or its scenario hold the pattern of that name under `talk`."""
        return bool(self.talk[name].search(said.translate(_STRAIGHT)))

    def numbers(self, line: str, seen: Mapping[str, Seen] | None = None) -> list[float]:
        """Every cue and sign as a feature."""
        said = line.translate(_STRAIGHT)
        found = [number for one in (seen or self.seen(line)).values() for number in one.numbers]
        return found + [float(bool(pattern.search(said))) for pattern in self.signs.values()]


_KINDS = ("shows", "leans", "excludes", "cancels", "needs")


def _any(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I) if patterns else None


def _seen(patterns: Mapping[str, re.Pattern[str] | None], said: str) -> Seen:
    left, passed_over = said, 0
    if patterns["excludes"]:
        left, passed_over = patterns["excludes"].subn(lambda match: "\0" * len(match[0]), said)
    shows, leans, cancels, needs = (patterns[kind] for kind in ("shows", "leans", "cancels", "needs"))
    return Seen(
        tuple(match.span() for match in shows.finditer(left) if match[0]) if shows else (),
        bool(leans and leans.search(left)),
        bool(passed_over),
        bool(cancels and cancels.search(said)),
        needs is None or bool(needs.search(left)),
    )
