"""Reads a conversation, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.records.tables import deliveries, events
from bot.transcripts import Before, Transcript, event_of, labelled, transcript_of
from bot.transcripts.events import Slot
from bot.transcripts.transcript import SLOTS

PAGE: Final = 700  # events: about a hundred turns
_WHOLE_FROM: Final = ("user", "session_started", "restart")  # types that a page can begin with
_COLUMNS: Final = (events.c.id, events.c.type_name, events.c.timestamp, events.c.data)


def read(connection: Connection, sender: str, before: int | None = None, after: int | None = None, limit: int = PAGE) -> Transcript:
    """The last page of a conversation, or the one that ends before event `before`, or the one that begins after event `after`.

    A page holds at most `limit` events and whole turns; of an unknown conversation it is empty. Raises sqlalchemy's errors.
    """
    rows, earlier, later = _rows(connection, sender, before, after, limit)
    if not rows:
        return Transcript(sender, ())
    held = Before(_slots(connection, sender, rows[0].id)) if earlier else Before()
    made = transcript_of(sender, map(event_of, rows), held)
    made = labelled(made, _labels(connection, sender, made))
    return replace(made, older=rows[0].id if earlier else None, newer=rows[-1].id if later else None)


def _rows(connection: Connection, sender: str, before: int | None, after: int | None, limit: int) -> tuple[Sequence[Row], bool, bool]:
    """Whole turns, and whether there are events before and after them."""
    own = sa.select(*_COLUMNS).where(events.c.sender_id == sender).limit(limit + 1)
    if after is not None:
        rows = connection.execute(own.where(events.c.id > after).order_by(events.c.id)).all()
        more = len(rows) > limit
        return (_cut_end(rows[:limit]) if more else rows), _has_before(connection, sender, after + 1), more
    if before is not None:
        own = own.where(events.c.id < before)
    rows = connection.execute(own.order_by(events.c.id.desc())).all()[::-1]
    more = len(rows) > limit
    return (_cut_start(rows[1:]) if more else rows), more, before is not None and _has_after(connection, sender, before)


def _cut_start(rows: Sequence[Row]) -> Sequence[Row]:
    """From the first event that can begin a page on; all where there is none."""
    first = next((at for at, row in enumerate(rows) if row.type_name in _WHOLE_FROM), 0)
    return rows[first:]


def _cut_end(rows: Sequence[Row]) -> Sequence[Row]:
    """Up to the last event that can begin the next page; all where there is none."""
    last = next((at for at in range(len(rows) - 1, 0, -1) if rows[at].type_name in _WHOLE_FROM), len(rows))
    return rows[:last]


def _has_before(connection: Connection, sender: str, event: int) -> bool:
    return connection.execute(sa.select(events.c.id).where(events.c.sender_id == sender, events.c.id < event).limit(1)).first() is not None


def _has_after(connection: Connection, sender: str, event: int) -> bool:
    return connection.execute(sa.select(events.c.id).where(events.c.sender_id == sender, events.c.id >= event).limit(1)).first() is not None


def _slots(connection: Connection, sender: str, event: int) -> dict[str, Any]:
    """What the slots held before an event."""
    found: dict[str, Any] = {}
    for name in SLOTS:
        own = (events.c.sender_id == sender, events.c.id < event, events.c.type_name == "slot")
        named = events.c.data.like(f'%"name": {json.dumps(name)}%')
        row = connection.execute(sa.select(*_COLUMNS).where(*own, named).order_by(events.c.id.desc()).limit(1)).first()
        slot = event_of(row) if row else None
        if isinstance(slot, Slot) and slot.name == name:
            found[name] = slot.value
    return found


def _labels(connection: Connection, sender: str, transcript: Transcript) -> dict[str, str]:
    """What was on the pressed buttons, by message id."""
    pressed = [said.message_id for said in transcript.messages if said.press and said.message_id]
    if not pressed:
        return {}
    c = deliveries.c
    own = sa.select(c.message_id, c.said).where(c.sender_id == sender, c.press.isnot(None), c.message_id.in_(pressed))
    return {row.message_id: row.said for row in connection.execute(own)}
