"""Cuts what was said into pieces, so that words that earned a move, or that a tutor remarked on, can be shown as such. Texts stay texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Span:
    """Characters from `start` to before `end`, and what is said about them: the name of a move, or the number of a remark."""

    start: int
    end: int
    move: str = ""
    remark: int = 0


@dataclass(frozen=True)
class Piece:
    """`moves` are those whose words it belongs to, `named` those of them that end with it; `remarks` the numbers of remarks on it."""

    text: str
    moves: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    remarks: tuple[int, ...] = ()


def pieces(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """The whole text in order. Spans that lie outside it or are empty are cut or left out."""
    within = [Span(max(0, one.start), min(len(text), one.end), one.move, one.remark) for one in spans]
    kept = [one for one in within if one.start < one.end]
    edges = sorted({0, len(text), *(edge for one in kept for edge in (one.start, one.end))})
    return tuple(_piece(text, kept, start, end) for start, end in pairwise(edges))


def _piece(text: str, spans: Sequence[Span], start: int, end: int) -> Piece:
    over = [one for one in spans if one.start <= start and one.end >= end]
    moves = [one for one in over if one.move]
    return Piece(
        text[start:end],
        tuple(dict.fromkeys(one.move for one in moves)),
        tuple(dict.fromkeys(one.move for one in moves if one.end == end)),
        tuple(one.remark for one in over if one.remark),
    )


def found_in(text: str, part: str) -> tuple[int, int] | None:
    """Where the part stands, spaces and line breaks counting alike; None where it does not."""
    words = part.split()
    if not words:
        return None
    at = 0
    while (start := text.find(words[0], at)) >= 0:
        end = _matched(text, start, words)
        if end is not None:
            return start, end
        at = start + 1
    return None


def _matched(text: str, start: int, words: Sequence[str]) -> int | None:
    at = start
    for number, word in enumerate(words):
        if number:
            after = at + len(text[at:]) - len(text[at:].lstrip())
            if after == at:
                return None
            at = after
        if not text.startswith(word, at):
            return None
        at += len(word)
    return at
