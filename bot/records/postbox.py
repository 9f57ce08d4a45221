"""Messages of channels that are acknowledged first and answered after: kept with where the answer goes until it has gone there."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.records.channel_tables import addresses, sendings
from bot.records.deliveries import Delivery, Status, received
from bot.records.engine import insert_into, reading
from bot.records.tables import deliveries
from bot.reply import Reply

LEASE_SECONDS: Final = 30.0  # after this long without a sign, whoever answers and sends is taken for dead
GIVEN_UP_SECONDS: Final = 24 * 3600.0  # an answer that is a day late helps nobody, and two vendors would refuse it
REMINDER: Final = "remind-"  # begins the id of a sending that answers nothing
_LEFT_AT_ONCE = 50


@dataclass(frozen=True)
class Sending:
    """An answer to be made and sent: of which delivery, how many parts have gone, in which hands (`claim`) it is."""

    delivery: Delivery
    claim: int
    parts: int = 0
    tries: int = 0
    taken_at: float = 0.0


class Postbox:
    """Times are seconds since 1970, handed in. Every method raises sqlalchemy's errors when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, delivery: Delivery, address: str, now: float, said_at_once: Sequence[dict[str, Any]] = ()) -> Sending | None:
        """Keep a delivery with its address; the sending when it is new and this call is to answer it, None for a repeat.

        `said_at_once` are replies that need no turn.
        """
        with self._engine.begin() as connection:
            if not self._insert_sending(connection, delivery, now):
                return None
            self._insert_delivery(connection, delivery, now, said_at_once)
            self._keep_address(connection, delivery, address, now)
        return Sending(delivery, 1, taken_at=now)

    def _insert_sending(self, connection: Connection, delivery: Delivery, now: float) -> bool:
        values = {
            "channel": delivery.channel,
            "message_id": delivery.message_id,
            "sender_id": delivery.sender_id,
            "parts": 0,
            "tries": 0,
            "claim": 1,
            "claimed_until": now + LEASE_SECONDS,
            "taken_at": now,
        }
        made = connection.execute(insert_into(connection, sendings).values(values).on_conflict_do_nothing())
        return bool(made.rowcount == 1)

    def _insert_delivery(self, connection: Connection, delivery: Delivery, now: float, replies: Sequence[dict[str, Any]]) -> None:
        """Free for whoever begins its turn: the lease of a turn is the inbox's own."""
        answered = {"status": Status.ANSWERED.value, "replies": json.dumps(list(replies)), "answered_at": now}
        values = {**received(delivery, now, claimed_until=0.0), **(answered if replies else {})}
        connection.execute(insert_into(connection, deliveries).values(values).on_conflict_do_nothing())

    def _keep_address(self, connection: Connection, delivery: Delivery, address: str, now: float) -> None:
        row = {"sender_id": delivery.sender_id, "channel": delivery.channel, "address": address, "heard_at": now}
        first = insert_into(connection, addresses).values(row)
        connection.execute(first.on_conflict_do_update(index_elements=["sender_id"], set_={"address": address, "heard_at": now}))

    def hold(self, sending: Sending, now: float, parts: int | None = None) -> bool:
        """Go on with it for another lease, noting how many parts have gone. False when it is in other hands, over or erased."""
        values: dict[str, Any] = {"claimed_until": now + LEASE_SECONDS}
        return self._change(sending, values | ({"parts": parts} if parts is not None else {}))

    def put_off(self, sending: Sending, until: float) -> bool:
        """Leave it to whoever looks first after that time."""
        return self._change(sending, {"claimed_until": until, "tries": sending.tries})

    def end(self, sending: Sending, now: float, problem: str | None = None) -> bool:
        """All has gone, or it is given up for that reason."""
        return self._change(sending, {"ended_at": now, "problem": problem})

    def is_behind(self, sending: Sending) -> bool:
        """Whether the person still waits for the answer to an earlier message."""
        c = sendings.c
        a_day = (c.taken_at < sending.taken_at, c.taken_at > sending.taken_at - GIVEN_UP_SECONDS)
        earlier = (c.sender_id == sending.delivery.sender_id, c.ended_at.is_(None), *a_day)
        with reading(self._engine) as connection:
            return connection.execute(sa.select(sa.literal(1)).where(*earlier).limit(1)).first() is not None

    def left(self, channel: str, now: float) -> list[Sending]:
        """What nobody is at any more, oldest first: taken over by this call, and to be gone on with."""
        c = sendings.c
        open_ = (c.channel == channel, c.ended_at.is_(None), c.claimed_until < now)
        with reading(self._engine) as connection:
            if connection.execute(sa.select(sa.literal(1)).where(*open_).limit(1)).first() is None:
                return []
        with self._engine.begin() as connection:
            same = (deliveries.c.channel == c.channel) & (deliveries.c.message_id == c.message_id)
            wanted = sa.select(sendings, deliveries.c.said, deliveries.c.press).join(deliveries, same).where(*open_)
            rows = connection.execute(wanted.order_by(c.taken_at).limit(_LEFT_AT_ONCE)).all()
            return [_sending(row) for row in rows if self._taken_over(connection, row, now)]

    def _taken_over(self, connection: Connection, row: Row, now: float) -> bool:
        same = (sendings.c.channel == row.channel, sendings.c.message_id == row.message_id, sendings.c.claim == row.claim)
        values = {"claim": row.claim + 1, "claimed_until": now + LEASE_SECONDS}
        return bool(connection.execute(sa.update(sendings).where(*same).values(values)).rowcount == 1)

    def _change(self, sending: Sending, values: dict[str, Any]) -> bool:
        delivery = sending.delivery
        same = (sendings.c.channel == delivery.channel, sendings.c.message_id == delivery.message_id)
        mine = (sendings.c.claim == sending.claim, sendings.c.ended_at.is_(None))
        with self._engine.begin() as connection:
            return bool(connection.execute(sa.update(sendings).where(*same, *mine).values(values)).rowcount == 1)

    def press(self, delivery: Delivery, token: str | None) -> None:
        """Note what a typed choice or an alias meant, before its turn begins."""
        same = (deliveries.c.channel == delivery.channel, deliveries.c.message_id == delivery.message_id)
        with self._engine.begin() as connection:
            connection.execute(sa.update(deliveries).where(*same).values(press=token))

    def replies_before(self, delivery: Delivery, turns: int) -> list[list[dict[str, Any]]]:
        """What was said last in the conversation before this delivery, newest turn first."""
        c = deliveries.c
        own = sa.select(c.id).where(c.channel == delivery.channel, c.message_id == delivery.message_id).scalar_subquery()
        wanted = sa.select(c.replies).where(c.sender_id == delivery.sender_id, c.id < own, c.replies.is_not(None))
        with reading(self._engine) as connection:
            return [json.loads(text) for text in connection.execute(wanted.order_by(c.id.desc()).limit(turns)).scalars()]

    def address(self, sender_id: str) -> str | None:
        """Where the person of the conversation is reached."""
        with reading(self._engine) as connection:
            found: str | None = connection.execute(sa.select(addresses.c.address).where(addresses.c.sender_id == sender_id)).scalar()
        return found

    def forget(self, sender_id: str) -> None:
        """The person does not want to be written to any more."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(addresses).where(addresses.c.sender_id == sender_id))


def queue_reminder(connection: Connection, to: tuple[str, str], reply: Reply, at: float) -> None:
    """An answer to nothing, `to` a channel and a conversation on it, in the caller's transaction: free for whichever server looks first.

    When the person was heard last does not change by it.
    """
    channel, sender = to
    buttons = [{"title": button.title, "token": button.token} for button in reply.buttons]
    number = f"{REMINDER}{secrets.token_hex(16)}"
    same: dict[str, Any] = {"channel": channel, "message_id": number, "sender_id": sender, "claimed_until": 0.0}
    replies = json.dumps([{"kind": reply.kind, "text": reply.text, "buttons": buttons}])
    answered = {"said": "", "status": Status.ANSWERED.value, "received_at": at, "answered_at": at, "replies": replies}
    connection.execute(sa.insert(deliveries).values({**same, **answered}))
    connection.execute(sa.insert(sendings).values({**same, "parts": 0, "tries": 0, "claim": 0, "taken_at": at}))


def _sending(row: Row) -> Sending:
    delivery = Delivery(row.channel, row.message_id, row.sender_id, row.said, row.press)
    return Sending(delivery, row.claim + 1, row.parts, row.tries, row.taken_at)
