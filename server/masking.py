"""What a turn's tracker keeps of the message once it has been understood: the same in memory as in the database."""

from __future__ import annotations

from collections.abc import Mapping

from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from bot.links import without_keys
from bot.privacy import Mask
from bot.reply import is_token
from server.live_tracker import LiveTracker
from server.open_delivery import OpenDelivery

_POSITIONS = "text_tokens"  # places of the words that stood there


def mask_turn(tracker: LiveTracker, delivery: OpenDelivery | None) -> None:
    """Hides personal data in what is not saved yet and in the replies, as the turn decided; where it left no decision, by the words."""
    mask = (delivery.unit.mask if delivery else None) or _mask_of(tracker)
    if delivery:
        delivery.said = mask.said(delivery.said)
    for event in tracker.unsaved:
        if isinstance(event, BotUttered) and event.text:
            event.text = without_keys(event.text)
    if not mask.pieces:
        return
    for event in tracker.unsaved:
        if isinstance(event, UserUttered):
            _mask_user(event, mask)
        elif isinstance(event, BotUttered):
            event.text, event.data = event.text and mask.text(event.text), mask.value(event.data)
        elif isinstance(event, SlotSet):
            event.value = mask.value(event.value)
    for slot in tracker.slots.values():
        slot.value = mask.value(slot.value)
    if delivery:
        delivery.output.messages = mask.value(delivery.output.messages)


def _mask_user(event: UserUttered, mask: Mask) -> None:
    event.text = event.text and mask.said(event.text)
    if isinstance(event.parse_data, Mapping):
        event.parse_data = {name: mask.value(value) for name, value in event.parse_data.items() if name != _POSITIONS}
    event.entities = mask.value(event.entities)
    event.metadata = mask.value(event.metadata)


def _mask_of(tracker: LiveTracker) -> Mask:
    said = [event.text or "" for event in tracker.unsaved if isinstance(event, UserUttered)]
    text = "\n".join(text for text in said if not is_token(text))
    quiz = tracker.slots.get("quiz")
    return Mask.of(text, numbers=bool(quiz and quiz.value))
