"""What one turn of the paperwork gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.paperwork.session import Session
from bot.reply import Reply


@dataclass(frozen=True)
class Note:
    """What is to be recorded, in JSON types, real-looking data hidden.

    Reflections: `text`, `result` ("found", "part" or "other") and `own`, the scenario's words. Forms: see `Marked.to_dict`; a form that
    was put right is noted once more.
    """

    kind: Literal["root-cause", "prevention", "form"]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """`session` is None once there is nothing to carry on. No `replies` at all: the message was not for the paperwork, which is over."""

    replies: tuple[Reply, ...]
    session: Session | None
    notes: tuple[Note, ...] = ()
