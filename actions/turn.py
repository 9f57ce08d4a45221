"""What every action does: hand the message to the tutor, say the replies, keep the state, record what was answered."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timezone
from functools import cache
from random import Random
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.conversation import Message, State, Turn
from bot.opening import open_tutor
from bot.quiz import Learner
from bot.records import Practices, Study, migrate, open_engine, record
from bot.records.groups import LearnerGroups
from bot.records.learner_data import LearnerData
from bot.records.links import Links
from bot.records.reminders import Reminders
from bot.settings import read_settings
from bot.tutor import Tutor

DRAWING = frozenset({"web"})  # channels that show pictures; all others get them in words


@cache
def tutor() -> Tutor:
    """The process's one tutor; the first call takes seconds."""
    return open_tutor(read_settings())


@cache
def study() -> Study:
    """The learners' records, in a database brought up to date: an action server can be the first to use it."""
    engine = open_engine(read_settings().database_url)
    migrate(engine)
    return Study(engine)


@cache
def links() -> Links:
    """The process's one, as it holds the secret of the settings."""
    return Links(study().engine, read_settings().secret)


async def take_turn(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Say the replies to the latest message; return the events that keep the state."""
    message = tracker.latest_message
    intent = message.get("intent") or {}
    heard = Message(message.get("text") or "", intent.get("name") or "ask", intent.get("confidence") or 0.0)
    before = State.from_slots(tracker.slots)
    turn = await asyncio.to_thread(_turn, tracker.sender_id, heard, before)
    draws = tracker.get_latest_input_channel() in DRAWING
    for reply in turn.replies:
        buttons = [{"title": button.title, "payload": button.token} for button in reply.buttons]
        picture = {"picture": reply.picture.to_dict()} if reply.picture and draws else {}
        text = reply.text if draws else reply.in_words
        dispatcher.utter_message(text=text, buttons=buttons, kind=reply.kind, **picture)
    old, new = before.to_slots(), turn.state.to_slots()
    return [SlotSet(name, value) for name, value in new.items() if value != old[name]]


def _turn(sender: str, message: Message, state: State) -> Turn:
    """In a thread of its own, as it reads the database. The turn's dice need no seed: what they gave is in the state."""
    records = study()
    engine, now = records.engine, datetime.now(timezone.utc)
    practices, groups, data = Practices(engine), LearnerGroups(engine), LearnerData(engine)
    own = Learner(sender, records, now, Random(), practices=practices, groups=groups, data=data)  # noqa: S311 - dice, no secret
    learner = replace(own, links=links(), reminders=Reminders(engine))
    turn = tutor().respond(message, state, learner)
    record(records.engine, sender, turn)
    return turn
