"""Cuts a spoken line into clauses, the pieces that each do one thing, and keeps where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 12
_SENTENCE = re.compile(r"(?<=[.!?…])[\"')]*\s+|\n+|;\s+|\s+[-–—]\s+|\s*—\s*")
_WITHIN = re.compile(
    r"(?:,\s+|\s+)(?=(?:but|so|because|though|although|and (?:I|we|you|it|that|the)|which)\b)|:\s+"
    r"|,\s+(?=(?:I|we|you|it|please|can|could|would|let|is|are|do|does|shall)\b)",
    re.I,
)
_WORD = re.compile(r"\w")
_SHORTEST = 3  # words; a shorter piece stays with the one before it


@dataclass(frozen=True)
class Clause:
    """`text` stands at `start` of the line."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def clauses(line: str) -> tuple[Clause, ...]:
    """At most MOST clauses in order; the last one holds what is left. Empty for a line without a word."""
    pieces = [piece for sentence in _cut(Clause(line, 0), _SENTENCE) for piece in _joined(_cut(sentence, _WITHIN), line)]
    if len(pieces) > MOST:
        last = pieces[MOST - 1]
        pieces = [*pieces[: MOST - 1], Clause(line[last.start : pieces[-1].end], last.start)]
    return tuple(pieces)


def _cut(whole: Clause, at: re.Pattern[str]) -> list[Clause]:
    found, start = [], 0
    for match in [*at.finditer(whole.text), None]:
        piece = whole.text[start : match.start() if match else None]
        lead = len(piece) - len(piece.lstrip())
        if _WORD.search(piece):
            found.append(Clause(piece.strip(), whole.start + start + lead))
        start = match.end() if match else start
    return found


def _joined(pieces: list[Clause], line: str) -> list[Clause]:
    """Pieces of too few words go to the one before, or the one after when they stand first."""
    joined: list[Clause] = []
    for piece in pieces:
        if joined and min(len(piece.text.split()), len(joined[-1].text.split())) < _SHORTEST:
            start = joined.pop().start
            joined.append(Clause(line[start : piece.end], start))
        else:
            joined.append(piece)
    return joined
