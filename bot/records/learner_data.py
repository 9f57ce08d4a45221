"""Everything that is kept of a learner: counted, and written out whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.privacy.held import Held
from bot.records.channel_tables import addresses, reminders, sendings
from bot.records.desk_tables import (
    comments,
    groups,
    improvements,
    mark_changes,
    memberships,
    messages,
    practice_marks,
    second_marks,
    tags,
    triage,
)
from bot.records.engine import reading
from bot.records.people import Person, person_of
from bot.records.tables import (
    appeals,
    attempts,
    cards,
    conversations,
    deliveries,
    events,
    identities,
    learners,
    practice_notes,
    practice_turns,
    practices,
    resume_codes,
)

FORMAT, VERSION = "aftercare-learner-data", 1
_STEPS = ("created", "joined", "received", "answered", "expires", "started", "ended", "decided", "applied", "heard", "taken", "changed")
_MOMENTS = {"at", "timestamp", "due", "last_review", "first_at", "last_at", "paused_until", *(f"{what}_at" for what in _STEPS)}
_JSON = frozenset({"data", "slots", "replies", "moves", "values", "reasons"})
# What says nothing of the learner: how rows are found again, and secrets' digests.
_LEFT_OUT = frozenset({"digest", "claim", "claimed_until", "tutor_id", "assigned_to", "version", "learner_id"})


@dataclass(frozen=True)
class Table:
    """Rows to be written out. `of_tutors` where tutors wrote them: these the learner asks the college for."""

    table: sa.Table
    where: Any
    order: Any
    of_tutors: bool = False


class LearnerData:
    """Read by the sender id of a conversation. Raises sqlalchemy's errors when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def held(self, sender: str) -> Held:
        """Counts, of all conversations of the learner behind this one."""
        with reading(self.engine) as connection:
            return held(connection, person_of(connection, sender))

    def everything(self, sender: str, now: datetime) -> dict[str, Any]:
        """What the learner may see by themselves: all but what tutors wrote."""
        with reading(self.engine) as connection:
            return everything(connection, person_of(connection, sender), now, of_tutors=False)


def held(connection: Connection, person: Person) -> Held:
    own = events.c.sender_id.in_(person.senders)
    said = sa.select(sa.func.count(), sa.func.count(events.c.sender_id.distinct())).where(own, events.c.type_name == "user")
    spoken, talks = connection.execute(said).one()
    first = connection.execute(sa.select(sa.func.min(events.c.timestamp)).where(own)).scalar()
    counts = {"conversations": talks, "messages": spoken}
    if person.learner is not None:
        answered = sa.select(attempts.c.id).where(attempts.c.learner_id == person.learner)
        played = sa.select(practices.c.id).where(practices.c.learner_id == person.learner)
        counts |= {
            "answers": _count(connection, attempts, attempts.c.learner_id == person.learner),
            "practices": _count(connection, practices, practices.c.learner_id == person.learner),
            "notes": _count(connection, practice_notes, practice_notes.c.practice_id.in_(played)),
            "appeals": _count(connection, appeals, appeals.c.attempt_id.in_(answered)),
            "groups": _count(connection, memberships, memberships.c.learner_id == person.learner),
        }
        made = connection.execute(sa.select(learners.c.created_at).where(learners.c.id == person.learner)).scalar()
        first = min(moment for moment in (first, made) if moment is not None) if (first, made) != (None, None) else None
    return Held(counts, datetime.fromtimestamp(first, timezone.utc) if first else None)


def everything(connection: Connection, person: Person, now: datetime, of_tutors: bool = True) -> dict[str, Any]:
    """JSON types: all rows by table, with the columns' own names, moments as ISO 8601 in UTC. `of_tutors` for what tutors wrote as well."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for kept in _tables(person):
        if of_tutors or not kept.of_tutors:
            rows = connection.execute(sa.select(kept.table).where(kept.where).order_by(*kept.order))
            tables[kept.table.name] = [_values(row) for row in rows]
    names = dict(connection.execute(sa.select(groups.c.id, groups.c.name)).all())
    for row in tables.get("memberships", ()):
        row["group"] = names.get(row["group_id"], "")
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": now.isoformat(timespec="seconds"),
        "learner": person.learner,
        "conversations": list(person.senders),
        "tables": tables,
    }


def _tables(person: Person) -> Iterator[Table]:
    senders = person.senders
    answered = sa.select(attempts.c.id).where(attempts.c.learner_id == person.learner)
    played = sa.select(practices.c.id).where(practices.c.learner_id == person.learner)
    for table in (learners, identities, memberships, attempts, cards, practices):
        own = table.c.id if table is learners else table.c.learner_id
        yield Table(table, own == person.learner, tuple(table.primary_key.columns))
    for table in (practice_turns, practice_notes, practice_marks):
        yield Table(table, table.c.practice_id.in_(played), tuple(table.primary_key.columns))
    yield Table(appeals, appeals.c.attempt_id.in_(answered), (appeals.c.id,))
    changed = mark_changes.c.attempt_id.in_(answered) | mark_changes.c.practice_id.in_(played)
    yield Table(mark_changes, changed, (mark_changes.c.id,))
    for table, order in ((conversations, conversations.c.sender_id), (events, events.c.id), (deliveries, deliveries.c.id)):
        yield Table(table, table.c.sender_id.in_(senders), (order,))
    for table in (addresses, reminders, sendings):
        yield Table(table, table.c.sender_id.in_(senders), tuple(table.primary_key.columns))
    yield Table(resume_codes, resume_codes.c.sender_id.in_(senders), (resume_codes.c.expires_at,))
    yield Table(messages, messages.c.sender_id.in_(senders), (messages.c.event_id,))
    yield Table(second_marks, second_marks.c.practice_id.in_(played), tuple(second_marks.primary_key.columns), of_tutors=True)
    yield Table(triage, triage.c.sender_id.in_(senders), (triage.c.sender_id,), of_tutors=True)
    for table in (comments, tags, improvements):
        yield Table(table, table.c.sender_id.in_(senders), (table.c.id,), of_tutors=True)


def _values(row: Row) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in row._mapping.items() if name not in _LEFT_OUT}


def _value(name: str, value: Any) -> Any:
    if name in _MOMENTS and isinstance(value, (int, float)):
        return datetime.fromtimestamp(value, timezone.utc).isoformat(timespec="milliseconds")
    if name in _JSON and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:  # a row that was half written
            return value
    return value


def _count(connection: Connection, table: sa.Table, where: Any) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(where)).scalar_one())
