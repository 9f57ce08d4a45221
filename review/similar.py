"""Others like this: messages that mean alike, among those that were declined, flagged or commented on."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, url_for

from bot.encoder import Encoder
from bot.records.engine import reading
from bot.records.improvements import Said
from bot.records.vectors import alike, known_as
from bot.similar import Asked
from review.access import viewer
from review.desk import desk
from review.improving import masked, message_seen
from review.trail import note

pages = Blueprint("similar", __name__)
LEAST = 0.3  # below this cosine, messages have little more than their language in common
_CONVERSATION = "conversation.shown"


@pages.get("/similar/<int:event_id>")
def shown(event_id: int) -> str:
    message = message_seen(event_id)
    found = [one for one in alike(desk().engine, viewer(), message, meaning()) if one.likeness >= LEAST]
    with reading(desk().engine) as connection:
        names = known_as(connection, viewer(), [message.sender, *(one.said.sender for one in found)])
    note("looked for others like a message", message.sender, f"message {event_id}")
    return render_template("similar/shown.html", message=message, found=found, names=names, masked=masked)


def meaning() -> Encoder:
    """The published encoder, loaded at first use: what is not covered lies outside what the tuned one was made to tell apart."""
    return Encoder.load(published=True, lean=True)


@pages.app_context_processor
def _linking() -> dict[str, object]:
    return {"conversation_link": conversation_link}


def conversation_link(message: Said | Asked) -> str | None:
    """Where the message stands in its conversation."""
    if _CONVERSATION not in current_app.view_functions:
        return None
    return url_for(_CONVERSATION, sender=message.sender, event=message.event, _anchor=f"m{message.event}")
