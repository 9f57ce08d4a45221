"""One learner on two channels, and a reminder that comes by itself, against a running server."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import sqlalchemy as sa

from bot.records import open_engine
from bot.records.postbox import queue_reminder
from bot.records.tables import deliveries
from bot.reminding.due import LIFETIME
from bot.reminding.words import ReminderWords
from bot.settings import ROOT
from tests.conftest import Server
from tests.server.channels.people import Person, post, rows, telegram_update, wait_until_sent
from tests.server.channels.vendors import Vendors

Somebody = Callable[[str], Person]


def code_from(person: Person) -> str:
    found = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", person.say("connect telegram"))
    assert found
    return found[0]


def learner_of(person: Person) -> tuple[int, int]:
    """The learner behind whoever wrote last, and how many conversations are theirs."""
    last = "SELECT sender_id FROM deliveries WHERE channel = ? ORDER BY id DESC LIMIT 1"
    ((number,),) = rows(person.server, f"SELECT learner_id FROM identities WHERE sender_id = ({last})", person.channel)
    ((count,),) = rows(person.server, "SELECT count(*) FROM identities WHERE learner_id = ?", number)
    return number, count


def test_what_is_learned_on_one_channel_is_known_on_the_other(somebody: Somebody) -> None:
    slack, telegram = somebody("slack"), somebody("telegram")
    slack.say("quiz me on complaints")
    slack.say("B")
    slack.say("end quiz")
    code = code_from(slack)
    start = telegram_update(
        message={
            "message_id": 1,
            "from": {"id": telegram.name, "is_bot": False, "first_name": "Zebedee"},
            "chat": {"id": telegram.name, "type": "private"},
            "date": 1,
            "text": f"/start link-{code.replace('-', '')}",
        }
    )
    assert post(telegram.server, start)[0] == 200, "a deep link"
    wait_until_sent(telegram.server)
    assert "Linked." in telegram.say("yes")
    assert learner_of(telegram) == learner_of(slack)
    assert learner_of(slack)[1] == 2
    assert "Separate it?" in telegram.say("unlink")
    assert "Separated." in telegram.choose("Separate it")
    assert learner_of(slack)[1] == learner_of(telegram)[1] == 1


def test_a_reminder_comes_by_itself_and_one_that_is_late_does_not(everywhere: Server, around: Vendors, somebody: Somebody) -> None:
    person = somebody("telegram")
    assert "once a day" in person.say("remind me")
    engine = open_engine(f"sqlite:///{everywhere.log.parent / 'aftercare.db'}")
    say, now = ReminderWords.load(ROOT / "knowledge").due, time.time()
    with engine.begin() as connection:
        sender = connection.execute(sa.select(deliveries.c.sender_id).order_by(deliveries.c.id.desc()).limit(1)).scalar_one()
        queue_reminder(connection, ("telegram", sender), say(97), now - LIFETIME.total_seconds() - 5)
        queue_reminder(connection, ("telegram", sender), say(3), now)
    engine.dispose()
    wait_until_sent(everywhere)
    sent = repr(around.got)
    assert "3 quiz questions are due" in sent
    assert "97 quiz questions" not in sent
    assert "too late for a reminder" in repr(rows(everywhere, "SELECT problem FROM sendings WHERE sender_id = ?", sender))
    assert "will not remind you" in person.say("STOP")
