"""One row of each export. The fields are the columns, in order; moments are seconds since 1970 and are written as ISO 8601 in UTC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timezone
from typing import Any, Final

from bot.assess.transcript import CRITERIA

Value = str | int | float | bool | None


@dataclass(frozen=True)
class ConversationRow:
    """`names` and `groups` are those of groups that whoever exports may see. `reasons` say why it needs a tutor, heaviest first."""

    conversation: str
    learner: int | None
    names: str
    groups: str
    channel: str
    first_at: float
    last_at: float
    turns: int
    status: str
    need: int
    reasons: str
    confidence: float | None
    declined: int
    answers: int
    right: int
    practices: int
    last_band: str
    marks_changed: int
    comments: int


@dataclass(frozen=True)
class MessageRow:
    """Something said by either side. `kind` is of a reply; `intent` to `answer` are of a learner's message."""

    conversation: str
    learner: int | None
    names: str
    channel: str
    message: int
    at: float
    who: str
    text: str
    skill: str
    kind: str
    intent: str
    confidence: float | None
    pressed: str
    reply: str
    answer: str
    practice_run: str
    practice_turn: int | None
    quiz_session: str
    quiz_place: int | None


@dataclass(frozen=True)
class AttemptRow:
    """An answer in a quiz with the mark that counts. `marked_before` is what it was before a tutor changed it. `score` is from 0 to 1."""

    attempt: int
    learner: int
    names: str
    groups: str
    conversation: str
    at: float
    session: str
    mode: str
    place: int
    number: int
    length: int | None
    item: str
    topic: str
    kind: str
    verdict: str
    score: float
    hints: int
    seconds: float
    chosen: str
    said: str
    appeal: str
    changes: int
    marked_before: str


@dataclass(frozen=True)
class PracticeRow:
    """A practice; `criteria` become one column each: whether it was met, None where it did not apply. `origin` is the run it retries."""

    practice: int
    learner: int
    names: str
    groups: str
    conversation: str
    run: str
    scenario: str
    difficulty: int
    started_at: float
    ended_at: float | None
    turns: int
    ending: str
    band: str
    origin: str
    changes: int
    criteria: Mapping[str, bool | None]


Row = ConversationRow | MessageRow | AttemptRow | PracticeRow
_MOMENTS: Final = frozenset({"at", "first_at", "last_at", "started_at", "ended_at"})


def columns(kind: type[Row]) -> tuple[str, ...]:
    """The names of a row's columns."""
    return tuple(name for part in fields(kind) for name in (CRITERIA if part.name == "criteria" else (part.name,)))


def values(row: Row) -> dict[str, Value]:
    """By column, in order."""
    return dict(_values(row))


def iso(seconds: float) -> str:
    """A moment in UTC, to the millisecond."""
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _values(row: Row) -> Iterator[tuple[str, Any]]:
    for part in fields(row):
        value = getattr(row, part.name)
        if part.name == "criteria":
            yield from ((name, value.get(name)) for name in CRITERIA)
        elif part.name in _MOMENTS:
            yield part.name, None if value is None else iso(value)
        else:
            yield part.name, round(value, 4) if isinstance(value, float) else value
