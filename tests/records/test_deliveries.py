"""Every message is taken once, and its reply is there for whoever asks again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records import Deliveries, Delivery, Status, Stored
from bot.records.deliveries import LEASE_SECONDS, RESTART
from bot.records.tables import deliveries as table

NOW = 1_800_000_000.0
REPLY = ({"kind": "answer", "text": "Listen, Apologise, Thank.", "buttons": []},)


@pytest.fixture
def inbox(engine: Engine) -> Deliveries:
    return Deliveries(engine)


def message(number: str, sender: str = "someone", said: str = "what is LATER?", press: str | None = None) -> Delivery:
    return Delivery("web", number, sender, said, press)


def answer(engine: Engine, stored: Stored) -> None:
    with engine.begin() as connection:
        Deliveries.answer(connection, stored.id, REPLY, NOW)


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_a_new_message_is_taken_and_its_repeat_is_not(inbox: Deliveries, engine: Engine) -> None:
    first, second = inbox.take(message("a"), NOW), inbox.take(message("a"), NOW + 1)
    assert (first.mine, first.status) == (True, Status.RECEIVED)
    assert (second.mine, second.id, second.status, second.received_at) == (False, first.id, Status.RECEIVED, NOW)
    assert count(engine) == 1


def test_a_repeat_gets_the_stored_reply_for_ever(inbox: Deliveries, engine: Engine) -> None:
    first = inbox.take(message("a"), NOW)
    answer(engine, first)
    for later in (NOW, NOW + LEASE_SECONDS + 1, NOW + 10_000_000):
        again = inbox.take(message("a"), later)
        assert (again.mine, again.status, again.replies) == (False, Status.ANSWERED, REPLY)


def test_a_failed_message_keeps_its_apology_and_the_kind_of_problem(inbox: Deliveries, engine: Engine) -> None:
    inbox.fail(inbox.take(message("a"), NOW).id, REPLY, "ValueError at somewhere.py:1", NOW)
    again = inbox.take(message("a"), NOW + LEASE_SECONDS + 1)
    assert (again.mine, again.status, again.replies) == (False, Status.FAILED, REPLY)
    with engine.connect() as connection:
        assert connection.execute(sa.select(table.c.problem)).scalar_one() == "ValueError at somewhere.py:1"


def test_the_id_of_another_message_shows_what_it_is_the_id_of(inbox: Deliveries) -> None:
    """The channel compares, and refuses."""
    inbox.take(message("a", said="what is LATER?"), NOW)
    assert inbox.take(message("a", sender="another", said="hello"), NOW).delivery == message("a", said="what is LATER?")


def test_the_same_id_on_another_channel_is_another_message(inbox: Deliveries, engine: Engine) -> None:
    inbox.take(message("a"), NOW)
    assert inbox.take(Delivery("rest", "a", "someone", "what is LATER?"), NOW).mine
    assert count(engine) == 2


def test_whoever_took_a_message_is_given_time_before_another_takes_over(inbox: Deliveries) -> None:
    inbox.take(message("a"), NOW)
    assert not inbox.take(message("a"), NOW + LEASE_SECONDS).mine
    assert inbox.take(message("a"), NOW + LEASE_SECONDS + 0.1).mine
    assert not inbox.take(message("a"), NOW + LEASE_SECONDS + 0.2).mine, "taken over once, with a lease of its own"
    assert inbox.take(message("a"), NOW + 2 * LEASE_SECONDS + 0.3).mine


def test_a_released_message_can_be_taken_at_once(inbox: Deliveries) -> None:
    inbox.release(inbox.take(message("a"), NOW).id)
    assert inbox.take(message("a"), NOW).mine


@pytest.mark.parametrize("taken_over", [False, True], ids=["new", "taken over"])
def test_of_many_that_take_a_message_at_once_one_gets_it(inbox: Deliveries, engine: Engine, taken_over: bool) -> None:
    threads, rounds = 4, 8
    gate = Barrier(threads)

    def take(number: str, now: float) -> Stored:
        gate.wait(10)
        return inbox.take(message(number), now)

    with ThreadPoolExecutor(threads) as pool:
        for number in map(str, range(rounds)):
            if taken_over:
                inbox.take(message(number), NOW - LEASE_SECONDS - 1)
            taken = list(pool.map(take, [number] * threads, [NOW] * threads))
            assert sum(stored.mine for stored in taken) == 1
            assert len({stored.id for stored in taken}) == 1
    assert count(engine) == rounds


def test_history_is_in_order_and_of_one_conversation(inbox: Deliveries) -> None:
    for number in ("a", "b", "c"):
        inbox.take(message(number, "first"), NOW)
        inbox.take(message(f"other {number}", "second"), NOW)
    turns = inbox.since("first", 0, 200)
    assert [turn.delivery.message_id for turn in turns] == ["a", "b", "c"]
    assert [turn.delivery.message_id for turn in inbox.since("first", turns[0].id, 200)] == ["b", "c"]
    assert inbox.since("first", turns[-1].id, 200) == []
    assert inbox.since("nobody", 0, 200) == []


def test_a_long_history_gives_its_latest_turns(inbox: Deliveries) -> None:
    for number in range(12):
        inbox.take(message(str(number)), NOW)
    assert [turn.delivery.message_id for turn in inbox.since("someone", 0, 5)] == ["7", "8", "9", "10", "11"]


def test_a_restart_hides_what_was_before_from_this_conversation_only(inbox: Deliveries, engine: Engine) -> None:
    inbox.take(message("a"), NOW)
    inbox.take(message("b", "second"), NOW)
    inbox.take(message("c", said="Start again", press=RESTART), NOW)
    inbox.take(message("d"), NOW)
    assert [turn.delivery.message_id for turn in inbox.since("someone", 0, 200)] == ["c", "d"]
    assert [turn.delivery.message_id for turn in inbox.since("second", 0, 200)] == ["b"]
    inbox.take(message("e", said="Start again", press=RESTART), NOW)
    assert [turn.delivery.message_id for turn in inbox.since("someone", 0, 200)] == ["e"]
    assert count(engine) == 5, "hidden, not deleted"


def test_typed_words_that_look_like_the_restart_button_hide_nothing(inbox: Deliveries) -> None:
    inbox.take(message("a"), NOW)
    inbox.take(message("b", said=RESTART), NOW)
    assert len(inbox.since("someone", 0, 200)) == 2


@pytest.mark.parametrize("said", ["👍🏽", "¿Dónde?", "我要退款", "'; DROP TABLE deliveries; --", "a\nb", "%s {} \\"])
def test_words_come_back_as_they_went_in(inbox: Deliveries, said: str) -> None:
    inbox.take(message("a", said=said), NOW)
    assert inbox.since("someone", 0, 1)[0].delivery.said == said


def test_errors_of_the_database_do_not_quote_what_was_said(empty_engine: Engine) -> None:
    with pytest.raises(sa.exc.SQLAlchemyError) as raised:
        Deliveries(empty_engine).take(message("a", said="my name is Zebedee Quillfeather"), NOW)
    assert "Zebedee" not in str(raised.value)
