"""Notes in the audit trail, in the name of whoever is signed in."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from bot.records.trail import Entry
from bot.records.trail import note as write
from review.access import current_tutor
from review.desk import desk


def note(what: str, subject: str, detail: str = "", connection: Connection | None = None) -> None:
    """Note a view or a change: in the transaction of the change where one is given, else at once. Never a learner's words in `detail`."""
    entry = Entry(desk().seconds, current_tutor().name, what, subject, detail)
    if connection is not None:
        write(connection, entry)
        return
    with desk().engine.begin() as own:
        write(own, entry)
