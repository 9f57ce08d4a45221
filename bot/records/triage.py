"""How conversations stand in the tutors' inbox. Times are seconds since 1970."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.records.desk_tables import triage
from bot.records.engine import insert_into
from bot.records.facts import facts_of
from bot.records.tables import events, identities
from bot.triage import NEVER, Done, Facts, Sign, due_at, need_of, signs_of

STATUSES: Final = ("new", "in_progress", "waiting", "done", "flagged")
_DONE: Final = "done"
_PREVIEW: Final = 200
_KEPT: Final = object()


@dataclass(frozen=True)
class Fresh:
    """What the events of a conversation say of it, to be added to what is known. `said` are the events of the learner's messages."""

    last_event_id: int
    first_at: float
    last_at: float
    channel: str = ""
    said: tuple[int, ...] = ()
    preview: str = ""


@dataclass(frozen=True)
class Change:
    """What a tutor does with a conversation as they saw it: `version` and `seen`, its last event, are from the page they had open.

    `assigned_to` is the number of a tutor's account, None for nobody; left out, it stays as it is.
    """

    version: int
    seen: int
    status: str | None = None
    assigned_to: Any = _KEPT


def reassess(connection: Connection, sender: str, now: float) -> None:
    """Make anew what the inbox says of a conversation, after its marks, appeals or status were changed, in the caller's transaction."""
    assess(connection, [sender], now)


def assess(connection: Connection, senders: Sequence[str], now: float, fresh: Mapping[str, Fresh] | None = None) -> None:
    """Write how conversations stand; one that is not in the inbox yet comes into it with what is `fresh`."""
    known = _held(connection, senders)
    facts, owners = facts_of(connection, senders), _owners(connection, senders)
    done = _done(connection, known.values())
    changed, new = [], []
    for sender in senders:
        row, said = known.get(sender), (fresh or {}).get(sender)
        if row is None and said is None:
            continue
        signs = signs_of(facts[sender], done.get(sender, NEVER), now)
        values = {"learner_id": owners.get(sender), **_judged(facts[sender], signs, now), **_read(row, said)}
        if row is None:
            new.append({"sender_id": sender, "status": "new", "version": 0, **values})
        else:
            changed.append({"of": sender, **values, **_opened(row, signs)})
    if new:
        connection.execute(insert_into(connection, triage).on_conflict_do_nothing(), new)
    if changed:
        connection.execute(sa.update(triage).where(triage.c.sender_id == sa.bindparam("of")), changed)


def change(connection: Connection, sender: str, wanted: Change, now: float) -> bool:
    """Set status or assignment. False, and nothing is changed, when somebody else has changed the conversation since or it is gone.

    Done means done with all up to the event seen; any other status brings back what was dealt with before.
    """
    values: dict[str, Any] = {"version": wanted.version + 1}
    if wanted.status is not None:
        values |= {"status": wanted.status, "done_event_id": wanted.seen if wanted.status == _DONE else None}
    if wanted.assigned_to is not _KEPT:
        values["assigned_to"] = wanted.assigned_to
    same = (triage.c.sender_id == sender, triage.c.version == wanted.version)
    if connection.execute(sa.update(triage).where(*same).values(values)).rowcount != 1:
        return False
    if wanted.status is not None:
        reassess(connection, sender, now)
    return True


def signs_in(reasons: str) -> tuple[Sign, ...]:
    """What stands in the column `reasons`."""
    try:
        return tuple(Sign(**values) for values in json.loads(reasons))
    except (ValueError, TypeError):
        return ()


def _held(connection: Connection, senders: Sequence[str]) -> dict[str, Row]:
    """Rows as they stand, which tutors cannot change until this transaction ends."""
    wanted = sa.select(triage).where(triage.c.sender_id.in_(senders)).order_by(triage.c.sender_id).with_for_update()
    return {row.sender_id: row for row in connection.execute(wanted)}


def _owners(connection: Connection, senders: Sequence[str]) -> dict[str, int]:
    c = identities.c
    return {
        row.sender_id: row.learner_id for row in connection.execute(sa.select(c.sender_id, c.learner_id).where(c.sender_id.in_(senders)))
    }


def _done(connection: Connection, rows: Iterable[Row]) -> dict[str, Done]:
    """Up to where tutors were done. Where retention took the event, its conversation is dealt with up to its last activity known."""
    by_event = {row.done_event_id: row for row in rows if row.done_event_id is not None}
    if not by_event:
        return {}
    wanted = sa.select(events.c.id, events.c.timestamp).where(events.c.id.in_(list(by_event)))
    moments = {row.id: row.timestamp or 0.0 for row in connection.execute(wanted)}
    return {row.sender_id: Done(event, moments.get(event, row.last_at)) for event, row in by_event.items()}


def _judged(facts: Facts, signs: Sequence[Sign], now: float) -> dict[str, Any]:
    return {
        "confidence": facts.confidence,
        "need": need_of(signs),
        "reasons": json.dumps([asdict(sign) for sign in signs]),
        "due_at": due_at(facts, now),
    }


def _read(row: Row | None, fresh: Fresh | None) -> dict[str, Any]:
    """What is known together with what is fresh; every change has all columns, so that many are written at once."""
    names = ("last_event_id", "first_at", "last_at", "channel", "turns", "preview")
    if fresh is None:
        return {name: getattr(row, name) for name in names}
    turns, first, channel, preview = (row.turns, row.first_at, row.channel, row.preview) if row else (0, fresh.first_at, "", "")
    last = row.last_event_id if row else 0
    return {
        "last_event_id": max(fresh.last_event_id, last),
        "first_at": min(first, fresh.first_at),
        "last_at": max(fresh.last_at, row.last_at if row else 0.0),
        "channel": fresh.channel or channel,
        "turns": turns + sum(event > last for event in fresh.said),  # another process may have read some of them meanwhile
        "preview": fresh.preview[:_PREVIEW] or preview,
    }


def _opened(row: Row, signs: Sequence[Sign]) -> dict[str, Any]:
    """What was done and shows something new is new again."""
    if row.status == _DONE and signs:
        return {"status": "new", "version": row.version + 1}
    return {"status": row.status, "version": row.version}
