"""Erases all that is kept of a learner, and proves it by counting."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.records import trail
from bot.records.channel_tables import addresses, reminders, sendings
from bot.records.deliveries import NOBODY
from bot.records.desk_tables import (
    comments,
    improvements,
    mark_changes,
    memberships,
    message_vectors,
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

GONE = "erased"  # the conversation of a row that only holds its number's place
_SWEEPS, _PAUSE_SECONDS, _BUSY_MILLISECONDS = 40, 0.25, 50
_MERGED_PAGES, _BETWEEN_SECONDS = 200, 0.01


@dataclass(frozen=True)
class Erased:
    """How many rows went, by table; those of improvements that were applied stay without their words."""

    person: Person
    counts: Mapping[str, int]
    applied: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def erase(connection: Connection, person: Person, by: str, now: float) -> Erased:
    """Everything of the learner, in the caller's transaction. The trail keeps that it was done, by whom and when."""
    counts = {table.name: 0 for table, _ in _rows_of(person)}
    for table, where in _rows_of(person):
        counts[table.name] += delete_rows(connection, table, where)
    applied = _empty_applied(connection, person)
    subject = f"learner {person.learner}" if person.learner is not None else "a conversation"
    trail.note(connection, trail.Entry(now, by, "erased a learner", subject, f"{sum(counts.values())} rows"))
    return Erased(person, counts, applied)


def delete_rows(connection: Connection, table: sa.Table, where: Any) -> int:
    """How many went; their numbers are not given again."""
    newest = _newest(connection, table, where)
    count = connection.execute(sa.delete(table).where(where)).rowcount
    if newest is not None:
        _hold_number(connection, table, newest)
    return int(count)


def erase_conversations_of(connection: Connection, sender: str, now: float) -> Erased:
    """Everything of whoever is behind the conversation, as they asked for themselves."""
    return erase(connection, person_of(connection, sender), "the learner", now)


def remains(connection: Connection, person: Person) -> dict[str, int]:
    """How many rows there are of the learner, by table: nothing but noughts once erased."""
    found: dict[str, int] = {}
    for table, where in _rows_of(person):
        count = connection.execute(sa.select(sa.func.count()).select_from(table).where(where)).scalar_one()
        found[table.name] = found.get(table.name, 0) + int(count)
    return found


def _rows_of(person: Person) -> Iterator[tuple[sa.Table, Any]]:
    """Tables and the condition for the learner's rows, in the order in which they can be deleted.

    The conversations come first: whoever stores a turn of theirs holds these rows, so that no turn slips in behind.
    """
    senders = person.senders
    yield conversations, conversations.c.sender_id.in_(senders)
    own = sa.select(messages.c.event_id).where(messages.c.sender_id.in_(senders))
    yield message_vectors, message_vectors.c.event_id.in_(own)
    yield improvements, improvements.c.sender_id.in_(senders) & improvements.c.applied_at.is_(None)
    for table in (messages, comments, tags, resume_codes, addresses, reminders, sendings, deliveries, events):
        yield table, table.c.sender_id.in_(senders)
    yield triage, triage.c.sender_id.in_(senders) | (triage.c.learner_id == person.learner if person.learner else sa.false())
    if person.learner is None:
        return
    answered = sa.select(attempts.c.id).where(attempts.c.learner_id == person.learner)
    played = sa.select(practices.c.id).where(practices.c.learner_id == person.learner)
    yield mark_changes, mark_changes.c.attempt_id.in_(answered) | mark_changes.c.practice_id.in_(played)
    yield appeals, appeals.c.attempt_id.in_(answered)
    for table in (second_marks, practice_marks, practice_notes, practice_turns):
        yield table, table.c.practice_id.in_(played)
    for table in (practices, attempts, cards, memberships, identities):
        yield table, table.c.learner_id == person.learner
    yield learners, learners.c.id == person.learner


