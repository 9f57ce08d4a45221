"""Reads what learners said since into the desk's own tables, a little at a time and never in a learner's turn.

Three ways lead to conversations that have something new. The newest events are looked at each time, those of the last thousand numbers
again, because numbers become visible out of order where several processes write. Conversations for which a moment has come are assessed
again. And a sweep goes through all conversations by name, in steps, and finds whatever else is not as it should be.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.records.deliveries import Status
from bot.records.desk_tables import desk_readers, messages, triage
from bot.records.engine import insert_into, reading
from bot.records.tables import conversations, deliveries, events, identities
from bot.records.triage import Fresh, assess
from bot.reply import is_token
from bot.transcripts import Before, Said, event_of, labelled, transcript_of

NAME: Final = "triage"
OVERLAP: Final = 1000  # event numbers looked at again
_RANGE: Final = 5000  # event numbers looked at in one go
_BATCH: Final = 25  # conversations written in one transaction: learners' turns wait for it on SQLite
_SWEPT: Final = 1000  # conversations in one step of the sweep
_EVENTS: Final = 10_000  # of all conversations of a batch in one go
_REST_SECONDS: Final = 600.0  # between two sweeps
_OF_MATTER: Final = ("user", "bot", "session_started", "restart")


def _among(column: Any) -> Any:
    return column.in_(sa.bindparam("senders", expanding=True))


_ENDS: Final = (
    sa.select(events.c.sender_id, sa.func.max(events.c.id).label("last")).where(_among(events.c.sender_id)).group_by(events.c.sender_id)
)
_READ: Final = sa.select(triage.c.sender_id, triage.c.last_event_id).where(_among(triage.c.sender_id))
_SAID: Final = (
    sa.select(messages.c.sender_id, sa.func.max(messages.c.event_id).label("last"))
    .where(_among(messages.c.sender_id))
    .group_by(messages.c.sender_id)
)
_ANSWERED: Final = (
    sa.select(messages.c.sender_id, messages.c.answer)
    .where(_among(messages.c.sender_id), messages.c.answer.isnot(None))
    .order_by(messages.c.event_id)
)
# Events that tell what was said and answered.
_TELLING: Final = (
    sa.select(events.c.sender_id, events.c.id, events.c.type_name, events.c.timestamp, events.c.data)
    .where(_among(events.c.sender_id), events.c.id.between(sa.bindparam("since"), sa.bindparam("until")))
    .where(events.c.type_name.in_(_OF_MATTER) | ((events.c.type_name == "slot") & events.c.data.like('%"name": "conversation"%')))
    .order_by(events.c.sender_id, events.c.id)
    .limit(_EVENTS)
)
_PRESSED: Final = sa.select(deliveries.c.message_id, deliveries.c.said).where(
    deliveries.c.sender_id == sa.bindparam("sender"), deliveries.c.message_id.in_(sa.bindparam("ids", expanding=True))
)


@dataclass(frozen=True)
class _Read:
    """What is new in one conversation; `last` is None where there is nothing of the learner's."""

    sender: str
    said: tuple[Said, ...]
    fresh: Fresh


