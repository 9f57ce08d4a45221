"""A reminder is queued once, whoever queues, for whom it is meant, and goes when it is not wanted any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.quiz.attempt import Attempt
from bot.quiz.memory.schedule import Outcome
from bot.records import Delivery, Postbox, keep, migrate, open_engine
from bot.records.channel_tables import addresses, sendings
from bot.records.links import link
from bot.records.postbox import REMINDER
from bot.records.reminders import Considered, Round
from bot.reminding.due import HERE, Remind, Why
from bot.reminding.record import ReminderSet
from bot.reply import Button, Reply
from tests.databases import KINDS, ready_database

NOW = datetime(2026, 11, 30, 18, 30, tzinfo=HERE)
ANN, PHONE = "ann", "ann's phone"


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with ready_database(request.param, tmp_path) as address:
        opened = open_engine(address)
        migrate(opened)
        heard(opened, ANN, NOW - timedelta(days=2))
        with opened.begin() as connection:
            at = NOW - timedelta(days=9)
            wrong = Attempt("s", "quiz", 0, 1, "nps", "nps", "single", "wrong", Outcome.WRONG, 0, "", "", 1.0, at, 1)
            keep(connection, ANN, [wrong, ReminderSet(True, None, at)])
        yield opened
        opened.dispose()


def heard(engine: Engine, sender: str, at: datetime, channel: str = "telegram") -> None:
    Postbox(engine).take(Delivery(channel, f"m {sender} {at}", sender, "hello"), "123", at.timestamp())
    with engine.begin() as connection:
        connection.execute(sa.update(sendings).values(ended_at=at.timestamp()))


def say(count: int) -> Reply:
    return Reply("remind_due", f"{count} due", (Button("What is due", "quiz:due"),))


def queue(engine: Engine, now: datetime = NOW, dry_run: bool = False, items: tuple[str, ...] = ("nps",)) -> list[Considered]:
    return Round(engine, now, ("telegram", "whatsapp"), items, say).queue(dry_run)


def queued(engine: Engine) -> int:
    with engine.connect() as connection:
        waiting = (sendings.c.message_id.startswith(REMINDER), sendings.c.ended_at.is_(None))
        return int(connection.execute(sa.select(sa.func.count()).select_from(sendings).where(*waiting)).scalar_one())


def test_it_is_queued_for_whichever_server_looks_first(engine: Engine) -> None:
    assert queue(engine, dry_run=True) == [Considered(ANN, Remind(1))]
    assert queued(engine) == 0, "that was dry"
    assert queue(engine) == [Considered(ANN, Remind(1))]
    assert queue(engine, NOW + timedelta(minutes=15)) == [Considered(ANN, Why.TODAY)]
    box, later = Postbox(engine), NOW.timestamp() + 1
    (sending,) = box.left("telegram", later)
    assert box.left("telegram", later) == [], "once"
    assert (sending.delivery.sender_id, sending.delivery.said, sending.parts) == (ANN, "", 0)
    assert box.hold(sending, later) and not box.is_behind(sending)
    after = Delivery("telegram", "next", ANN, "1")
    box.take(after, "123", later)
    assert box.replies_before(after, 1)[0][0]["buttons"] == [{"title": "What is due", "token": "quiz:due"}]
    assert queue(engine, NOW + timedelta(days=1)) == [Considered(ANN, Remind(1))]


def test_being_reminded_is_not_being_heard(engine: Engine) -> None:
    queue(engine)
    with engine.connect() as connection:
        assert connection.execute(sa.select(addresses.c.heard_at)).scalar_one() == (NOW - timedelta(days=2)).timestamp()


def test_two_who_queue_at_once_queue_one(engine: Engine) -> None:
    together = Barrier(4)

    def run() -> None:
        together.wait()
        queue(engine)

    racing = [Thread(target=run) for _ in range(4)]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join()
    assert queued(engine) == 1


def test_one_a_day_for_all_conversations_of_a_learner(engine: Engine) -> None:
    heard(engine, PHONE, NOW - timedelta(hours=1), "whatsapp")
    with engine.begin() as connection:
        link(connection, ANN, PHONE, NOW)
        keep(connection, PHONE, [ReminderSet(True, None, NOW)])
    assert sorted(repr(one.decision) for one in queue(engine)) == sorted(map(repr, (Remind(1), Why.TODAY)))
    assert queued(engine) == 1
    with engine.begin() as connection:
        keep(connection, PHONE, [ReminderSet(False, None, NOW)])
    assert queued(engine) == 0, "what was queued is not wanted any more"
    assert queue(engine, NOW + timedelta(days=1)) == [], "nor is any other, in either"


def test_only_of_items_that_there_are_on_channels_that_there_are(engine: Engine) -> None:
    assert queue(engine, items=("csat",)) == [Considered(ANN, Why.NOTHING_DUE)]
    assert Round(engine, NOW, ("slack",), ("nps",), say).queue() == [Considered(ANN, Why.UNREACHABLE)]
    with engine.begin() as connection:
        keep(connection, ANN, [ReminderSet(True, NOW + timedelta(days=3), NOW)])
    assert queue(engine) == [Considered(ANN, Why.PAUSED)]
    Postbox(engine).forget(ANN)
    assert queue(engine, NOW + timedelta(days=4)) == [Considered(ANN, Why.UNREACHABLE)]
