"""Whatever goes wrong in between, a message is answered once, and what was acknowledged stays as it was."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import settings as run_settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered

from bot.records import Delivery, Status, Stored, migrate
from bot.records.deliveries import LEASE_SECONDS
from bot.records.tables import deliveries, events
from server import database as database_module
from server.database import Database, RecordsAwayError
from server.inbox import Inbox
from server.tracker_store import TutorTrackerStore

T = TypeVar("T")
APOLOGY = "Something went wrong."
PEOPLE = ("tom", "ann")


class UnsteadyDatabase(Database):
    """A real database that is away when `moments` says so: before the work is done, or after it, when only the news of it is lost."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.moments: list[str] = []

    async def run(self, work: Callable[[], T]) -> T:
        moment = self.moments.pop(0) if self.moments else "there"
        if moment == "away before":
            raise RecordsAwayError(moment)
        result = await super().run(work)
        if moment == "away after":
            raise RecordsAwayError(moment)
        return result


class Process:
    """What one server process holds: an inbox and a tracker store over the shared database, and a tutor that answers in a word."""

    def __init__(self, database: Database) -> None:
        self.inbox = Inbox(database, APOLOGY)
        self.store = TutorTrackerStore(Domain.empty(), opened=database)
        self.mishap = ""
        self.before_saving: Callable[[], Awaitable[Any]] | None = None

    def answer(self, delivery: Delivery) -> Coroutine[Any, Any, Stored]:
        return self.inbox.answer(delivery, self._tutor)

    async def _tutor(self, message: UserMessage) -> None:
        """A turn as Rasa takes it: tracker out, events in, reply to the channel, tracker saved."""
        tracker = await self.store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(message.text, message_id=message.message_id), self.store.domain)
        if self.mishap == "raises":
            raise ValueError(f"cannot read {message.text}")
        if self.mishap != "says nothing":
            await message.output_channel.send_response(message.sender_id, {"text": f"You said {message.text}.", "kind": "answer"})
        tracker.update(ActionExecuted("action_listen"), self.store.domain)
        if self.before_saving:
            await self.before_saving()
        await self.store.save(tracker)
        if self.mishap == "raises at the end":
            raise ValueError(f"cannot publish {message.text}")


def stored_deliveries(database: Database) -> dict[str, Any]:
    with database.engine.connect() as connection:
        rows = connection.execute(sa.select(deliveries)).all()
    assert len({row.message_id for row in rows}) == len(rows)
    return {row.message_id: row for row in rows}


def stored_turns(database: Database) -> Counter[str]:
    """How often each message's words are in its conversation."""
    with database.engine.connect() as connection:
        found = connection.execute(sa.select(events.c.data).where(events.c.type_name == "user")).scalars()
        return Counter(json.loads(data)["message_id"] for data in found)


def let_leases_run_out(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.update(deliveries).values(claimed_until=deliveries.c.claimed_until - LEASE_SECONDS - 1))


