"""What learners type of people's data reaches neither database nor log, and what they want erased is gone from the files."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered

from bot.conversation import State, Turn
from bot.privacy import Mask
from bot.records import Deliveries, Delivery, Status, record
from bot.records.erasure import erase
from bot.records.people import person_of
from bot.records.tables import conversations, deliveries
from bot.records.tables import events as events_table
from server.database import Database
from server.inbox import Inbox
from server.open_delivery import ErasedMeanwhileError, OpenDelivery, WholeReplies, current_delivery
from server.tracker_store import TutorTrackerStore
from tests.conftest import Server, start_server
from tests.server.web_client import Answer, WebClient, new_id

MAIL, PHONE, POSTCODE, NATIONAL, CARD = "jo.bloggs@gmail.com", "07911 123456", "LS6 2AB", "AB123456C", "4556737586899855"
ALL = f"what is an SLA? mail {MAIL}, ring {PHONE}, {POSTCODE}, {NATIONAL}, {CARD}"
HIDDEN = "what is an SLA? mail [email], ring [phone], [postcode], [insurance], [card]"


def heard(text: str) -> UserUttered:
    parsed = {"text": text, "intent": {"name": "ask", "confidence": 0.9}, "entities": [{"value": text}], "text_tokens": [[0, 4]]}
    return UserUttered(text, parsed["intent"], parse_data=parsed)


def echoed(text: str) -> list[Event]:
    return [
        heard(text),
        ActionExecuted("action_answer"),
        SlotSet("conversation", {"question": text[:300], "answerable": "sla.what"}),
        BotUttered(f"You asked: {text}. Call 116 123.", {"buttons": [{"title": text, "payload": "ask:sla.what"}]}),
        ActionExecuted("action_listen"),
    ]


async def turn(store: TutorTrackerStore, name: str, events: list[Event]) -> Any:
    tracker = await store.get_or_create_tracker(name)
    for event in events:
        tracker.update(event, store.domain)
    await store.save(tracker)
    return tracker


def stored(database: Database, name: str) -> str:
    """All that the tables hold."""
    with database.engine.connect() as connection:
        tables = (events_table, conversations, deliveries)
        found = [connection.execute(sa.select(table).where(table.c.sender_id == name)) for table in tables]
        return repr([tuple(row) for rows in found for row in rows])


def test_in_memory_and_in_the_database_stands_the_same(open_store: Callable[[], TutorTrackerStore], database: Database, name: str) -> None:
    async def talk() -> tuple[Any, Any]:
        live = await turn(open_store(), name, echoed(ALL))
        return live, await open_store().retrieve(name)

    live, read = asyncio.run(talk())
    kept = stored(database, name)
    for piece in (MAIL, PHONE, POSTCODE, NATIONAL, CARD):
        assert piece not in kept
        assert piece not in repr([event.as_dict() for event in live.events])
    assert "116 123" in kept, "what our own content says stays"
    assert live.latest_message.text == read.latest_message.text == HIDDEN
    assert live.get_slot("conversation") == read.get_slot("conversation") == {"question": HIDDEN, "answerable": "sla.what"}
    assert [event.as_dict() for event in live.events] == [event.as_dict() for event in read.events]


def test_a_reply_is_stored_and_given_without_what_it_echoes(
    open_store: Callable[[], TutorTrackerStore], database: Database, name: str
) -> None:
    async def talk() -> OpenDelivery:
        await open_store().get_or_create_tracker(name)
        taken = Deliveries(database.engine).take(Delivery("web", name, name, ALL), 1_000.0)
        assert taken.delivery.said == HIDDEN
        opened = OpenDelivery(taken.id, WholeReplies(), said=ALL)
        opened.output.messages.append({"kind": "answer", "text": f"You said {PHONE}", "buttons": []})
        current_delivery.set(opened)
        await turn(open_store(), name, echoed(ALL))
        current_delivery.set(None)
        return opened

    opened = asyncio.run(talk())
    row = Deliveries(database.engine).since(name, 0, 9)[0]
    assert (row.delivery.said, row.replies[0]["text"]) == (HIDDEN, "You said [phone]")
    assert (opened.said, opened.output.messages[0]["text"]) == (HIDDEN, "You said [phone]")


def test_what_the_turn_decided_is_kept(open_store: Callable[[], TutorTrackerStore], database: Database, name: str) -> None:
    """The customer's own postcode in a practice, and numbers in answer to a sum."""
    said = f"is it {POSTCODE}, mine is {MAIL}"

    async def talk() -> None:
        taken = Deliveries(database.engine).take(Delivery("web", name, name, said), 1_000.0)
        opened = OpenDelivery(taken.id, WholeReplies(), said=said)
        opened.output.messages.append({"kind": "customer", "text": f"Yes, {POSTCODE}", "buttons": []})
        opened.unit.mask = Mask.of(said, invented="ls62ab")
        current_delivery.set(opened)
        await turn(open_store(), name, [heard(said), ActionExecuted("action_practice"), ActionExecuted("action_listen")])
        current_delivery.set(None)

    asyncio.run(talk())
    row = Deliveries(database.engine).since(name, 0, 9)[0]
    assert row.delivery.said == f"is it {POSTCODE}, mine is [email]"
    assert row.replies[0]["text"] == f"Yes, {POSTCODE}"
    assert MAIL not in stored(database, name) and stored(database, name).count(POSTCODE) >= 4
    again = Deliveries(database.engine).take(Delivery("web", name, name, said), 1_000.0)
    assert Delivery("web", name, name, said).is_repeat_of(again.delivery)
    assert not Delivery("web", name, name, "is it something else").is_repeat_of(again.delivery)
    assert not Delivery("web", name, "somebody else", said).is_repeat_of(again.delivery)


