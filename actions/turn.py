"""What every action does: hand the message to the tutor, say the reply, keep the context."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.answer import Context
from bot.settings import read_settings
from bot.tutor import Tutor, open_tutor

SLOT = "conversation"


@cache
def tutor() -> Tutor:
    """The process's one tutor; the first call takes seconds."""
    return open_tutor(read_settings())


async def take_turn(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Say the reply to the latest message; return the events that keep its context."""
    message = tracker.latest_message
    intent = message.get("intent") or {}
    before = Context.from_dict(tracker.get_slot(SLOT))
    turn = await asyncio.to_thread(
        tutor().respond, message.get("text") or "", before, intent.get("name") or "ask", intent.get("confidence") or 0.0
    )
    buttons = [{"title": button.title, "payload": button.token} for button in turn.reply.buttons]
    dispatcher.utter_message(text=turn.reply.text, buttons=buttons, kind=turn.reply.kind)
    return [SlotSet(SLOT, turn.context.to_dict())] if turn.context != before else []