@dataclass
class Reader:
    """One for each process that shows the inbox; its threads take turns. Raises sqlalchemy's errors; what was read until then is kept."""

    engine: Engine
    _swept: str = field(default="", init=False)  # the last conversation of the sweep under way
    _rests_until: float = field(default=0.0, init=False)
    _failure: int = field(default=0, init=False)  # the last failed delivery that was looked at
    _turn: threading.Lock = field(default_factory=threading.Lock, init=False)

    def look(self, now: float, budget_seconds: float = 0.3) -> bool:
        """Read the newest events. True while more waits, or while another thread is reading."""
        ends = time.monotonic() + budget_seconds
        if not self._turn.acquire(timeout=max(0.0, budget_seconds)):
            return True
        try:
            return self._look(now, ends)
        finally:
            self._turn.release()

    def round(self, now: float, budget_seconds: float = 0.5) -> bool:
        """The newest events, then as much of the sweep as there is time for. True while more waits."""
        ends = time.monotonic() + budget_seconds
        with self._turn:
            if self._look(now, ends):
                return True
            while now >= self._rests_until:
                if self._sweep(now, ends):
                    self._rests_until = now + _REST_SECONDS
                if time.monotonic() >= ends:
                    break
            return now >= self._rests_until

    def _look(self, now: float, ends: float) -> bool:
        self._fail(now)
        self._due(now, ends)
        return self._head(now, ends)

    def _head(self, now: float, ends: float) -> bool:
        with reading(self.engine) as connection:
            newest = connection.execute(sa.select(sa.func.max(events.c.id))).scalar() or 0
            read = connection.execute(sa.select(desk_readers.c.event_id).where(desk_readers.c.name == NAME)).scalar()
        if read is None:
            read = newest  # what was there before is the sweep's
            self._note(read)
        at = max(0, min(read, newest) - OVERLAP)
        while at < newest:
            last = min(newest, at + _RANGE)
            with reading(self.engine) as connection:
                behind = _behind(connection, sa.and_(events.c.id > at, events.c.id <= last))
            if not self._take(behind, now, ends):
                return True
            at = last
            if at > read or newest < read:
                self._note(at)
        return False

    def _note(self, event: int) -> None:
        with self.engine.begin() as connection:
            put = insert_into(connection, desk_readers).values(name=NAME, event_id=event)
            connection.execute(put.on_conflict_do_update(index_elements=["name"], set_={"event_id": event}))

    def _fail(self, now: float) -> None:
        """A message that could not be answered leaves no event behind."""
        c = deliveries.c
        with reading(self.engine) as connection:
            failed = sa.select(c.id, c.sender_id, c.channel, c.received_at).where(c.status == Status.FAILED.value, c.id > self._failure)
            rows = connection.execute(failed.order_by(c.id)).all()
        for some in _batches(rows, _BATCH):
            fresh = {row.sender_id: Fresh(0, row.received_at, row.received_at, row.channel) for row in some}
            with self.engine.begin() as connection:
                assess(connection, sorted(fresh), now, fresh)
            self._failure = some[-1].id

    def _due(self, now: float, ends: float) -> None:
        while time.monotonic() < ends:
            with reading(self.engine) as connection:
                due = sa.select(triage.c.sender_id).where(triage.c.due_at < now).limit(_BATCH)
                senders = list(connection.execute(due).scalars())
            if not senders:
                return
            with self.engine.begin() as connection:
                assess(connection, sorted(senders), now)

    def _sweep(self, now: float, ends: float) -> bool:
        """One step, or what there is time for of it; True when it was the last."""
        with reading(self.engine) as connection:
            c = events.c
            names = sa.select(c.sender_id).where(c.sender_id > self._swept).group_by(c.sender_id).order_by(c.sender_id)
            listed = list(connection.execute(names.limit(_SWEPT)).scalars())
            last = listed[-1] if len(listed) == _SWEPT else None
            behind = _behind(connection, _between(c.sender_id, self._swept, last))
            known = _between(triage.c.sender_id, self._swept, last)
            moved = list(connection.execute(_moved(known)).scalars())
            gone = list(connection.execute(_without_events(known)).scalars())
        if not self._take(behind, now, ends):
            return False
        for some in _batches(moved, _BATCH):
            with self.engine.begin() as connection:
                assess(connection, sorted(some), now)
        self._clear(gone)
        self._swept = last or ""
        return last is None

    def _clear(self, gone: Sequence[str]) -> None:
        """Rows of conversations that were erased while they were being read."""
        for some in _batches(gone, _BATCH):
            with self.engine.begin() as connection:
                kept = set(connection.execute(sa.select(events.c.sender_id).where(events.c.sender_id.in_(some)).distinct()).scalars())
                kept |= set(
                    connection.execute(sa.select(deliveries.c.sender_id).where(deliveries.c.sender_id.in_(some)).distinct()).scalars()
                )
                for table in (messages, triage):
                    connection.execute(sa.delete(table).where(table.c.sender_id.in_([sender for sender in some if sender not in kept])))

    def _take(self, behind: Sequence[str], now: float, ends: float) -> bool:
        """Read conversations; False when time ran out before the last one."""
        waiting = deque(_batches(sorted(behind), _BATCH))
        while waiting:
            if time.monotonic() >= ends:
                return False
            with reading(self.engine) as connection:
                found, left = _read(connection, waiting.popleft())
            waiting.extendleft(left)
            if found:
                with self.engine.begin() as connection:
                    _write(connection, found, now)
        return True


def catch_up(engine: Engine, now: float, budget_seconds: float = 0.3) -> bool:
    """Read all that is new, old conversations too, for as long as there is time. True while more waits."""
    reader, ends = Reader(engine), time.monotonic() + budget_seconds
    while reader.round(now, max(0.0, ends - time.monotonic())):
        if time.monotonic() >= ends:
            return True
    return False


def _behind(connection: Connection, where: Any) -> list[str]:
    """Conversations with events, among those, that have not been read."""
    newest = sa.select(events.c.sender_id, sa.func.max(events.c.id).label("last")).where(where).group_by(events.c.sender_id).subquery()
    joined = newest.outerjoin(triage, triage.c.sender_id == newest.c.sender_id)
    unread = sa.or_(triage.c.sender_id.is_(None), triage.c.last_event_id < newest.c.last)
    return list(connection.execute(sa.select(newest.c.sender_id).select_from(joined).where(unread)).scalars())


def _moved(where: Any) -> sa.sql.Select:
    """Conversations that belong to another learner now."""
    joined = triage.outerjoin(identities, identities.c.sender_id == triage.c.sender_id)
    return sa.select(triage.c.sender_id).select_from(joined).where(where, triage.c.learner_id.is_distinct_from(identities.c.learner_id))


def _without_events(where: Any) -> sa.sql.Select:
    has_events = sa.select(events.c.id).where(events.c.sender_id == triage.c.sender_id).exists()
    has_failed = sa.select(deliveries.c.id).where(deliveries.c.sender_id == triage.c.sender_id).exists()
    return sa.select(triage.c.sender_id).where(where, ~has_events, ~has_failed)