def test_whoever_was_erased_is_not_brought_back_out_of_memory(
    open_store: Callable[[], TutorTrackerStore], database: Database, name: str
) -> None:
    async def talk() -> None:
        store = open_store()
        await turn(store, name, echoed("zebrafinch"))
        tracker = await store.retrieve(name)
        with database.engine.begin() as connection:
            erase(connection, person_of(connection, name), "Lena", time.time())
        for event in echoed("zebrafinch again"):
            tracker.update(event, store.domain)
        with pytest.raises(ErasedMeanwhileError):
            await store.save(tracker)
        assert "zebrafinch" not in stored(database, name) and "conversation" not in stored(database, name)
        fresh = await turn(store, name, echoed("hello"))
        assert fresh.get_slot("conversation")["question"] == "hello"
        assert "zebrafinch" not in stored(database, name) + repr([event.as_dict() for event in fresh.events])

    asyncio.run(talk())


def test_a_message_during_whose_turn_its_learner_is_erased_begins_anew(
    open_store: Callable[[], TutorTrackerStore], database: Database, name: str
) -> None:
    """The eraser takes the delivery too; the message is answered all the same, from a clean sheet."""

    async def talk() -> None:
        store, inbox = open_store(), Inbox(database, "Sorry.")
        await turn(store, name, echoed("zebrafinch"))
        heard_so_far: list[int] = []

        async def tutor(message: UserMessage) -> None:
            tracker = await store.get_or_create_tracker(message.sender_id)
            heard_so_far.append(sum(isinstance(event, UserUttered) for event in tracker.events))
            if len(heard_so_far) == 1:
                with database.engine.begin() as connection:
                    erase(connection, person_of(connection, name), "Lena", time.time())
            await message.output_channel.send_response(name, {"text": "Here you are."})
            for event in [heard(message.text), ActionExecuted("action_answer"), ActionExecuted("action_listen")]:
                tracker.update(event, store.domain)
            record(database.engine, name, Turn((), State()))
            await store.save(tracker)

        answered = await inbox.answer(Delivery("web", name, name, "and now?"), tutor)
        assert (answered.status, answered.replies[0]["text"]) == (Status.ANSWERED, "Here you are.")
        assert heard_so_far == [1, 0], "the second time it was a new conversation"

    asyncio.run(talk())
    assert "zebrafinch" not in stored(database, name)
    assert "and now?" in stored(database, name)


# Over the running server


@pytest.fixture(scope="module")
def private_server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("private"), AFTERCARE_MESSAGES_PER_MINUTE="100000", REVIEW_PORT="0")
    yield running
    running.stop()


@pytest.fixture
def learner(private_server: Server) -> WebClient:
    return WebClient(private_server.url).begin()


def kept_by(server: Server) -> bytes:
    """Everything in the server's folder: database, log of writes, log of the server, whatever else."""
    return b"".join(path.read_bytes() for path in server.log.parent.rglob("*") if path.is_file() and path.suffix != ".npy")


