"""What an export gives: the file's text, and what it could not carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """Something that was changed or left out, and the items in which it was."""

    what: str
    items: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.what} ({len(self.items)} items: {', '.join(self.items)})"


@dataclass(frozen=True)
class Exported:
    """`text` is the whole file; `notes` name everything that it does not carry as the bank has it."""

    text: str
    notes: tuple[Note, ...]


class NoteBook:
    """Gathers notes item by item and gives each only once."""

    def __init__(self) -> None:
        self._items: dict[str, dict[str, None]] = {}

    def add(self, what: str, item: str) -> None:
        self._items.setdefault(what, {})[item] = None

    def notes(self) -> tuple[Note, ...]:
        return tuple(self._each())

    def _each(self) -> Iterator[Note]:
        for what, items in self._items.items():
            yield Note(what, tuple(items))
