"""A quiz in progress as one small value, kept in one slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any


class Mode(str, Enum):
    """`check` is the one question offered after an answer. Tests show no marks before their end; checkpoints schedule nothing."""

    QUIZ = "quiz"
    CHECK = "check"
    MOCK = "mock"
    FIRST = "checkpoint-first"
    SECOND = "checkpoint-second"

    @property
    def is_test(self) -> bool:
        return self in (Mode.MOCK, Mode.FIRST, Mode.SECOND)

    @property
    def schedules(self) -> bool:
        return self not in (Mode.FIRST, Mode.SECOND)


class Result(str, Enum):
    """How an item ended, in one letter."""

    RIGHT = "r"
    HINTED = "h"
    WRONG = "w"
    REVEALED = "v"
    SKIPPED = "s"
    DELETED = "d"  # taken out of the bank meanwhile: counts for nothing


@dataclass(frozen=True)
class Session:
    """`at` is the place of the current item, `results` one letter for each that has ended. Times are seconds since 1970.

    `tries` and `hints` belong to the current item, `blanks` counts unreadable answers in a row, `missed` is the place in the
    review of a test's misses. `last` is (place, try) of the last answer in own words that was not marked right.
    """

    id: str
    mode: Mode
    items: tuple[str, ...]
    seed: int
    started: float
    shown: float
    what: str = ""
    at: int = 0
    tries: int = 0
    hints: int = 0
    blanks: int = 0
    results: str = ""
    paused: bool = False
    missed: int = -1
    last: tuple[int, int] | None = None

    @property
    def item(self) -> str | None:
        """The id of the current item; None once all have ended."""
        return self.items[self.at] if self.at < len(self.items) else None

    @property
    def done(self) -> int:
        """Items that ended and count."""
        return len(self.results) - self.results.count(Result.DELETED.value)

    @property
    def right(self) -> int:
        return self.results.count(Result.RIGHT.value) + self.results.count(Result.HINTED.value)

    @property
    def misses(self) -> tuple[int, ...]:
        """Places of the items that were not right."""
        return tuple(place for place, letter in enumerate(self.results) if letter in "wvs")

    def ended(self, result: Result, now: float) -> Session:
        """The session once its current item has ended so."""
        return replace(self, at=self.at + 1, tries=0, hints=0, blanks=0, results=self.results + result.value, shown=now)

    def over(self) -> Session:
        """The session of a test once it has ended, with what was reached of it."""
        return replace(self, items=self.items[: self.at], tries=0, hints=0, paused=False)

    def to_dict(self) -> dict[str, Any]:
        """JSON types; under 2 KB for the longest quiz."""
        values = {part.name: getattr(self, part.name) for part in fields(self) if getattr(self, part.name) != part.default}
        return {**values, "mode": self.mode.value, "items": list(self.items), **({"last": list(self.last)} if self.last else {})}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any] | None) -> Session | None:
        """None for nothing and for anything that is not a session, so that an old slot never breaks a conversation."""
        try:
            known = {part.name: values[part.name] for part in fields(cls) if values and part.name in values}
            known["mode"] = Mode(known["mode"])
            known["items"] = tuple(map(str, known["items"]))
            known["last"] = (int(known["last"][0]), int(known["last"][1])) if known.get("last") else None
            session = cls(**known)
            whole = isinstance(session.at, int) and 0 <= session.at <= len(session.items) and len(session.results) == session.at
            return session if whole and session.items else None
        except (KeyError, TypeError, ValueError, IndexError):
            return None