def _empty_applied(connection: Connection, person: Person) -> int:
    """An improvement that stands in the training files stays counted; its words and whose they were go."""
    own = improvements.c.sender_id.in_(person.senders)
    values = {"text": "", "sender_id": GONE, "event_id": None}
    return int(connection.execute(sa.update(improvements).where(own).values(values)).rowcount)


def _newest(connection: Connection, table: sa.Table, where: Any) -> int | None:
    """The number of the table's newest row, where that is to be deleted and would be given again."""
    if connection.dialect.name != "sqlite" or table not in _PLACES:
        return None
    newest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
    found: int | None = connection.execute(sa.select(table.c.id).where(where, table.c.id == newest)).scalar()
    return found


def _hold_number(connection: Connection, table: sa.Table, newest: int) -> None:
    """SQLite gives the number of its newest row again once that is deleted, and pages that are open would take another learner's row
    for it. Of events, deliveries and learners an empty row stays in that place until there is a newer one.
    """
    is_place, empty = _PLACES[table]
    connection.execute(sa.delete(table).where(is_place))
    connection.execute(sa.insert(table).values(id=newest, **empty))


_PLACES: Mapping[sa.Table, tuple[Any, Mapping[str, Any]]] = {
    events: (
        events.c.sender_id == GONE,
        {
            "sender_id": GONE,
            "type_name": "action",
            "action_name": "action_listen",
            "timestamp": 0.0,
            "data": '{"event": "action", "timestamp": 0.0, "name": "action_listen", "policy": null, "confidence": null}',
        },
    ),
    deliveries: (
        deliveries.c.channel == GONE,
        {
            "channel": GONE,
            "message_id": GONE,
            "sender_id": NOBODY,
            "said": "",
            "status": "answered",
            "received_at": 0.0,
            "claimed_until": 0.0,
            "replies": "[]",
        },
    ),
    learners: (learners.c.created_at == 0.0, {"created_at": 0.0}),
}


def sweep(engine: Engine, tries: int = _SWEEPS) -> bool:
    """Outside the database's tables: what full-text index, write-ahead log and free space still hold of deleted rows. False when others
    kept the log in use all the time: it is emptied with the next sweep.
    """
    if engine.dialect.name != "sqlite":
        return True
    while _merged(engine):
        time.sleep(_BETWEEN_SECONDS)  # whoever waits to write comes first
    return any(_is_log_empty(engine, pause) for pause in [0.0, *[_PAUSE_SECONDS] * (tries - 1)])


def vacuum(engine: Engine, tables: Sequence[sa.Table] | None = None) -> None:
    """PostgreSQL keeps deleted rows until they are swept: now, in all tables with learners' data. It may take minutes."""
    if engine.dialect.name != "postgresql":
        return
    nobody = Person(0, ())
    names = dict.fromkeys(table.name for table in tables or [table for table, _ in _rows_of(nobody)])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("SET statement_timeout = 0"))
        for name in names:
            connection.execute(sa.text(f'VACUUM "{name}"'))
        connection.execute(sa.text("RESET statement_timeout"))


def _merged(engine: Engine) -> bool:
    """A part of the full-text index is written anew without its deleted words; False once there was nothing left to do.

    SQLite before 3.42 keeps deleted words in the index until then.
    """
    with engine.begin() as connection:
        before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
        connection.exec_driver_sql("INSERT INTO message_words(message_words, rank) VALUES ('merge', ?)", (-_MERGED_PAGES,))
        return bool(connection.exec_driver_sql("SELECT total_changes()").scalar_one() - before >= 2)


def _is_log_empty(engine: Engine, pause: float) -> bool:
    """Everything in the log goes into the file, and the log becomes empty. Learners' turns wait for no more than a moment."""
    time.sleep(pause)
    with reading(engine) as connection:
        patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        try:
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        except sa.exc.OperationalError:
            busy = 1
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience}")
    return not busy
