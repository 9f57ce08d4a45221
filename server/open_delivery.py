"""The delivery being answered in this task: the tracker store stores its reply together with the turn's events."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel


class WholeReplies(CollectingOutputChannel):
    """Collects replies as they are: Rasa would split a text at every blank line and drop what `kind` of reply it is."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        buttons = [{"title": button["title"], "token": button["payload"]} for button in message.get("buttons") or []]
        self.messages.append({"kind": message.get("kind") or "answer", "text": message.get("text") or "", "buttons": buttons})


class AnsweredElsewhereError(Exception):
    """Another process took the delivery over and was quicker. Nothing of this turn has been stored."""


class NoReplyError(Exception):
    """Nothing was said to a message, mostly because an action failed and Rasa went on. Nothing of this turn has been stored."""


@dataclass
class OpenDelivery:
    """Which row of the inbox is being answered, and the replies so far. `stored` once the reply is in the database."""

    id: int
    output: WholeReplies
    stored: bool = False


current_delivery: ContextVar[OpenDelivery | None] = ContextVar("current_delivery", default=None)
