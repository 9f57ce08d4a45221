"""The meaning of messages that tutors look through for others like them: declined, in flagged conversations, or commented on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.encoder import Encoder, Vector
from bot.records.access import Viewer, seen_groups, seen_learners
from bot.records.desk_tables import comments, memberships, message_vectors, messages, triage
from bot.records.engine import insert_into, reading
from bot.records.improvements import Said, said_of
from bot.records.tables import identities
from bot.reply import is_token
from bot.similar import Asked, packed, unpacked

DECLINED: Final = ("declined", "garbled")
UNCOVERED: Final = "declined"
_PART: Final = 2000  # rows that are in memory at a time
_NAMED: Final = 500  # values in one statement


@dataclass(frozen=True)
class Alike:
    """A message and how alike it is, a cosine up to 1; whether it was declined, its conversation flagged, or itself commented on."""

    said: Said
    likeness: float
    declined: bool
    flagged: bool
    commented: bool


def embed_waiting(engine: Engine, encoder: Encoder, limit: int = 50) -> int:
    """Give at most `limit` messages their vectors, oldest first. How many it were: fewer than `limit` when none are left.

    Nothing is held open while a text is encoded. The encoder is to be the published one: what is not covered is outside what the tuned
    one was made to tell apart.
    """
    with reading(engine) as connection:
        texts = dict(connection.execute(_waiting(limit)).all())
    keep_vectors(engine, texts, encoder)
    return len(texts)


def keep_vectors(engine: Engine, texts: dict[int, str], encoder: Encoder) -> None:
    """Encode the texts, each different one once, and keep the vectors of those events that are not erased meanwhile."""
    vectors = {text: packed(encoder.encode("" if is_token(text) else text)) for text in dict.fromkeys(texts.values())}
    if not texts:
        return
    with engine.begin() as connection:
        for part in _parts(sorted(texts)):
            held = sa.select(messages.c.event_id).where(messages.c.event_id.in_(part)).with_for_update(read=True)
            rows = [{"event_id": event, "vector": vectors[texts[event]]} for event in connection.execute(held).scalars()]
            if rows:
                connection.execute(insert_into(connection, message_vectors).on_conflict_do_nothing(), rows)


def alike(engine: Engine, viewer: Viewer, asked: Said, encoder: Encoder, most: int = 20) -> tuple[Alike, ...]:
    """The messages nearest to one, among those that the viewer may see and that are looked through; nearest first, itself left out."""
    with reading(engine) as connection:
        vector = _vector(connection, asked.event)
    if vector is None:
        keep_vectors(engine, {asked.event: asked.text}, encoder)
        vector = unpacked([packed(encoder.encode(asked.text))])[0]
    best: list[tuple[float, int]] = []
    with reading(engine) as connection:
        for events, rows in _pool(connection, viewer):
            likeness = rows @ vector
            best += [(-float(likeness[place]), events[place]) for place in np.argsort(-likeness, kind="stable")[: most + 1]]
            best = sorted(best)[: most + 1]
        near = {event: -less for less, event in best if event != asked.event}
        return tuple(_found(connection, list(near)[:most], near))


def uncovered_events(connection: Connection) -> tuple[int, ...]:
    """Events of declined questions that have a vector, in order."""
    joined = messages.join(message_vectors, message_vectors.c.event_id == messages.c.event_id)
    wanted = sa.select(messages.c.event_id).select_from(joined).where(messages.c.reply == UNCOVERED).order_by(messages.c.event_id)
    return tuple(connection.execute(wanted).scalars())


def uncovered_waiting(connection: Connection) -> int:
    """How many declined questions have no vector yet."""
    joined = messages.outerjoin(message_vectors, message_vectors.c.event_id == messages.c.event_id)
    wanted = sa.select(sa.func.count()).select_from(joined).where(messages.c.reply == UNCOVERED, message_vectors.c.event_id.is_(None))
    return int(connection.execute(wanted).scalar_one())


def vectors_of(connection: Connection, events: Sequence[int]) -> Iterator[tuple[tuple[int, ...], Vector]]:
    """The events' vectors in parts, (n, 384) each, in the order of the events; those without a vector are left out."""
    for part in _parts(events):
        wanted = sa.select(message_vectors).where(message_vectors.c.event_id.in_(part)).order_by(message_vectors.c.event_id)
        rows = connection.execute(wanted).all()
        if rows:
            yield tuple(row.event_id for row in rows), unpacked([bytes(row.vector) for row in rows])


