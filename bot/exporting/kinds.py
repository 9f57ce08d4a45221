"""What can be exported, by name: its rows and how each of them is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.engine import Engine

from bot.exporting.rows import AttemptRow, ConversationRow, MessageRow, PracticeRow, Row
from bot.records.access import Viewer
from bot.records.exporting import attempt_rows, conversation_rows, message_rows, practice_rows
from bot.records.selection import Selection


@dataclass(frozen=True)
class Kind:
    """`read` gives the rows that a viewer may see of a selection."""

    row: type[Row]
    read: Callable[[Engine, Viewer, Selection], Iterator[Row]]


KINDS: Final[Mapping[str, Kind]] = {
    "conversations": Kind(ConversationRow, conversation_rows),
    "messages": Kind(MessageRow, message_rows),
    "attempts": Kind(AttemptRow, attempt_rows),
    "practices": Kind(PracticeRow, practice_rows),
}