def _between(column: Any, after: str, last: str | None) -> Any:
    return column > after if last is None else sa.and_(column > after, column <= last)


@dataclass(frozen=True)
class _Known:
    """How far a conversation has been read: its last event, last message, and the answer given last; and how far it goes."""

    end: int = 0
    read: int = 0
    message: int = 0
    answer: str | None = None

    @property
    def since(self) -> int:
        """The last turn is read again: it may have been half written."""
        return self.message or self.read + 1


def _read(connection: Connection, senders: Sequence[str]) -> tuple[list[_Read], list[Sequence[str]]]:
    """What is new in conversations, and batches of those that there was no room for: one that is longer than a batch comes alone."""
    known = _known(connection, senders)
    wanted = {"senders": senders, "since": min(one.since for one in known.values()), "until": max(one.end for one in known.values())}
    rows = connection.execute(_TELLING, wanted).all()
    found: list[_Read] = []
    last = rows[-1] if len(rows) == _EVENTS else None
    for sender, own in groupby(rows, key=lambda row: row.sender_id):
        cut_at = last.id if last and last.sender_id == sender else None
        made = _made(connection, sender, known[sender], list(own), cut_at)
        found += [made] if made else []
    if last is None:
        return found, []
    unseen = sorted(set(senders) - {row.sender_id for row in rows})
    return found, [[last.sender_id], *([unseen] if unseen else [])]


def _known(connection: Connection, senders: Sequence[str]) -> dict[str, _Known]:
    among = {"senders": senders}
    ends = {row.sender_id: row.last for row in connection.execute(_ENDS, among)}
    read = {row.sender_id: row.last_event_id for row in connection.execute(_READ, among)}
    said = {row.sender_id: row.last for row in connection.execute(_SAID, among)}
    answers = {row.sender_id: row.answer for row in connection.execute(_ANSWERED, among)} if said else {}
    return {sender: _Known(ends.get(sender, 0), read.get(sender, 0), said.get(sender, 0), answers.get(sender)) for sender in senders}


def _made(connection: Connection, sender: str, known: _Known, rows: Sequence[Row], cut_at: int | None) -> _Read | None:
    """One conversation's; None where nothing of the learner's is known. `cut_at` is the last event there was room for, if not for all."""
    new_events = (event_of(row) for row in rows if known.since <= row.id <= known.end)
    made = transcript_of(sender, new_events, Before({"conversation": {"answerable": known.answer}}))
    unlabelled = [said.message_id for said in made.messages if said.press and is_token(said.text)]
    if unlabelled:
        pressed = connection.execute(_PRESSED, {"sender": sender, "ids": unlabelled})
        made = labelled(made, {row.message_id: row.said for row in pressed})
    said = tuple(one for one in made.messages if one.who == "learner")
    end = cut_at or known.end
    if not said:
        at = rows[-1].timestamp or 0.0
        return _Read(sender, (), Fresh(end, at, at)) if known.read or cut_at else None
    typed = [one.text for one in said if not one.press and one.text.strip()] or [one.text for one in said]
    preview = " ".join(typed[-1].split()) if said[-1].event_id > known.read else ""
    numbers = tuple(one.event_id for one in said)
    return _Read(sender, said, Fresh(end, said[0].at, said[-1].at, said[-1].channel, numbers, preview))


def _write(connection: Connection, read: Sequence[_Read], now: float) -> None:
    """Messages, and how their conversations stand. A learner who was erased meanwhile stays erased."""
    there = _still_there(connection, read)
    kept = [one for one in read if one.sender in there]
    rows = [_row(one.sender, said) for one in kept for said in one.said]
    if rows:
        # What was read before its reply was there, or under a number that an erased message had.
        stale = messages.c.reply.is_(None) | messages.c.sender_id.not_in([one.sender for one in kept])
        connection.execute(sa.delete(messages).where(messages.c.event_id.in_([row["event_id"] for row in rows]), stale))
        connection.execute(insert_into(connection, messages).on_conflict_do_nothing(), rows)
    if kept:
        assess(connection, [one.sender for one in kept], now, {one.sender: one.fresh for one in kept})


def _still_there(connection: Connection, read: Sequence[_Read]) -> set[str]:
    """Conversations with events. Nobody can erase them until this transaction ends; learners' turns go on."""
    senders = [one.sender for one in read]
    if connection.dialect.name == "postgresql":
        held = sa.select(conversations.c.sender_id).where(conversations.c.sender_id.in_(senders)).order_by(conversations.c.sender_id)
        connection.execute(held.with_for_update(read=True, key_share=True)).all()
    last = [one.fresh.last_event_id for one in read]
    rows = connection.execute(sa.select(events.c.id, events.c.sender_id).where(events.c.id.in_(last))).all()
    return {row.sender_id for row in rows}


def _row(sender: str, said: Said) -> dict[str, Any]:
    return {
        "event_id": said.event_id,
        "sender_id": sender,
        "at": said.at,
        "text": said.text,
        "intent": said.intent,
        "confidence": said.confidence,
        "reply": said.reply,
        "answer": said.answer[:120] if said.answer else None,
    }


def _batches(things: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for at in range(0, len(things), size):
        yield things[at : at + size]
