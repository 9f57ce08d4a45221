"""Which of the learner's words to quote, and where they stand. A quote is never more than a line's own words, and never personal data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.assess.cues import CueBook
from bot.assess.labels import BAD
from bot.content.scenarios import Scenario
from bot.debrief.result import Quote
from bot.debrief.talk import Said
from bot.practice.phrases import holds, stems
from bot.privacy import Personal, personal

LONGEST = 100  # characters of a quote
_STATED = 0.1
_ASKED = frozenset({"probe", "verify", "check", "resolve", "escalate", *BAD})
_FEWEST = 4  # words, where the line has as many
_SENTENCE = re.compile(r"(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"\S+")
_ENDS = re.compile(r"[.!?][\"”')]*$")
_GREETING_WORDS = 6


@dataclass(frozen=True)
class Sentence:
    """`text` stands at `start`."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def sentences(text: str) -> tuple[Sentence, ...]:
    """In order, without the space around them."""
    found, start = [], 0
    for match in [*_SENTENCE.finditer(text), None]:
        piece = text[start : match.start() if match else None]
        if piece.strip():
            found.append(Sentence(piece.strip(), start + len(piece) - len(piece.lstrip())))
        start = match.end() if match else start
    return tuple(found)


class Signs:
    """How plainly a sentence makes a move: by the assessor's patterns, and by a few words where those are silent."""

    def __init__(self, book: CueBook, words: Mapping[str, tuple[str, ...]]) -> None:
        self._book, self._words = book, words

    def strength(self, text: str, move: str) -> float:
        """2 for a pattern of the move, 1 for a word, next to nothing for a statement, 0 for a question where the move is none."""
        if text.endswith("?") and move not in _ASKED:
            return 0.0
        patterns = self._book.moves.get(move, {})
        shows, excludes = patterns.get("shows"), patterns.get("excludes")
        left = excludes.sub(" ", text) if excludes else text
        if shows and shows.search(left):
            return 2.0
        lowered = text.lower()
        return 1.0 if any(word in lowered for word in self._words.get(move, ())) else _STATED


@dataclass(frozen=True)
class Quoter:
    """Quotes of a run of the scenario."""

    scenario: Scenario
    signs: Signs
    invented: str

    def of_move(self, said: Said, name: str) -> Quote | None:
        """The words that made the move; None where nothing is left that may be repeated."""
        spans = [move for move in said.moves if move.name == name]
        if not spans:
            return self.whole(said)
        best = max(spans, key=lambda move: (move.confidence, -move.start))
        return self._within(said, best.start, best.end, lambda text: self.signs.strength(text, name))

    def with_cues(self, said: Said, cues: Sequence[str]) -> Quote | None:
        """The sentence that holds any of the cues, else the first."""
        return self._within(said, 0, len(said.text), lambda text: float(holds(stems(text), cues)))

    def whole(self, said: Said) -> Quote | None:
        return self._within(said, 0, len(said.text), lambda text: 0.0)

    def _within(self, said: Said, start: int, end: int, shows: Callable[[str], float]) -> Quote | None:
        """From the sentence of the span that shows most, the first among equals; as much as fits and may be repeated."""
        text = said.text
        pieces = [_overlapping(piece, start, end) for piece in sentences(text) if piece.start < end and piece.end > start]
        pieces = [piece for piece in pieces if piece.text] or list(sentences(text))
        if not pieces:
            return None
        best = max(pieces, key=lambda piece: (shows(piece.text), not _is_greeting(piece.text), -piece.start))
        first, last = _free(_widened(text, best.start, best.end), personal(text, self.invented))
        last = _clipped(text, first, last)
        quoted = text[first:last].strip()
        if not re.search(r"\w", quoted):
            return None
        first = text.index(quoted, first)
        place = _number(text, first) if self.scenario.writing else said.turn
        return Quote(said.turn, place, quoted, cut=not _is_whole(text, first + len(quoted)))


def _overlapping(piece: Sentence, start: int, end: int) -> Sentence:
    first, last = max(piece.start, start), min(piece.end, end)
    text = piece.text[first - piece.start : last - piece.start]
    return Sentence(text.strip(), first + len(text) - len(text.lstrip()))


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """To _FEWEST words, by whole sentences of the same paragraph: those behind, then those before."""
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    around = sentences(text[: line_end if line_end >= 0 else len(text)])
    inside = [at for at, piece in enumerate(around) if piece.start < end and piece.end > start]
    if len(text[start:end].split()) >= _FEWEST or not inside:
        return start, end
    low, high = inside[0], inside[-1]
    start, end = min(start, around[low].start), max(end, around[high].end)
    while len(text[start:end].split()) < _FEWEST and high + 1 < len(around):
        high += 1
        end = around[high].end
    while len(text[start:end].split()) < _FEWEST and low > 0 and around[low - 1].start >= line_start:
        low -= 1
        start = around[low].start
    return start, end


def _free(span: tuple[int, int], private: Sequence[Personal]) -> tuple[int, int]:
    """The longest part of the span without personal data."""
    first, last = span
    edges = [first, *(edge for one in private if one.start < last and one.end > first for edge in (one.start, one.end)), last]
    parts = [(max(first, edges[at]), min(last, edges[at + 1])) for at in range(0, len(edges), 2)]
    return max(parts, key=lambda part: part[1] - part[0])


def _clipped(text: str, start: int, end: int) -> int:
    """The end of the last word that fits; a single word that does not is cut."""
    if end - start <= LONGEST:
        return end
    fitting = [match.end() for match in _WORD.finditer(text, start, end) if match.end() - start <= LONGEST]
    return fitting[-1] if fitting else start + LONGEST


def _is_whole(text: str, end: int) -> bool:
    """Whether a sentence, or the text, ends there."""
    return not text[end:].strip() or bool(_ENDS.search(text[:end])) or text[end] == "\n"


def _is_greeting(text: str) -> bool:
    """Whether it is a salutation or a signature rather than a sentence."""
    return not _ENDS.search(text) and len(text.split()) <= _GREETING_WORDS


def _number(text: str, place: int) -> int:
    """Of the sentence at the place, from 1. A salutation or a signature has the number of what stands beside it."""
    before = [piece for piece in sentences(text) if piece.start <= place]
    return max(1, sum(not _is_greeting(piece.text) for piece in before))
