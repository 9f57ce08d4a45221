"""What tutors write beside a conversation: comments and tags, on all of it, a message, or part of a message's words."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.records.access import Viewer, seen_learners
from bot.records.desk_tables import comments, tags
from bot.records.tables import events, identities
from bot.transcripts import Event, event_of
from bot.transcripts.events import Heard, Spoken

LONGEST_COMMENT, LONGEST_TAG = 2000, 40
_UNFIT = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Place:
    """Where a remark stands: on the conversation, one of its events, or part of its text from `start` to `end` (characters)."""

    sender: str
    event: int | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Remark:
    """A comment, or a tag where `is_tag`; `at` in seconds since 1970."""

    id: int
    place: Place
    text: str
    by: str
    at: float
    is_tag: bool


@dataclass(frozen=True)
class Example:
    """A message that has a tag, when it was said and its text; None where the tag is on a whole conversation, or the message is gone."""

    remark: Remark
    said_at: float | None = None
    text: str | None = None


def tag_name(text: str) -> str:
    """As it is kept: "Legal: Refund!" is "legal-refund". Raises ValueError for nothing and for what is too long."""
    name = _UNFIT.sub("-", text.lower()).strip("-")
    if not 0 < len(name) <= LONGEST_TAG:
        raise ValueError(f"a tag has 1 to {LONGEST_TAG} letters or digits")
    return name


def add_comment(connection: Connection, place: Place, text: str, by: str, at: float) -> int:
    """Raises ValueError for nothing and for what is too long."""
    if not 0 < len(text.strip()) <= LONGEST_COMMENT:
        raise ValueError(f"a comment has 1 to {LONGEST_COMMENT} characters")
    made = connection.execute(sa.insert(comments).values(**_columns(place), text=text.strip(), by=by, at=at))
    return int(made.inserted_primary_key[0])


def add_tag(connection: Connection, place: Place, tag: str, by: str, at: float) -> str:
    """Once for each place; gives the tag's name. Raises ValueError like `tag_name`."""
    name, columns = tag_name(tag), _columns(place)
    same = [tags.c.tag == name, *(tags.c[column].is_not_distinct_from(value) for column, value in columns.items())]
    if connection.execute(sa.select(tags.c.id).where(*same)).first() is None:
        connection.execute(sa.insert(tags).values(**columns, tag=name, by=by, at=at))
    return name


def remove(connection: Connection, sender: str, number: int, by: str, is_tag: bool) -> bool:
    """Only by who wrote it. Whether there was one."""
    table = tags if is_tag else comments
    own = (table.c.id == number, table.c.sender_id == sender, table.c.by == by)
    return bool(connection.execute(sa.delete(table).where(*own)).rowcount == 1)


def remarks_on(connection: Connection, sender: str) -> tuple[Remark, ...]:
    """All of a conversation, comments before tags, oldest first."""
    found = [*connection.execute(sa.select(comments).where(comments.c.sender_id == sender).order_by(comments.c.id))]
    tagged = [*connection.execute(sa.select(tags).where(tags.c.sender_id == sender).order_by(tags.c.id))]
    return (*(_remark(row, row.text, False) for row in found), *(_remark(row, row.tag, True) for row in tagged))


def known_tags(connection: Connection, viewer: Viewer) -> tuple[str, ...]:
    """Every tag on what the viewer may see, in order of the alphabet."""
    return tuple(connection.execute(sa.select(tags.c.tag).where(*_seen(viewer)).distinct().order_by(tags.c.tag)).scalars())


def examples(connection: Connection, viewer: Viewer, tag: str, limit: int) -> tuple[Example, ...]:
    """What the viewer may see with a tag, the newest first."""
    rows = connection.execute(sa.select(tags).where(tags.c.tag == tag, *_seen(viewer)).order_by(tags.c.id.desc()).limit(limit)).all()
    wanted = sa.select(events.c.id, events.c.type_name, events.c.timestamp, events.c.data)
    ids = [row.event_id for row in rows if row.event_id is not None]
    said = {row.id: event_of(row) for row in connection.execute(wanted.where(events.c.id.in_(ids)))}
    return tuple(_example(_remark(row, row.tag, True), said.get(row.event_id)) for row in rows)


def _seen(viewer: Viewer) -> list[sa.sql.ColumnElement]:
    seen = seen_learners(viewer)
    if seen is None:
        return []
    return [tags.c.sender_id.in_(sa.select(identities.c.sender_id).where(identities.c.learner_id.in_(seen)))]


def _example(remark: Remark, event: Event | None) -> Example:
    return Example(remark, event.at, event.text) if isinstance(event, (Heard, Spoken)) else Example(remark)


def _columns(place: Place) -> dict[str, object]:
    return {"sender_id": place.sender, "event_id": place.event, "start": place.start, "end": place.end}


def _remark(row: Row, text: str, is_tag: bool) -> Remark:
    return Remark(row.id, Place(row.sender_id, row.event_id, row.start, row.end), text, row.by, row.at, is_tag)
