"""Whom records are about: a learner with all their conversations, or a conversation of which nothing else is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.records.access import Viewer, seen_groups, seen_learners
from bot.records.desk_tables import memberships, triage
from bot.records.learners import learner_of
from bot.records.tables import conversations, deliveries, events, identities, learners


@dataclass(frozen=True)
class Person:
    """`learner` is their number, None while nothing but conversations is recorded; `senders` name the conversations."""

    learner: int | None
    senders: tuple[str, ...]

    @property
    def subject(self) -> str:
        """How the trail names them."""
        return f"learner {self.learner}" if self.learner is not None else self.senders[0]


@dataclass(frozen=True)
class Known:
    """A learner as a list shows them: the names by which the viewer's groups know them, moments in seconds since 1970."""

    learner: int
    names: tuple[str, ...]
    since: float
    last_at: float | None


def person_of(connection: Connection, sender: str) -> Person:
    """Whoever is behind the conversation."""
    learner = learner_of(connection, sender)
    return person(connection, learner) if learner is not None else Person(None, (sender,))


def person(connection: Connection, learner: int) -> Person:
    """The learner of that number."""
    own = sa.select(identities.c.sender_id).where(identities.c.learner_id == learner).order_by(identities.c.sender_id)
    return Person(learner, tuple(connection.execute(own).scalars()))


def find_person(connection: Connection, name: str) -> Person | None:
    """By the number of a learner ("12", "learner 12") or the name of a conversation; None when there is nothing of them."""
    number = name.removeprefix("learner").strip()
    if number.isascii() and number.isdigit() and len(number) < 10:
        known = connection.execute(sa.select(learners.c.id).where(learners.c.id == int(number), learners.c.created_at > 0)).scalar()
        if known is not None:
            return person(connection, int(known))
    found = person_of(connection, name)
    if found.learner is not None:
        return found
    for table in (conversations, deliveries, events):
        if connection.execute(sa.select(sa.literal(1)).where(table.c.sender_id == name).limit(1)).first():
            return found
    return None


def people(connection: Connection, after: int = 0, batch: int = 200) -> Iterator[Person]:
    """Every learner, by number, a batch at a time."""
    while True:
        wanted = sa.select(learners.c.id).where(learners.c.id > after, learners.c.created_at > 0).order_by(learners.c.id).limit(batch)
        numbers = list(connection.execute(wanted).scalars())
        if not numbers:
            return
        for number in numbers:
            yield person(connection, number)
        after = numbers[-1]


def known_learners(connection: Connection, viewer: Viewer, before: int | None, name: str, limit: int) -> tuple[Known, ...]:
    """Whom the viewer may see, newest first: those with numbers under `before`, and with `name` in a name that they have there."""
    last = sa.select(sa.func.max(triage.c.last_at)).where(triage.c.learner_id == learners.c.id).scalar_subquery()
    wanted = sa.select(learners.c.id, learners.c.created_at, last.label("last_at")).where(learners.c.created_at > 0)
    seen = seen_learners(viewer)
    if seen is not None:
        wanted = wanted.where(learners.c.id.in_(seen))
    if before is not None:
        wanted = wanted.where(learners.c.id < before)
    if name:
        own = memberships.c.group_id.in_(seen_groups(viewer))
        called = sa.select(memberships.c.learner_id).where(own, memberships.c.name.ilike(f"%{_literally(name)}%", escape="\\"))
        wanted = wanted.where(learners.c.id.in_(called))
    rows = connection.execute(wanted.order_by(learners.c.id.desc()).limit(limit)).all()
    names = _names(connection, viewer, [row.id for row in rows])
    return tuple(Known(row.id, names.get(row.id, ()), row.created_at, row.last_at) for row in rows)


def names_of(connection: Connection, viewer: Viewer, learner: int) -> tuple[str, ...]:
    """By which names the viewer's groups know the learner."""
    return _names(connection, viewer, [learner]).get(learner, ())


def _names(connection: Connection, viewer: Viewer, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    own = (memberships.c.learner_id.in_(numbers), memberships.c.group_id.in_(seen_groups(viewer)))
    found: dict[int, tuple[str, ...]] = {}
    for row in connection.execute(sa.select(memberships).where(*own).order_by(memberships.c.joined_at)):
        found[row.learner_id] = tuple(dict.fromkeys((*found.get(row.learner_id, ()), row.name)))
    return found


def _literally(text: str) -> str:
    """Signs that stand for others in LIKE stand for themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
