"""A row of `events` as a value. Rows of other versions, half-written ones and types never heard of are told apart, never raised."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

# Types that say nothing about what was said.
_OF_NO_MATTER: Final = frozenset(
    {"action", "user_featurization", "entities", "followup", "pause", "resume", "reminder", "cancel_reminder", "export", "rewind", "undo"}
    | {"active_loop", "loop_interrupted", "action_execution_rejected", "form", "form_validation", "agent", "cleared", "flow_started"}
)
_LONGEST: Final = 20_000


class Row(Protocol):
    """The columns that are read."""

    @property
    def id(self) -> int: ...
    @property
    def type_name(self) -> str: ...
    @property
    def timestamp(self) -> float | None: ...
    @property
    def data(self) -> str | None: ...


@dataclass(frozen=True)
class Event:
    """`id` of the row, `at` in seconds since 1970 (0 where it is not known)."""

    id: int
    at: float


@dataclass(frozen=True)
class Heard(Event):
    """A message of the learner's, or the token of a pressed button."""

    text: str
    intent: str | None
    confidence: float | None
    channel: str
    message_id: str


@dataclass(frozen=True)
class Spoken(Event):
    """A reply. `buttons` are (title, token)."""

    text: str
    kind: str | None
    buttons: tuple[tuple[str, str], ...]
    picture: Mapping[str, Any] | None


@dataclass(frozen=True)
class Slot(Event):
    """A slot was set; `name` is None where all were emptied."""

    name: str | None
    value: Any


@dataclass(frozen=True)
class Begun(Event):
    """A session began, or the conversation began anew."""


@dataclass(frozen=True)
class Nothing(Event):
    """Of no matter to what was said."""


@dataclass(frozen=True)
class Skipped(Event):
    """Cannot be read, or of a type that is not known."""


def event_of(row: Row) -> Event:
    """Never raises."""
    kind = row.type_name
    if kind in _OF_NO_MATTER:
        return Nothing(row.id, number(row.timestamp) or 0.0)
    data = _table(row.data)
    at = number(row.timestamp) or number(data.get("timestamp")) or 0.0
    if kind == "user" and isinstance(data.get("text"), str):
        return _heard(row.id, at, data)
    if kind == "bot" and data:
        return _spoken(row.id, at, data)
    return _around(row.id, at, kind, data)


def _around(id: int, at: float, kind: str, data: Mapping[str, Any]) -> Event:
    """What is not said but changes what is said."""
    if kind in ("session_started", "restart"):
        return Begun(id, at)
    if kind == "reset_slots":
        return Slot(id, at, None, None)
    if kind == "slot" and isinstance(data.get("name"), str):
        return Slot(id, at, data["name"], data.get("value"))
    return Skipped(id, at)


def number(value: object) -> float | None:
    """A finite number, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def text_of(value: object) -> str:
    """A text that every database and page takes; empty for anything else."""
    if not isinstance(value, str):
        return ""
    return value[:_LONGEST].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _heard(id: int, at: float, data: Mapping[str, Any]) -> Heard:
    intent = _mapping(_mapping(data.get("parse_data")).get("intent"))
    return Heard(
        id,
        at,
        text_of(data["text"]),
        text_of(intent.get("name"))[:60] or None,
        number(intent.get("confidence")),
        text_of(data.get("input_channel"))[:32],
        text_of(data.get("message_id"))[:128],
    )


def _spoken(id: int, at: float, data: Mapping[str, Any]) -> Spoken:
    """Older versions put the kind beside the custom data of a reply, or nowhere."""
    inner = _mapping(data.get("data"))
    about = {**_mapping(inner.get("custom")), **_mapping(data.get("metadata"))}
    found = inner.get("buttons")
    buttons = [_mapping(button) for button in found] if isinstance(found, list) else []
    pairs = tuple((text_of(button.get("title")), text_of(button.get("payload"))) for button in buttons if button.get("title"))
    return Spoken(id, at, text_of(data.get("text")), text_of(about.get("kind"))[:40] or None, pairs, _mapping(about.get("picture")) or None)


def _table(data: str | None) -> Mapping[str, Any]:
    try:
        return _mapping(json.loads(data or ""))
    except (ValueError, RecursionError):
        return {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
