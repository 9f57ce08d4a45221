"""The audit trail: who looked at what, who changed what. Rows are only ever added; each one's digest covers the one before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.records.desk_tables import audit

_LOCK = 5_006_2026  # any number, the same in every process
_BATCH = 1000


@dataclass(frozen=True)
class Entry:
    """`at` in seconds since 1970; `subject` is a conversation, learner, group or account. `id` is 0 before it is kept."""

    at: float
    by: str
    what: str
    subject: str
    detail: str = ""
    id: int = 0


def note(connection: Connection, entry: Entry) -> None:
    """Add an entry, in the caller's transaction. Its `detail` never holds words of a learner."""
    if connection.dialect.name == "postgresql":  # one at a time, or two would follow the same entry; SQLite has one writer anyway
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    before = connection.execute(sa.select(audit.c.digest).order_by(audit.c.id.desc()).limit(1)).scalar() or ""
    values = {"at": entry.at, "by": entry.by[:60], "what": entry.what[:40], "subject": entry.subject[:255], "detail": entry.detail[:200]}
    connection.execute(sa.insert(audit).values(**values, digest=_digest(before, values)))


def entries(connection: Connection, before: int | None = None, subject: str = "", limit: int = 100) -> tuple[Entry, ...]:
    """The newest, or those older than entry `before`; all or those on one subject."""
    wanted = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(audit.c.id < before)
    if subject:
        wanted = wanted.where(audit.c.subject == subject)
    return tuple(Entry(row.at, row.by, row.what, row.subject, row.detail, row.id) for row in connection.execute(wanted))


def first_altered(connection: Connection) -> int | None:
    """The number of the first entry that does not follow from the one before it; None when the trail is whole.

    Entries that retention removed are the oldest, so the first one left is taken as it stands.
    """
    last, digest = 0, None
    while rows := connection.execute(sa.select(audit).where(audit.c.id > last).order_by(audit.c.id).limit(_BATCH)).all():
        for row in rows:
            if digest is not None and row.digest != _digest(digest, _values(row)):
                return int(row.id)
            last, digest = row.id, row.digest
    return None


def _values(row: Row) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("at", "by", "what", "subject", "detail")}


def _digest(before: str, values: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps([before, values], sort_keys=True).encode()).hexdigest()
