"""A learner whose every word is an attack, in a group of one tutor's, with something of everything that the desk shows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.demo.events import Told
from bot.demo.said import Said, pressed
from bot.improving import Change
from bot.records.access import Viewer
from bot.records.accounts import Tutor
from bot.records.comments import Place, add_comment, add_tag
from bot.records.desk_tables import messages
from bot.records.groups import Wanted, give_work, group_seen, make_group
from bot.records.improvements import add_change
from bot.records.reader import catch_up
from bot.records.tables import appeals, attempts, identities, practices
from bot.records.turns import TakenTurn, keep_turn
from bot.reply import is_token
from tests.bot.talk import Talk

SCRIPT = '<script>alert("said")</script>'
NAME = "<b onclick=alert(1)>Zoë"
FORMULA = '=HYPERLINK("http://evil.example","see")'
SENDER = "5f3c9a0de1b24c7787ab1234567890ef"


@dataclass
class KeptTalk(Talk):
    """A learner whose turns are kept whole, as the server keeps them."""

    def say(self, text: str, intent: str = "ask", confidence: float = 0.9) -> str:
        before, begins = self.state.to_slots(), self.turn is None
        reply = super().say(text, intent, confidence)
        assert self.turn
        said = pressed(text, "Button") if is_token(text) else Said(self.turn.mask.said(text), intent, confidence)
        told = Told(said, self.turn, before, self.turn.state.to_slots(), self.now, "web", str(uuid.uuid4()))
        kept = TakenTurn(
            sender=self.sender,
            channel="web",
            message=told.message,
            said=said.label or said.text,
            press=text if said.label else None,
            events=told.events(begins),
            slots=told.after,
            replies=told.replies(),
            records=(),
            received=self.now.timestamp(),
            answered=self.now.timestamp(),
        )
        with self.engine.begin() as connection:
            keep_turn(connection, kept)
        return reply


@dataclass(frozen=True)
class Planted:
    """Numbers of what was made."""

    group: int
    learner: int
    event: int
    practice: int
    attempt: int
    appeal: int
    work: int
    improvement: int

    def values(self) -> dict[str, Any]:
        """What fills the places of an address of the desk."""
        return {
            "sender": SENDER,
            "learner": self.learner,
            "who": str(self.learner),
            "event_id": self.event,
            "practice": self.practice,
            "criterion": "apologise",
            "answer": self.attempt,
            "appeal": self.appeal,
            "work": self.work,
        }


def plant(talk: KeptTalk, owner: Tutor, now: datetime) -> Planted:
    """Have the learner say and do something of each sort in a group of the owner's."""
    engine, seconds = talk.engine, now.timestamp()
    with engine.begin() as connection:
        group = make_group(connection, f"Group {SCRIPT}", owner.id, seconds)
        seen = group_seen(connection, Viewer(owner.id, False), group)
    assert seen
    _speak(talk, seen.code)
    with engine.begin() as connection:
        work = give_work(connection, group, Wanted("topic", "later-model", None), owner.name, seconds)
    catch_up(engine, seconds, 30)
    with engine.begin() as connection:
        event = connection.execute(sa.select(messages.c.event_id).where(messages.c.text.contains("alert"))).scalars().first()
        assert event
        add_comment(connection, Place(SENDER, event), f"comment {SCRIPT}", owner.name, seconds)
        add_tag(connection, Place(SENDER, event), "good example", owner.name, seconds)
        add_change(connection, Change(0, "phrasing", f"why {SCRIPT}", "later-model.what", None, owner.name, seconds, SENDER, event))
    with engine.connect() as connection:
        numbers = [connection.execute(sa.select(sa.func.min(table.c.id))).scalar() for table in (practices, attempts, appeals)]
        learner = connection.execute(sa.select(identities.c.learner_id)).scalars().first()
        change = connection.execute(sa.text("SELECT min(id) FROM improvements")).scalar()
    assert all(numbers) and learner and change
    return Planted(group, learner, event, *numbers, work, change)


def _speak(talk: KeptTalk, code: str) -> None:
    talk.say(f"join {code}")
    talk.say(NAME)
    talk.say("what is LATER?")
    talk.say(f"{SCRIPT} what about that", "out_of_scope")
    talk.say(f"{FORMULA} is that right", "out_of_scope")
    talk.ask_only("post-transaction-service-two-rules")
    for line in (f"no idea {SCRIPT}", FORMULA, "I think I was right"):
        talk.say(line)
    talk.state = replace(talk.state, quiz=None)
    talk.say(f"practice:start.{next(iter(talk.tutor.practising.practice.scenarios))}")
    for line in (f"calm down {SCRIPT}", FORMULA, "I am sorry about that, I will refund you today", "stop"):
        talk.say(line)
