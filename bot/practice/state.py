"""How far a practice has come: one small value, kept in a slot between turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from zlib import crc32

from bot.content.scenarios import ENDINGS

NEEDS = ("heard", "apology", "reason", "remedy")
MARK = 6
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_MOST = 40  # entries of a list and of a table that are read back
_LONGEST = 60
_LONGEST_USED = 900


@dataclass(frozen=True)
class State:
    """Anger and trust run from 0 to 100. `used` holds the marks of the lines said; `counts` how often each move was heard."""

    scenario: str = ""
    seed: int = 0
    difficulty: int = 2
    turn: int = 0
    anger: int = 50
    trust: int = 40
    needs: tuple[str, ...] = NEEDS
    facts: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    agreed: str = ""
    settled: bool = False  # what was agreed is less than owed
    verified: bool = False
    shifted: bool = False  # no longer blames whom they blamed at first
    asked: str = ""  # the question that waits for an answer
    questions: tuple[str, ...] = ()
    promise: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    stalls: int = 0
    closing: int = 0
    warned: str = ""  # the ending that they have threatened
    typed: str = ""
    used: str = ""
    ended: str = ""

    def with_line(self, line: str) -> State:
        """The state once the line (as written, placeholders and all) has been said."""
        return replace(self, used=self.used + mark(line))

    def has_said(self, line: str) -> bool:
        wanted = mark(line)
        return any(self.used[at : at + MARK] == wanted for at in range(0, len(self.used), MARK))

    def to_dict(self) -> dict[str, Any]:
        """What differs from a new state: small enough for a slot (under 2 KB as JSON)."""
        new = State()
        values = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != getattr(new, f.name)}
        return {name: _plain(value) for name, value in values.items()}

    @classmethod
    def from_dict(cls, values: object) -> State:
        """Anything unknown, of the wrong type or out of range is ignored, so that an old slot never breaks a conversation."""
        if not isinstance(values, Mapping):
            return cls()
        known = {f.name: _read(values[f.name], getattr(cls(), f.name), f.name) for f in fields(cls) if f.name in values}
        return cls(**{name: value for name, value in known.items() if value is not None})


def mark(text: str) -> str:
    """Six characters that stand for the text."""
    number = crc32(text.encode("utf-8", "replace")) % len(_ALPHABET) ** MARK
    marked = ""
    for _ in range(MARK):
        number, digit = divmod(number, len(_ALPHABET))
        marked += _ALPHABET[digit]
    return marked


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def _read(value: Any, new: Any, name: str) -> Any:
    """The value when it is what the field holds, else None."""
    if isinstance(new, bool) or isinstance(value, bool):
        return value if isinstance(new, bool) and isinstance(value, bool) else None
    if isinstance(new, int):
        highest = {"anger": 100, "trust": 100, "difficulty": 3}.get(name, 10**9)
        lowest = 1 if name == "difficulty" else 0
        return value if isinstance(value, int) and lowest <= value <= highest else None
    if name in ("warned", "ended"):
        return value if value in ENDINGS else None
    if isinstance(new, str):
        return value if isinstance(value, str) and len(value) <= (_LONGEST_USED if name == "used" else _LONGEST) else None
    if isinstance(new, tuple):
        entries = value if isinstance(value, (list, tuple)) else ()
        return tuple(entry for entry in entries if isinstance(entry, str) and len(entry) <= _LONGEST)[:_MOST]
    table = value.items() if isinstance(value, Mapping) else ()
    kept = {k: v for k, v in table if isinstance(k, str) and len(k) <= _LONGEST and isinstance(v, int) and 0 <= v <= 99}
    return dict(list(kept.items())[:_MOST])
