"""Reminders: who wants them, and queueing each exactly once, however many do it at the same time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.records.channel_tables import addresses, reminders, sendings
from bot.records.engine import insert_into, reading
from bot.records.learners import learner_of
from bot.records.people import person_of
from bot.records.postbox import REMINDER, queue_reminder
from bot.records.tables import cards, deliveries
from bot.reminding.due import Remind, Standing, Why, decide
from bot.reminding.record import Arranged, ReminderSet
from bot.reply import Reply

_LATELY: Final = timedelta(days=60)  # by which somebody's usual hour is told
_NOT_A_REMINDER: Final = ~deliveries.c.message_id.startswith(REMINDER)


@dataclass(frozen=True)
class Considered:
    """What became of a conversation whose learner wants reminders."""

    sender: str
    decision: Remind | Why


class Reminders:
    """The learner's side: bot.reminding.record.ReminderRecords."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def arranged(self, sender: str) -> Arranged:
        with reading(self.engine) as connection:
            row = connection.execute(sa.select(reminders).where(reminders.c.sender_id == sender)).first()
            reachable = connection.execute(sa.select(addresses.c.sender_id).where(addresses.c.sender_id == sender)).first() is not None
        paused = _moment(row.paused_until) if row and row.is_on else None
        return Arranged(bool(row and row.is_on), paused, reachable)


def keep_reminder(connection: Connection, sender: str, record: ReminderSet) -> None:
    """Write what a turn gave, in the caller's transaction. No reminders means none in any conversation of the learner, at once."""
    senders = person_of(connection, sender).senders
    _held(connection, senders)
    at, until = record.at.timestamp(), record.paused_until.timestamp() if record.paused_until else None
    values = {"is_on": record.is_on, "paused_until": until, "changed_at": at}
    put = insert_into(connection, reminders).values(sender_id=sender, **values)
    connection.execute(put.on_conflict_do_update(index_elements=["sender_id"], set_=values))
    if record.is_on and until is None:
        return
    connection.execute(sa.update(reminders).where(reminders.c.sender_id.in_(senders), reminders.c.is_on).values(values))
    queued = (sendings.c.sender_id.in_(senders), sendings.c.message_id.startswith(REMINDER), sendings.c.ended_at.is_(None))
    connection.execute(sa.update(sendings).where(*queued).values(ended_at=at, problem="not wanted any more"))


@dataclass(frozen=True)
class Round:
    """A round of reminding: at what moment, on which channels, of which items, and `say` words a number of them."""

    engine: Engine
    now: datetime
    channels: Collection[str]
    items: Collection[str]
    say: Callable[[int], Reply]

    def queue(self, dry_run: bool = False) -> list[Considered]:
        """Queue what is to be sent now; with `dry_run` nothing is written. Raises sqlalchemy's errors.

        Each conversation is decided in a transaction of its own, with all of its learner's reminders held.
        """
        with reading(self.engine) as connection:
            wanted = sa.select(reminders.c.sender_id).where(reminders.c.is_on).order_by(reminders.c.sender_id)
            senders = list(connection.execute(wanted).scalars())
        return [self._considered(sender, dry_run) for sender in senders]

    def _considered(self, sender: str, dry_run: bool) -> Considered:
        with self.engine.begin() as connection:
            standing = self._standing(connection, sender)
            decision = decide(standing, self.now)
            if isinstance(decision, Remind) and standing.channel and not dry_run:
                queue_reminder(connection, (standing.channel, sender), self.say(decision.due), self.now.timestamp())
                own = reminders.c.sender_id == sender
                connection.execute(sa.update(reminders).where(own).values(last_at=self.now.timestamp()))
        return Considered(sender, decision)

    def _standing(self, connection: Connection, sender: str) -> Standing:
        senders = person_of(connection, sender).senders
        rows = _held(connection, senders)
        own = next((row for row in rows if row.sender_id == sender), None)
        address = connection.execute(sa.select(addresses).where(addresses.c.sender_id == sender)).first()
        return Standing(
            is_on=bool(own and own.is_on),
            paused_until=_moment(own.paused_until) if own else None,
            last_at=_moment(max((row.last_at for row in rows if row.last_at is not None), default=None)),
            channel=address.channel if address and address.channel in self.channels else None,
            heard_at=_moment(address.heard_at) if address else None,
            due=_due(connection, sender, self.now, self.items),
            active=_active(connection, senders, self.now),
        )


def _held(connection: Connection, senders: Sequence[str]) -> Sequence[Row]:
    """Rows as they stand, which nobody else changes until this transaction ends; always held in the same order."""
    wanted = sa.select(reminders).where(reminders.c.sender_id.in_(senders)).order_by(reminders.c.sender_id).with_for_update()
    return list(connection.execute(wanted).all())


def _due(connection: Connection, sender: str, now: datetime, items: Collection[str]) -> int:
    due = sa.select(cards.c.item).where(cards.c.learner_id == learner_of(connection, sender), cards.c.due <= now.timestamp())
    return sum(item in items for item in connection.execute(due).scalars())


def _active(connection: Connection, senders: Sequence[str], now: datetime) -> tuple[datetime, ...]:
    c = deliveries.c
    lately = (c.sender_id.in_(senders), c.received_at >= (now - _LATELY).timestamp(), _NOT_A_REMINDER)
    return tuple(datetime.fromtimestamp(at, timezone.utc) for at in connection.execute(sa.select(c.received_at).where(*lately)).scalars())


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, timezone.utc) if seconds is not None else None