class Correspondence(RuleBasedStateMachine):
    """People send, send again, go away; tutor and database fail; processes come and go."""

    messages = Bundle("messages")

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.database = UnsteadyDatabase(f"sqlite:///{Path(self.folder.name) / 'a.db'}")
        migrate(self.database.engine)
        self.loop = asyncio.new_event_loop()
        self.processes = [Process(self.database), Process(self.database)]
        self.sent: dict[str, Delivery] = {}
        self.acknowledged: dict[str, Stored] = {}

    def teardown(self) -> None:
        """In the end, with everything well, every message that was ever sent has its reply."""
        if not hasattr(self, "loop"):
            return
        self.database.moments.clear()
        let_leases_run_out(self.database)
        for process in self.processes:
            process.mishap = ""
        for delivery in self.sent.values():
            stored = self.ask(self.processes[0].answer(delivery))
            assert isinstance(stored, Stored)
            assert stored.status is not Status.RECEIVED, "a message was left without a reply"
        self.what_is_stored_is_what_was_acknowledged()
        self.loop.close()
        self.database.engine.dispose()
        self.folder.cleanup()

    def ask(self, asked: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(self.heard(asked))

    async def heard(self, asked: Awaitable[Any]) -> Stored | None:
        """What the person who asked gets to hear; None when told that the records are away."""
        try:
            stored: Stored = await asked
        except RecordsAwayError:
            return None
        number = stored.delivery.message_id
        assert stored.delivery == self.sent[number]
        if stored.status is not Status.RECEIVED:
            before = self.acknowledged.setdefault(number, stored)
            assert (stored.status, stored.replies) == (before.status, before.replies), "a repeat got another reply"
            expected = f"You said {stored.delivery.said}." if stored.status is Status.ANSWERED else APOLOGY
            assert [reply["text"] for reply in stored.replies] == [expected]
        return stored

    @rule(
        target=messages,
        person=st.sampled_from(PEOPLE),
        process=st.integers(0, 1),
        moments=st.lists(st.sampled_from(("there", "there", "away before", "away after")), max_size=6),
        mishap=st.sampled_from(("", "", "", "raises", "says nothing", "raises at the end")),
    )
    def send(self, person: str, process: int, moments: list[str], mishap: str) -> str:
        number = f"message {len(self.sent)}"
        self.sent[number] = Delivery("web", number, person, f"words of {number}")
        self.go(number, process, moments, mishap)
        return number

    @rule(
        number=messages,
        process=st.integers(0, 1),
        moments=st.lists(st.sampled_from(("there", "away before", "away after")), max_size=4),
    )
    def send_again(self, number: str, process: int, moments: list[str]) -> None:
        self.go(number, process, moments, "")

    def go(self, number: str, process: int, moments: list[str], mishap: str) -> None:
        self.database.moments[:] = moments
        self.processes[process].mishap = mishap
        self.ask(self.processes[process].answer(self.sent[number]))
        self.processes[process].mishap = ""
        self.database.moments.clear()

    @rule(target=messages, person=st.sampled_from(PEOPLE), copies=st.integers(2, 4), moments=st.lists(st.just("there"), max_size=3))
    def send_two_in_many_copies_at_once(self, person: str, copies: int, moments: list[str]) -> Any:
        """From two tabs that reach two processes."""
        numbers = [f"message {len(self.sent) + extra}" for extra in range(2)]
        for number in numbers:
            self.sent[number] = Delivery("web", number, person, f"words of {number}")
        self.database.moments[:] = [*moments, "away after"]

        async def all_at_once() -> None:
            asked = [self.processes[copy % 2].answer(self.sent[number]) for copy in range(copies) for number in numbers]
            await asyncio.gather(*(self.heard(one) for one in asked))

        self.loop.run_until_complete(all_at_once())
        self.database.moments.clear()
        return multiple(*numbers)

    @rule(target=messages, person=st.sampled_from(PEOPLE), steps=st.integers(0, 12))
    def send_and_go_away(self, person: str, steps: int) -> str:
        """The client closes its connection; the server's task for it is cancelled."""
        number = f"message {len(self.sent)}"
        self.sent[number] = Delivery("web", number, person, f"words of {number}")

        async def gone() -> None:
            asking = asyncio.ensure_future(self.processes[0].answer(self.sent[number]))
            for _ in range(steps):
                await asyncio.sleep(0.0005)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            await self.heard(self.processes[0].answer(self.sent[number]))

        self.loop.run_until_complete(gone())
        if steps:
            assert number in self.acknowledged, "the turn went on, and the repeat found its reply without waiting for a lease"
        return number

    @rule()
    def time_passes(self) -> None:
        let_leases_run_out(self.database)

    @rule(which=st.integers(0, 1))
    def a_process_starts_anew(self, which: int) -> None:
        self.processes[which] = Process(self.database)

    @invariant()
    def what_is_stored_is_what_was_acknowledged(self) -> None:
        if not hasattr(self, "database"):
            return
        rows, turns = stored_deliveries(self.database), stored_turns(self.database)
        assert set(rows) <= set(self.sent)
        for number, stored in self.acknowledged.items():
            assert rows[number].status == stored.status.value
            assert tuple(json.loads(rows[number].replies)) == stored.replies
        for number, row in rows.items():
            assert turns[number] <= 1, "a message was answered twice"
            assert turns[number] == (row.status == "answered"), "a reply without its turn, or a turn without its reply"
        assert set(turns) <= set(rows)


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "REST_SECONDS", 0.0)


def test_correspondence(long: bool) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Correspondence,
        settings=run_settings(max_examples=400 if long else 30, stateful_step_count=20, deadline=None, report_multiple_bugs=False),
    )