def uncovered(connection: Connection, viewer: Viewer) -> tuple[Asked, ...]:
    """Declined questions of learners whom the viewer may see, in order."""
    joined = messages.outerjoin(identities, identities.c.sender_id == messages.c.sender_id)
    columns = (messages.c.event_id, messages.c.sender_id, messages.c.at, messages.c.text, identities.c.learner_id)
    wanted = sa.select(*columns).select_from(joined).where(messages.c.reply == UNCOVERED).order_by(messages.c.event_id)
    rows = connection.execute(_only_seen(wanted, viewer))
    return tuple(Asked(event, sender, str(learner) if learner else sender, at, text) for event, sender, at, text, learner in rows)


def _waiting(limit: int) -> sa.sql.Select:
    have = sa.select(message_vectors.c.event_id).where(message_vectors.c.event_id == messages.c.event_id).exists()
    plain = sa.select(messages.c.event_id, messages.c.text).where(~have).order_by(messages.c.event_id).limit(limit)
    every = sa.union(*(sa.select(plain.where(kind).subquery()) for kind in _kinds())).subquery()
    return sa.select(every.c.event_id, every.c.text).order_by(every.c.event_id).limit(limit)


def _pool(connection: Connection, viewer: Viewer) -> Iterator[tuple[list[int], Vector]]:
    """Which messages they are is asked for first, then all vectors in turn: a join of the two is slow where statistics are old."""
    joined = messages.outerjoin(identities, identities.c.sender_id == messages.c.sender_id)
    plain = sa.select(messages.c.event_id).select_from(joined)
    kinds = [_only_seen(plain.where(kind), viewer) for kind in _kinds()]
    events = frozenset(connection.execute(sa.union(*kinds)).scalars())
    last, rest = -1, len(events)
    while rest > 0:
        part = sa.select(message_vectors).where(message_vectors.c.event_id > last).order_by(message_vectors.c.event_id).limit(_PART)
        rows = connection.execute(part).all()
        if not rows:
            return
        last = rows[-1].event_id
        own = [row for row in rows if row.event_id in events]
        rest -= len(own)
        if own:
            yield [row.event_id for row in own], unpacked([bytes(row.vector) for row in own])


def _kinds() -> tuple[sa.sql.ColumnElement, ...]:
    """What is looked through, each by an index of its own: together they would be looked for among all messages."""
    return (
        messages.c.reply.in_(DECLINED),
        messages.c.sender_id.in_(_flagged_senders()),
        messages.c.event_id.in_(_commented_events()),
    )


def _found(connection: Connection, events: Sequence[int], likeness: dict[int, float]) -> Iterator[Alike]:
    flagged = messages.c.sender_id.in_(_flagged_senders()).label("flagged")
    commented = messages.c.event_id.in_(_commented_events()).label("commented")
    rows = connection.execute(sa.select(messages, flagged, commented).where(messages.c.event_id.in_(events)))
    by_event = {row.event_id: row for row in rows}
    for event in events:
        if event in by_event:
            row = by_event[event]
            yield Alike(said_of(row), likeness[event], row.reply in DECLINED, bool(row.flagged), bool(row.commented))


def _vector(connection: Connection, event: int) -> Vector | None:
    kept = connection.execute(sa.select(message_vectors.c.vector).where(message_vectors.c.event_id == event)).scalar()
    return unpacked([bytes(kept)])[0] if kept else None


def _flagged_senders() -> sa.sql.Select:
    return sa.select(triage.c.sender_id).where(triage.c.status == "flagged")


def _commented_events() -> sa.sql.Select:
    return sa.select(comments.c.event_id).where(comments.c.event_id.is_not(None))


def _only_seen(wanted: sa.sql.Select, viewer: Viewer) -> sa.sql.Select:
    learners = seen_learners(viewer)
    return wanted if learners is None else wanted.where(identities.c.learner_id.in_(learners))


def _parts(events: Sequence[int]) -> Iterator[Sequence[int]]:
    return (events[start : start + _NAMED] for start in range(0, len(events), _NAMED))


def known_as(connection: Connection, viewer: Viewer, senders: Sequence[str]) -> dict[str, str]:
    """By conversation, the name that its learner wants to be known by in a group that the viewer sees; the first group's name wins."""
    joined = identities.join(memberships, memberships.c.learner_id == identities.c.learner_id)
    names: dict[str, str] = {}
    for start in range(0, len(senders), _NAMED):
        part = senders[start : start + _NAMED]
        wanted = sa.select(identities.c.sender_id, memberships.c.name).select_from(joined).where(identities.c.sender_id.in_(part))
        seen = wanted.where(memberships.c.group_id.in_(seen_groups(viewer))).order_by(memberships.c.group_id)
        for sender, name in connection.execute(seen):
            names.setdefault(sender, name)
    return names
