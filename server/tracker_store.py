"""Conversations in the project's database: every event kept, the last turns of live conversations in memory.

Rasa's own store reads and replays the whole session for every message. This one keeps live trackers and asks the database only
whether somebody else has written to the conversation since; then, or when it is not in memory, it reads its last events.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from bot.account import ERASED
from bot.records.deliveries import DELETED, Deliveries
from bot.records.engine import insert_into, reading
from bot.records.erasure import erase_conversations_of, sweep
from bot.records.tables import conversations, events
from bot.records.unit import keep
from bot.settings import read_settings
from server.database import Database, database
from server.live_tracker import WINDOW, LiveTracker, from_turn_start
from server.masking import mask_turn
from server.open_delivery import (
    AnsweredElsewhereError,
    ErasedMeanwhileError,
    NoReplyError,
    OpenDelivery,
    OvertakenError,
    current_delivery,
)

LIVE_CONVERSATIONS = 2000  # trackers in memory, about 30 KB each


@dataclass(frozen=True)
class _Saved:
    """What the database holds of a conversation: slots, its last events (oldest first), the id of the last."""

    slots: dict[str, Any]
    events: list[dict[str, Any]]
    last_event_id: int


@dataclass(frozen=True)
class _Turn:
    """What is new in a conversation after the event that was its last when the turn began; 0 for its first."""

    sender_id: str
    after: int
    rows: list[dict[str, Any]]


class TutorTrackerStore(TrackerStore):
    """Raises RecordsAwayError when the database is away: never another store instead. `save` also raises what open_delivery names."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        opened: Database | None = None,
        **_: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self._database = opened or database(read_settings().database_url)
        self._live: OrderedDict[str, LiveTracker] = OrderedDict()
        self._sweeping: asyncio.Future[None] | None = None

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The live tracker, read again when another process has written to the conversation. None for an unknown conversation."""
        live = self._live.pop(sender_id, None)  # put back by `save`: a turn that fails leaves nothing half done behind
        if live and live.unsaved:  # a conversation's first turn: it was saved when it was made, and the turn failed after that
            live = None
        known = live.last_event_id if live else None
        saved = await self._database.run(lambda: self._read(sender_id, known))
        if saved is None:
            return live
        return self._tracker(sender_id, saved) if saved.last_event_id else None

    def _read(self, sender_id: str, known: int | None) -> _Saved | None:
        """What is saved, or None when nothing was written since event `known`."""
        with reading(self._database.engine) as connection:
            row = connection.execute(sa.select(conversations).where(conversations.c.sender_id == sender_id)).first()
            if row and row.last_event_id == known:
                return None
            wanted = sa.select(events.c.id, events.c.data).where(events.c.sender_id == sender_id)
            found = connection.execute(wanted.order_by(events.c.id.desc()).limit(WINDOW)).all()
        if not found:
            return _Saved({}, [], 0)
        return _Saved(json.loads(row.slots) if row else {}, [json.loads(event.data) for event in reversed(found)], found[0].id)

    def _tracker(self, sender_id: str, saved: _Saved) -> LiveTracker:
        tracker = LiveTracker(sender_id, self.domain.slots, saved.slots, saved.last_event_id)
        read = [event for data in saved.events if (event := Event.from_parameters(data))]
        for event in from_turn_start(read):
            tracker.update(event)
        tracker.unsaved.clear()
        return tracker

    def init_tracker(self, sender_id: str) -> LiveTracker:
        return LiveTracker(sender_id, self.domain.slots, {})

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new, where the conversation stands, and the reply of the delivery being answered, or nothing of it."""
        if not isinstance(tracker, LiveTracker):
            tracker = await self._adopted(tracker)
        if tracker.unsaved:
            delivery = current_delivery.get()
            if delivery and not delivery.output.messages and any(isinstance(event, UserUttered) for event in tracker.unsaved):
                raise NoReplyError  # stored now, it would be stored again when the message is sent again
            mask_turn(tracker, delivery)
            if _is_to_be_erased(tracker):
                return await self._erase(tracker.sender_id, delivery)
            turn = _Turn(tracker.sender_id, tracker.last_event_id, [_row(tracker.sender_id, event) for event in tracker.unsaved])
            slots = tracker.slots_as_json()
            last = await self._database.run(lambda: self._write(turn, slots, delivery))
            await self._publish(tracker)
            tracker.saved(last)
            if delivery:
                delivery.stored = bool(delivery.output.messages)
        self._live[tracker.sender_id] = tracker
        if len(self._live) > LIVE_CONVERSATIONS:
            self._live.popitem(last=False)

    async def _adopted(self, tracker: DialogueStateTracker) -> LiveTracker:
        """A tracker that Rasa made, as its own commands do around any store: what is new in it is what came after the last saved event."""
        saved = await self._database.run(lambda: self._read(tracker.sender_id, None))
        live = self._tracker(tracker.sender_id, saved) if saved and saved.last_event_id else self.init_tracker(tracker.sender_id)
        last = max((event.timestamp for event in live.events), default=0.0)
        for event in tracker.events:
            if event.timestamp > last:
                live.update(event)
        return live

    def _write(self, turn: _Turn, slots: str, delivery: OpenDelivery | None) -> int:
        with self._database.engine.begin() as connection:
            _hold(connection, turn.sender_id)
            _refuse_what_is_stale(connection, turn)
            connection.execute(sa.insert(events), turn.rows)
            last = _last_event(connection, turn.sender_id)
            _stand(connection, turn.sender_id, last, slots)
            if delivery and delivery.output.messages and not delivery.stored:
                keep(connection, turn.sender_id, delivery.unit.records)
                _answer(connection, delivery)
        return last

    async def _erase(self, sender_id: str, delivery: OpenDelivery | None) -> None:
        """The learner asked for it: everything goes, this turn too, except its reply for a repeat of the message."""
        await self._database.run(lambda: self._write_nothing(sender_id, delivery))
        if delivery:
            delivery.stored = delivery.is_erased = True
            delivery.said = DELETED
        self._sweeping = asyncio.ensure_future(asyncio.to_thread(sweep, self._database.engine))  # kept, or it could be collected

    def _write_nothing(self, sender_id: str, delivery: OpenDelivery | None) -> None:
        with self._database.engine.begin() as connection:
            _hold(connection, sender_id)
            if delivery and not Deliveries.answer_nobody(connection, delivery.id, delivery.output.messages, time.time()):
                raise AnsweredElsewhereError
            erase_conversations_of(connection, sender_id, time.time())

    async def _publish(self, tracker: LiveTracker) -> None:
        if self.event_broker:
            await self._stream_new_events(self.event_broker, list(tracker.unsaved), tracker.sender_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Every event ever, as Rasa's own tools expect."""
        rows = await self._database.run(lambda: self._all(conversation_id))
        read = [event for data in rows if (event := Event.from_parameters(json.loads(data)))]
        return DialogueStateTracker.from_events(conversation_id, read, self.domain.slots) if read else None

    def _all(self, sender_id: str) -> list[str]:
        with reading(self._database.engine) as connection:
            wanted = sa.select(events.c.data).where(events.c.sender_id == sender_id).order_by(events.c.id)
            return list(connection.execute(wanted).scalars())

    async def keys(self) -> Iterable[str]:
        return await self._database.run(self._senders)

    def _senders(self) -> list[str]:
        with reading(self._database.engine) as connection:
            return list(connection.execute(sa.select(events.c.sender_id).distinct()).scalars())


def _hold(connection: Connection, sender_id: str) -> None:
    """Other processes that write to this conversation wait until this transaction ends, so that turns are stored whole, one by one."""
    first = insert_into(connection, conversations).values(sender_id=sender_id, last_event_id=0, slots="{}")
    unchanged = {"last_event_id": conversations.c.last_event_id}
    connection.execute(first.on_conflict_do_update(index_elements=["sender_id"], set_=unchanged))


def _refuse_what_is_stale(connection: Connection, turn: _Turn) -> None:
    """A turn goes on from the event that was the last when it began. A conversation that lost that event was erased, and must not come
    back out of memory; one that has gone further was answered elsewhere, and its slots must not be set back.
    """
    last = _last_event(connection, turn.sender_id)
    if last == turn.after:
        return
    known = sa.select(events.c.id).where(events.c.id == turn.after, events.c.sender_id == turn.sender_id)
    if turn.after and connection.execute(known).first() is None:
        raise ErasedMeanwhileError
    raise OvertakenError


def _last_event(connection: Connection, sender_id: str) -> int:
    """0 for none."""
    found = connection.execute(sa.select(sa.func.max(events.c.id)).where(events.c.sender_id == sender_id)).scalar()
    return int(found or 0)


def _is_to_be_erased(tracker: LiveTracker) -> bool:
    account = tracker.slots.get("account")
    return bool(account and account.value == ERASED)


def _stand(connection: Connection, sender_id: str, last: int, slots: str) -> None:
    """Note where the conversation stands."""
    connection.execute(sa.update(conversations).where(conversations.c.sender_id == sender_id).values(last_event_id=last, slots=slots))


def _answer(connection: Connection, delivery: OpenDelivery) -> None:
    if not Deliveries.answer(connection, delivery.id, delivery.output.messages, time.time(), delivery.said):
        raise AnsweredElsewhereError


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    intent = event.intent_name if isinstance(event, UserUttered) else None
    action = event.action_name if isinstance(event, ActionExecuted) else None
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": event.timestamp,
        "intent_name": intent,
        "action_name": action,
        "data": json.dumps({**event.as_dict(), "event": event.type_name}),
    }