@pytest.fixture
def database(tmp_path: Path) -> UnsteadyDatabase:
    opened = UnsteadyDatabase(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(opened.engine)
    return opened


MESSAGE = Delivery("web", "a", "tom", "what is LATER?")


def test_whoever_is_too_slow_does_not_answer_a_second_time(database: UnsteadyDatabase) -> None:
    """Another process took the message over in the meantime: its reply stands, and both callers get it."""
    slow, quick = Process(database), Process(database)

    async def both() -> tuple[Stored, Stored]:
        reply: list[Stored] = []

        async def meanwhile() -> None:
            let_leases_run_out(database)
            reply.append(await quick.answer(MESSAGE))

        slow.before_saving = meanwhile
        return await slow.answer(MESSAGE), reply[0]

    first, second = asyncio.run(both())
    assert (first.status, first.replies) == (second.status, second.replies)
    assert stored_turns(database) == {"a": 1}


@pytest.mark.parametrize("turns_before", [0, 1])
def test_a_turn_that_was_overtaken_begins_anew_from_where_the_conversation_stands(database: UnsteadyDatabase, turns_before: int) -> None:
    """Whatever keeps turns apart can fail, as when its Redis is emptied. Then nothing is set back."""
    slow, quick = Process(database), Process(database)

    async def both() -> tuple[Stored, Stored]:
        for number in range(turns_before):
            await slow.answer(Delivery("web", f"before {number}", "tom", "hello"))
        quicker: list[Stored] = []

        async def meanwhile() -> None:
            slow.before_saving = None
            quicker.append(await quick.answer(Delivery("web", "b", "tom", "and what is LAST?")))

        slow.before_saving = meanwhile
        return await slow.answer(MESSAGE), quicker[0]

    overtaken, quicker = asyncio.run(both())
    assert {overtaken.status, quicker.status} == {Status.ANSWERED}
    assert list(stored_turns(database)) == [*(f"before {number}" for number in range(turns_before)), "b", "a"]
    assert set(stored_turns(database).values()) == {1}


def test_messages_of_a_conversation_are_answered_in_the_order_they_came(database: UnsteadyDatabase) -> None:
    process = Process(database)
    in_order = [Delivery("web", str(number), "tom", str(number)) for number in range(12)]

    async def all_at_once() -> None:
        await asyncio.gather(*(process.answer(delivery) for delivery in in_order))

    asyncio.run(all_at_once())
    assert list(stored_turns(database)) == [delivery.message_id for delivery in in_order]


def test_one_slow_conversation_does_not_hold_up_another(database: UnsteadyDatabase) -> None:
    slow, quick = Process(database), Process(database)
    slow.inbox = quick.inbox

    async def both() -> None:
        gate = asyncio.Event()
        slow.before_saving = gate.wait
        waiting = asyncio.ensure_future(slow.answer(MESSAGE))
        assert (await asyncio.wait_for(quick.answer(Delivery("web", "b", "ann", "hello")), 5)).status is Status.ANSWERED
        assert not waiting.done()
        gate.set()
        assert (await waiting).status is Status.ANSWERED

    asyncio.run(both())


def test_a_failed_turn_is_kept_with_its_kind_and_place_and_without_its_words(database: UnsteadyDatabase) -> None:
    process = Process(database)
    process.mishap = "raises"
    stored = asyncio.run(process.answer(MESSAGE))
    assert (stored.status, stored.replies[0]["text"]) == (Status.FAILED, APOLOGY)
    problem = stored_deliveries(database)["a"].problem
    assert "ValueError" in problem
    assert "test_inbox.py" in problem
    assert "LATER" not in problem


def test_what_fails_after_the_reply_is_stored_does_not_take_it_back(database: UnsteadyDatabase) -> None:
    process = Process(database)
    process.mishap = "raises at the end"
    stored = asyncio.run(process.answer(MESSAGE))
    assert (stored.status, stored.replies[0]["text"]) == (Status.ANSWERED, "You said what is LATER?.")


def test_a_message_that_was_refused_can_come_again_at_once(database: UnsteadyDatabase) -> None:
    """Away at the save: the claim is given back, nobody has to wait for the lease."""
    process = Process(database)

    async def twice() -> Stored:
        database.moments[:] = ["there", "there", "there", "away before"]  # take, read, new conversation; then the save
        with pytest.raises(RecordsAwayError):
            await process.answer(MESSAGE)
        assert stored_turns(database) == {}
        return await process.answer(MESSAGE)

    assert asyncio.run(twice()).status is Status.ANSWERED
    assert stored_turns(database) == {"a": 1}
