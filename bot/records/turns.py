"""Turns kept whole without a server, in the rows that its tracker store writes: events, where the conversation stands, the delivery."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversation import Record
from bot.records.deliveries import Status
from bot.records.engine import insert_into
from bot.records.tables import conversations, deliveries, events
from bot.records.unit import keep


@dataclass(frozen=True)
class TakenTurn:
    """`events` are JSON values with `event` and `timestamp`, `slots` all slot values, `said` the words or the button's title.

    `press` is the button's token. Times are seconds since 1970.
    """

    sender: str
    channel: str
    message: str
    said: str
    press: str | None
    events: Sequence[Mapping[str, Any]]
    slots: Mapping[str, Any]
    replies: Sequence[Mapping[str, Any]]
    records: Sequence[Record]
    received: float
    answered: float


def keep_turn(connection: Connection, turn: TakenTurn) -> None:
    """Write the turn, in the caller's transaction."""
    connection.execute(sa.insert(events), [_row(turn.sender, event) for event in turn.events])
    last = connection.execute(sa.select(sa.func.max(events.c.id)).where(events.c.sender_id == turn.sender)).scalar_one()
    values = {"last_event_id": last, "slots": json.dumps({name: value for name, value in turn.slots.items() if value is not None})}
    stands = insert_into(connection, conversations).values(sender_id=turn.sender, **values)
    connection.execute(stands.on_conflict_do_update(index_elements=["sender_id"], set_=values))
    keep(connection, turn.sender, turn.records)
    connection.execute(
        sa.insert(deliveries).values(
            channel=turn.channel,
            message_id=turn.message,
            sender_id=turn.sender,
            said=turn.said,
            press=turn.press,
            status=Status.ANSWERED.value,
            received_at=turn.received,
            claimed_until=turn.answered,
            answered_at=turn.answered,
            replies=json.dumps(list(turn.replies)),
        )
    )


def has_conversations(connection: Connection) -> bool:
    """Whether anything was ever said in this database."""
    return connection.execute(sa.select(events.c.id).limit(1)).first() is not None


def _row(sender: str, event: Mapping[str, Any]) -> dict[str, Any]:
    kind = event["event"]
    return {
        "sender_id": sender,
        "type_name": kind,
        "timestamp": event["timestamp"],
        "intent_name": event["parse_data"]["intent"]["name"] if kind == "user" else None,
        "action_name": event["name"] if kind == "action" else None,
        "data": json.dumps(event),
    }
