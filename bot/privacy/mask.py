"""The pieces of a message that may not be kept, and how they are taken out of all that the message left behind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, TypeVar

from bot.privacy.personal import hidden, personal, plain

T = TypeVar("T")
_SHORTEST_CUT = 5  # characters of a piece that was cut off by a limit of length and are still taken for it


@dataclass(frozen=True)
class Mask:
    """For one message: `pieces` are (as typed, its kind). `invented` and `numbers` as in `personal`."""

    pieces: tuple[tuple[str, str], ...] = ()
    invented: str = ""
    numbers: bool = False

    @classmethod
    def of(cls, text: str, invented: str = "", numbers: bool = False) -> Mask:
        found = personal(text, invented, numbers)
        pieces = ((text[one.start : one.end], one.kind) for one in found)
        return cls(tuple((piece, kind) for piece, kind in dict(pieces).items() if piece != f"[{kind}]"), invented, numbers)

    def said(self, text: str) -> str:
        """The message itself, as it may be kept."""
        return self.text(hidden(text, self.invented, self.numbers))

    def text(self, text: str) -> str:
        """Any text: exactly the typed pieces go, however they are spaced or capitalised. What is our own stays."""
        return self._pattern.sub(self._put, text) if self.pieces else text

    def value(self, value: Any) -> Any:
        """The same for every text inside lists and dicts of JSON."""
        if not self.pieces:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {name: self.value(part) for name, part in value.items()}
        return [self.value(part) for part in value] if isinstance(value, (list, tuple)) else value

    def of_parts(self, value: T) -> T:
        """The same for the texts and the JSON in a dataclass's fields."""
        if not self.pieces:
            return value
        parts = {part.name: getattr(value, part.name) for part in fields(value)}  # type: ignore[arg-type]
        texts = {name: self.value(part) for name, part in parts.items() if isinstance(part, (str, Mapping))}
        return replace(value, **texts)  # type: ignore[type-var]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Whole pieces, the longest first, then pieces that a limit of length has cut off at the end."""
        longest = sorted((piece for piece, _ in self.pieces), key=len, reverse=True)
        whole = [_loosely(piece) for piece in longest]
        cut = [rf"{_loosely(piece[:end])}(?=(?:…|\.\.\.)?$)" for piece in longest for end in range(len(piece) - 1, _SHORTEST_CUT - 1, -1)]
        return re.compile("|".join([*whole, *cut]), re.IGNORECASE)

    def _put(self, match: re.Match[str]) -> str:
        found = plain(match[0])
        return next(f"[{kind}]" for piece, kind in self.pieces if plain(piece).startswith(found))


def _loosely(piece: str) -> str:
    return r"\s+".join(map(re.escape, piece.split()))
