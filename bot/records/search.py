"""Full-text search in what learners said, by each database's own means. Whatever is typed is looked for, never understood as syntax."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.records.desk_tables import messages

MOST: Final = 5000  # messages looked at, newest first
_LONGEST, _MOST_PARTS = 200, 12
_PARTS: Final = re.compile(r'"([^"]*)"|([^\s"]+)')
_LETTER: Final = re.compile(r"\w")
_WORDS: Final = "to_tsvector('english', messages.text)"


@dataclass(frozen=True)
class Match:
    """The newest message of a conversation that was found."""

    event_id: int
    text: str


def parts_of(typed: str) -> tuple[str, ...]:
    """Words, and phrases that stood between double quotes; what holds no letter or digit is left out."""
    found = (phrase or word for phrase, word in _PARTS.findall(typed[:_LONGEST].replace("\x00", " ")))
    return tuple(part.strip() for part in found if _LETTER.search(part))[:_MOST_PARTS]


def search(connection: Connection, typed: str, senders: sa.sql.Select | None = None) -> dict[str, int]:
    """The newest message with all of the words, by conversation, out of the MOST newest that have them; `senders` are those looked at."""
    parts = parts_of(typed)
    if not parts:
        return {}
    matching = _on_postgresql(parts) if connection.dialect.name == "postgresql" else _on_sqlite(parts)
    if senders is not None:
        matching = matching.where(messages.c.sender_id.in_(senders))
    newest: dict[str, int] = {}
    for event, sender in connection.execute(_newest(connection, matching)):
        newest.setdefault(sender, event)
    return newest


def matches(connection: Connection, events: Sequence[int]) -> dict[str, Match]:
    """What was found, by conversation."""
    c = messages.c
    rows = connection.execute(sa.select(c.sender_id, c.event_id, c.text).where(c.event_id.in_(events)))
    return {row.sender_id: Match(row.event_id, row.text) for row in rows}


def _typed_only() -> Any:
    """Labels of buttons are not the learner's words."""
    return messages.c.intent.is_distinct_from("press")


def _on_sqlite(parts: Sequence[str]) -> sa.sql.Select:
    quoted = " ".join('"' + part.replace('"', '""') + '"' for part in parts)
    words = sa.table("message_words", sa.column("rowid"))
    joined = words.join(messages, messages.c.event_id == words.c.rowid)
    found = sa.text("message_words MATCH :quoted").bindparams(quoted=quoted)
    return sa.select(messages.c.event_id, messages.c.sender_id).select_from(joined).where(found, _typed_only())


def _on_postgresql(parts: Sequence[str]) -> sa.sql.Select:
    """Each part by itself: a word finds its other forms, a phrase its words in a row."""
    wanted = [
        sa.text(f"{_WORDS} @@ phraseto_tsquery('english', :part{at})").bindparams(**{f"part{at}": part}) for at, part in enumerate(parts)
    ]
    return sa.select(messages.c.event_id, messages.c.sender_id).where(*wanted, _typed_only())


def _newest(connection: Connection, matching: sa.sql.Select) -> sa.sql.Select:
    """PostgreSQL is kept from walking through all messages backwards, which it thinks cheap and is not."""
    if connection.dialect.name != "postgresql":
        return matching.order_by(sa.text("message_words.rowid DESC")).limit(MOST)
    found = matching.cte("found").prefix_with("MATERIALIZED")
    return sa.select(found.c.event_id, found.c.sender_id).order_by(found.c.event_id.desc()).limit(MOST)
