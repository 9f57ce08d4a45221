"""The inbox: every message that was taken, once, with its reply."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.privacy import hidden
from bot.records.engine import reading
from bot.records.tables import deliveries

LEASE_SECONDS = 20  # after this long without an answer, whoever took a message is taken for dead
RESTART = "do:start_again"
DELETED = "[deleted]"
NOBODY = "erased-"  # begins the name of the conversation of a reply whose learner was erased


class Status(str, Enum):
    RECEIVED = "received"  # taken, not answered yet
    ANSWERED = "answered"
    FAILED = "failed"  # answered with an apology; for tutors to see


@dataclass(frozen=True)
class Delivery:
    """A message as it came. `press` is the token of a pressed button, `said` then its label."""

    channel: str
    message_id: str
    sender_id: str
    said: str
    press: str | None = None

    @property
    def text(self) -> str:
        """What is to be understood: the token or the words."""
        return self.press or self.said

    @property
    def kept(self) -> Delivery:
        """The delivery as it may be kept."""
        return replace(self, said=hidden(self.said))

    def is_repeat_of(self, stored: Delivery) -> bool:
        """Whether this is the message that was stored under the same id, of which perhaps not every word was kept."""
        if stored.sender_id.startswith(NOBODY):
            return True  # all that is left of it is a reply without anybody's data
        return self.kept == stored.kept


@dataclass(frozen=True)
class Stored:
    """A delivery as it stands in the inbox, with personal data hidden. `mine` when this call took it and must answer it."""

    id: int
    delivery: Delivery
    status: Status
    received_at: float
    replies: tuple[dict[str, Any], ...] = ()
    mine: bool = False


def received(delivery: Delivery, now: float, claimed_until: float) -> dict[str, Any]:
    """The row of a message that is taken and not answered: nobody else answers it before `claimed_until`."""
    return {
        "channel": delivery.channel,
        "message_id": delivery.message_id,
        "sender_id": delivery.sender_id,
        "said": delivery.kept.said,
        "press": delivery.press,
        "status": Status.RECEIVED.value,
        "received_at": now,
        "claimed_until": claimed_until,
    }


class Deliveries:
    """Times are seconds since 1970, handed in. Every method raises sqlalchemy's errors when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, delivery: Delivery, now: float) -> Stored:
        """Keep a new delivery, or find the one that came before under its id and take it over when nobody is answering it."""
        with self._engine.begin() as connection:
            found = self._find(connection, delivery)
            if found is None:
                return self._insert(connection, delivery, now)
            claimed = connection.execute(
                sa.update(deliveries)
                .where(deliveries.c.id == found.id, deliveries.c.status == Status.RECEIVED.value, deliveries.c.claimed_until < now)
                .values(claimed_until=now + LEASE_SECONDS)
            )
            return _stored(found, mine=claimed.rowcount == 1)

    def _find(self, connection: Connection, delivery: Delivery) -> Row | None:
        same = (deliveries.c.channel == delivery.channel, deliveries.c.message_id == delivery.message_id)
        return connection.execute(sa.select(deliveries).where(*same)).first()

    def _insert(self, connection: Connection, delivery: Delivery, now: float) -> Stored:
        """In a savepoint, because on PostgreSQL another process can insert the same message between our look and our insert."""
        values = received(delivery, now, claimed_until=now + LEASE_SECONDS)
        try:
            with connection.begin_nested():
                made = connection.execute(sa.insert(deliveries).values(values))
        except sa.exc.IntegrityError:
            found = self._find(connection, delivery)
            if found is None:
                raise
            return _stored(found)
        return Stored(int(made.inserted_primary_key[0]), delivery.kept, Status.RECEIVED, now, mine=True)

    @staticmethod
    def answer(connection: Connection, number: int, replies: Sequence[dict[str, Any]], now: float, said: str | None = None) -> bool:
        """Store the reply, in the transaction that stores the turn's events, and what is kept of the words where that was decided.

        False when the delivery has a reply already.
        """
        values = {"status": Status.ANSWERED.value, "replies": json.dumps(replies), "answered_at": now}
        return _end(connection, number, values | ({"said": said} if said is not None else {}))

    @staticmethod
    def answer_nobody(connection: Connection, number: int, replies: Sequence[dict[str, Any]], now: float) -> bool:
        """Store the reply to a learner who is being erased, for a repeat of the message: it belongs to no conversation any more."""
        values = {"status": Status.ANSWERED.value, "replies": json.dumps(replies), "answered_at": now}
        return _end(connection, number, {**values, "sender_id": NOBODY + uuid.uuid4().hex, "said": DELETED, "press": None})

    def fail(self, number: int, replies: Sequence[dict[str, Any]], problem: str, now: float) -> bool:
        """Store the apology and, for whoever looks into it, the kind of problem (never words of the message). False as above."""
        values = {"status": Status.FAILED.value, "replies": json.dumps(replies), "problem": problem, "answered_at": now}
        with self._engine.begin() as connection:
            return _end(connection, number, values)

    def release(self, number: int) -> None:
        """Let a repeat of this delivery be answered at once."""
        with self._engine.begin() as connection:
            connection.execute(sa.update(deliveries).where(deliveries.c.id == number).values(claimed_until=0.0))

    def since(self, sender_id: str, after: int, limit: int) -> list[Stored]:
        """The latest deliveries of a conversation with ids above `after` and from its last restart on, oldest first."""
        c = deliveries.c
        with reading(self._engine) as connection:
            restart = connection.execute(sa.select(sa.func.max(c.id)).where(c.sender_id == sender_id, c.press == RESTART)).scalar() or 0
            wanted = sa.select(deliveries).where(c.sender_id == sender_id, c.id > after, c.id >= restart)
            rows = connection.execute(wanted.order_by(c.id.desc()).limit(limit)).all()
        return [_stored(row) for row in reversed(rows)]


def _end(connection: Connection, number: int, values: dict[str, Any]) -> bool:
    """Only what is still open can end: whoever was slow enough to be taken over from must not answer a second time."""
    still_open = (deliveries.c.id == number, deliveries.c.status == Status.RECEIVED.value)
    return bool(connection.execute(sa.update(deliveries).where(*still_open).values(values)).rowcount == 1)


def _stored(row: Row, mine: bool = False) -> Stored:
    delivery = Delivery(row.channel, row.message_id, row.sender_id, row.said, row.press)
    return Stored(row.id, delivery, Status(row.status), row.received_at, tuple(json.loads(row.replies or "[]")), mine)