def rows(server: Server, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(server.log.parent / "aftercare.db") as connection:
        return connection.execute(query).fetchall()


def get(client: WebClient, path: str) -> Answer:
    return client.ask("GET", path)


def said_by(client: WebClient) -> list[str]:
    return [turn["said"]["text"] for turn in client.turns()]


def test_nothing_of_it_is_in_any_file(private_server: Server, learner: WebClient) -> None:
    number = new_id()
    first = learner.say(ALL, number).json
    assert first["said"]["text"] == HIDDEN
    assert learner.say(ALL, number).json == first, "a repeat is known as one"
    assert learner.say("what is an SLA? something else", number).status == 409
    learner.say(f"and what if I type {MAIL.upper()} in a follow-up?")
    learner.say("practise with a late birthday parcel")
    learner.say(f"I am sorry. Could you write to {MAIL} or ring {PHONE}?")
    learner.say("feedback")
    learner.say("reflect")
    learner.say(f"The cause was that nobody rang {PHONE} about the parcel in time")
    kept = kept_by(private_server).lower()
    for piece in (MAIL, PHONE, POSTCODE, NATIONAL, CARD):
        assert piece.lower().encode() not in kept
    assert "ring [phone]" in repr(said_by(learner))


def test_a_sum_keeps_its_numbers(private_server: Server, learner: WebClient) -> None:
    learner.press("quiz:check.complaints-as-feedback-percentage-fall", "Check")
    learner.say("07911123456")
    assert "07911123456" in said_by(learner)
    learner.say("stop")


def erased(server: Server, word: str, seconds: float = 12.0) -> bool:
    """Whether the word goes from all files within a moment: the log is emptied right after the reply."""
    ends = time.monotonic() + seconds
    while word.encode() in kept_by(server):
        if time.monotonic() > ends:
            return False
        time.sleep(0.2)
    return True


def button(answer: Any, title: str) -> tuple[str, str]:
    buttons = [button for reply in answer.json["replies"] for button in reply["buttons"]]
    return next((button["token"], button["title"]) for button in buttons if button["title"] == title)


def test_a_learner_deletes_everything_and_is_unknown_afterwards(private_server: Server, learner: WebClient) -> None:
    for words in (
        "what is an SLA, zebrafinch?",
        "quiz me on complaints",
        "zebrafinch",
        "practise with a late birthday parcel",
        "zebrafinch line",
    ):
        learner.say(words)
    assert b"zebrafinch" in kept_by(private_server)
    asked = learner.say("delete my data")
    assert "Shall I delete everything?" in asked.json["replies"][0]["text"], "heard in the middle of a practice"
    assert "messages of yours" in asked.json["replies"][0]["text"]
    kept = learner.say("no")
    assert "nothing was deleted" in kept.json["replies"][0]["text"]
    token, title = button(learner.say("delete my data"), "Yes, delete everything")
    number = new_id()
    done = learner.press(token, title, number)
    assert done.json["erased"] and done.json["replies"][0]["text"].startswith("Done. Everything that I kept of you is deleted")
    assert learner.turns() == []
    assert erased(private_server, "zebrafinch")
    assert learner.press(token, title, number).json["replies"] == done.json["replies"], "only the reply is left, for a repeat"
    left = rows(private_server, "SELECT sender_id, said, press FROM deliveries WHERE message_id = '" + number + "'")
    assert left[0][0].startswith("erased-") and left[0][1:] == ("[deleted]", None)
    again = learner.say("what is an SLA?")
    assert again.status == 200 and len(learner.turns()) == 1


def test_an_old_button_deletes_nothing(private_server: Server, learner: WebClient) -> None:
    token, title = button(learner.say("delete my data"), "Yes, delete everything")
    learner.say("what is an SLA?")
    asked = learner.press(token, title)
    assert not asked.json["erased"] and "Shall I delete everything?" in asked.json["replies"][0]["text"]
    assert len(learner.turns()) == 3


def test_a_learner_sees_everything_at_an_address_of_their_own(private_server: Server, learner: WebClient) -> None:
    learner.say("what is an SLA, kingfisher?")
    shown = learner.say("show my data").json["replies"][0]["text"]
    path = next(word for word in shown.split() if word.startswith("/data/"))
    page = get(learner, path)
    assert page.status == 200 and "what is an SLA, kingfisher?" in page.text
    data = json.loads(get(learner, f"{path}/json").text)
    assert data["format"] == "aftercare-learner-data"
    assert data["tables"]["deliveries"][0]["said"] == "what is an SLA, kingfisher?"
    told = rows(private_server, "SELECT data FROM events WHERE type_name = 'bot' AND data LIKE '%/data/%'")
    assert told and not any("/data/eyJ" in data for (data,) in told), "tutors read that there was an address, and not the address"
    other = WebClient(private_server.url).begin()
    other.say("hello")
    theirs = next(word for word in other.say("show my data").json["replies"][0]["text"].split() if word.startswith("/data/"))
    assert "kingfisher" not in get(other, theirs).text
    assert get(learner, path[:-3]).status == 403
    assert get(learner, path.replace("/data/", "/evidence/")).status == 403, "it opens this page alone"


def test_a_link_code_is_for_the_learner_and_not_for_whoever_reads_later(private_server: Server, learner: WebClient) -> None:
    shown = learner.say("link").json["replies"][0]["text"]
    code = next(word for word in shown.split() if re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", word))
    assert code in learner.turns()[-1]["replies"][0]["text"]
    told = rows(private_server, "SELECT data FROM events WHERE type_name = 'bot' AND data LIKE '%Your link code is%'")
    assert told and not any(code in data for (data,) in told)
