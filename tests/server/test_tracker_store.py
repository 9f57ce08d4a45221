"""What learners and tutor said is in the database once and in order, and conversations go on whichever process they reach."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, AllSlotsReset, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.records import Deliveries, Delivery, Status
from bot.records.tables import conversations
from bot.records.tables import events as events_table
from server import tracker_store
from server.database import Database, RecordsAwayError
from server.live_tracker import WINDOW, LiveTracker
from server.open_delivery import OpenDelivery, OvertakenError, WholeReplies, current_delivery
from server.tracker_store import TutorTrackerStore

SLOT = "conversation"
Run = Callable[[Awaitable[Any]], Any]


@pytest.fixture
def store(open_store: Callable[[], TutorTrackerStore]) -> TutorTrackerStore:
    return open_store()


def said(number: int, slot: Any = None) -> list[Event]:
    """The events of a turn, as Rasa makes them."""
    context = [SlotSet(SLOT, slot)] if slot is not None else []
    return [
        UserUttered(f"question {number}", {"name": "ask", "confidence": 0.9}, timestamp=1_000.0 + number),
        ActionExecuted("action_answer"),
        *context,
        BotUttered(f"answer {number}", {"buttons": [], "custom": {"kind": "answer"}}),
        ActionExecuted("action_listen"),
    ]


async def turn(store: TutorTrackerStore, name: str, number: int, slot: Any = None) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(name)
    for event in said(number, slot):
        tracker.update(event, store.domain)
    await store.save(tracker)
    return tracker


def words(events: Any) -> list[str]:
    return [event.text for event in events if isinstance(event, (UserUttered, BotUttered))]


def of_turns(*numbers: int) -> list[str]:
    return [f"{who} {number}" for number in numbers for who in ("question", "answer")]


def stored(database: Database, name: str) -> list[dict[str, Any]]:
    with database.engine.connect() as connection:
        wanted = sa.select(events_table.c.data).where(events_table.c.sender_id == name).order_by(events_table.c.id)
        return [json.loads(data) for data in connection.execute(wanted).scalars()]


def stored_words(database: Database, name: str) -> list[str]:
    return [event["text"] for event in stored(database, name) if event["event"] in {"user", "bot"}]


@contextmanager
def broken(database: Database, statement: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The database fails at the first statement that begins so, in the middle of a transaction."""

    def fail(_: Any, __: Any, sql: str, ___: Any, ____: Any, _____: Any) -> None:
        if sql.startswith(statement):
            raise sa.exc.OperationalError(None, None, Exception("disk full"))

    monkeypatch.setattr("server.database.REST_SECONDS", 0.0)
    sa.event.listen(database.engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", fail)


def test_every_event_is_stored_once_and_in_order(store: TutorTrackerStore, database: Database, name: str) -> None:
    async def talk() -> None:
        for number in range(20):
            await turn(store, name, number, {"turn": number})

    asyncio.run(talk())
    kinds = [(event["event"], event.get("text") or event.get("name")) for event in stored(database, name)]
    expected: list[tuple[str, str | None]] = [("action", "action_listen")]
    for number in range(20):
        expected += [("user", f"question {number}"), ("action", "action_answer"), ("slot", SLOT), ("bot", f"answer {number}")]
        expected += [("action", "action_listen")]
    assert kinds == expected


def test_events_come_back_as_they_were(open_store: Callable[[], TutorTrackerStore], name: str) -> None:
    async def talk() -> tuple[Any, Any]:
        live = await turn(open_store(), name, 1, {"body": "AoFAQ", "recent": ["ask:later-model.what"]})
        return live, await open_store().retrieve(name)

    live, read = asyncio.run(talk())
    assert [event.as_dict() for event in read.events] == [event.as_dict() for event in live.events]
    assert read.get_slot(SLOT) == {"body": "AoFAQ", "recent": ["ask:later-model.what"]}
    assert read.latest_message.text == "question 1"
    assert read.latest_message.intent["name"] == "ask"


def test_intents_and_actions_stand_in_their_columns(store: TutorTrackerStore, database: Database, name: str) -> None:
    """Rasa's own tools read them there."""
    asyncio.run(turn(store, name, 1))
    c = events_table.c
    with database.engine.connect() as connection:
        rows = connection.execute(sa.select(c.type_name, c.intent_name, c.action_name).where(c.sender_id == name).order_by(c.id)).all()
    assert ("user", "ask", None) in [tuple(row) for row in rows]
    assert ("action", None, "action_answer") in [tuple(row) for row in rows]


def test_a_conversation_goes_on_in_any_process(open_store: Callable[[], TutorTrackerStore], database: Database, name: str) -> None:
    async def talk() -> None:
        stores = [open_store(), open_store()]
        for number in range(24):
            at = stores[number % 2 if number < 12 else number // 3 % 2]
            before = await at.retrieve(name)
            if before:
                assert words(before.events)[-2:] == of_turns(number - 1), "the other's turn is seen at once"
                assert before.get_slot(SLOT) == {"turn": number - 1}
                await at.save(before)
            await turn(at, name, number, {"turn": number})

    asyncio.run(talk())
    assert stored_words(database, name) == of_turns(*range(24))


def test_slots_are_not_set_back_by_a_turn_that_began_before_another(
    open_store: Callable[[], TutorTrackerStore], database: Database, name: str
) -> None:
    one, other = open_store(), open_store()

    async def both() -> DialogueStateTracker | None:
        await turn(one, name, 1, {"question": 1})
        stale = await one.get_or_create_tracker(name)
        await turn(other, name, 2, {"question": 2})
        for event in said(3, {"question": 1}):
            stale.update(event, one.domain)
        with pytest.raises(OvertakenError):
            await one.save(stale)
        return await one.retrieve(name)

    tracker = asyncio.run(both())
    assert tracker and tracker.get_slot(SLOT) == {"question": 2}
    assert stored_words(database, name) == of_turns(1, 2)


def test_slots_from_long_ago_survive_everywhere(open_store: Callable[[], TutorTrackerStore], name: str) -> None:
    """Also in copies, which Rasa makes for actions and predictions."""

    async def talk() -> None:
        first, second = open_store(), open_store()
        await turn(first, name, 0, {"body": "BIIAB"})
        for number in range(1, 30):
            tracker = await turn(first, name, number)
        assert not any(isinstance(event, SlotSet) for event in tracker.events), "the slot was set before the window"
        read = await second.retrieve(name)
        assert read
        for one in (tracker, tracker.copy(), read, read.copy()):
            assert one.get_slot(SLOT) == {"body": "BIIAB"}
        assert tracker.current_slot_values()[SLOT] == {"body": "BIIAB"}

    asyncio.run(talk())


@pytest.mark.parametrize("how", ["set to nothing", "all slots reset", "a new session"])
def test_a_slot_that_was_emptied_stays_empty(open_store: Callable[[], TutorTrackerStore], name: str, how: str) -> None:
    emptied: Event = {"set to nothing": SlotSet(SLOT, None), "all slots reset": AllSlotsReset(), "a new session": SessionStarted()}[how]

    async def talk() -> None:
        store = open_store()
        for number in range(6):
            await turn(store, name, number, {"body": "BIIAB"} if number == 0 else None)
        tracker = await store.retrieve(name)
        assert tracker
        tracker.update(emptied, store.domain)
        await store.save(tracker)
        for number in range(6, 14):
            tracker = await turn(store, name, number)
            read = await open_store().retrieve(name)
            assert read
            for one in (tracker, tracker.copy(), read, read.copy()):
                assert one.get_slot(SLOT) is None

    asyncio.run(talk())


def test_a_conversation_in_memory_does_not_grow(store: TutorTrackerStore, database: Database, name: str) -> None:
    turns = 500 if database.engine.dialect.name == "sqlite" else 60

    async def talk() -> None:
        for number in range(turns):
            tracker = await turn(store, name, number, {"turn": number})
            assert isinstance(tracker, LiveTracker)
            assert len(tracker.events) <= WINDOW
            assert not tracker.unsaved
            assert isinstance(tracker.events[0], ActionExecuted), "the window begins where a turn can begin"
            assert tracker.copy().get_slot(SLOT) == {"turn": number}
        assert words(tracker.events)[-2:] == of_turns(turns - 1)

    asyncio.run(talk())
    assert stored_words(database, name) == of_turns(*range(turns))


def test_more_conversations_than_fit_in_memory_go_on(
    store: TutorTrackerStore, database: Database, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker_store, "LIVE_CONVERSATIONS", 3)

    async def talk() -> None:
        for number in range(4):
            for person in range(6):
                tracker = await turn(store, f"{name} {person}", number, {"person": person, "turn": number})
                assert tracker.get_slot(SLOT) == {"person": person, "turn": number}

    asyncio.run(talk())
    for person in range(6):
        assert stored_words(database, f"{name} {person}") == of_turns(*range(4))


def test_conversations_at_once_are_kept_apart(store: TutorTrackerStore, database: Database, name: str) -> None:
    async def one(person: int) -> None:
        for number in range(5):
            await turn(store, f"{name} {person}", 100 * person + number, {"person": person})

    async def talk() -> None:
        await asyncio.gather(*(one(person) for person in range(8)))

    asyncio.run(talk())
    for person in range(8):
        assert stored_words(database, f"{name} {person}") == of_turns(*range(100 * person, 100 * person + 5))
    senders = set(asyncio.run(store.keys()))
    assert {f"{name} {person}" for person in range(8)} <= senders


@pytest.mark.parametrize("statement", ["INSERT INTO events", "SELECT max", "UPDATE conversations", "UPDATE deliveries"])
def test_a_turn_that_cannot_be_saved_leaves_nothing(
    store: TutorTrackerStore, database: Database, name: str, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its events, nor its slots, nor its reply; in memory neither. The next turn is right."""

    async def talk() -> None:
        await turn(store, name, 0, {"turn": 0})
        taken = Deliveries(database.engine).take(Delivery("web", name, name, "question 1"), 1_000.0)
        opened = OpenDelivery(taken.id, WholeReplies())
        opened.output.messages.append({"kind": "answer", "text": "answer 1", "buttons": []})
        current_delivery.set(opened)
        with broken(database, statement, monkeypatch), pytest.raises(RecordsAwayError):
            await turn(store, name, 1, {"turn": 1})
        assert not opened.stored
        assert Deliveries(database.engine).since(name, 0, 9)[0].status is Status.RECEIVED
        assert stored_words(database, name) == of_turns(0)
        current_delivery.set(None)
        tracker = await turn(store, name, 2)
        assert tracker.get_slot(SLOT) == {"turn": 0}
        assert words(tracker.events) == of_turns(0, 2)

    asyncio.run(talk())
    assert stored_words(database, name) == of_turns(0, 2)


def test_a_turn_that_fails_before_it_is_saved_leaves_nothing(store: TutorTrackerStore, database: Database, name: str) -> None:
    async def talk() -> None:
        await turn(store, name, 0, {"turn": 0})
        tracker = await store.retrieve(name)
        assert tracker
        tracker.update(UserUttered("half a turn"), store.domain)
        tracker.update(SlotSet(SLOT, "half"), store.domain)  # and then something raised: nobody saves
        after = await turn(store, name, 1)
        assert after.get_slot(SLOT) == {"turn": 0}
        assert words(after.events) == of_turns(0, 1)

    asyncio.run(talk())
    assert stored_words(database, name) == of_turns(0, 1)


def test_a_first_turn_that_fails_leaves_nothing(store: TutorTrackerStore, database: Database, name: str) -> None:
    """A new conversation is saved once before its first turn."""

    async def talk() -> None:
        tracker = await store.get_or_create_tracker(name)
        tracker.update(UserUttered("half a turn"), store.domain)
        after = await turn(store, name, 1)
        assert words(after.events) == of_turns(1)

    asyncio.run(talk())
    assert stored_words(database, name) == of_turns(1)


def test_a_reply_is_stored_with_its_turn(store: TutorTrackerStore, database: Database, name: str) -> None:
    async def talk() -> OpenDelivery:
        taken = Deliveries(database.engine).take(Delivery("web", name, name, "question 0"), 1_000.0)
        opened = OpenDelivery(taken.id, WholeReplies())
        current_delivery.set(opened)
        await store.get_or_create_tracker(name)
        assert not opened.stored, "a save without a reply answers nothing"
        await opened.output.send_response(name, {"text": "first\n\nsecond", "kind": "answer"})
        await turn(store, name, 0)
        current_delivery.set(None)
        return opened

    assert asyncio.run(talk()).stored
    row = Deliveries(database.engine).since(name, 0, 9)[0]
    assert (row.status, row.replies) == (Status.ANSWERED, ({"kind": "answer", "text": "first\n\nsecond", "buttons": []},))


def test_rasas_tools_get_every_event_ever(store: TutorTrackerStore, name: str) -> None:
    async def talk() -> DialogueStateTracker | None:
        for number in range(30):
            await turn(store, name, number)
        return await store.retrieve_full_tracker(name)

    full = asyncio.run(talk())
    assert full
    assert words(full.events) == of_turns(*range(30))


def test_a_conversation_nobody_had_is_none(store: TutorTrackerStore) -> None:
    assert asyncio.run(store.retrieve("nobody at all")) is None
    assert asyncio.run(store.retrieve_full_tracker("nobody at all")) is None
    assert not asyncio.run(store.exists("nobody at all"))


def test_a_conversation_from_before_versions_goes_on(store: TutorTrackerStore, database: Database, name: str, domain: Domain) -> None:
    """Rasa's own store wrote events only, no row that says where the conversation stands."""
    old = [ActionExecuted("action_listen"), *said(0, {"body": "BIIAB"})]
    rows = [{"sender_id": name, "type_name": event.type_name, "data": json.dumps(event.as_dict())} for event in old]
    with database.engine.begin() as connection:
        connection.execute(sa.insert(events_table), rows)
    tracker = asyncio.run(turn(store, name, 1))
    assert words(tracker.events) == of_turns(0, 1)
    assert tracker.get_slot(SLOT) == {"body": "BIIAB"}
    with database.engine.connect() as connection:
        assert connection.execute(sa.select(conversations).where(conversations.c.sender_id == name)).first()


def test_rasas_own_wrapper_around_the_store_keeps_every_turn(open_store: Callable[[], TutorTrackerStore], name: str) -> None:
    """`rasa shell` and `rasa run` wrap the store and make new trackers themselves; nothing may go to memory instead."""
    wrapped = FailSafeTrackerStore(open_store())

    async def turn(number: int) -> None:
        tracker = await wrapped.get_or_create_tracker(name)
        tracker.update(UserUttered(f"question {number}"))
        tracker.update(ActionExecuted("action_listen"))
        await wrapped.save(tracker)

    for number in range(3):
        asyncio.run(turn(number))
    kept = asyncio.run(open_store().retrieve_full_tracker(name))
    assert [event.text for event in kept.events if isinstance(event, UserUttered)] == ["question 0", "question 1", "question 2"]
