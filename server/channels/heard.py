"""What a vendor's request says, the same for every vendor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Heard:
    """A message. `id` and `person` are the vendor's own names and are never kept as they are; `address` is where the answer goes.

    `press` is the token of a pressed button or its alias, `said` then its label. With a `notice` it needs no turn: the notice of that name
    is the answer.
    """

    id: str
    person: str
    address: str
    said: str = ""
    press: str | None = None
    notice: str | None = None


@dataclass(frozen=True)
class Gone:
    """Somebody who does not want to hear from us any more."""

    person: str


def at(value: Any, *path: str | int) -> Any:
    """What stands at that place of a vendor's JSON; None where there is nothing."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and -len(value) <= step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def text_at(value: Any, *path: str | int) -> str:
    """The same where it is text, else nothing."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def list_at(value: Any, *path: str | int) -> list[Any]:
    """The same where it is a list, else an empty one."""
    found = at(value, *path)
    return found if isinstance(found, list) else []
