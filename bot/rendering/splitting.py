"""Cuts a long text where a reader would pause: between paragraphs, list items, sentences, words, and only then anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

# From the widest gap to the narrowest: what may be cut apart, and what stands in the gap.
_GAPS: Final = (re.compile(r"\n{2,}"), re.compile(r"\n"), re.compile(r"(?<=[.!?…:;])[ ]+"), re.compile(r"\s+"))
_FILLS: Final = ("\n\n", "\n", " ", " ")


def split(text: str, longest: int, measure: Callable[[str], int]) -> list[str]:
    """Parts of at most `longest` that are the text when read in a row; nothing for a blank text."""
    text = text.strip()
    if not text:
        return []
    return [text] if measure(text) <= longest else list(_cut(text, longest, measure, 0))


def _cut(text: str, longest: int, measure: Callable[[str], int], level: int) -> Iterator[str]:
    if level == len(_GAPS):
        yield from _anywhere(text, longest, measure)
        return
    held = ""
    for piece in _pieces(text, level):
        joined = f"{held}{_FILLS[level]}{piece}" if held else piece
        if measure(joined) <= longest:
            held = joined
            continue
        if held:
            yield held
        if measure(piece) <= longest:
            held = piece
            continue
        *full, held = _cut(piece, longest, measure, level + 1)
        yield from full
    if held:
        yield held


def _pieces(text: str, level: int) -> Sequence[str]:
    return [piece.strip() for piece in _GAPS[level].split(text) if piece.strip()]


def _anywhere(text: str, longest: int, measure: Callable[[str], int]) -> Iterator[str]:
    held = ""
    for character in text:
        if held and measure(held + character) > longest:
            yield held
            held = ""
        held += character
    yield held
